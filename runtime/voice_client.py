"""Ears and mouth of the server, over HTTP. The contract: docs/voice.md, Service."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from core.errors import VoiceUnavailable
from core.values import Heard, VoiceState

HEAR_S = 40.0
"""Seconds that a recording may take to be understood; about half its own length is usual."""
SAY_S = 15.0
ASK_S = 1.0
KNOWN_FOR_S = 15.0
"""Seconds for which the state is not asked for again: a page must not wait for it."""


class HttpVoice:
    """`core.ports.VoiceService` over the service of the voice room."""

    def __init__(
        self,
        base_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, transport=transport, trust_env=False)
        self._clock = clock
        self._known = VoiceState()
        self._known_until = float("-inf")

    async def state(self) -> VoiceState:
        """What it can do; nothing where it does not answer."""
        if self._clock() < self._known_until:
            return self._known
        self._known = await self._ask()
        self._known_until = self._clock() + KNOWN_FOR_S
        return self._known

    async def _ask(self) -> VoiceState:
        try:
            response = await self._client.get("/health", timeout=ASK_S)
            body = response.raise_for_status().json()
            # A model that is still being loaded is there when somebody has spoken.
            ears = body.get("ears") in ("ready", "loading")
            return VoiceState(ears=ears, mouth=body.get("mouth") == "ready")
        except (httpx.HTTPError, ValueError, AttributeError):
            return VoiceState()

    async def hear(self, recording: bytes, kind: str) -> Heard:
        """`kind`: its media type. Raises VoiceUnavailable; `details["reason"]` is the code."""
        request = self._client.build_request(
            "POST", "/hear", content=recording, headers={"content-type": kind}, timeout=HEAR_S
        )
        body = (await self._answer(request)).json()
        return Heard(
            text=str(body.get("text", "")),
            alternatives=tuple(str(one) for one in body.get("alternatives") or ()),
            confidence=body.get("confidence"),
        )

    async def say(self, text: str) -> tuple[bytes, str]:
        """A sound and its media type. Raises VoiceUnavailable."""
        body = {"text": text, "format": "wav"}
        request = self._client.build_request("POST", "/say", json=body, timeout=SAY_S)
        response = await self._answer(request)
        return response.content, response.headers.get("content-type", "audio/wav")

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._client.send(request)
        except httpx.HTTPError as error:
            self._known_until = float("-inf")
            raise VoiceUnavailable(
                f"the voice service does not answer ({type(error).__name__})", reason="no_service"
            ) from None
        if response.is_error:
            raise VoiceUnavailable("the voice service refused", reason=_code(response))
        return response

    async def close(self) -> None:
        await self._client.aclose()


def _code(response: httpx.Response) -> str:
    try:
        body: Any = response.json()
        return str(body["code"])
    except (ValueError, KeyError, TypeError):
        return f"http_{response.status_code}"
