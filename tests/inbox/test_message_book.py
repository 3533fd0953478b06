"""What the messengers keep, on a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.messaging import ReceivedMessage
from core.values import Choice
from runtime.settings import Settings, SystemClock
from store.messages import SqlMessageBook
from store.opening import Store, open_store

CHAT = "telegram-a"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(data_dir=tmp_path), SystemClock(), samples=False)
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> SqlMessageBook:
    return SqlMessageBook(store.engine, store.clock, store.seal)


def message(number: int, conversation: str = CHAT) -> ReceivedMessage:
    return ReceivedMessage(str(number), conversation, "4711", f"content {number}")


def test_a_delivery_that_comes_twice_is_new_once(book: SqlMessageBook) -> None:
    assert book.receive("telegram", [message(1), message(1), message(2)]) == (
        message(1),
        message(2),
    )
    assert book.receive("telegram", [message(2), message(3)]) == (message(3),)
    assert book.receive("wechat", [message(1)]) == (message(1),), "ids belong to their channel"


def test_what_was_not_answered_waits_in_its_order(book: SqlMessageBook) -> None:
    book.receive("telegram", [message(2), message(1), message(3)])
    book.finish("telegram", ["1"])
    assert book.waiting("telegram") == (message(2), message(3))


def test_contents_and_addresses_are_unreadable_at_rest(
    book: SqlMessageBook, tmp_path: Path
) -> None:
    book.receive("telegram", [message(1)])
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("minglu.db*"))
    assert b"content 1" not in kept
    assert b"4711" not in kept


def test_an_answered_message_keeps_no_content(book: SqlMessageBook, store: Store) -> None:
    book.receive("telegram", [message(1)])
    book.finish("telegram", ["1"])
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT content_sealed FROM message_deliveries")
        assert rows.scalars().all() == [""]


def test_new_choices_end_those_before(book: SqlMessageBook) -> None:
    book.receive("telegram", [message(1)])
    first = book.offer(CHAT, [Choice("甲", "a"), Choice("乙", "b")])
    contact = book.contact(CHAT)
    assert contact is not None
    assert contact.offered == first
    book.offer(CHAT, [Choice("丙", "c")])
    old = book.choice(CHAT, first[1].id)
    assert old is not None
    assert (old.payload, old.picked) == ("b", True)


def test_a_choice_of_somebody_else_is_unknown(book: SqlMessageBook) -> None:
    book.receive("telegram", [message(1), message(2, "telegram-b")])
    (offered,) = book.offer(CHAT, [Choice("甲", "a")])
    assert book.choice("telegram-b", offered.id) is None


def test_wishes_stay_and_a_new_message_ends_a_shut_out(book: SqlMessageBook) -> None:
    book.receive("telegram", [message(1)])
    book.wish(CHAT, voice_replies=True)
    book.wish(CHAT, plain=True)
    book.set_blocked(CHAT, True)
    blocked = book.contact(CHAT)
    assert blocked is not None
    assert (blocked.voice_replies, blocked.plain, blocked.blocked) == (True, True, True)
    book.receive("telegram", [message(2)])
    back = book.contact(CHAT)
    assert back is not None
    assert not back.blocked


def test_old_ids_are_forgotten_but_never_what_waits(book: SqlMessageBook, store: Store) -> None:
    book.receive("telegram", [message(1), message(2)])
    book.finish("telegram", ["1"])
    assert book.forget_before(store.clock.now() + timedelta(days=1)) == 1
    assert book.waiting("telegram") == (message(2),)
