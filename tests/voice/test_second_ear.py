"""Whisper behind the same Protocol as Vosk: its weights, and what counts as heard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.errors import VoiceUnavailable
from runtime.settings import Settings
from voice import whisper
from voice.audio import EAR_RATE
from voice.whisper import WhisperPool, _join, whisper_installed
from voice.wiring import build_pool, check_ears

SECOND = b"\x00\x10" * EAR_RATE


@dataclass
class Segment:
    text: str
    avg_logprob: float


class Model:
    """Whisper that says what the test wants."""

    def __init__(self, *segments: Segment) -> None:
        self._segments = segments
        self.asked: dict[str, Any] = {}

    def transcribe(self, samples: Any, **asked: Any) -> tuple[list[Segment], None]:
        self.asked = {"samples": len(samples), **asked}
        return list(self._segments), None


def heard(model: Model, pcm: bytes = SECOND) -> list[str]:
    recogniser = WhisperPool(model, "zh").take()
    recogniser.feed(pcm[:1000])
    recogniser.feed(pcm[1000:])
    return list(recogniser.result())


def test_what_was_fed_is_heard_once_and_then_forgotten() -> None:
    model = Model(Segment(" 我想报名。", -0.4))
    recogniser = WhisperPool(model, "zh").take()
    recogniser.feed(SECOND)
    assert list(recogniser.result()) == ["我想报名。"]
    assert model.asked["samples"] == EAR_RATE and model.asked["language"] == "zh"
    assert recogniser.confidence is not None and 0.6 < recogniser.confidence < 0.7
    assert list(recogniser.result()) == []


@pytest.mark.parametrize(
    "segment",
    [
        Segment("谢谢观看", -2.0),
        Segment("以下是普通话的句子。", -0.1),
        Segment("。", -0.1),
    ],
)
def test_a_guess_counts_as_nothing_heard(segment: Segment) -> None:
    assert heard(Model(segment)) == []


def test_silence_is_not_even_tried() -> None:
    assert heard(Model(Segment("谢谢观看", -0.1)), bytes(2 * EAR_RATE)) == []


def test_parts_that_are_not_the_known_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "part1").write_bytes(b"not")
    (tmp_path / "part2").write_bytes(b"weights")
    with pytest.raises(VoiceUnavailable, match="not the known ones"):
        _join([tmp_path / "part1", tmp_path / "part2"], tmp_path / "model.bin")


def test_without_its_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "_PARTS", ("no_such_package",))
    with pytest.raises(VoiceUnavailable, match="uv sync"):
        check_ears(Settings(ears="whisper"))


@pytest.mark.slow
def test_the_weights_are_joined_once_and_loaded(tmp_path: Path) -> None:
    if not whisper_installed():
        pytest.skip("the second ear is not installed: .tools/uv sync --inexact --extra whisper")
    pool = build_pool(Settings(data_dir=tmp_path, ears="whisper"))
    weights = tmp_path / "models" / "whisper-base" / "model.bin"
    assert weights.stat().st_size == whisper.WEIGHTS_BYTES
    recogniser = pool.take()
    recogniser.feed(bytes(2 * EAR_RATE))
    assert list(recogniser.result()) == []
