"""`POST /hear` and `POST /say` on loopback. The contract: docs/voice.md, Service.

It keeps no sound and logs none of the words.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import MingluError
from voice.audio import decoded, encoded
from voice.service.engines import Line, NoVoice, ServiceEars, ServiceMouth

log = logging.getLogger(__name__)

_STATUS = {
    "bad_request": 400,
    "too_large": 413,
    "too_long": 413,
    "unknown_sound": 415,
    "no_sound": 422,
    "nothing_to_say": 422,
    "no_model": 503,
    "no_voice": 503,
    "busy": 503,
}


class BadRequest(MingluError):
    code = "bad_request"


class TooLarge(MingluError):
    code = "too_large"


class NothingToSay(MingluError):
    code = "nothing_to_say"


@dataclass(frozen=True)
class Limits:
    recording_bytes: int = 12_000_000
    """Two minutes of WAV at 48 kHz, mono."""
    recording_s: float = 120.0
    text_characters: int = 2000


def create_app(
    ears: ServiceEars,
    mouth: ServiceMouth | None,
    language: str,
    limits: Limits | None = None,
    engine: str = "vosk",
) -> Starlette:
    """`mouth` None: this machine has no voice, and /say tells so."""
    door = _Door(ears, mouth, limits or Limits(), language, engine)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # The model takes seconds: nobody's first sentence should pay for it.
        warming = asyncio.create_task(asyncio.to_thread(ears.warm))
        yield
        await warming
        if mouth is not None:
            mouth.close()

    return Starlette(
        routes=[
            Route("/health", door.health),
            Route("/hear", door.hear, methods=["POST"]),
            Route("/say", door.say, methods=["POST"]),
        ],
        # A page in a browser on this machine must not reach it under a name of its own.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={MingluError: _refuse},
        lifespan=lifespan,
    )


class _Door:
    def __init__(
        self,
        ears: ServiceEars,
        mouth: ServiceMouth | None,
        limits: Limits,
        language: str,
        engine: str,
    ) -> None:
        self._ears, self._mouth, self._limits = ears, mouth, limits
        self._language, self._engine = language, engine
        self._hearing, self._saying = Line(at_work=2), Line(at_work=1)

    async def health(self, _: Request) -> Response:
        ears = await asyncio.to_thread(self._ears.warm)
        return JSONResponse(
            {
                "ears": ears,
                "mouth": "ready" if self._mouth is not None else NoVoice.code,
                "language": self._language,
                "engine": self._engine,
            }
        )

    async def hear(self, request: Request) -> Response:
        recording = await _body(request, self._limits.recording_bytes)
        began = time.monotonic()
        async with self._hearing:
            sound = await asyncio.to_thread(decoded, recording, self._limits.recording_s)
            heard = await asyncio.to_thread(self._ears.hear, sound)
        log.info(
            "heard sound_s=%.1f took_s=%.2f readings=%d",
            sound.duration_s, time.monotonic() - began, len(heard.readings),
        )  # fmt: skip
        readings = heard.readings or ("",)
        confidence = None if heard.confidence is None else round(heard.confidence, 3)
        return JSONResponse(
            {"text": readings[0], "alternatives": list(readings[1:]), "confidence": confidence}
        )

    async def say(self, request: Request) -> Response:
        # Only a JSON body: a page of another origin cannot send one without being asked first.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise BadRequest('send {"text": …} as application/json')
        body = await _json(request, 4 * self._limits.text_characters + 1000)
        text, kind, rate = body.get("text"), body.get("format", "wav"), body.get("rate", 1.0)
        if not isinstance(text, str) or kind not in ("wav", "ogg"):
            raise BadRequest('send {"text": "…", "format": "wav" or "ogg", "rate": 0.5 to 2}')
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0.5 <= rate <= 2:
            raise BadRequest("rate is a number from 0.5 to 2")
        if len(text) > self._limits.text_characters:
            raise TooLarge(f"more than {self._limits.text_characters} characters; send parts")
        if not any(character.isalnum() for character in text):
            raise NothingToSay("there is nothing to say in this text")
        if self._mouth is None:
            raise NoVoice("this machine has no voice; run `minglu voice check`")
        async with self._saying:
            sound = await asyncio.to_thread(_recorded, self._mouth, text, float(rate), kind)
        log.info("said characters=%d bytes=%d", len(text), len(sound))
        return Response(sound, media_type=f"audio/{kind}")


def _recorded(mouth: ServiceMouth, text: str, rate: float, kind: str) -> bytes:
    return encoded(mouth.say(text, rate), kind)


async def _body(request: Request, at_most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > at_most:
            raise TooLarge(f"more than {at_most} bytes")
    return bytes(body)


async def _json(request: Request, at_most: int) -> dict[str, object]:
    try:
        body = json.loads(await _body(request, at_most))
    except ValueError:
        raise BadRequest("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("the body is not a JSON object")
    return body


async def _refuse(_: Request, error: Exception) -> Response:
    code = getattr(error, "code", "")
    headers = {"Retry-After": "2"} if code == "busy" else None
    body = {"code": code, "message": str(error)}
    return JSONResponse(body, status_code=_STATUS.get(code, 500), headers=headers)
