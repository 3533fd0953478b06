"""Requests for a person, closed ones too: found, read, closed, taken away as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import UnknownTicket
from core.values import Ticket

HOME = "/desk/requests"
A_PAGE = 50
COLUMNS = "id status urgent topic channel created_at taken_by summary"
_FILTERS = ("status", "topic", "channel")


class Requests:
    def __init__(self, services: ManagingServices, views: DeskViews) -> None:
        self._tickets = services.tickets
        self._views = views

    def listed(self, visit: Visit) -> Response:
        return self._list(visit)

    def export(self, visit: Visit) -> Response:
        rows = [
            {name: getattr(ticket, name) for name in COLUMNS.split()}
            | {"created_at": ticket.created_at.isoformat(timespec="seconds")}
            for ticket in _wanted(visit, self._tickets.listed(limit=10_000))
        ]
        return exported(visit.request.path_params["ending"], "requests", rows, COLUMNS)

    def close(self, visit: Visit) -> Response:
        """Not while a colleague is talking: they hand it back themselves."""
        ticket_id = visit.text("ticket", 20)
        try:
            ticket = self._tickets.get(ticket_id)
        except UnknownTicket:
            return self._list(visit, "unknown_request")
        if ticket.taken_by and ticket.taken_by != visit.member.name:
            return self._list(visit, "ticket_taken", who=ticket.taken_by)
        self._tickets.close(ticket_id)
        visit.about(ticket_id)
        return RedirectResponse(f"{HOME}?done=request_closed", 303)

    def _list(self, visit: Visit, trouble: str = "", **facts_of: Any) -> Response:
        every = self._tickets.listed()
        asked = visit.request.query_params
        found = _wanted(visit, every)
        pages = max(1, -(-len(found) // A_PAGE))
        page = min(max(visit.asked_number("page"), 1), pages)
        query = {name: asked[name] for name in _FILTERS if asked.get(name)}
        facts = {
            "found": found[(page - 1) * A_PAGE : page * A_PAGE],
            "count": len(found),
            "page": page,
            "pages": pages,
            "query": query,
            "asked": urlencode(query),
            "channels": sorted({ticket.channel for ticket in every}),
            "topics": sorted({ticket.topic for ticket in every}),
            "done": asked.get("done", ""),
            "trouble": self._views.trouble(trouble, **facts_of) if trouble else "",
        }
        return self._views.page(visit, "managing/requests.html", facts, 409 if trouble else 200)


def _wanted(visit: Visit, every: tuple[Ticket, ...]) -> list[Ticket]:
    asked = visit.request.query_params
    return [
        ticket
        for ticket in every
        if all(asked.get(name, "") in ("", getattr(ticket, name)) for name in _FILTERS)
    ]
