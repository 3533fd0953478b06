"""The server's ears and mouth for the chat page: what was spoken becomes text, a reply sound."""

from __future__ import annotations

import asyncio
import logging
import math

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.identity import from_own_site, visitor_of
from bot.web.protection import Pace
from bot.web.services import Services
from bot.web.troubles import refusal
from bot.web.views import Views, spoken
from core.conversing import Turn
from core.errors import VoiceUnavailable

log = logging.getLogger("minglu.web")

HEAR = "/api/hear"
LARGEST_RECORDING = 2_100_000
"""Bytes: a minute and some seconds of 16 kHz, 16 bit, mono."""
MOST_SPOKEN = 1900
"""Characters of one sound; the service takes 2,000."""
KINDS = ("audio/wav", "audio/ogg")
_UNHEARD = ("no_sound", "unknown_sound")


class SoundDoor:
    """A stranger can have nothing said but the replies of their own conversation."""

    def __init__(self, services: Services, views: Views, pace: Pace | None = None) -> None:
        self._conversations = services.conversations
        self._voice = services.voice
        self._views = views
        # Sound costs a hundred times what text does.
        self._pace = pace or Pace(burst=12, per_second=0.5)

    def routes(self) -> list[Route]:
        return [
            Route(HEAR, self.hear, methods=["POST"]),
            Route("/chat/sound/{number:int}", self.sound),
        ]

    async def hear(self, request: Request) -> Response:
        """The recording in the body as `{"text", "alternatives", "confidence"}`."""
        kind = request.headers.get("content-type", "").split(";")[0].strip()
        # A form on another site cannot send these types without asking the browser first.
        if kind not in KINDS:
            return self._refuse("bad_request", 415)
        if not from_own_site(request):
            return self._refuse("bad_request", 403)
        wait = self._wait_s(request)
        if wait:
            return self._too_fast(wait)
        if self._voice is None:
            return self._refuse("no_ears", 503)
        try:
            heard = await self._voice.hear(await request.body(), kind)
        except VoiceUnavailable as error:
            reason = str(error.details.get("reason", ""))
            log.info("not heard reason=%s", reason)
            return self._refuse("unheard", 422) if reason in _UNHEARD else self._no_ears(reason)
        return JSONResponse(
            {
                "text": heard.text,
                "alternatives": list(heard.alternatives),
                "confidence": heard.confidence,
            }
        )

    async def sound(self, request: Request) -> Response:
        """A turn of this conversation, spoken."""
        turn = await self._turn(request)
        if turn is None or self._voice is None:
            raise HTTPException(404)
        wait = self._wait_s(request)
        if wait:
            return self._too_fast(wait)
        try:
            sound, kind = await self._voice.say(words_of(turn))
        except VoiceUnavailable as error:
            log.info("not said reason=%s", error.details.get("reason"))
            return self._refuse("no_mouth", 503)
        return Response(sound, media_type=kind)

    async def _turn(self, request: Request) -> Turn | None:
        visitor = visitor_of(request)
        if not visitor.returning:
            return None
        turns = await asyncio.to_thread(self._conversations.turns, visitor.sender)
        number = request.path_params["number"]
        return next((turn for turn in turns if turn.number == number), None)

    def _wait_s(self, request: Request) -> int:
        return math.ceil(self._pace.wait_s(request.client.host if request.client else ""))

    def _no_ears(self, reason: str) -> Response:
        code = {"busy": "busy_ears", "too_large": "too_large", "too_long": "too_large"}.get(reason)
        return self._refuse(code or "no_ears", 413 if code == "too_large" else 503)

    def _too_fast(self, wait_s: int) -> Response:
        response = refusal(
            "too_many", self._views.phrases.trouble("too_many", retry_after=wait_s), 429
        )
        response.headers["retry-after"] = str(wait_s)
        return response

    def _refuse(self, code: str, status: int) -> Response:
        return refusal(code, self._views.phrases.trouble(code), status)


def words_of(turn: Turn) -> str:
    """What a voice says of a turn: each reply in its spoken form, then the choices by number."""
    sentences: list[str] = []
    for reply in turn.replies:
        words = spoken(reply)
        sentences.append(words)
        if not all(choice.label in words for choice in reply.choices):
            sentences += [f"{n}，{choice.label}。" for n, choice in enumerate(reply.choices, 1)]
    return "\n".join(sentences)[:MOST_SPOKEN]
