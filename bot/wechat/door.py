"""The HTTP address that the platform calls: `/wechat`, to be put behind a proxy with https."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.wechat.callback import ACKNOWLEDGED, Callback
from bot.wechat.crypto import Forged
from core.errors import StoreUnavailable

log = logging.getLogger(__name__)

PATH = "/wechat"
LARGEST_BODY = 64 * 1024
"""Bytes of a post; the platform's own hold a few thousand."""


def wechat_app(callback: Callback) -> Starlette:
    """An ASGI application. What the platform did not sign gets 403 and no word."""

    async def verify(request: Request) -> Response:
        try:
            return PlainTextResponse(callback.verify(dict(request.query_params)))
        except Forged:
            return Response(status_code=403)

    async def receive(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            answer = await callback.receive(dict(request.query_params), body)
        except Forged:
            log.warning("wechat: a post that the platform did not sign")
            return Response(status_code=403)
        except StoreUnavailable:
            # The platform posts it again.
            return Response(status_code=503)
        kind = "text/plain" if answer == ACKNOWLEDGED else "text/xml"
        return Response(answer, media_type=kind)

    return Starlette(
        routes=[
            Route(PATH, verify, methods=["GET"]),
            Route(PATH, receive, methods=["POST"]),
        ]
    )


async def _body(request: Request) -> str | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
    except ClientDisconnect:
        return ""
    return body.decode("utf-8", "replace")
