"""A small slice of `python -m bench.fuzz`; the whole of it runs by that command."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fuzz.parsers import parsers
from bench.fuzz.run import fuzz
from core.errors import BadImport
from store.slot_files import read_slots

NAMES = [one.name for one in parsers(Path())]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_input_breaks_a_parser(name: str, tmp_path: Path) -> None:
    parser = next(one for one in parsers(tmp_path) if one.name == name)
    count = fuzz(parser, inputs=60, start=7)
    assert count.inputs >= 60
    assert count.unhandled == {}, count.examples


@pytest.mark.slow
def test_a_fault_of_ours_is_counted_with_its_place(tmp_path: Path) -> None:
    from dataclasses import replace

    def broken(_data: object) -> object:
        raise KeyError("no")

    count = fuzz(replace(parsers(tmp_path)[0], parse=broken), inputs=20)
    (place,) = count.unhandled
    assert place.startswith("KeyError at tests/fuzz/test_parsers.py")


def test_the_shares_of_all_parsers_make_the_whole(tmp_path: Path) -> None:
    assert sum(one.share for one in parsers(tmp_path)) == pytest.approx(1.0)


def test_a_calendar_whose_event_has_two_starts_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "slots.ics"
    event = "UID:a\nSUMMARY:课\nDTSTART:20300309T090000Z\nDTSTART:20300310T090000Z\n"
    file.write_text(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n", "utf-8")
    with pytest.raises(BadImport):
        read_slots(file)


@pytest.mark.slow
@pytest.mark.parametrize("date", ["-3.7e53", "1e300", "99999999999999", "[]"])
def test_an_update_of_an_impossible_date_is_no_error_of_the_server(date: str) -> None:
    chat = '{"id": 7, "type": "private"}'
    message = f'{{"message_id": 1, "date": {date}, "chat": {chat}, "text": "x"}}'
    telegram = next(one for one in parsers(Path()) if one.name == "telegram")
    telegram.parse(f'{{"update_id": 5, "message": {message}}}'.encode())
