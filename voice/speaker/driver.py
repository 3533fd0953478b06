"""A pyttsx3 driver that hands out PCM instead of playing it.

pyttsx3's own Linux driver writes a whole text to a file and plays it with `aplay`; it cannot be
stopped and is silent where `aplay` is missing. This one is registered as `pyttsx3.drivers.pcm` and
chosen by `pyttsx3.init("pcm")`. It uses pyttsx3's own espeak binding in synchronous mode, so that
PCM arrives in buffers of 50 ms and the answer of the callback ends a synthesis.

One engine per process: espeak-ng keeps its state in globals.
"""

from __future__ import annotations

import ctypes
import os
import sys
import types
import wave
from collections.abc import Callable, Iterator
from typing import Any

from core.errors import VoiceUnavailable

BUFFER_MS = 50
_WORD = 1
_STOP, _GO_ON = 1, 0

PcmSink = Callable[[bytes], bool]
"""Takes 16-bit mono PCM; its answer False ends the synthesis."""


def load_espeak() -> Any:
    """pyttsx3's espeak binding on the library that espeakng-loader carries.

    Debian 12's own espeak-ng 1.51 reads Mandarin as English, so the carried one must win: it is
    loaded first, under the same name. Raises VoiceUnavailable.
    """
    try:
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        from pyttsx3.drivers import _espeak
    except (ImportError, OSError, RuntimeError) as error:
        raise VoiceUnavailable(
            f"espeak-ng cannot be loaded ({type(error).__name__}); "
            "install the packages pyttsx3 and espeakng-loader again"
        ) from error
    return _espeak


_WORD_GAP = 7
"""espeak-ng's parameter for the quiet between words; pyttsx3's binding does not name it."""


class PcmDriver:
    """What pyttsx3 expects of a driver; `sink` takes the PCM of `say`."""

    rate = 0
    """Hertz, known once the first driver of the process is built."""
    sink: PcmSink = staticmethod(lambda pcm: True)

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._espeak = load_espeak()
        self._text = ""
        self._sink: PcmSink = type(self).sink
        self._stopped = False
        self._voice = ""
        if not PcmDriver.rate:
            PcmDriver.rate = self._espeak.Initialize(
                self._espeak.AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS
            )
        if PcmDriver.rate <= 0:
            raise VoiceUnavailable("espeak-ng finds no voice data; install espeakng-loader again")
        self._espeak.SetSynthCallback(self._on_pcm)
        self.setProperty("voice", "cmn")

    def destroy(self) -> None:
        self._stopped = True

    def say(self, text: str) -> None:
        self._synthesise(text, type(self).sink)

    def save_to_file(self, text: str, filename: str) -> None:
        with wave.open(filename, "wb") as file:
            file.setparams((1, 2, self.rate, 0, "NONE", ""))

            def write(pcm: bytes) -> bool:
                file.writeframes(pcm)
                return True

            self._synthesise(text, write)

    def stop(self) -> None:
        self._stopped = True

    def getProperty(self, name: str) -> Any:
        if name == "voice":
            return self._voice
        if name == "voices":
            return []
        parameter, scale = self._parameter(name)
        return self._espeak.GetParameter(parameter) / scale

    def setProperty(self, name: str, value: Any) -> None:
        """Raises KeyError for an unknown property, VoiceUnavailable for an unknown voice."""
        if name == "voice":
            if self._espeak.SetVoiceByName(str(value).encode()) != self._espeak.EE_OK:
                raise VoiceUnavailable(f"espeak-ng has no voice {value!r}")
            self._voice = str(value)
            return
        parameter, scale = self._parameter(name)
        self._espeak.SetParameter(parameter, int(value * scale), 0)

    def startLoop(self) -> None:
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        self._stopped = True

    def iterate(self) -> Iterator[None]:
        self._proxy.setBusy(False)
        yield

    def _parameter(self, name: str) -> tuple[int, int]:
        known = {
            "rate": (self._espeak.RATE, 1),
            "volume": (self._espeak.VOLUME, 100),
            "pitch": (self._espeak.PITCH, 1),
            "gap": (_WORD_GAP, 1),
        }
        return known[name]

    def _synthesise(self, text: str, sink: PcmSink) -> None:
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        self._text, self._sink, self._stopped = text, sink, False
        self._espeak.Synth(text.encode(), flags=self._espeak.CHARS_UTF8 | self._espeak.ENDPAUSE)
        self._proxy.notify("finished-utterance", completed=not self._stopped)
        self._proxy.setBusy(False)

    def _on_pcm(self, wav: Any, samples: int, events: Any) -> int:
        if self._stopped:
            return _STOP
        index = 0
        while events[index].type:
            if events[index].type == _WORD:
                at, length = events[index].text_position - 1, events[index].length
                self._proxy.notify("started-word", name=None, location=at, length=length)
            index += 1
        if samples > 0 and wav and not self._sink(ctypes.string_at(wav, samples * 2)):
            self._stopped = True
            return _STOP
        return _GO_ON


def register(sink: PcmSink) -> None:
    """Makes `pyttsx3.init("pcm")` speak into `sink`."""
    module = types.ModuleType("pyttsx3.drivers.pcm")

    def build(proxy: Any) -> PcmDriver:
        PcmDriver.sink = staticmethod(sink)
        return PcmDriver(proxy)

    module.buildDriver = build  # type: ignore[attr-defined]
    sys.modules["pyttsx3.drivers.pcm"] = module
