"""What managers' pages keep: files looked at first, counts of each day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.feedback import OpenQuestion
from core.managing import PlanChanged, TurnCount, UnknownDraft, outcome_of
from core.values import Kind, Reason, Reply
from runtime.tally import Tally
from store.opening import Store
from store.slot_book import SqlSlotBook
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, add, fresh_store, slot, wish

DAY = date(2026, 3, 2)


def test_a_draft_is_kept_for_a_day_and_only_the_last_few_of_one_account(
    store: Store, clock: HandClock
) -> None:
    kept = []
    for n in range(6):
        clock.forward(minutes=1)
        kept.append(store.drafts.keep("li.na", "notice", f"{n}.txt", b"x", "{}"))
    other = store.drafts.keep("wang.wei", "slots", "d.csv", b"y", "[]")
    with pytest.raises(UnknownDraft):
        store.drafts.get("li.na", "notice", kept[0])
    assert store.drafts.get("li.na", "notice", kept[5]).file_name == "5.txt"
    for staff, kind in (("wang.wei", "notice"), ("li.na", "slots")):
        with pytest.raises(UnknownDraft):
            store.drafts.get(staff, kind, other)
    clock.forward(hours=25)
    assert run_upkeep(store)["drafts"] == 6


def test_counts_add_up_over_processes_and_wait_while_the_store_is_away(
    store: Store, clock: HandClock
) -> None:
    away = [True]

    def opened():  # type: ignore[no-untyped-def]
        if away:
            raise StoreUnavailable("away")
        return store.counts

    one, two = (Tally(opened, clock, every_s=3600) for _ in range(2))
    one.add("web", "answer", "")
    one.flush()
    assert store.counts.since(DAY) == ()
    away.clear()
    one.add("web", "answer", "")
    two.add("web", "answer", "")
    two.add("telegram", "abstain", "amount_not_stated")
    one.flush()
    two.flush()
    two.flush()
    assert store.counts.since(DAY) == (
        TurnCount(DAY, "telegram", "abstain", "amount_not_stated", 1),
        TurnCount(DAY, "web", "answer", "", 3),
    )
    assert store.counts.since(date(2026, 3, 3)) == ()


def test_a_turn_counts_as_what_matters_most_in_it() -> None:
    silent = Reply("没写。", Kind.ABSTAIN, Reason.NOT_IN_TEXT)
    assert outcome_of([Reply("你好"), silent]) == ("abstain", "not_in_text")
    assert outcome_of([silent, Reply("打120", Kind.SAFETY)]) == ("safety", "")
    assert outcome_of([Reply("好")]) == ("", "")


@pytest.mark.slow
def test_plans_counts_and_deletions_hold_on_postgresql_too(
    tmp_path: Path, postgres_url: str
) -> None:
    store, _ = fresh_store(tmp_path, url=postgres_url)
    book = SqlSlotBook(store)
    add(store, slot(capacity=2))
    store.places.book(wish(1, channel="telegram"))
    store.counts.add({(DAY, "web", "answer", ""): 2})
    store.counts.add({(DAY, "web", "answer", ""): 3})
    assert [one.count for one in store.counts.since(DAY)] == [5]
    fields = {"starts_at": "2026-03-09 09:00", "ends_at": "2026-03-09 12:00", "capacity": "4"}
    named = {"id": "A", "course": "盲人按摩", "city": "长春市", "venue": "二号楼"}
    packed = book.read_fields({**named, **fields})
    plan = book.plan(packed)
    assert (plan.changes[0].outcome, plan.changes[0].affected.messaged) == ("updated", 1)
    store.places.book(wish(2))
    with pytest.raises(PlanChanged):
        book.carry_out(packed, plan.fingerprint)
    book.carry_out(packed, book.plan(packed).fingerprint)
    assert book.get("A").slot.capacity == 4
    assert book.cancel("A", book.get("A").affected) == 2
    draft = store.drafts.keep("li.na", "slots", "x.csv", b"\0\1", packed)
    assert store.drafts.get("li.na", "slots", draft).source == b"\0\1"
    store.feedback.keep_question("c", "m", OpenQuestion("两项补贴多少钱", "abstain"))
    assert store.feedback.forget_questions({"两项补贴多少钱"}) == 1
    store.close()
