"""Voice notes with the real engines: OGG/Opus into Vosk, answers out of pyttsx3."""

from __future__ import annotations

import array
import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from minglu.commands.telegram import EspeakReply, VoskTranscriber
from runtime.settings import Settings
from voice.audio import EAR_RATE, Pcm, read_sound, silence, write_sound
from voice.speaker.process import PyttsxSpeaker, Voice

pytestmark = pytest.mark.slow
GREETING = "안녕하세요"


@pytest.fixture(scope="module")
def ears() -> VoskTranscriber:
    return VoskTranscriber(Settings(voice_language="ko"))


def _note(folder: Path, sound: Pcm) -> bytes:
    path = folder / "note.ogg"
    write_sound(path, sound)
    return path.read_bytes()


def test_a_voice_note_is_heard_and_so_is_the_next(ears: VoskTranscriber, tmp_path: Path) -> None:
    speaker = PyttsxSpeaker(Voice("ko", 140))
    try:
        sound = Pcm(b"".join(speaker.synthesise(GREETING)), speaker.rate)
    finally:
        speaker.close()
    note = _note(tmp_path, sound)

    async def at_once() -> list[Sequence[str]]:
        return list(await asyncio.gather(*(ears.transcribe(note) for _ in range(3))))

    heard = asyncio.run(at_once())
    assert all("하세요" in " ".join(readings) for readings in heard)


def test_a_silent_note_is_heard_as_nothing(ears: VoskTranscriber, tmp_path: Path) -> None:
    note = _note(tmp_path, Pcm(silence(1.0, EAR_RATE), EAR_RATE))
    assert list(asyncio.run(ears.transcribe(note))) == []


def test_an_answer_is_spoken_into_an_opus_recording(tmp_path: Path) -> None:
    mouth = EspeakReply(Settings())
    path = tmp_path / "answer.ogg"
    try:
        path.write_bytes(asyncio.run(mouth.speak("全省盲人按摩机构要达到400个以上。")))
    finally:
        mouth.close()
    assert b"OpusHead" in path.read_bytes()[:200]
    sound = read_sound(path)
    assert 2 < sound.duration_s < 12
    assert max(abs(sample) for sample in array.array("h", sound.data)) > 2000
