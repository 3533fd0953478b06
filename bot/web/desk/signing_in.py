"""Signing in and out, and choosing a password."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.web.desk.guard import PASSWORD, SIGN_IN
from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit, forget_session, remember_session, session_token
from bot.web.identity import from_own_site, remember_visitor, visitor_of
from bot.web.protection import Pace
from bot.web.views import Views
from core.errors import InvalidAccount
from core.staff import LEAST_PASSWORD, MOST_PASSWORD, LockedOut, Role, WrongPassword

AT_ONCE = 2
"""Passwords compared at the same time: each takes a core for a quarter of a second."""


class SigningIn:
    """The only pages of the desk that answer whoever asks."""

    def __init__(self, services: DeskServices, views: Views, words: DeskViews) -> None:
        self._staff = services.staff
        self._views = views
        self._words = words
        self._pace = Pace(burst=20, per_second=0.5)
        self._slots = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN, self.show, methods=["GET"]),
            Route(SIGN_IN, self.sign_in, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        found = await asyncio.to_thread(self._staff.signed_in, session_token(request))
        if found is not None:
            return RedirectResponse(home_of(found[0].role), 303)
        why = "idle" if request.query_params.get("why") == "idle" else ""
        return self._page(request, notice=why)

    async def sign_in(self, request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8)
        if not (from_own_site(request) and visitor_of(request).sent_this_form(form.get("token"))):
            return self._page(request, "stale_form", status=403)
        wait_s = self._pace.wait_s(request.client.host if request.client else "")
        if wait_s:
            return self._page(request, "locked_out", status=429, wait=int(wait_s) + 1)
        name, password = (str(form.get(key) or "")[:MOST_PASSWORD] for key in ("name", "password"))
        try:
            async with self._slots:
                token, member = await asyncio.to_thread(self._staff.sign_in, name, password)
        except LockedOut as error:
            wait = error.details["retry_after_s"]
            return self._page(request, error.code, name=name, status=429, wait=wait)
        except WrongPassword as error:
            return self._page(request, error.code, name=name, status=403)
        where = PASSWORD if member.must_change else home_of(member.role)
        response = RedirectResponse(where, 303)
        remember_session(request, response, token)
        return response

    def _page(
        self,
        request: Request,
        trouble: str = "",
        *,
        name: str = "",
        notice: str = "",
        status: int = 200,
        wait: int = 0,
    ) -> Response:
        facts: dict[str, Any] = {
            "trouble": self._words.trouble(trouble, wait=wait) if trouble else "",
            "notice": notice,
            "name": name[:40],
        }
        visitor = visitor_of(request)
        response = self._views.page(
            request, "desk/sign_in.html", facts, visitor=visitor, status=status
        )
        remember_visitor(request, response, visitor)
        if status == 429:
            response.headers["retry-after"] = str(wait)
        return response


class Session:
    """What somebody who is signed in does about it."""

    def __init__(self, services: DeskServices, views: DeskViews) -> None:
        self._staff = services.staff
        self._views = views

    def sign_out(self, visit: Visit) -> Response:
        self._staff.sign_out(visit.token)
        response = RedirectResponse(SIGN_IN, 303)
        forget_session(visit.request, response)
        return response

    def left(self, visit: Visit) -> Response:
        """How long the session lasts, asked by the page itself: that puts nothing off."""
        return JSONResponse({"ends_in_s": visit.ends_in_s})

    def stay(self, visit: Visit) -> Response:
        """Puts the end off, like everything else that somebody does."""
        return JSONResponse({"ends_in_s": visit.ends_in_s})

    def show_password(self, visit: Visit) -> Response:
        return self._password_page(visit)

    def change_password(self, visit: Visit) -> Response:
        """Every session of the account ends, this one too."""
        old, new = visit.text("old", MOST_PASSWORD + 1), visit.text("new", MOST_PASSWORD + 1)
        if new != visit.text("again", MOST_PASSWORD + 1):
            return self._password_page(visit, "passwords_differ")
        try:
            self._staff.change_password(visit.member.name, old, new)
        except (WrongPassword, InvalidAccount) as error:
            return self._password_page(visit, error.code)
        except LockedOut as error:
            return self._password_page(visit, error.code, wait=error.details["retry_after_s"])
        token, member = self._staff.sign_in(visit.member.name, new)
        response = RedirectResponse(home_of(member.role), 303)
        remember_session(visit.request, response, token)
        return response

    def _password_page(self, visit: Visit, trouble: str = "", wait: int = 0) -> Response:
        said = self._views.trouble(trouble, wait=wait, least=LEAST_PASSWORD) if trouble else ""
        facts = {"trouble": said, "least": LEAST_PASSWORD}
        return self._views.page(visit, "password.html", facts, 422 if trouble else 200)


def home_of(role: Role) -> str:
    """Where somebody of that role begins."""
    return "/desk/accounts" if role is Role.ADMIN else "/desk"
