"""One request of somebody who is signed in, as a page of the desk sees it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from core.staff import StaffMember


def cookie_name(connection: HTTPConnection) -> str:
    return "__Host-minglu-desk" if _is_secure(connection) else "minglu-desk"


def session_token(connection: HTTPConnection) -> str:
    return connection.cookies.get(cookie_name(connection), "")


def remember_session(request: Request, response: Response, token: str) -> None:
    """Ends with the browser, and by the server's clock however long the browser stays open."""
    response.set_cookie(
        cookie_name(request),
        token,
        httponly=True,
        samesite="strict",
        secure=_is_secure(request),
    )


def forget_session(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), httponly=True, samesite="strict", secure=_is_secure(request)
    )


def _is_secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in ("https", "wss")


@dataclass
class Visit:
    """Who asks for what. A handler gets it instead of a bare request."""

    request: HTTPConnection
    """A Request, but for what comes by WebSocket."""
    member: StaffMember
    ends_in_s: int
    """Seconds until they are signed out unless they do something."""
    token: str = field(repr=False)
    """The session's cookie."""
    form: FormData = field(default_factory=FormData, repr=False)
    """What was posted; empty for a page that is only looked at."""
    subject: str = ""
    """What was done something to, for the trail: set it with `about`."""

    @property
    def form_token(self) -> str:
        """Stands in our forms and in no other site's, for it follows from the cookie."""
        return hashlib.sha256(b"desk form|" + self.token.encode()).hexdigest()[:32]

    def sent_our_form(self) -> bool:
        given = self.form.get("token")
        return isinstance(given, str) and hmac.compare_digest(
            given.encode(), self.form_token.encode()
        )

    def text(self, name: str, most: int = 2000) -> str:
        """A field, trimmed and cut; empty where it is missing."""
        value = self.form.get(name)
        return _tidy(value)[:most] if isinstance(value, str) else ""

    def asked(self, name: str, most: int = 200) -> str:
        """A parameter of the address, trimmed and cut; empty where it is missing."""
        return _tidy(self.request.query_params.get(name, ""))[:most]

    def asked_number(self, name: str, other: int = 0) -> int:
        value = self.asked(name)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else other

    def texts(self, name: str, most: int = 2000) -> tuple[str, ...]:
        """Every value of a field that may come several times."""
        found = (v for v in self.form.getlist(name) if isinstance(v, str))
        return tuple(_tidy(v)[:most] for v in found if v.strip())

    def file(self, name: str) -> UploadFile | None:
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def about(self, subject: str) -> None:
        """Names by its id what this visit did something to. Never a name, phone or sentence."""
        self.subject = subject


def _tidy(value: str) -> str:
    # PostgreSQL takes no NUL in a text.
    return value.replace("\x00", "").strip()
