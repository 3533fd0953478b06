"""`minglu telegram`: the Telegram channel, with ears and mouth where the voice is set up."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence

import click

from bot.telegram.checkup import checkup
from bot.telegram.service import serve
from core.errors import VoiceUnavailable
from minglu.findings import report
from runtime.settings import Settings
from runtime.sight import begin

LONGEST_NOTE_S = 300.0


@click.group()
def command() -> None:
    """Run and check the Telegram channel."""


@command.command("check")
def check() -> None:
    """Say what is wrong with the token, the network or the webhook."""
    report(asyncio.run(checkup(Settings.from_env(os.environ))))


@command.command("run")
def run() -> None:
    """Take messages until Ctrl-C; needs a running `make run` for the answers."""
    settings = Settings.from_env(os.environ)
    begin("telegram", settings)
    ears, mouth = _voice(settings)
    try:
        asyncio.run(serve(settings, ears=ears, mouth=mouth))
    except KeyboardInterrupt:
        click.echo("Telegram is stopped.", err=True)
    finally:
        if mouth is not None:
            mouth.close()


def _voice(settings: Settings) -> tuple[VoskTranscriber | None, EspeakReply | None]:
    ears: VoskTranscriber | None = None
    mouth: EspeakReply | None = None
    try:
        ears = VoskTranscriber(settings)
    except VoiceUnavailable as error:
        click.echo(f"Voice notes cannot be heard: {error}", err=True)
    try:
        mouth = EspeakReply(settings)
    except VoiceUnavailable as error:
        click.echo(f"Answers cannot be spoken: {error}", err=True)
    return ears, mouth


class VoskTranscriber:
    """Obeys bot.inbox.channel.Transcriber on a pool of warm recognisers."""

    def __init__(self, settings: Settings, at_once: int = 2) -> None:
        from voice.transcriber import Transcriber
        from voice.wiring import build_pool

        self._transcriber = Transcriber(build_pool(settings))
        self._at_once = asyncio.Semaphore(at_once)

    async def transcribe(self, recording: bytes) -> Sequence[str]:
        async with self._at_once:
            return await asyncio.to_thread(self._readings, recording)

    def _readings(self, recording: bytes) -> Sequence[str]:
        from voice.audio import decoded

        return self._transcriber.transcribe(decoded(recording, LONGEST_NOTE_S)).readings


class EspeakReply:
    """Obeys bot.inbox.channel.SpokenReply; one sentence at a time from one engine."""

    def __init__(self, settings: Settings) -> None:
        from voice.wiring import build_mouth, build_speaker

        self._speaker = build_speaker(settings)
        self._mouth = build_mouth(settings, self._speaker)
        self._turn = threading.Lock()

    def close(self) -> None:
        self._speaker.close()

    async def speak(self, text: str) -> bytes:
        return await asyncio.to_thread(self._sound, text)

    def _sound(self, text: str) -> bytes:
        from voice.audio import encoded
        from voice.recording import spoken_text

        with self._turn:
            return encoded(spoken_text(text, self._mouth), "ogg")
