"""A hundred real answers in the real voice: the first sentence is short, no stretch is long."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache

import pytest

from core.values import Reply
from policy.engine import PolicyEngine
from policy.reading import bundled_notice
from runtime.settings import PROJECT_ROOT
from tests.voice.test_voice_loop import ZH
from voice.events import Effect, Key, Replied, Speak, Spoken, Typed
from voice.loop import Conversation
from voice.mouth import PAUSE_S, Mouth
from voice.preferences import SLOWEST
from voice.script import in_time
from voice.speaker.process import PyttsxSpeaker
from voice.wiring import VOICES

pytestmark = pytest.mark.slow
QUESTIONS = PROJECT_ROOT / "bench" / "questions" / "policy_dev.jsonl"
GO_ON = ZH.say("go_on")


@pytest.fixture(scope="module")
def answers() -> list[Reply]:
    notice = bundled_notice()
    engine = PolicyEngine([notice], today=notice.issued)
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:100]
    return [engine.ask(json.loads(line)["question"]) for line in lines]


class Listener:
    """Hears an answer to its end, saying yes whenever it is asked whether to go on."""

    def __init__(self, rate: float) -> None:
        voice = VOICES["zh"]
        speaker = PyttsxSpeaker(type(voice)(voice.name, round(voice.rate * rate)))
        mouth = Mouth(speaker)

        def seconds(sentence: str) -> float:
            sound = b"".join(speaker.synthesise(sentence))
            return len(sound) / 2 / speaker.rate + PAUSE_S

        def sentences_of(replies: Sequence[Reply]) -> tuple[str, ...]:
            return in_time(mouth.sentences_of(list(replies)), rate)

        self.close = speaker.close
        self._seconds = lru_cache(maxsize=None)(seconds)
        self._conversation = Conversation(ZH, sentences_of)

    def hear(self, answer: Reply) -> list[list[str]]:
        """The sentences of the answer, by stretch."""
        self._conversation.handle(Typed("问"), 0)
        effects = self._conversation.handle(Replied((answer,)), 1)
        stretches: list[list[str]] = [[]]
        while (said := _said(effects)) is not None:
            if said == GO_ON:
                stretches.append([])
                self._conversation.handle(Spoken(1.0), 2)
                effects = self._conversation.handle(Key("#"), 2)
                continue
            if not said.startswith(ZH.say("silence_means")):
                stretches[-1].append(said)
            effects = self._conversation.handle(Spoken(self._seconds(said)), 2)
        return stretches

    def seconds(self, sentences: Sequence[str]) -> float:
        return sum(map(self._seconds, sentences))


def _said(effects: Sequence[Effect]) -> str | None:
    return next((e.sentence for e in effects if isinstance(e, Speak)), None)


@pytest.fixture(params=[1.0, SLOWEST])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    made = Listener(request.param)
    yield made
    made.close()


def test_an_answer_begins_shortly_and_never_goes_on_for_more_than_twenty_seconds(
    listener: Listener, answers: list[Reply]
) -> None:
    heard = [listener.hear(answer) for answer in answers]
    assert max(len(stretches[0][0]) for stretches in heard) <= 25
    stretches = [stretch for of_one in heard for stretch in of_one]
    assert max(map(listener.seconds, stretches)) <= 20
    assert len(stretches) > len(answers)
