"""The engines behind the service, loaded once and shared by its requests."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from core.errors import MingluError, VoiceUnavailable
from voice.audio import Pcm
from voice.mouth import Mouth
from voice.recording import spoken_text
from voice.speaker.process import PyttsxSpeaker
from voice.transcriber import Transcriber, Transcript

log = logging.getLogger(__name__)


class NoModel(VoiceUnavailable):
    """There is no recogniser's model; the message says how to get one."""

    code = "no_model"


class NoVoice(VoiceUnavailable):
    code = "no_voice"


class Busy(MingluError):
    """More wait than can be served soon."""

    code = "busy"


class Line:
    """So many at work, so many waiting; whoever comes after is told at once."""

    def __init__(self, at_work: int, waiting: int = 16) -> None:
        self._places = at_work + waiting
        self._work = asyncio.Semaphore(at_work)

    async def __aenter__(self) -> None:
        if not self._places:
            raise Busy("too many wait for the voice; try again in a moment")
        self._places -= 1
        try:
            await self._work.acquire()
        except BaseException:
            self._places += 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._work.release()
        self._places += 1


class ServiceEars:
    """A recogniser that is loaded when it is first needed, or ahead by `warm`."""

    def __init__(self, load: Callable[[], Transcriber]) -> None:
        """`load` raises VoiceUnavailable; it is tried again at the next request."""
        self._load = load
        self._loading = threading.Lock()
        self._transcriber: Transcriber | None = None

    def warm(self) -> str:
        """ready, loading (another thread does it) or no_model."""
        if self._transcriber is not None:
            return "ready"
        if self._loading.locked():
            return "loading"
        try:
            self._loaded()
        except NoModel as error:
            log.info("no ears code=%s", error.code)
            return error.code
        return "ready"

    def hear(self, sound: Pcm) -> Transcript:
        """Raises NoModel."""
        return self._loaded().transcribe(sound)

    def _loaded(self) -> Transcriber:
        with self._loading:
            if self._transcriber is None:
                try:
                    self._transcriber = self._load()
                except VoiceUnavailable as error:
                    raise NoModel(str(error)) from error
            return self._transcriber


class ServiceMouth:
    """One engine, one text at a time: the caller sees to that."""

    def __init__(self, speaker: PyttsxSpeaker, mouth: Mouth) -> None:
        self._speaker = speaker
        self._mouth = mouth
        self._usual = speaker.voice, speaker.chinese_voice

    def say(self, text: str, rate: float = 1.0) -> Pcm:
        """`rate`: times the usual one. Raises NoVoice."""
        voice, chinese = self._usual
        self._speaker.voice = replace(voice, rate=round(voice.rate * rate))
        if chinese is not None:
            self._speaker.chinese_voice = replace(chinese, rate=round(chinese.rate * rate))
        try:
            return spoken_text(text, self._mouth)
        except VoiceUnavailable as error:
            raise NoVoice(str(error)) from error

    def close(self) -> None:
        self._speaker.close()
