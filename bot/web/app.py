"""The gateway: `create_app(services, settings)` gives the ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.web.api import Api
from bot.web.chat import ChatPages
from bot.web.desk.routes import Desk
from bot.web.exchange import Exchange
from bot.web.health import Health
from bot.web.notices import NoticePages
from bot.web.openapi import document
from bot.web.protection import BodyLimit, Pace, PacePosts, SafeHeaders
from bot.web.rating import RatingDoor
from bot.web.services import Services
from bot.web.sight import Counted, shown_readiness
from bot.web.sound import HEAR, LARGEST_RECORDING, SoundDoor
from bot.web.troubles import Troubles
from bot.web.views import Views
from runtime.settings import Settings

LARGEST_BODY = 64 * 1024
"""Bytes of a request; a message has at most a few thousand."""

TYPED_INTO = frozenset({"/desk/cards"})
"""A hotline's staff share one address and type all day; who is not signed in is refused there
before anything is read."""


def create_app(
    services: Services,
    settings: Settings,
    pace: Pace | None = None,
    sound_pace: Pace | None = None,
) -> Starlette:
    """All pages and the API. Opens nothing itself: what it needs is in `services`."""
    views = Views(settings.referral, settings.feedback_days if services.feedback else 0)
    exchange = Exchange(services, views.phrases.passed_on)
    troubles = Troubles(views)
    desk = Desk(services.desk, views, troubles, services.clock) if services.desk else None
    health = Health(services)
    routes: list[BaseRoute] = [
        *ChatPages(services, exchange, views).routes(),
        *SoundDoor(services, views, sound_pace).routes(),
        *RatingDoor(services, views).routes(),
        *NoticePages(services.notices, services.clock, views).routes(),
        *Api(exchange, views.phrases).routes(),
        Route("/api/openapi.json", _openapi),
        *(desk.routes if desk else ()),
        *health.routes(),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # The first caller of a day need not wait for what can be made ready before.
        warming = asyncio.create_task(asyncio.to_thread(desk.warm)) if desk else None
        # Nobody would read it where no metrics are shown.
        watched = shown_readiness(health.checks) if settings.metrics_port else _nothing_to_watch()
        async with watched:
            yield
        if warming is not None:
            await asyncio.wait([warming])
        await services.close()

    wider = {HEAR: LARGEST_RECORDING, **(desk.wider_bodies if desk else {})}
    pace = pace or Pace(burst=60, per_second=5)
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies),
            Middleware(Counted),
            Middleware(SafeHeaders),
            Middleware(PacePosts, pace=pace, refuse=troubles.too_fast, free=TYPED_INTO),
            Middleware(BodyLimit, most=LARGEST_BODY, wider=wider),
        ],
        exception_handlers=troubles.handlers(),
        lifespan=lifespan,
    )


def _nothing_to_watch() -> contextlib.AbstractAsyncContextManager[None]:
    return contextlib.nullcontext()


async def _openapi(_request: Request) -> Response:
    return JSONResponse(document())
