"""The conversation as JSON: `POST /api/chat`."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.exchange import LONGEST_MESSAGE, Exchange, MessageRefused
from bot.web.identity import from_own_site, remember_visitor, visitor_of
from bot.web.phrases import Phrases
from bot.web.troubles import refusal
from core.conversing import Turn
from core.errors import DialogueUnavailable, StoreUnavailable
from core.values import Reply

MESSAGE_ID = r"[A-Za-z0-9._:-]{1,64}"
MOST_READINGS = 4
"""Other readings of a recogniser that are taken."""


class Api:
    def __init__(self, exchange: Exchange, phrases: Phrases) -> None:
        self._exchange = exchange
        self._phrases = phrases

    def routes(self) -> list[Route]:
        return [Route("/api/chat", self.chat, methods=["POST"])]

    async def chat(self, request: Request) -> Response:
        """Source of the contract: /api/openapi.json."""
        # Only JSON: a form on another site cannot send that without asking the browser first.
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return self._refuse("bad_request", 415)
        if not from_own_site(request):
            return self._refuse("bad_request", 403)
        asked = _read(await request.body())
        if asked is None:
            return self._refuse("bad_request", 400)
        visitor = visitor_of(request)
        text, message_id, readings = asked
        try:
            turn = await self._exchange.say(
                visitor.sender, text, message_id, {"plain": visitor.plain}, readings
            )
        except MessageRefused as refused:
            response = self._refuse(refused.refusal, 422)
        except (DialogueUnavailable, StoreUnavailable) as error:
            response = self._refuse(error.code, 503)
        else:
            response = JSONResponse(turn_as_json(turn))
        remember_visitor(request, response, visitor)
        return response

    def _refuse(self, code: str, status: int) -> Response:
        return refusal(code, self._phrases.trouble(code, limit=LONGEST_MESSAGE), status)


def _read(body: bytes) -> tuple[str, str, tuple[str, ...] | None] | None:
    """Message, message id and other readings; None where the body has not the contract's form."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        return None
    message_id, readings = data.get("message_id", uuid.uuid4().hex), data.get("alternatives", [])
    if not (isinstance(message_id, str) and is_message_id(message_id) and _are_readings(readings)):
        return None
    try:
        # JSON can escape half a character, which no text may hold.
        "".join((data["message"], *readings)).encode()
    except UnicodeEncodeError:
        return None
    return data["message"], message_id, tuple(readings) if "alternatives" in data else None


def is_message_id(text: str) -> bool:
    return re.fullmatch(MESSAGE_ID, text) is not None


def _are_readings(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_READINGS
        and all(isinstance(one, str) and len(one) <= LONGEST_MESSAGE for one in value)
    )


def turn_as_json(turn: Turn) -> dict[str, Any]:
    return {"replies": [_reply_as_json(reply) for reply in turn.replies]}


def _reply_as_json(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.text,
        "custom": reply.custom() if reply.kind else None,
        "choices": [{"label": c.label, "payload": c.payload} for c in reply.choices],
    }
