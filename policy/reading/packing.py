"""A notice as JSON and back, for whoever reads one process and keeps in another."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from policy.model import Clause, Event, Notice, Obligation, Support, Target

_FACTS: dict[str, Any] = {
    "targets": Target,
    "supports": Support,
    "obligations": Obligation,
    "events": Event,
}
_DAYS = ("issued", "effective", "expires", "repealed")


def packed_notice(notice: Notice) -> str:
    """JSON with every field; days as ISO 8601."""
    return json.dumps(asdict(notice), ensure_ascii=False, default=_day_text)


def unpacked_notice(text: str) -> Notice:
    """The inverse of `packed_notice`."""
    body = json.loads(text)
    clauses = tuple(_clause(one) for one in body.pop("clauses"))
    for name in _DAYS:
        body[name] = date.fromisoformat(body[name]) if body[name] else None
    return Notice(clauses=clauses, **_tupled(body))


def _clause(body: dict[str, Any]) -> Clause:
    facts: dict[str, Any] = {
        name: tuple(kind(**_tupled(one)) for one in body.pop(name)) for name, kind in _FACTS.items()
    }
    known = {field.name for field in fields(Clause)}
    return Clause(**{k: v for k, v in _tupled(body).items() if k in known}, **facts)


def _tupled(body: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}


def _day_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
