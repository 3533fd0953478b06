from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.booking import (
    BookingRules,
    after_quiet,
    is_quiet,
    offer_until,
    parse_name,
    parse_phone,
    phone_matches,
    reminder_times,
)
from core.errors import InvalidDetails

RULES = BookingRules()


def at(hour: int, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour).astimezone()


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+86 138-0013-8000",
        "１３８００１３８０００",
        "幺三八零零幺三八零零零",
        "138 0013 8000",
    ],
)
def test_a_phone_is_read_however_it_is_given(text: str) -> None:
    assert parse_phone(text) == "13800138000"


@pytest.mark.parametrize("text", ["123", "1380013800", "23800138000", "138001380001", "没有"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidDetails) as refused:
        parse_phone(text)
    assert refused.value.details["field"] == "phone"


@pytest.mark.parametrize("name", ["", "  ", "13800138000", "<b>", "张" * 41])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidDetails):
        parse_name(name)


@pytest.mark.parametrize("name", ["张三", "阿依古丽·买买提", "김철수", "Anna Li"])
def test_names_of_every_people_are_taken(name: str) -> None:
    assert parse_name(name) == name


def test_a_phone_is_proved_by_all_or_its_last_four_digits() -> None:
    assert phone_matches("13800138000", "8000")
    assert phone_matches("13800138000", "八零零零")
    assert not phone_matches("13800138000", "3800")
    assert not phone_matches("", "")
    assert not phone_matches("", "8000")


def test_quiet_hours_reach_over_midnight() -> None:
    assert is_quiet(at(22), RULES)
    assert is_quiet(at(3), RULES)
    assert not is_quiet(at(9), RULES)
    assert after_quiet(at(22), RULES) == at(8, day=3)
    assert after_quiet(at(3), RULES) == at(8)


def test_an_offer_made_at_night_lasts_into_the_morning() -> None:
    assert offer_until(at(23), at(23, day=9), RULES) == at(12, day=3)
    assert offer_until(at(9), at(10), RULES) == at(10)


def test_reminders_never_wake_anybody() -> None:
    times = reminder_times(at(9, day=9), RULES)
    assert not any(is_quiet(moment, RULES) for moment in times)
    assert all(moment < at(9, day=9) - timedelta(hours=1) for moment in times)
