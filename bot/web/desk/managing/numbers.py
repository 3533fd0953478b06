"""Numbers that a lead steers by, each table also as a file. No number leads back to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.feedback import grouped
from core.managing import TurnCount
from core.values import Ticket

PERIODS = (7, 30, 90, 365)
STANDARD = 30
"""Days."""
ANSWERED = frozenset({"answer", "correction", "eligibility"})
IN_VAIN = frozenset({"partial", "abstain", "out_of_scope", "failed"})
LATE_MINUTES = 15
"""A wish for a person that waits longer is late."""
TABLES = {
    "answers": "kind reason count share",
    "days": "day messages answered in_vain",
    "channels": "channel messages answered in_vain",
    "courses": "course dates places taken fill waiting",
    "bookings": "channel status count",
    "waiting": "id urgent status topic channel created_at waited_minutes",
    "questions": "question count last_day outcomes",
}


class Numbers:
    def __init__(self, services: ManagingServices, views: DeskViews) -> None:
        self._services = services
        self._views = views

    def show(self, visit: Visit) -> Response:
        days, now = _period(visit), self._services.clock.now()
        since = now.date() - timedelta(days=days - 1)
        counts = self._services.counts.since(since)
        tables = {name: self._table(name, since, counts) for name in TABLES}
        facts = {
            "days": days,
            "periods": PERIODS,
            "since": since,
            "tables": tables,
            "figures": figures(tables, counts, self._ratings(since)),
            "late_minutes": LATE_MINUTES,
            "now": now,
        }
        return self._views.page(visit, "managing/numbers.html", facts)

    def export(self, visit: Visit) -> Response:
        name = visit.request.path_params["table"]
        if name not in TABLES:
            raise HTTPException(404)
        days = _period(visit)
        since = self._services.clock.now().date() - timedelta(days=days - 1)
        rows = self._table(name, since, self._services.counts.since(since))
        return exported(visit.request.path_params["ending"], f"{name}-{days}", rows, TABLES[name])

    def _table(self, name: str, since: date, counts: Sequence[TurnCount]) -> list[dict[str, Any]]:
        services = self._services
        if name == "answers":
            return answers(counts)
        if name in ("days", "channels"):
            return by("day" if name == "days" else "channel", counts)
        if name == "courses":
            return [
                {"course": c.course, "dates": c.dates, "places": c.places, "taken": c.taken}
                | {"fill": _share(c.taken, c.places), "waiting": c.waiting}
                for c in services.slots.courses()
            ]
        if name == "bookings":
            booked = services.slots.booked_since(since)
            return [{"channel": c, "status": s, "count": n} for c, s, n in booked]
        if name == "waiting":
            return waiting(services.tickets.waiting(), services.clock.now())
        return [
            {"question": g.text, "count": g.count, "last_day": g.last_day, "outcomes": g.outcomes}
            for g in grouped(services.feedback.questions(since))
        ]

    def _ratings(self, since: date) -> tuple[int, int]:
        counts = self._services.feedback.ratings(since)
        return sum(c.helpful for c in counts), sum(c.unhelpful for c in counts)


def figures(
    tables: dict[str, list[dict[str, Any]]],
    counts: Sequence[TurnCount],
    ratings: tuple[int, int],
) -> dict[str, Any]:
    """What stands at the head of the page. A share is None where nothing was counted."""
    told, vain = _sum(counts, ANSWERED), _sum(counts, IN_VAIN)
    waits = [row["waited_minutes"] for row in tables["waiting"] if row["status"] == "open"]
    places = sum(row["places"] for row in tables["courses"])
    taken = sum(row["taken"] for row in tables["courses"])
    return {
        "messages": sum(c.count for c in counts),
        "answered": _share(told, told + vain) if told + vain else None,
        "open": len(waits),
        "longest": max(waits, default=0),
        "fill": _share(taken, places) if places else None,
        "line": sum(row["waiting"] for row in tables["courses"]),
        "helpful": _share(ratings[0], sum(ratings)) if sum(ratings) else None,
        "rated": sum(ratings),
        "groups": len(tables["questions"]),
    }


def answers(counts: Sequence[TurnCount]) -> list[dict[str, Any]]:
    """How questions ended; steps of a conversation are no answers."""
    found: Counter[tuple[str, str]] = Counter()
    for one in counts:
        if one.kind:
            found[one.kind, one.reason] += one.count
    total = sum(found.values())
    return [
        {"kind": kind, "reason": reason, "count": count, "share": _share(count, total)}
        for (kind, reason), count in sorted(found.items(), key=lambda i: (-i[1], i[0]))
    ]


def by(name: str, counts: Sequence[TurnCount]) -> list[dict[str, Any]]:
    rows: dict[Any, dict[str, Any]] = {}
    for one in counts:
        key = getattr(one, name)
        row = rows.setdefault(key, {name: key, "messages": 0, "answered": 0, "in_vain": 0})
        row["messages"] += one.count
        row["answered"] += one.count if one.kind in ANSWERED else 0
        row["in_vain"] += one.count if one.kind in IN_VAIN else 0
    return [rows[key] for key in sorted(rows)]


def waiting(tickets: Sequence[Ticket], now: datetime) -> list[dict[str, Any]]:
    """Who waits for a person, without what they said; the age in whole minutes."""
    return [
        {
            "id": ticket.id,
            "urgent": ticket.urgent,
            "status": ticket.status,
            "topic": ticket.topic,
            "channel": ticket.channel,
            "created_at": ticket.created_at.isoformat(timespec="minutes"),
            "waited_minutes": max(0, int((now - ticket.created_at).total_seconds() // 60)),
        }
        for ticket in tickets
    ]


def _sum(counts: Sequence[TurnCount], kinds: frozenset[str]) -> int:
    return sum(one.count for one in counts if one.kind in kinds)


def _share(part: int, whole: int) -> int:
    """Per cent, rounded."""
    return round(100 * part / whole) if whole else 0


def _period(visit: Visit) -> int:
    days = visit.asked_number("days")
    return days if days in PERIODS else STANDARD
