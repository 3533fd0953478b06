from __future__ import annotations

import logging
import traceback
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from core.conversing import Turn
from core.errors import ConfigurationError, StoreUnavailable
from core.messaging import ReceivedMessage
from runtime.settings import Settings
from store.database import read, write
from store.erasure import forget_person
from store.messages import SqlMessageBook
from store.opening import Store, booking_rules
from store.tables.booking import courses
from store.tables.messages import contacts, deliveries
from store.tables.web import web_turns
from store.upkeep import run_upkeep
from tests.store.stores import HandClock, add, slot, wish

PHONE = "13912345678"


def test_a_broken_rule_and_an_outage_show_no_phone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(IntegrityError) as broken:
        write(store.engine, lambda c: [c.execute(courses.insert(), row) for row in _twice()])
    with pytest.raises(StoreUnavailable) as away:
        read(store.engine, lambda c: c.exec_driver_sql("SELECT ? FROM nothing", (PHONE,)))
    for error in (broken.value, away.value):
        assert PHONE not in "".join(traceback.format_exception(error))
    assert PHONE not in caplog.text


def _twice() -> list[dict[str, str]]:
    return [{"id": "a", "name": PHONE}, {"id": "b", "name": PHONE}]


def test_forgetting_a_person_takes_what_they_wrote_along(store: Store) -> None:
    add(store, slot())
    store.places.book(wish(1, phone=PHONE))
    book = SqlMessageBook(store.engine, store.clock, store.seal)
    for conversation in ("c1", "c2"):
        message = ReceivedMessage(f"m-{conversation}", conversation, "address", "content")
        book.receive("telegram", [message])
        store.conversations.add(conversation, Turn("m", "content", ()))
    forget_person(store, phone=PHONE)
    for table in (contacts, deliveries, web_turns):
        rows = read(store.engine, lambda c, t=table: c.execute(t.select()).mappings().all())
        assert [row["conversation"] for row in rows] == ["c2"]


def test_upkeep_forgets_answered_messages(store: Store, clock: HandClock) -> None:
    book = SqlMessageBook(store.engine, store.clock, store.seal)
    book.receive("telegram", [ReceivedMessage("m1", "c1", "address", "content")])
    book.finish("telegram", ["m1"])
    assert run_upkeep(store)["messages"] == 0
    clock.forward(days=8)
    assert run_upkeep(store)["messages"] == 1


def test_the_settings_make_the_rules(tmp_path: Path) -> None:
    env = {"MINGLU_HOLD_MINUTES": "20", "MINGLU_QUIET_HOURS": "22:30-07:00"}
    rules = booking_rules(Settings.from_env({**env, "MINGLU_DEADLINE_HOURS": "24"}))
    assert (rules.hold, rules.deadline) == (timedelta(minutes=20), timedelta(days=1))
    assert f"{rules.quiet_from:%H:%M} {rules.quiet_until:%H:%M}" == "22:30 07:00"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINGLU_HOLD_MINUTES", "soon"),
        ("MINGLU_OFFER_HOURS", "0"),
        ("MINGLU_DEADLINE_HOURS", "-1"),
        ("MINGLU_QUIET_HOURS", "22-7"),
        ("MINGLU_RETENTION_DAYS", "1.5"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_env({name: value})
