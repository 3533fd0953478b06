"""The trail of who did what: filtered, turned over page by page, taken away as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.staff import Staff

A_PAGE = 100
MOST_EXPORTED = 100_000
COLUMNS = "at who event subject"


class TrailPages:
    def __init__(self, staff: Staff, views: DeskViews) -> None:
        self._staff = staff
        self._views = views

    def show(self, visit: Visit) -> Response:
        before = visit.asked_number("before") or None
        query = _wanted(visit)
        lines = self._staff.trail(limit=A_PAGE + 1, before=before, **query)
        facts = {
            "lines": lines[:A_PAGE],
            "older": lines[A_PAGE - 1].id if len(lines) > A_PAGE else None,
            "latest": before is None,
            "query": query,
            "asked": urlencode(query),
            "members": [member.name for member in self._staff.members()],
        }
        return self._views.page(visit, "managing/trail.html", facts)

    def export(self, visit: Visit) -> Response:
        rows: list[dict[str, Any]] = [
            {
                "at": line.at.isoformat(timespec="seconds"),
                "who": line.who,
                "event": line.event,
                "subject": line.subject,
            }
            for line in self._staff.trail(limit=MOST_EXPORTED, **_wanted(visit))
        ]
        return exported(visit.request.path_params["ending"], "trail", rows, COLUMNS)


def _wanted(visit: Visit) -> dict[str, str]:
    asked = {name: visit.asked(name, 40) for name in ("who", "event")}
    return {name: value for name, value in asked.items() if value}
