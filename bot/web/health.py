"""`/healthz` (this process) and `/readyz` (what it needs, each by name) for probes and proxies."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.services import Check, Services
from core.errors import MingluError

PATIENCE_S = 3.0
"""Seconds after which a part counts as down."""


class Health:
    """Tells no more than which part works: probes need no token."""

    def __init__(self, services: Services) -> None:
        self.checks = {"dialogue": services.dialogue_ready, **services.checks}

    def routes(self) -> list[BaseRoute]:
        return [Route("/healthz", self.healthz), Route("/readyz", self.readyz)]

    async def healthz(self, _request: Request) -> Response:
        """This process answers."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, _request: Request) -> Response:
        """200 where every part works, else 503; the body names each."""
        found = await asyncio.gather(*(works(check) for check in self.checks.values()))
        parts = {n: "ok" if w else "down" for n, w in zip(self.checks, found, strict=True)}
        return JSONResponse(parts, 200 if all(found) else 503)


async def works(check: Check) -> bool:
    """Whether a part answers in time."""
    try:
        return await asyncio.wait_for(check(), PATIENCE_S)
    except (MingluError, asyncio.TimeoutError):
        return False
