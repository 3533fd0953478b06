"""A Korean speaker at a terminal of tapes: espeak-ng for the person, Vosk for the ears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from core.values import Reply, Utterance
from tests.voice.fakes import Box
from voice.audio import EAR_RATE, Pcm, silence
from voice.events import Started
from voice.mouth import Mouth
from voice.phrases import load_phrases
from voice.speaker.process import PyttsxSpeaker, Voice

KO = load_phrases("ko")
USUAL = Voice("ko+f2", 120)
# espeak-ng's Korean is hard to understand: these are clearer at another rate or from another voice.
CLEARER = {
    "교육 신청": Voice("ko+f2", 180),
    "이름은 나중에": Voice("ko+f2", 150),
    "한 글자씩": Voice("ko+f2", 150),
    "멈춰": Voice("ko+f2", 150),
    "더 빨리 말해 주세요": Voice("ko+f2", 150),
    "더 작게 말해 주세요": Voice("ko+f2", 165),
    "더 천천히 말해 주세요": Voice("ko+f3", 120),
    "첫 번째": Voice("ko+f5", 150),
    "안녕 밍 루": Voice("ko+f2", 150),
    "종료": Voice("ko+m3", 180),
}


class NotingMouth(Mouth):
    """The real mouth, and what it said."""

    def __init__(self, speaker: PyttsxSpeaker) -> None:
        super().__init__(speaker)
        self.said: list[str] = []

    def sound(self, sentence: str, keep: bool = False) -> Iterator[bytes]:
        self.said.append(sentence)
        return super().sound(sentence, keep)


class KoreanBox(Box):
    """Waits for its turn, then speaks."""

    def __init__(
        self,
        person: PyttsxSpeaker,
        mouth: PyttsxSpeaker,
        ears: Any,
        answer: Callable[[Utterance], Sequence[Reply] | None],
        **parts: Any,
    ) -> None:
        noting = NotingMouth(mouth)
        self.said = noting.said
        super().__init__(KO, mouth, answer, ears=ears, mouth=noting, **parts)
        self._person = person
        self.put(Started(microphone=True))
        self.run_until_waiting()

    def speak(self, phrase: str) -> None:
        """Says it once the terminal listens, and lets it be understood."""
        self.run_until_waiting(300)
        self.run(0.5)
        assert self.microphone is not None
        self.microphone.say(silence(0.3, EAR_RATE) + spoken(self._person, phrase))
        while not self.microphone.said:
            self.run(0.1)
        self.run(2.0)


def spoken(person: PyttsxSpeaker, phrase: str) -> bytes:
    person.voice = CLEARER.get(phrase, USUAL)
    sound = Pcm(b"".join(person.synthesise(phrase)), person.rate)
    return sound.at(EAR_RATE).data


def overlay_home(folder: Path) -> Path:
    home = folder / "overlay"
    home.mkdir(exist_ok=True)
    return home
