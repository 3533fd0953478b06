"""Several dialogue servers on one PostgreSQL and one Redis: order, no lost and no double turn."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rasa.core.lock_store import LockError
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import event as statements

from bot.dialogue import locks, tracker_store
from bot.dialogue.deliveries import AnsweredBefore, delivery
from bot.dialogue.locks import ConversationLocks
from bot.dialogue.tracker_store import KeepingTrackerStore, TurnOvertaken
from deploy.local.postgres import PostgresServer
from deploy.local.redis import redis_server
from store.dialogues import forget_dialogues, read_dialogues
from tests.dialogue.test_tracker_store import DOMAIN, said, state, turn

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.create(f"t{uuid4().hex}")


def server_on(url: str) -> KeepingTrackerStore:
    return KeepingTrackerStore(DOMAIN, host=url)


def texts(tracker: Any) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_servers_take_turns_in_one_conversation(url: str) -> None:
    one, two = server_on(url), server_on(url)
    for number, server in enumerate((one, two, two, one)):
        after = turn(server, f"第{number}句")
    assert texts(after) == ["第0句", "第1句", "第2句", "第3句"]
    assert [line["text"] for line in read_dialogues(url, ["a"]) if line["by"] == "person"] == [
        "第0句", "第1句", "第2句", "第3句",
    ]  # fmt: skip


def test_every_turn_asks_the_database_twice(url: str) -> None:
    store = server_on(url)
    asked: list[str] = []
    statements.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    async def one(*more: Any) -> Any:
        # As Rasa's processor does: a new conversation is saved before anything is said.
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        for happened in (*more, *said("话")):
            tracker.update(happened, DOMAIN)
        await store.save(tracker)
        return tracker

    for more in ((ActionExecuted("action_session_start"), SessionStarted()), (), ()):
        asked.clear()
        tracker = asyncio.run(one(*more))
        assert len(asked) == 2, asked
    anew = asyncio.run(server_on(url).retrieve("a"))
    assert anew is not None and state(anew) == state(tracker)


def test_two_first_turns_of_one_conversation_are_not_both_written(url: str) -> None:
    one, two = server_on(url), server_on(url)

    async def both() -> None:
        trackers = [await store.retrieve("a") or store.init_tracker("a") for store in (one, two)]
        for tracker, store, text in zip(trackers, (one, two), ("快", "慢"), strict=True):
            for said_event in said(text):
                tracker.update(said_event, DOMAIN)
            await store.save(tracker)

    with pytest.raises(TurnOvertaken):
        asyncio.run(both())
    assert texts(turn(one, "二")) == ["快", "二"]


def test_a_turn_that_another_server_overtook_is_refused_and_leaves_nothing(url: str) -> None:
    one, two = server_on(url), server_on(url)
    turn(one, "一")

    async def both() -> None:
        slow = await one.get_or_create_tracker("a")
        quick = await two.get_or_create_tracker("a")
        for tracker, store, text in ((quick, two, "快"), (slow, one, "慢")):
            for event in said(text):
                tracker.update(event, DOMAIN)
            await store.save(tracker)

    with pytest.raises(TurnOvertaken):
        asyncio.run(both())
    assert texts(turn(one, "二")) == ["一", "快", "二"]


def test_a_delivery_that_comes_again_elsewhere_is_answered_from_what_was_written(url: str) -> None:
    one, two = server_on(url), server_on(url)

    async def deliver(store: KeepingTrackerStore, message_id: str, *events: Any) -> None:
        marked = delivery.set(message_id)
        try:
            tracker = await store.get_or_create_tracker("a")
        finally:
            delivery.reset(marked)
        for event in events:
            tracker.update(event, DOMAIN)
        await store.save(tracker)

    def heard(message_id: str) -> UserUttered:
        return UserUttered("对", metadata={"message_id": message_id})

    answer = BotUttered("约好了", {"buttons": [{"title": "好", "payload": "好"}]})
    listen = ActionExecuted("action_listen")
    asyncio.run(deliver(one, "m1", heard("m1"), answer, listen))
    with pytest.raises(AnsweredBefore) as again:
        asyncio.run(deliver(two, "m1"))
    assert again.value.replies[0]["text"] == "约好了" and again.value.replies[0]["buttons"]
    # One that got no answer is handled anew.
    asyncio.run(deliver(two, "m2", heard("m2"), listen))
    asyncio.run(deliver(one, "m2", heard("m2"), answer, listen))


def test_a_database_that_restarts_in_a_turn_is_waited_for(
    postgres: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "PATIENCE_S", 60.0)
    store = server_on(url)
    turn(store, "一")

    async def through_a_crash() -> Any:
        postgres.kill()
        back = asyncio.get_running_loop().run_in_executor(None, postgres.start)
        tracker = await store.get_or_create_tracker("a")
        await back
        postgres.restart_after_crash()
        for event in said("二"):
            tracker.update(event, DOMAIN)
        await store.save(tracker)

    asyncio.run(through_a_crash())
    assert texts(turn(server_on(url), "三")) == ["一", "二", "三"]


def test_a_database_that_answers_late_holds_the_turn_up_and_loses_nothing(url: str) -> None:
    store = server_on(url)
    turn(store, "一")

    async def while_locked() -> None:
        other = tracker_store.tracker_engine(url)
        with other.connect() as connection:
            connection.exec_driver_sql("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            late = asyncio.create_task(store.get_or_create_tracker("a"))
            await asyncio.sleep(0.5)
            # Only this turn waits: the server goes on with others.
            assert not late.done()
        assert texts(await late) == ["一"]
        other.dispose()

    asyncio.run(while_locked())


def test_a_clock_set_back_changes_no_order(url: str) -> None:
    store = server_on(url)
    turn(store, "昨天")

    async def new_session(at: float) -> None:
        tracker = await store.get_or_create_tracker("a")
        for event in (SessionStarted(timestamp=at), ActionExecuted("action_listen", timestamp=at)):
            tracker.update(event, DOMAIN)
        await store.save(tracker)

    asyncio.run(new_session(time.time() - 7200))
    assert texts(turn(store, "今天")) == ["今天"]
    assert texts(turn(server_on(url), "接着")) == ["今天", "接着"]


def test_ids_outlast_a_province_and_erasing_reaches_the_shared_database(url: str) -> None:
    store = server_on(url)
    turn(store, "一", "a")
    turn(store, "二", "b")
    with store.engine.connect() as connection:
        kind = connection.exec_driver_sql(
            "SELECT data_type FROM information_schema.columns "
            "WHERE table_name = 'events' AND column_name = 'id'"
        ).scalar()
    assert kind == "bigint"
    assert forget_dialogues(url, ["a"]) > 0
    assert read_dialogues(url, ["a"]) == [] and read_dialogues(url, ["b"])


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    while not _open(port):
        time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}/0", process
    process.kill()
    process.wait()


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def locks_at(url: str) -> ConversationLocks:
    return ConversationLocks(EndpointConfig(url))


def test_turns_of_one_conversation_never_overlap_on_two_servers(
    redis: tuple[str, subprocess.Popen[bytes]],
) -> None:
    running: list[str] = []
    overlaps: list[str] = []

    async def hold(server: ConversationLocks, name: str) -> None:
        async with server.lock("a"):
            overlaps.extend(running)
            running.append(name)
            await asyncio.sleep(0.02)
            running.remove(name)

    async def many() -> None:
        one, two = locks_at(redis[0]), locks_at(redis[0])
        await asyncio.gather(*(hold((one, two)[n % 2], str(n)) for n in range(10)))

    asyncio.run(many())
    assert overlaps == []


def test_the_next_turn_waits_for_the_lease_to_be_back_and_not_for_its_end(
    redis: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever finds the lease taken asks again in a minute.
    monkeypatch.setattr(locks, "ASK_EVERY_S", 60.0)

    async def turns() -> None:
        server = locks_at(redis[0])
        for _ in range(20):
            async with server.lock("a"):
                pass
        while server._releasing:
            await asyncio.sleep(0.01)
        async with locks_at(redis[0]).lock("a"):
            pass

    asyncio.run(asyncio.wait_for(turns(), 20))


def test_a_lock_whose_holder_died_ends_by_itself_and_a_living_one_lasts(
    redis: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LEASE_MS", 300)
    monkeypatch.setattr(locks, "PROLONG_EVERY_S", 0.05)
    monkeypatch.setattr(locks, "WAIT_AT_MOST_S", 1.0)

    async def died() -> None:
        await locks_at(redis[0])._acquire("minglu:turn:dead", "nobody")
        assert await locks_at(redis[0])._acquire("minglu:turn:dead", "next")

    async def lives() -> None:
        async with locks_at(redis[0]).lock("a"):
            with pytest.raises(LockError):
                async with locks_at(redis[0]).lock("a"):
                    pytest.fail("two turns at once")

    asyncio.run(died())
    asyncio.run(lives())


def test_without_redis_turns_go_on(redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    async def through() -> list[str]:
        server, done = locks_at(redis[0]), []
        async with server.lock("a"):
            redis[1].kill()
            redis[1].wait()
            done.append("during")
        async with server.lock("a"):
            done.append("after")
        return done

    assert asyncio.run(through()) == ["during", "after"]
