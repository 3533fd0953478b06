"""The notice as a page: every clause with an anchor, readable, printable."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.services import Notices
from bot.web.views import Views
from core.ports import Clock
from policy.model import in_force


class NoticePages:
    def __init__(self, notices: Notices, clock: Clock, views: Views) -> None:
        self._notices = notices
        self._clock = clock
        self._views = views

    def routes(self) -> list[Route]:
        # A number may hold any character, a slash too.
        return [Route("/notice", self.index), Route("/notice/{number:path}", self.show)]

    def index(self, request: Request) -> Response:
        today = self._clock.now().date()
        listed = [(notice, in_force(notice, today)) for notice in self._notices.all()]
        return self._views.page(request, "notices.html", {"listed": listed})

    def show(self, request: Request) -> Response:
        notice = self._notices.get(request.path_params["number"])
        facts = {
            "notice": notice,
            "clauses": sorted(notice.clauses, key=lambda clause: clause.order),
            "binding": in_force(notice, self._clock.now().date()),
            "mark": request.query_params.get("mark", ""),
        }
        return self._views.page(request, "notice.html", facts)
