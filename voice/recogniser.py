"""Vosk: the only place that imports it. A pool of warm recognisers over one model."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import VoiceUnavailable
from runtime.metrics import count_heard
from voice.audio import EAR_RATE, silence

_WARM_UP_S = 0.8
"""A new recogniser spends 0.6 s of CPU on its first sound: this much silence takes it away."""
_ALTERNATIVES = 4


def load_model(folder: Path) -> Any:
    """Seconds of work, hundreds of megabytes. Raises VoiceUnavailable that says how to mend it."""
    check_model(folder)
    try:
        import vosk
    except (ImportError, OSError) as error:
        raise VoiceUnavailable("vosk is not installed; run `make setup` again") from error
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(folder))
    except Exception as error:
        # Vosk raises a bare Exception for whatever it finds wrong in the folder.
        raise VoiceUnavailable(
            f"the Vosk model in {folder} does not load; fetch it again with `minglu voice get zh`"
        ) from error


def check_model(folder: Path) -> None:
    """Raises VoiceUnavailable where the folder cannot be a Vosk model."""
    if not folder.is_dir():
        raise VoiceUnavailable(
            f"there is no Vosk model in {folder}; fetch one with `minglu voice get zh`, "
            "or name a folder with MINGLU_VOSK_MODEL"
        )
    # Vosk ends the whole process on some broken folders, so what it needs is looked for first.
    missing = [p for p in ("am/final.mdl", "conf") if not (folder / p).exists()]
    graphs = ("graph/HCLG.fst", "graph/HCLr.fst", "HCLG.fst")
    if missing or not any((folder / graph).exists() for graph in graphs):
        raise VoiceUnavailable(
            f"{folder} is not a whole Vosk model ({', '.join(missing) or 'graph'} missing); "
            "fetch it again with `minglu voice get zh`, or name another with MINGLU_VOSK_MODEL"
        )


class VoskRecogniser:
    """`core.ports.Recogniser`. Reuse it: a new one costs 70 ms and a cold start."""

    rate = EAR_RATE

    def __init__(self, model: Any, grammar: Sequence[str] = ()) -> None:
        """`grammar`: closed phrases; words outside the model's list are dropped by Vosk."""
        import vosk

        if grammar:
            phrases = json.dumps([*grammar, "[unk]"], ensure_ascii=False)
            self._kaldi = vosk.KaldiRecognizer(model, self.rate, phrases)
        else:
            self._kaldi = vosk.KaldiRecognizer(model, self.rate)
            self._kaldi.SetMaxAlternatives(_ALTERNATIVES)
        self._settled: list[list[str]] = []
        self._shares: list[float] = []
        self.confidence: float | None = None
        """Of the last result: what share of the evidence speaks for the best reading, 0 to 1."""
        self.feed(silence(_WARM_UP_S, self.rate))
        self.reset()

    def feed(self, pcm: bytes) -> None:
        if self._kaldi.AcceptWaveform(bytes(pcm)):
            # Vosk closed a stretch by itself, before the person had finished.
            self._settle(self._kaldi.Result())

    def _settle(self, result: str) -> None:
        self._settled.append(_readings(result))
        self._shares.append(best_share(result))

    def partial(self) -> str:
        running = _words(json.loads(self._kaldi.PartialResult()).get("partial", ""))
        return "".join(s[0] for s in self._settled if s) + running

    def result(self) -> Sequence[str]:
        self._settle(self._kaldi.FinalResult())
        heard = [(s, c) for s, c in zip(self._settled, self._shares, strict=True) if s]
        self.reset()
        self.confidence = math.prod(c for _, c in heard) if heard else None
        count_heard(self.confidence)
        return joined_readings([stretch for stretch, _ in heard])

    def reset(self) -> None:
        self._settled, self._shares = [], []
        self.confidence = None
        self._kaldi.Reset()


def joined_readings(stretches: Sequence[Sequence[str]]) -> list[str]:
    """One utterance from its stretches: the best of each, then each other reading in its place."""
    if not stretches:
        return []
    readings = [_joined([s[0] for s in stretches])]
    for index, stretch in enumerate(stretches):
        for other in stretch[1:]:
            parts = [s[0] for s in stretches]
            parts[index] = other
            reading = _joined(parts)
            if reading not in readings:
                readings.append(reading)
    return readings


def _joined(parts: Sequence[str]) -> str:
    return _words(" ".join(parts))


def _readings(result: str) -> list[str]:
    """Every distinct reading of one of Vosk's results, best first, none empty."""
    body = json.loads(result)
    texts = [a.get("text", "") for a in body.get("alternatives", ())] or [body.get("text", "")]
    readings: list[str] = []
    for text in texts:
        reading = _words(text.replace("[unk]", " "))
        if reading and reading not in readings:
            readings.append(reading)
    return readings


def best_share(result: str) -> float:
    """How much of the readings' likelihood the best one holds; 1 where it stands alone."""
    scores = [float(a["confidence"]) for a in json.loads(result).get("alternatives", ())]
    return 1.0 / sum(math.exp(score - scores[0]) for score in scores) if scores else 1.0


def _words(text: str) -> str:
    """Mandarin without the spaces that Vosk puts between words; Korean keeps them."""
    words = text.split()
    spoken = ""
    for word in words:
        glue = spoken and not (_han(spoken[-1]) and _han(word[0]))
        spoken += (" " if glue else "") + word
    return spoken


def _han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


class RecogniserPool:
    """Warm recognisers over one model, by grammar. Safe from several threads."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._free: dict[tuple[str, ...], list[VoskRecogniser]] = {}
        self._lock = threading.Lock()

    def take(self, grammar: Sequence[str] = ()) -> VoskRecogniser:
        """A warm recogniser; give it back with `put`."""
        with self._lock:
            free = self._free.get(tuple(grammar), [])
            if free:
                return free.pop()
        return VoskRecogniser(self._model, grammar)

    def put(self, recogniser: VoskRecogniser, grammar: Sequence[str] = ()) -> None:
        recogniser.reset()
        with self._lock:
            self._free.setdefault(tuple(grammar), []).append(recogniser)
