"""Slots and bookings in files: CSV, XLSX and ICS to records, with every bad line named."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import BadImport
from store.slot_lines import REQUIRED, coded, slot_from_line
from store.slots import SlotRecord

MOST_LINES = 5000
"""Dates of one file; a sheet's further rows are not even read."""
LARGEST_UNPACKED = 50 * 1024 * 1024
"""Bytes that a workbook may hold unpacked."""
_NOTE = re.compile(r"(?m)^\s*([^:：\n]+)[:：](.*)$")
_LABELS = {
    "id": "编号",
    "course": "课程",
    "city": "城市",
    "venue": "地点",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "capacity": "名额",
    "access": "无障碍",
    "audience": "对象",
    "book_by": "报名截止",
    "status": "状态",
}
Line = tuple[int, Mapping[str, Any]]


def read_slots(path: Path) -> list[SlotRecord]:
    """The slots of a .csv, .xlsx or .ics file.

    Raises BadImport with each bad line; a repeated id is one.
    """
    reader = {".csv": csv_lines, ".xlsx": xlsx_lines, ".ics": ics_lines}.get(path.suffix.lower())
    if reader is None:
        raise BadImport(
            f"{path.name}: give a .csv, .xlsx or .ics file", problems=[], reason="wrong_type"
        )
    return parse_lines(reader(path), slot_from_line, key=lambda slot: slot.id)


def parse_lines(
    lines: Iterable[Line], parse: Callable[[Mapping[str, Any]], Any], *, key: Callable[[Any], Any]
) -> list[Any]:
    """Every line parsed. Raises BadImport with all that cannot be, not only the first."""
    parsed: list[Any] = []
    problems: list[tuple[int, str]] = []
    codes: list[tuple[int, str, dict[str, Any]]] = []
    seen: dict[Any, int] = {}
    for number, line in lines:
        if len(parsed) + len(problems) >= MOST_LINES:
            raise BadImport(
                f"more than {MOST_LINES} lines; split the file", problems=[], reason="too_large"
            )
        try:
            record = parse(line)
        except ValueError as error:
            problems.append((number, str(error)))
            codes.append((number, *coded(error)))
            continue
        if key(record) in seen:
            problems.append((number, f"the same as line {seen[key(record)]}"))
            codes.append((number, "repeated", {"line": seen[key(record)]}))
        seen[key(record)] = number
        parsed.append(record)
    if problems:
        raise BadImport(
            f"{len(problems)} bad lines; nothing was changed", problems=problems, codes=codes
        )
    if not parsed:
        raise BadImport("no lines to take; nothing was changed", problems=[], reason="no_lines")
    return parsed


def csv_lines(path: Path, required: tuple[str, ...] = REQUIRED) -> list[Line]:
    """Numbered lines of a CSV in UTF-8 (with or without BOM) or GB 18030, as Excel saves it."""
    raw = _read(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise BadImport(
                f"{path.name} is neither UTF-8 nor GB 18030", problems=[], reason="encoding"
            ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="_more")
    try:
        header = _header(reader.fieldnames or (), required)
        return [
            (reader.line_num, {header[k]: v for k, v in row.items() if k in header} | _extra(row))
            for row in reader
            if any(v.strip() for v in row.values() if isinstance(v, str))
        ]
    except csv.Error as error:
        raise BadImport(
            f"{path.name}: {error}", problems=[(reader.line_num, str(error))], reason="damaged"
        ) from None


def xlsx_lines(path: Path, required: tuple[str, ...] = REQUIRED) -> list[Line]:
    """Numbered rows of the first sheet."""
    _guard(_read(path), path.name)
    try:
        return _first_sheet(path, required)
    except BadImport:
        raise
    except Exception as error:
        # A damaged workbook fails in the library with whatever its broken XML leads to.
        kind = type(error).__name__
        raise BadImport(
            f"{path.name} is not an XLSX file ({kind})", problems=[], reason="damaged"
        ) from None


def _first_sheet(path: Path, required: tuple[str, ...]) -> list[Line]:
    from openpyxl import load_workbook

    # Opened here: the library leaves a damaged file open.
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        names = [str(cell or "") for cell in next(rows, ())]
        header = _header(names, required)
        found = (
            (number, {header[n]: v for n, v in zip(names, row, strict=False) if n in header})
            for number, row in enumerate(rows, start=2)
            if any(cell not in (None, "") for cell in row)
        )
        return list(itertools.islice(found, MOST_LINES + 1))


def ics_lines(path: Path) -> list[Line]:
    """The events of a calendar: UID, SUMMARY, LOCATION (`city, venue`), DTSTART, DTEND, STATUS.

    What a calendar has no field for stands in X-MINGLU-CAPACITY, -ACCESS, -AUDIENCE, -CITY and
    -BOOK-BY, or in lines of the description such as `capacity: 12` or `名额：12`.
    The number of a line is that of the event, from 1.
    """
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(_read(path))
        return [(n, _event(e)) for n, e in enumerate(calendar.walk("VEVENT"), start=1)]
    except (AttributeError, TypeError, KeyError, OverflowError):
        # A property that stands twice or holds no value of its kind.
        raise BadImport(
            f"{path.name} holds an event that cannot be read", problems=[], reason="damaged"
        ) from None
    except ValueError as error:
        raise BadImport(
            f"{path.name} is not a calendar: {error}", problems=[], reason="damaged"
        ) from None


def _guard(data: bytes, name: str) -> None:
    """Refuses a workbook that unpacks to far more than dates need, or holds programs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadImport(
            f"{name} is not an XLSX file ({error})", problems=[], reason="damaged"
        ) from None
    if any("vbaproject" in m.filename.lower() for m in members):
        raise BadImport(f"{name} holds macros; save it without them", problems=[], reason="macro")
    if len(members) > 1000 or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise BadImport(f"{name} unpacks to far too much", problems=[], reason="too_large")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadImport(
            f"{path} cannot be read: {error.strerror}", problems=[], reason="damaged"
        ) from None


def _header(names: Iterable[str], required: tuple[str, ...]) -> dict[str, str]:
    chinese = {label: name for name, label in _LABELS.items()}
    header = {}
    for name in names:
        plain = (name or "").strip()
        header[name] = chinese.get(plain, plain.lower())
    missing = [name for name in required if name not in header.values()]
    if missing:
        raise BadImport(
            f"the first line lacks {', '.join(missing)}",
            problems=[(1, f"columns missing: {', '.join(missing)}")],
            reason="header",
            fields=missing,
        )
    return header


def _extra(row: Mapping[str | None, Any]) -> dict[str, Any]:
    return {"_more": row["_more"]} if row.get("_more") else {}


def _event(event: Any) -> dict[str, Any]:
    noted = dict(
        (_field(name), value.strip())
        for name, value in re.findall(
            r"(?m)^\s*([^:：\n]+)[:：](.*)$", str(event.get("DESCRIPTION", ""))
        )
    )
    city, _, venue = re.sub("，", ",", str(event.get("LOCATION", ""))).partition(",")
    line: dict[str, Any] = {
        "id": str(event.get("UID", "")),
        "course": str(event.get("SUMMARY", "")),
        "city": city.strip(),
        "venue": venue.strip() or city.strip(),
        "starts_at": _event_time(event, "DTSTART"),
        "ends_at": _event_end(event),
        "status": str(event.get("STATUS", "")),
        "_repeats": "RRULE" in event or "RDATE" in event,
    }
    for name in ("capacity", "access", "audience", "city", "venue", "book_by"):
        given = event.get(f"X-MINGLU-{name.upper().replace('_', '-')}") or noted.get(name)
        if given:
            line[name] = str(given)
    return line


def _field(label: str) -> str:
    chinese = {text: name for name, text in _LABELS.items()}
    plain = label.strip()
    return chinese.get(plain, plain.lower().replace("-", "_"))


def _event_time(event: Any, name: str) -> datetime | str:
    value = event.get(name)
    if value is None:
        return ""
    moment = value.dt
    return moment if isinstance(moment, datetime) else _whole_day(moment)


def _event_end(event: Any) -> datetime | str:
    end = _event_time(event, "DTEND")
    start = _event_time(event, "DTSTART")
    length = event.get("DURATION")
    if not end and length is not None and isinstance(start, datetime):
        span: timedelta = length.dt
        return start + span
    return end


def _whole_day(day: date) -> str:
    return f"{day.isoformat()} (a whole day)"
