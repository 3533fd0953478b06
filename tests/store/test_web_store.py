"""What the web keeps: turns shared by all gateways, ratings, and questions left open."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from core.conversing import STAFF, Turn
from core.feedback import OpenQuestion, Rating, RatingCount
from core.values import Choice, Citation, Kind, Reason, Reply
from store.opening import Store
from store.rotation import old_rows, reseal
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, fresh_store

ME = "web-a"
REPLY = Reply(
    "文件没有写金额。",
    Kind.ABSTAIN,
    Reason.AMOUNT_NOT_STATED,
    (Citation("吉政办发〔2025〕16号", "三", "保障条件", "落实"),),
    choices=(Choice("下一个", "/next"),),
)


def turn(message_id: str = "m1", said: str = "问我电话13800138000", **more: object) -> Turn:
    return Turn(message_id, said, (REPLY,), **more)  # type: ignore[arg-type]


def test_a_turn_comes_back_as_it_was_and_is_unreadable_at_rest(
    store: Store, tmp_path: Path
) -> None:
    kept = store.conversations.add(ME, turn())
    assert store.conversations.turns(ME) == (kept,)
    assert kept.number > 0 and kept.replies == (REPLY,) and kept.said == turn().said
    assert store.conversations.turns("web-b") == ()
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("minglu.db*"))
    assert "问我电话".encode() not in on_disk


def test_of_two_gateways_one_sends_a_message(store: Store, clock: HandClock) -> None:
    won, gate = [], threading.Barrier(8)

    def click() -> None:
        gate.wait()
        won.append(store.conversations.claim(ME, "m1"))

    clicks = [threading.Thread(target=click) for _ in range(8)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sum(won) == 1
    assert store.conversations.turns(ME) == (), "under way is not shown"
    clock.forward(seconds=61)
    assert store.conversations.claim(ME, "m1"), "its gateway died"
    store.conversations.release(ME, "m1")
    assert store.conversations.claim(ME, "m1")
    store.conversations.add(ME, turn())
    clock.forward(seconds=61)
    assert not store.conversations.claim(ME, "m1"), "answered"


def test_history_is_bounded_in_length_and_time(store: Store, clock: HandClock) -> None:
    for number in range(45):
        store.conversations.add(ME, turn(f"m{number}"))
    assert [t.message_id for t in store.conversations.turns(ME)] == [f"m{n}" for n in range(5, 45)]
    clock.forward(days=6)
    store.conversations.add(ME, turn("late", "", by=STAFF))
    clock.forward(days=2)
    assert run_upkeep(store)["turns"] == 39
    (left,) = store.conversations.turns(ME)
    assert left.by == STAFF
    store.conversations.forget(ME)
    assert store.conversations.turns(ME) == ()


def test_a_rating_counts_once_and_names_nobody(store: Store, tmp_path: Path) -> None:
    rating = Rating(True, "", "answer", "吉政办发〔2025〕16号 三")
    store.feedback.rate(ME, "m1", rating)
    store.feedback.rate(ME, "m1", Rating(False, "unclear", rating.kind, rating.clause))
    store.feedback.rate("web-b", "m1", Rating(False, "unclear", rating.kind, rating.clause))
    assert store.feedback.ratings(store.clock.now().date()) == (
        RatingCount("answer", rating.clause, "unclear", 0, 2),
    )
    with store.engine.connect() as connection:
        assert ME not in str(connection.exec_driver_sql("SELECT * FROM answer_ratings").all())


def test_an_open_question_is_kept_without_the_person_and_for_a_while(
    store: Store, clock: HandClock, tmp_path: Path
) -> None:
    asked = OpenQuestion("我叫王小明，电话13800138000，补贴多少钱？", "abstain", "not_in_text")
    for _ in range(2):
        store.feedback.keep_question(ME, "m1", asked)
    (kept,) = store.feedback.questions(clock.now().date())
    assert "补贴多少钱" in kept.text and kept.outcome == "abstain" and kept.day
    assert "王小明" not in kept.text and "138" not in kept.text
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("minglu.db*"))
    assert "补贴多少钱".encode() not in on_disk
    store.feedback.rate(ME, "m1", Rating(True))
    clock.forward(days=91)
    assert run_upkeep(store)["feedback"] == 2


def test_with_no_days_nothing_is_kept(tmp_path: Path) -> None:
    on, _ = fresh_store(tmp_path)
    on.feedback.keep_question(ME, "m1", OpenQuestion("补贴多少钱？", "abstain"))
    on.close()
    off, clock = fresh_store(tmp_path, FEEDBACK_DAYS="0")
    off.feedback.keep_question(ME, "m2", OpenQuestion("补贴多少钱？", "abstain"))
    off.feedback.rate(ME, "m2", Rating(True))
    assert off.feedback.ratings(clock.now().date()) == ()
    assert run_upkeep(off)["feedback"] == 1
    assert off.feedback.questions(clock.now().date()) == ()
    off.close()


def test_a_turned_key_reads_what_the_web_keeps(tmp_path: Path) -> None:
    before, clock = fresh_store(tmp_path, SECRET_KEY="the first secret of all")
    before.conversations.add(ME, turn())
    before.feedback.keep_question(ME, "m1", OpenQuestion("补贴多少钱？", "abstain"))
    before.close()
    after, _ = fresh_store(tmp_path, SECRET_KEY="a second secret for all,the first secret of all")
    done = reseal(after)
    assert (done["turns"], done["questions"]) == (1, 1)
    assert old_rows(after) == 0 and len(after.conversations.turns(ME)) == 1
    assert len(after.feedback.questions(clock.now().date())) == 1
    after.close()


@pytest.mark.slow
def test_postgresql_keeps_the_same(tmp_path: Path, postgres_url: str) -> None:
    store, clock = fresh_store(tmp_path, url=postgres_url)
    assert store.conversations.claim(ME, "m1") and not store.conversations.claim(ME, "m1")
    kept = store.conversations.add(ME, turn())
    assert store.conversations.turns(ME) == (kept,)
    store.feedback.rate(ME, "m1", Rating(True, "", "answer", "三"))
    assert store.feedback.ratings(clock.now().date())[0].helpful == 1
    store.close()
