"""A whole booking by voice: nothing but a Korean voice goes in, and it stands in the store.

espeak-ng for the person, silero and Vosk for the ears, Rasa and the action server for the dialogue,
pyttsx3 for the answers; the sound card is a tape and time a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.settings import Settings
from tests.dialogue.conftest import Assistant
from tests.voice.korean import KO, KoreanBox
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.wiring import build_terminal_ears

pytestmark = pytest.mark.slow
BOOKING = ("교육 신청", "첫 번째", "두 번째", "이름은 나중에", "전화 없어요", "필요 없어요")


@pytest.fixture
def speakers() -> Iterator[tuple[PyttsxSpeaker, PyttsxSpeaker]]:
    person, mouth = PyttsxSpeaker(), PyttsxSpeaker(Voice("ko", 160), Voice("cmn+f3", 180))
    yield person, mouth
    person.close()
    mouth.close()


def test_a_place_is_booked_by_voice_alone(
    assistant: Assistant, speakers: tuple[PyttsxSpeaker, PyttsxSpeaker], tmp_path: Path
) -> None:
    ears = build_terminal_ears(Settings(data_dir=tmp_path, voice_language="ko"), KO)
    terminal = KoreanBox(
        *speakers, ears, assistant.answer, new_conversation=lambda: f"korean-{tmp_path.name}"
    )
    for phrase in (
        "교육 신청",
        "첫 번째",
        "두 번째",
        "이름은 나중에",
        "전화 없어요",
        "필요 없어요",
    ):
        terminal.speak(phrase)
    terminal.run_until_waiting(300)
    assert "待确认" in "".join(terminal.said)
    for _ in range(3):
        # A long read-back asks first whether to go on.
        if not booked(assistant, tmp_path):
            terminal.speak("네")
            terminal.run_until_waiting(300)
    assert booked(assistant, tmp_path) == [("ds-2", "待确认", "confirmed")]
    assert terminal.asker.asked[-1].text == KO.agree_text


def booked(assistant: Assistant, folder: Path) -> list[tuple[str, str, str]]:
    found = assistant.store.places.bookings_of(conversation=f"korean-{folder.name}")
    return [(b.slot.id, b.name, b.status.value) for b in found]
