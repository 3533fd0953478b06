"""Hand-overs: who waits for a person, taking a conversation over, talking, handing it back."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.web.desk.pulse import Pulse
from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from bot.web.troubles import is_piece
from core.errors import TicketClosed, TicketTaken
from core.handovers import MOST_WRITTEN
from core.values import Ticket


class TicketDesk:
    def __init__(self, services: DeskServices, views: DeskViews) -> None:
        self._tickets = services.tickets
        self._line = services.handovers
        self._staff = services.staff
        self._views = views
        self._pulse = Pulse(services.handovers, services.tickets)

    def listed(self, visit: Visit) -> Response:
        template = "piece_tickets.html" if is_piece(visit.request) else "tickets.html"
        return self._views.page(visit, template, {"tickets": self._tickets.waiting()})

    def show(self, visit: Visit) -> Response:
        return self._page(visit, self._named(visit))

    def claim(self, visit: Visit) -> Response:
        return self._hand(visit, self._line.claim)

    def release(self, visit: Visit) -> Response:
        return self._hand(visit, self._line.release)

    def hand_back(self, visit: Visit) -> Response:
        return self._hand(visit, self._line.hand_back)

    def write(self, visit: Visit) -> Response:
        """Sends what staff wrote by the channel that the person uses."""
        ticket = self._named(visit)
        text, key = visit.text("text", MOST_WRITTEN), visit.text("key", 64)
        visit.about(ticket.id)
        if not text:
            return self._page(visit, ticket, trouble="empty")
        try:
            self._line.write(ticket.id, visit.member.name, text, key or uuid.uuid4().hex)
        except TicketTaken as error:
            return self._page(visit, self._named(visit), trouble=error.code, text=text)
        if is_piece(visit.request):
            return self._page(visit, ticket)
        return RedirectResponse(f"/desk/tickets/{ticket.id}#last", 303)

    async def events(self, visit: Visit) -> Response:
        """Server-sent events: that something changed, and how many wait."""
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        stream = self._stream(visit)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, visit: Visit) -> AsyncIterator[str]:
        yield "retry: 3000\n\n"
        async for news in self._pulse.listen():
            if news is None:
                # A quiet moment: keeps the line open, and ends it with the session.
                if await run_in_threadpool(self._staff.signed_in, visit.token, active=False):
                    yield ": \n\n"
                    continue
                return
            yield news.event()

    def _hand(self, visit: Visit, hand: Callable[[str, str], Ticket]) -> Response:
        ticket = self._named(visit)
        visit.about(ticket.id)
        try:
            hand(ticket.id, visit.member.name)
        except (TicketTaken, TicketClosed) as error:
            return self._page(visit, self._named(visit), trouble=error.code)
        return RedirectResponse(f"/desk/tickets/{ticket.id}", 303)

    def _named(self, visit: Visit) -> Ticket:
        """Raises UnknownTicket."""
        return self._tickets.get(visit.request.path_params["ticket"])

    def _page(self, visit: Visit, ticket: Ticket, *, trouble: str = "", text: str = "") -> Response:
        facts: dict[str, Any] = {
            "ticket": ticket,
            "mine": ticket.taken_by == visit.member.name,
            "so_far": [_line(line) for line in ticket.summary.split("\n") if line.strip()],
            "thread": self._line.thread(ticket.conversation),
            "trouble": self._views.trouble(trouble, who=ticket.taken_by) if trouble else "",
            "text": text,
            "key": uuid.uuid4().hex,
            "most": MOST_WRITTEN,
        }
        template = "piece_ticket.html" if is_piece(visit.request) else "ticket.html"
        return self._views.page(visit, template, facts, 409 if trouble else 200)


def _line(line: str) -> tuple[str, str]:
    """Who said it, and what: the arrows are those of a ticket's summary."""
    who = {"←": "person", "→": "assistant"}.get(line[:1], "")
    return who, line[1:].strip() if who else line
