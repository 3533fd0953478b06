"""Tables as files to take away: CSV that a spreadsheet only shows, never carries out, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

FORMATS = ("csv", "json")
_BEGINS_A_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""Spreadsheets of East Asia take the wide signs too."""


def exported(ending: str, name: str, rows: Sequence[Mapping[str, Any]], columns: str) -> Response:
    """The rows as a file `name.ending`; `columns`: the keys in order, separated by blanks."""
    if ending not in FORMATS:
        raise HTTPException(404)
    names = columns.split()
    body, kind = _csv(rows, names) if ending == "csv" else _json(rows, names)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}.{ending}"}
    return Response(body, media_type=kind, headers=headers)


def _csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> tuple[str, str]:
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL)
    sheet.writerow(names)
    sheet.writerows([cell(row[name]) for name in names] for row in rows)
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return "\ufeff" + out.getvalue(), "text/csv; charset=utf-8"


def _json(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> tuple[str, str]:
    kept = [{name: row[name] for name in names} for row in rows]
    return json.dumps(kept, ensure_ascii=False, indent=1, default=str), "application/json"


def cell(value: Any) -> str:
    """As one cell; what begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    text = ";".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    dangerous = not isinstance(value, (int, float)) and text.startswith(_BEGINS_A_FORMULA)
    return f"'{text}" if dangerous else text
