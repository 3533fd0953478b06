"""The tracker store that keeps conversations in memory says what Rasa's own would say."""

from __future__ import annotations

import asyncio
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.dialogue.tracker_store import KEPT, KeepingTrackerStore
from store.dialogues import forget_dialogues

with warnings.catch_warnings():
    # Rasa warns of its own change of 2021 wherever a domain has slots.
    warnings.simplefilter("ignore")
    DOMAIN = Domain.from_yaml(
        """
version: "3.1"
intents: [greet]
slots:
  course:
    type: any
    mappings: [{type: custom}]
"""
    )


def said(text: str) -> list[Any]:
    return [
        UserUttered(text, parse_data={"intent": {"name": "greet"}, "entities": [], "text": text}),
        ActionExecuted("action_answer"),
        SlotSet("course", text),
        BotUttered(f"回答{text}"),
        ActionExecuted("action_listen"),
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture
def store(file: Path) -> KeepingTrackerStore:
    return KeepingTrackerStore(DOMAIN, dialect="sqlite", db=str(file))


def turn(store: Any, text: str, sender: str = "a", *, saved: bool = True) -> Any:
    async def one() -> Any:
        tracker = await store.get_or_create_tracker(sender)
        for event in said(text):
            tracker.update(event, DOMAIN)
        if saved:
            await store.save(tracker)
        return tracker

    return asyncio.run(one())


def read_anew(file: Path, sender: str = "a") -> Any:
    return asyncio.run(SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(file)).retrieve(sender))


def state(tracker: Any) -> tuple[Any, ...]:
    events = [event.as_dict() for event in tracker.events]
    return events, tracker.current_slot_values(), tracker.latest_message.text


def test_after_many_turns_memory_and_database_hold_the_same(
    store: KeepingTrackerStore, file: Path
) -> None:
    for number in range(6):
        turn(store, f"第{number}句")
    kept = asyncio.run(store.retrieve("a"))
    assert kept is not None
    assert state(kept) == state(read_anew(file))
    assert len([event for event in kept.events if isinstance(event, UserUttered)]) == 6


def test_a_conversation_is_not_rebuilt_while_nobody_else_wrote_to_it(
    store: KeepingTrackerStore,
) -> None:
    assert turn(store, "一") is turn(store, "二")


def test_a_turn_that_failed_leaves_no_trace_in_the_next(
    store: KeepingTrackerStore, file: Path
) -> None:
    turn(store, "一")
    turn(store, "坏了", saved=False)
    after = turn(store, "二")
    texts = [event.text for event in after.events if isinstance(event, UserUttered)]
    assert texts == ["一", "二"]
    assert state(after) == state(read_anew(file))


def test_a_first_turn_that_failed_leaves_no_trace_either(store: KeepingTrackerStore) -> None:
    async def fails() -> None:
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        for happened in said("坏了"):
            tracker.update(happened, DOMAIN)

    asyncio.run(fails())
    after = turn(store, "一")
    assert [e.text for e in after.events if isinstance(e, UserUttered)] == ["一"]


def test_what_another_server_wrote_is_seen(store: KeepingTrackerStore, file: Path) -> None:
    turn(store, "一")
    turn(SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(file)), "别处说的")
    after = turn(store, "二")
    texts = [event.text for event in after.events if isinstance(event, UserUttered)]
    assert texts == ["一", "别处说的", "二"]
    assert state(after) == state(read_anew(file))


def test_an_erased_conversation_is_gone_from_memory_too(
    store: KeepingTrackerStore, file: Path
) -> None:
    turn(store, "一")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM events")
    after = turn(store, "二")
    texts = [event.text for event in after.events if isinstance(event, UserUttered)]
    assert texts == ["二"]


def test_a_new_session_begins_with_its_own_events(store: KeepingTrackerStore, file: Path) -> None:
    turn(store, "昨天")

    async def next_day() -> None:
        tracker = await store.get_or_create_tracker("a")
        tracker.update(ActionExecuted("action_session_start"), DOMAIN)
        tracker.update(SessionStarted(), DOMAIN)
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
        await store.save(tracker)

    asyncio.run(next_day())
    after = turn(store, "今天")
    texts = [event.text for event in after.events if isinstance(event, UserUttered)]
    assert texts == ["今天"]
    assert state(after) == state(read_anew(file))


def test_a_full_disk_fails_the_turn_and_keeps_what_was_said_before(
    store: KeepingTrackerStore, file: Path
) -> None:
    turn(store, "一")
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(Exception, match="full"):
        for number in range(200):
            turn(store, f"{number} " + "长" * 500)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=100000")
    after = turn(store, "再来")
    texts = [event.text for event in after.events if isinstance(event, UserUttered)]
    assert texts[0] == "一" and texts[-1] == "再来"
    assert state(after) == state(read_anew(file))


def test_memory_holds_a_bounded_number_of_conversations(store: KeepingTrackerStore) -> None:
    for number in range(KEPT + 3):
        turn(store, "一", f"sender-{number}")
    assert len(store._kept) == KEPT


def test_erasing_a_conversation_leaves_its_words_in_no_file(
    store: KeepingTrackerStore, file: Path
) -> None:
    turn(store, "secret words", "a")
    turn(store, "others stay", "b")
    assert forget_dialogues(f"sqlite:///{file}", ["a"]) > 0
    bytes_left = b"".join(part.read_bytes() for part in file.parent.glob("tracker.db*"))
    assert b"secret words" not in bytes_left
    assert b"others stay" in bytes_left
