"""Who is writing, without a login: an unguessable cookie, a form token, and preferences."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from bot.web.conversations import is_conversation_id, new_conversation_id, sender_of

SIZES = ("normal", "large", "largest")
_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """One browser. Knows no name and no address."""

    conversation_id: str
    returning: bool
    """Whether the browser brought the cookie along."""
    size: str = "normal"
    """Text size, one of SIZES."""
    plain: bool = False
    """Wants short sentences first."""
    aloud: bool = False
    """Wants every reply read aloud."""

    @property
    def sender(self) -> str:
        return sender_of(self.conversation_id)

    @property
    def form_token(self) -> str:
        """Stands in our forms and in no other site's, for it follows from an HttpOnly cookie."""
        return hashlib.sha256(b"form|" + self.conversation_id.encode()).hexdigest()[:32]

    def sent_this_form(self, token: object) -> bool:
        expected = self.form_token
        return (
            self.returning
            and isinstance(token, str)
            and hmac.compare_digest(token.encode(), expected.encode())
        )


def visitor_of(request: Request) -> Visitor:
    cookie = request.cookies.get(_cookie_name(request), "")
    known = is_conversation_id(cookie)
    size = request.cookies.get("size", "")
    return Visitor(
        conversation_id=cookie if known else new_conversation_id(),
        returning=known,
        size=size if size in SIZES else "normal",
        plain=request.cookies.get("plain") == "1",
        aloud=request.cookies.get("aloud") == "1",
    )


def remember_visitor(request: Request, response: Response, visitor: Visitor) -> None:
    """Sets the conversation's cookie; it ends with the browser, for computers are shared."""
    response.set_cookie(
        _cookie_name(request),
        visitor.conversation_id,
        httponly=True,
        samesite="lax",
        secure=_is_secure(request),
    )


def remember_preferences(request: Request, response: Response, **preferences: str) -> None:
    for name, value in preferences.items():
        response.set_cookie(
            name,
            value,
            max_age=_YEAR_S,
            httponly=True,
            samesite="lax",
            secure=_is_secure(request),
        )


def from_own_site(request: HTTPConnection) -> bool:
    """False where a browser says that another site made it send this."""
    origin = request.headers.get("origin")
    if origin is not None and origin.split("://")[-1] != request.headers.get("host"):
        return False
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def is_our_form(request: Request, visitor: Visitor, token: object) -> bool:
    """Whether a page of ours, shown to this visitor, made the browser send this."""
    return from_own_site(request) and visitor.sent_this_form(token)


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie_name(request: Request) -> str:
    # The prefix forbids other hosts of the domain to set it, but browsers take it only over TLS.
    return "__Host-minglu" if _is_secure(request) else "minglu"
