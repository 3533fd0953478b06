"""How long the gateway's turns take and how its answers end; what it reaches, for Prometheus."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.health import works
from bot.web.services import Check
from runtime import metrics

TURN_PATHS = ("/chat", "/api/chat")
EVERY_S = 15.0


class Counted:
    """Counts every answer by its status; times those in which a person said something."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics.RESPONSES.labels(str(message["status"])).inc()
            await send(message)

        began = time.perf_counter()
        await self._app(scope, receive, count)
        if scope["method"] == "POST" and scope["path"] in TURN_PATHS:
            metrics.observe("gateway", time.perf_counter() - began)


@contextlib.asynccontextmanager
async def shown_readiness(checks: Mapping[str, Check], every_s: float = EVERY_S):  # type: ignore[no-untyped-def]
    """Asks each part again and again whether it works, for the gauge `minglu_ready`."""

    async def watch() -> None:
        while True:
            for name, check in checks.items():
                metrics.READY.labels(name).set(await works(check))
            await asyncio.sleep(every_s)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
