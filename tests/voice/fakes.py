"""A sound card of bytes and a clock that a test turns: parts that obey the voice's Protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.errors import VoiceUnavailable
from core.values import Reply, Utterance
from voice.audio import EAR_RATE
from voice.events import DialogueFailed, Replied
from voice.loop import Conversation, Manners
from voice.mouth import Mouth
from voice.phrases import Phrases
from voice.preferences import Preferences
from voice.terminal import Parts, Terminal

STEP_S = 0.02


class TapeMicrophone:
    """Delivers what was put on the tape, and silence when the tape is at its end."""

    def __init__(self) -> None:
        self.plugged = True
        self._hear: Callable[[bytes], None] | None = None
        self._tape = b""

    def open(self, hear: Callable[[bytes], None]) -> None:
        if not self.plugged:
            raise VoiceUnavailable("unplugged")
        self._hear = hear

    def close(self) -> None:
        self._hear = None

    def say(self, pcm: bytes) -> None:
        self._tape += pcm

    @property
    def said(self) -> bool:
        return not self._tape

    def pass_time(self, seconds: float) -> None:
        size = 2 * round(seconds * EAR_RATE)
        piece, self._tape = self._tape[:size], self._tape[size:]
        if self._hear is not None and self.plugged:
            self._hear(piece + bytes(size - len(piece)))


class TapeLoudspeaker:
    """Plays onto a tape as time passes."""

    def __init__(self) -> None:
        self.plugged = True
        self.tape = b""
        self.rate = 0
        self._waiting = b""

    def open(self, rate: int) -> None:
        if not self.plugged:
            raise VoiceUnavailable("busy")
        self.rate = rate

    def write(self, pcm: bytes) -> None:
        self._waiting += pcm

    def clear(self) -> None:
        self._waiting = b""

    def waiting_s(self) -> float:
        return len(self._waiting) / 2 / self.rate if self.rate else 0.0

    def alive(self) -> bool:
        return self.plugged

    def close(self) -> None:
        self._waiting = b""

    def pass_time(self, seconds: float) -> None:
        size = 2 * round(seconds * self.rate)
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        self.tape += piece + bytes(size - len(piece))


class SlateSpeaker:
    """Says a tenth of a second of a constant for each character, and notes what it said."""

    rate = 8000

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesise(self, text: str) -> Iterator[bytes]:
        self.said.append(text)
        for _ in text:
            yield b"\x00\x10" * (self.rate // 10)

    def stop(self) -> None:
        return None


class ScriptedAsker:
    """Answers at once from a function; None stands for a server that is down."""

    def __init__(self, answer: Callable[[Utterance], Sequence[Reply] | None]) -> None:
        self.asked: list[Utterance] = []
        self.answer = answer
        self.inbox: Any = None

    def ask(self, utterance: Utterance) -> None:
        self.asked.append(utterance)
        replies = self.answer(utterance)
        self.inbox.put(DialogueFailed() if replies is None else Replied(tuple(replies)))


class Box:
    """A whole terminal on tapes; time is a number that `run` turns."""

    def __init__(
        self,
        phrases: Phrases,
        speaker: Any,
        answer: Callable[[Utterance], Sequence[Reply] | None],
        ears: Any = None,
        manners: Manners | None = None,
        mouth: Mouth | None = None,
        **parts: Any,
    ) -> None:
        self.microphone = TapeMicrophone() if ears is not None else None
        self.loudspeaker = TapeLoudspeaker()
        self.asker = ScriptedAsker(answer)
        self.mouth = mouth or Mouth(speaker)
        self.names = 0
        self.kept: list[Preferences] = []
        self.conversation = Conversation(
            phrases, lambda replies: self.mouth.sentences_of(list(replies)), manners
        )
        defaults: dict[str, Any] = {"keep": self._keep, "new_conversation": self._name}
        self.terminal = Terminal(
            self.conversation,
            Parts(
                mouth=self.mouth,
                loudspeaker=self.loudspeaker,
                asker=self.asker,
                ears=ears,
                microphone=self.microphone,
                **{**defaults, **parts},
            ),
        )
        self.asker.inbox = self.terminal.inbox
        self.now_s = 100.0
        self.terminal.start(self.now_s)

    def _keep(self, preferences: Preferences) -> bool:
        self.kept.append(preferences)
        return True

    def _name(self) -> str:
        self.names += 1
        return f"visit-{self.names}"

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            if self.microphone is not None:
                self.microphone.pass_time(STEP_S)
            self.loudspeaker.pass_time(STEP_S)
            self.terminal.step(self.now_s)

    def run_until_waiting(self, at_most_s: float = 120.0) -> None:
        """Until it is the person's turn and nothing sounds."""
        until = self.now_s + at_most_s
        self.run(STEP_S * 2)
        while not (self.terminal.waiting or self.terminal.over):
            assert self.now_s < until, "the terminal never came to rest"
            self.run(STEP_S)

    def put(self, event: Any) -> None:
        self.terminal.inbox.put(event)
