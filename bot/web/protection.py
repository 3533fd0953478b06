"""ASGI layers around the whole gateway: headers, body size, and a pace per address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: browsers would then hide the origin of our own forms from us.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class SafeHeaders:
    """Puts HEADERS on every answer; what people said is never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _caching(scope))
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _caching(scope: Scope) -> str:
    # Links to static files carry their version; everything else may hold what a person said.
    return "public, max-age=31536000" if scope["path"].startswith("/static/") else "no-store"


class BodyLimit:
    """Refuses, with 413, to read more than `most` bytes of a request; of a path in `wider`, its."""

    def __init__(self, app: ASGIApp, most: int, wider: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._most = most
        self._wider = wider or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most = self._wider.get(scope["path"], self._most)
        declared = Headers(scope=scope).get("content-length", "0")
        too_long = not declared.isdecimal() or int(declared) > most
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            if too_long:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_within_limit, send)


class Pace:
    """A token bucket per address: `burst` at once, then `per_second`."""

    def __init__(
        self,
        burst: float,
        per_second: float,
        most_addresses: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._most = most_addresses
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """0 where one more request fits now (and is counted), else seconds until one does."""
        now = self._clock()
        tokens, then = self._buckets.pop(address, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._per_second)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._per_second
        self._buckets[address] = (tokens - 1 if wait == 0 else tokens, now)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait


class PacePosts:
    """Gives `refuse`'s answer to an address that posts faster than `pace`. Reading is free, and so
    are the paths in `free`."""

    def __init__(
        self,
        app: ASGIApp,
        pace: Pace,
        refuse: Callable[[Request, int], Response],
        free: frozenset[str] = frozenset(),
    ) -> None:
        self._free = free
        self._app = app
        self._pace = pace
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"] not in self._free
        ):
            client = scope.get("client")
            wait = self._pace.wait_s(client[0] if client else "")
            if wait:
                response = self._refuse(Request(scope), math.ceil(wait))
                return await response(scope, receive, send)
        await self._app(scope, receive, send)
