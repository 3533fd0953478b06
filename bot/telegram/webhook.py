"""The webhook: Telegram posts an update, and is told 200 once it is written down."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import telegram

from core.errors import StoreUnavailable

log = logging.getLogger(__name__)

PATH = "/telegram"
_LARGEST_BODY = 1_000_000
Take = Callable[[Sequence[telegram.Update]], Awaitable[None]]


class Sequencer:
    """Posts may overtake each other: holds an update back a moment for those before it."""

    def __init__(self, take: Take, patience_s: float = 0.5) -> None:
        self._take = take
        self._patience_s = patience_s
        self._expected = 0
        self._held: set[int] = set()
        self._moved = asyncio.Condition()

    async def put(self, update: telegram.Update) -> None:
        """Returns once it is taken. Raises StoreUnavailable."""
        number = update.update_id
        async with self._moved:
            self._held.add(number)
            try:
                await asyncio.wait_for(
                    self._moved.wait_for(lambda: self._is_next(number)), self._patience_s
                )
            except asyncio.TimeoutError:
                log.debug("an update was not waited for any longer")
            finally:
                self._held.discard(number)
            await self._take([update])
            self._expected = max(self._expected, number + 1)
            self._moved.notify_all()

    def _is_next(self, number: int) -> bool:
        return number <= self._expected or (not self._expected and number == min(self._held))


def webhook_app(bot: telegram.Bot, secret: str, take: Take) -> Callable[..., Awaitable[None]]:
    """An ASGI application. A post without the secret token gets 403 and no word."""
    sequencer = Sequencer(take)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status = await _status(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _status(scope: dict[str, Any], receive: Any) -> int:
        if scope["path"] != PATH or scope["method"] != "POST":
            return 404
        given = dict(scope["headers"]).get(b"x-telegram-bot-api-secret-token", b"")
        if not secret or not hmac.compare_digest(given, secret.encode()):
            return 403
        body = await _body(receive)
        if body is None:
            return 413
        try:
            update = telegram.Update.de_json(json.loads(body), bot)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
            return 400
        if not isinstance(update.update_id, int):
            return 400
        try:
            await sequencer.put(update)
        except StoreUnavailable:
            # Telegram posts it again.
            return 503
        return 200

    return app


async def _body(receive: Any) -> bytes | None:
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > _LARGEST_BODY:
            return None
        if not event.get("more_body"):
            return bytes(body)
