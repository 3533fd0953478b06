"""Every parser of ours under the input that reaches it; what it may raise is MingluError only."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bench.fuzz import doors, inputs
from tests.policy import documents

TODAY = date(2026, 3, 2)
CSV = (
    "id,course,city,venue,starts_at,ends_at,capacity,access,audience,book_by,status\n"
    "X1,电商直播,长春市,一号楼,2030-03-09T09:00,2030-03-09T12:00,3,轮椅;手语,,2030-03-01T00:00Z,open\n"
)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a1\r\nSUMMARY:电商直播\r\n"
    "LOCATION:长春市\\, 一号楼\r\nDTSTART;TZID=Asia/Shanghai:20300309T090000\r\n"
    "DURATION:PT3H\r\nDESCRIPTION:名额：12\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


BOOKINGS = "slot_id,name,phone\nX1,王小明,13900000001\nX2,欧阳春晓,13900000002\n"


@dataclass(frozen=True)
class Parser:
    name: str
    share: float
    """Of all inputs; the sum over all parsers is 1."""
    given: Callable[[], st.SearchStrategy[Any]]
    """Called late: some samples need libraries that load slowly."""
    parse: Callable[[Any], object]
    end: Callable[[], None] = lambda: None
    """Called once when no further input comes."""


def parsers(folder: Path) -> tuple[Parser, ...]:
    """All of them; files that a parser wants by path are written into `folder`."""
    files = _Files(folder)
    return (
        *(Parser(name, 0.066, lambda: inputs.SPOKEN, parse) for name, parse in _spoken().items()),
        Parser("telegram", 0.12, inputs.telegram_posts, _telegram()),
        Parser("wechat", 0.10, inputs.wechat_posts, _wechat),
        Parser("web chat body", 0.06, inputs.chat_bodies, _web_body),
        _server("gateway", 0.03, doors.gateway, folder),
        _server("desk", 0.02, doors.desk, folder / "desk"),
        _server("voice service", 0.025, doors.voice_service, folder),
        Parser("dialogue door", 0.03, inputs.door_bodies, doors.dialogue_door),
        Parser("settings", 0.04, inputs.environments, _settings),
        Parser("log lines", 0.01, lambda: inputs.SPOKEN, _logged),
        Parser("bookings csv", 0.02, lambda: inputs.damaged(BOOKINGS.encode()), files.bookings),
        Parser("notice text", 0.03, lambda: inputs.SPOKEN.map(str.encode), _notice),
        Parser("notice html", 0.03, lambda: inputs.damaged(documents.html_file()), _notice),
        Parser("notice docx", 0.010, lambda: _zipped(documents.docx_file()), _notice),
        Parser("notice ofd", 0.015, lambda: _zipped(documents.ofd_file()), _notice),
        Parser("notice pdf", 0.010, lambda: inputs.damaged(documents.pdf_file()), _notice),
        Parser("slots csv", 0.04, lambda: inputs.damaged(CSV.encode()), files.slots(".csv")),
        Parser("slots ics", 0.03, lambda: inputs.damaged(ICS.encode()), files.slots(".ics")),
        Parser("slots xlsx", 0.01, lambda: _zipped(_workbook()), files.slots(".xlsx")),
        Parser("sound", 0.04, lambda: inputs.damaged(*inputs.sounds()), files.sound),
    )


def _server(name: str, share: float, build: Callable[[Path], Any], folder: Path) -> Parser:
    """A server that is built when the first request is drawn."""
    built: list[Any] = []

    def server() -> Any:
        if not built:
            built.append(build(folder))
        return built[0]

    def end() -> None:
        for it in built:
            it.close()
        built.clear()

    return Parser(
        name, share, lambda: server().requests(), lambda asked: server().answer(asked), end
    )


def _settings(env: dict[str, str]) -> object:
    from runtime.settings import Settings

    return Settings.from_env(env)


def _logged(text: str) -> None:
    import json
    import logging

    from runtime.logs import JsonForm
    from runtime.redaction import redact
    from runtime.turns import turn_of

    facts = {"name": text, "levelname": "INFO", "msg": text.replace("%", ""), "outcome": text}
    with turn_of(text, text):
        line = JsonForm("web").format(logging.makeLogRecord(facts))
    assert json.loads(redact(line))["part"] == "web"


def _spoken() -> dict[str, Callable[[Any], object]]:
    from core.booking import parse_name, parse_phone
    from core.reference import parse_reference
    from core.spoken.ages import find_ages, find_counts
    from core.spoken.clock import find_moments
    from core.spoken.dates import find_dates, parse_date
    from core.spoken.entities import EntityRules
    from core.spoken.names import find_names
    from core.spoken.numbers import read_number
    from core.spoken.ordinals import find_ordinals
    from core.spoken.phones import find_phones
    from policy.reading.numerals import first_date

    rules = EntityRules(("盲人按摩", "电商直播"))
    return {
        "dates": lambda t: (find_dates(t, TODAY), parse_date(t, TODAY), find_moments(t),
                            first_date(t, numeric=True)),
        "numbers": lambda t: (read_number(t), find_ordinals(t), find_ages(t, TODAY),
                              find_counts(t), parse_reference(t)),
        "phones": lambda t: _each(t, find_phones, parse_phone),
        "names": lambda t: _each(t, find_names, parse_name),
    } | {"entities": lambda t: rules.find(t, TODAY)}  # fmt: skip


def _each(text: str, *parse: Callable[[str], object]) -> None:
    """All of them, though one refuses."""
    from core.errors import MingluError

    for one in parse:
        try:
            one(text)
        except MingluError:
            continue


def _telegram() -> Callable[[bytes], object]:
    import asyncio

    import telegram

    from bot.telegram.updates import received
    from bot.telegram.webhook import PATH, webhook_app

    bot = telegram.Bot("1:x")

    async def take(updates: Sequence[telegram.Update]) -> None:
        for update in updates:
            received(1, update)

    def post(body: bytes) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(_event: dict[str, Any]) -> None:
            return None

        headers = [(b"x-telegram-bot-api-secret-token", b"secret")]
        scope = {"type": "http", "path": PATH, "method": "POST", "headers": headers}
        # A new one each: it would wait for the updates between two numbers.
        app = webhook_app(bot, "secret", take)
        asyncio.run(app(scope, receive, send))

    return post


def _wechat(body: str) -> None:
    import asyncio

    from bot.inbox.channel import UnreadableMessage
    from bot.inbox.phrases import load_phrases
    from bot.wechat.callback import WechatChannel, parse_fields
    from bot.wechat.crypto import WechatCipher
    from core.messaging import ReceivedMessage

    async def later(_address: str, _text: str) -> None:
        return None

    fields = parse_fields(body)
    message = ReceivedMessage("1", "c", "a", json.dumps(fields))
    try:
        asyncio.run(WechatChannel(later, load_phrases()).read(message))
    except UnreadableMessage:
        pass  # The inbox answers that it could not read.
    if "Encrypt" in fields:
        WechatCipher("a" * 43, "app").open(fields["Encrypt"])


def _web_body(body: bytes) -> object:
    from bot.web.api import _read

    return _read(body)


def _notice(data: bytes) -> object:
    from policy.reading.notice import read_notice

    return read_notice(data, "notice")


def _zipped(archive: bytes) -> st.SearchStrategy[bytes]:
    inside = inputs.damaged_inside(archive)
    return st.one_of(inside, inside, inputs.damaged(archive))


def _workbook() -> bytes:
    import io

    from openpyxl import Workbook

    book = Workbook()
    for line in CSV.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def slots(self, suffix: str) -> Callable[[bytes], object]:
        from store.slot_files import read_slots

        def parse(data: bytes) -> object:
            file = self._folder / f"slots{suffix}"
            file.write_bytes(data)
            return read_slots(file)

        return parse

    def bookings(self, data: bytes) -> object:
        from store.slot_files import csv_lines

        file = self._folder / "bookings.csv"
        file.write_bytes(data)
        return csv_lines(file, ("slot_id", "name", "phone"))

    def sound(self, data: bytes) -> object:
        from core.errors import MingluError
        from voice.audio import decoded, read_sound

        file = self._folder / "sound"
        file.write_bytes(data)
        try:
            decoded(data, 120.0)
        except MingluError:
            # It must be refused as a file, too.
            pass
        return read_sound(file).at(16000)
