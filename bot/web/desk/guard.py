"""What stands before every page of the desk: session, role, form token, and the trail after it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.web.desk.visit import Visit, session_token
from bot.web.identity import from_own_site
from bot.web.troubles import Troubles, is_piece
from core.ports import Clock
from core.staff import Role, Staff, StaffMember

AGENTS = frozenset({Role.AGENT, Role.MANAGER})
"""Who answers callers."""
MANAGERS = frozenset({Role.MANAGER})
ADMINS = frozenset({Role.ADMIN})
EVERYBODY = frozenset(Role)

SIGN_IN, PASSWORD = "/desk/sign-in", "/desk/password"
Handler = Callable[[Visit], Response | Awaitable[Response]]
Talker = Callable[[WebSocket, Visit], Awaitable[None]]


@dataclass(frozen=True)
class DeskRoute:
    """One line of the table of routes: what it serves, and to whom."""

    path: str
    handler: Handler
    """Blocking ones run in a thread."""
    roles: frozenset[Role]
    method: str = "GET"
    event: str = ""
    """What the trail says once it was done; empty where nothing changes, or the store says it."""
    nav: str = ""
    """Key of its name in the menu (phrases.zh.yml, `nav`); empty: not in the menu."""
    key: str = ""
    """A function key that opens it from every page of the desk."""
    keeps_session: bool = True
    """False for what a page asks by itself, without anybody pressing a key."""
    with_one_time_password: bool = False
    """True for the pages that somebody with a one-time password may use."""
    most_files: int = 0
    most_bytes: int = 0
    """Of a request's body; 0: as everywhere."""


@dataclass(frozen=True)
class DeskSocket:
    """A line of the table that is a WebSocket."""

    path: str
    talker: Talker
    roles: frozenset[Role]
    event: str
    """What the trail says once it was opened."""


class Guard:
    """Turns lines of the table into routes that serve only whom they may."""

    def __init__(self, staff: Staff, clock: Clock, troubles: Troubles) -> None:
        self._staff = staff
        self._clock = clock
        self._troubles = troubles

    def route(self, line: DeskRoute) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._serve(request, line)

        return Route(line.path, endpoint, methods=[line.method])

    def socket(self, line: DeskSocket) -> WebSocketRoute:
        """Refused before it is open to whoever is not signed in, in another role, or led here by
        another site: a browser sends cookies with a WebSocket of any page."""

        async def endpoint(socket: WebSocket) -> None:
            token = session_token(socket)
            found = await self.who(token, active=True)
            ours = "origin" in socket.headers and from_own_site(socket)
            if found is None or found[0].role not in line.roles or found[0].must_change or not ours:
                await socket.close(1008)
                return
            member, ends_in_s = found
            await asyncio.to_thread(self._staff.record, member.name, line.event)
            await line.talker(socket, Visit(socket, member, ends_in_s, token))

        return WebSocketRoute(line.path, endpoint)

    async def _serve(self, request: Request, line: DeskRoute) -> Response:
        token = session_token(request)
        found = await self.who(token, active=line.keeps_session)
        if found is None:
            return self._not_signed_in(request, line)
        member, ends_in_s = found
        if member.role not in line.roles:
            return self._troubles.say(request, "not_your_role", 403)
        if member.must_change and not line.with_one_time_password:
            return RedirectResponse(PASSWORD, 303)
        if "\x00" in request.scope["path"]:
            return self._troubles.say(request, "not_found", 404)
        visit = Visit(request, member, ends_in_s, token)
        if line.method == "GET":
            return await self._handle(visit, line)
        visit.form = await request.form(max_files=line.most_files, max_fields=200)
        try:
            if not (from_own_site(request) and visit.sent_our_form()):
                return self._troubles.say(request, "stale_form", 403)
            return await self._handle(visit, line)
        finally:
            await visit.form.close()

    async def _handle(self, visit: Visit, line: DeskRoute) -> Response:
        response = await _called(line.handler, visit)
        if line.event and response.status_code < 400:
            record = self._staff.record
            await asyncio.to_thread(record, visit.member.name, line.event, visit.subject)
        response.headers["x-desk-ends-in"] = str(visit.ends_in_s)
        return response

    async def who(self, token: str, *, active: bool) -> tuple[StaffMember, int] | None:
        """Whose session it is, and in how many seconds it ends."""
        found = await asyncio.to_thread(self._staff.signed_in, token, active=active)
        if found is None:
            return None
        member, ends_at = found
        return member, max(0, int((ends_at - self._clock.now()).total_seconds()))

    def _not_signed_in(self, request: Request, line: DeskRoute) -> Response:
        if line.method == "GET" and not is_piece(request) and line.keeps_session:
            return RedirectResponse(SIGN_IN, 303)
        return self._troubles.say(request, "signed_out", 401)


async def _called(handler: Handler, visit: Visit) -> Response:
    if inspect.iscoroutinefunction(handler):
        answer = await handler(visit)
    else:
        answer = await run_in_threadpool(handler, visit)
    if not isinstance(answer, Response):
        raise HTTPException(500)
    return answer
