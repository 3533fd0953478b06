"""Live call assist: the caller's sound becomes a transcript, the transcript becomes cards.

One WebSocket a call. In: binary messages of 16-bit mono PCM at 16 kHz. Out: JSON with `kind`
ready, heard (`text`), card (`html`) or trouble (`code`, `message`). Nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.web.desk.cards import Card, CardMaker
from bot.web.desk.segments import Segments, as_wav
from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import StoreUnavailable, VoiceUnavailable
from core.values import Kind

log = logging.getLogger("minglu.desk")

MOST_BYTES = 64_000
"""Of one message: two seconds of sound."""
BEHIND = 4
"""Stretches that may wait for the ears; of more, the oldest are left out, and that is said."""
_TELLS = (Kind.ANSWER, Kind.PARTIAL, Kind.CORRECTION, Kind.SAFETY)


class Assist:
    def __init__(self, services: DeskServices, views: DeskViews, cards: CardMaker) -> None:
        self._voice = services.voice
        self._views = views
        self._cards = cards

    async def serve(self, socket: WebSocket, visit: Visit) -> None:
        """From the first sound to the end of the call."""
        await socket.accept()
        if self._voice is None or not (await self._voice.state()).ears:
            await self._trouble(socket, "no_ears")
            await socket.close()
            return
        await socket.send_json({"kind": "ready"})
        waiting: asyncio.Queue[bytes] = asyncio.Queue()
        hearing = asyncio.create_task(self._hear(socket, visit, waiting))
        try:
            await self._listen(socket, waiting)
        except WebSocketDisconnect:
            pass
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _listen(self, socket: WebSocket, waiting: asyncio.Queue[bytes]) -> None:
        segments = Segments()
        while True:
            pcm = await socket.receive_bytes()
            if len(pcm) > MOST_BYTES:
                await self._trouble(socket, "too_much_sound")
                await socket.close(1009)
                return
            for stretch in segments.feed(pcm):
                waiting.put_nowait(stretch)
                if waiting.qsize() > BEHIND:
                    waiting.get_nowait()
                    await self._trouble(socket, "ears_behind")

    async def _hear(self, socket: WebSocket, visit: Visit, waiting: asyncio.Queue[bytes]) -> None:
        before = ""
        while True:
            stretch = await waiting.get()
            try:
                assert self._voice is not None  # noqa: S101 - `serve` looked
                heard = await self._voice.hear(as_wav(stretch), "audio/wav")
            except VoiceUnavailable as error:
                log.warning("a call could not be heard: %s", error.details.get("reason"))
                await self._trouble(socket, "not_heard")
                continue
            text = heard.text.replace(" ", "").strip()
            if not text:
                continue
            await socket.send_json({"kind": "heard", "text": text})
            card = await self._card(before, text)
            before = text
            if card is not None:
                html = self._views.piece(visit, "piece_card.html", {"card": card})
                await socket.send_json({"kind": "card", "question": card.question, "html": html})

    async def _card(self, before: str, text: str) -> Card | None:
        """Of what was just said; where that says nothing alone, together with what stood before."""
        for question in (text, f"{before}，{text}" if before else ""):
            try:
                card = await run_in_threadpool(self._cards.card, question)
            except StoreUnavailable:
                return None
            if card is not None and card.reply.kind in _TELLS:
                return card
        return None

    async def _trouble(self, socket: WebSocket, code: str) -> None:
        message: dict[str, Any] = {"kind": "trouble", "code": code}
        await socket.send_json({**message, "message": self._views.trouble(code)})
