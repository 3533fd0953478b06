"""A dialogue and notices that obey the ports, for pages without a model or a store."""

from __future__ import annotations

import asyncio
import io
import wave
from dataclasses import dataclass, field, replace

from core.errors import DialogueUnavailable, UnknownNotice, VoiceUnavailable
from core.feedback import OpenQuestion, Rating
from core.values import Choice, Citation, Heard, Kind, Reason, Reply, Utterance, VoiceState
from policy.model import Notice
from policy.reading import bundled_notice

NUMBER = "吉政办发〔2025〕16号"
QUOTE = "全省盲人按摩机构达到400个以上"
ANSWER = Reply(
    text="全省盲人按摩机构要达到400个以上。",
    kind=Kind.ANSWER,
    citations=(Citation(NUMBER, "二（三）7", "实施盲人就业帮扶行动", QUOTE),),
    speech="要达到四百个以上。",
)
SILENT = Reply("文件没有写金额。", Kind.ABSTAIN, Reason.AMOUNT_NOT_STATED)
COURSES = Reply(
    text="请选一门课：",
    kind=Kind.BOOKING,
    choices=(
        Choice("盲人按摩", '/choose_course{"course":"c1"}'),
        Choice("电脑基础", '/choose_course{"course":"c2"}'),
    ),
)


@dataclass
class FakeDialogue:
    """Answers by a word in the message; remembers every utterance."""

    heard: list[Utterance] = field(default_factory=list)
    down: bool = False
    delay_s: float = 0.0

    async def send(self, utterance: Utterance) -> list[Reply]:
        if self.down:
            raise DialogueUnavailable("down")
        self.heard.append(utterance)
        await asyncio.sleep(self.delay_s)
        if "报名" in utterance.text:
            return [COURSES]
        if utterance.text.startswith("/choose_course"):
            return [Reply(text="好的，已经选好课程。", kind=Kind.BOOKING)]
        if "多少钱" in utterance.text:
            return [SILENT]
        if "转人工" in utterance.text:
            return [Reply("好，记下了。", Kind.HANDOVER)]
        if "沉默" in utterance.text:
            return []
        if "学我说" in utterance.text:
            return [Reply(text=utterance.text)]
        return [ANSWER]


@dataclass
class FakeFeedback:
    """Remembers what it was given, under conversation and message."""

    rated: dict[tuple[str, str], Rating] = field(default_factory=dict)
    kept: dict[tuple[str, str], OpenQuestion] = field(default_factory=dict)

    def rate(self, conversation: str, message_id: str, rating: Rating) -> None:
        self.rated[conversation, message_id] = rating

    def keep_question(self, conversation: str, message_id: str, question: OpenQuestion) -> None:
        self.kept.setdefault((conversation, message_id), question)


def two_seconds() -> bytes:
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 16_000, 0, "NONE", ""))
            sound.writeframes(bytes(64_000))
        return file.getvalue()


@dataclass
class FakeVoice:
    """Hears `words` in everything and says everything as two seconds of silence."""

    words: str = "盲人按摩机构要达到多少家"
    reason: str = ""
    """Of a refusal; empty: none."""
    ears: bool = True
    heard: list[tuple[bytes, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def state(self) -> VoiceState:
        return VoiceState(self.ears, mouth=True)

    async def hear(self, recording: bytes, kind: str) -> Heard:
        if self.reason:
            raise VoiceUnavailable("refused", reason=self.reason)
        self.heard.append((recording, kind))
        return Heard(self.words, ("盲人按摩基地要达到多少家",), 0.8)

    async def say(self, text: str) -> tuple[bytes, str]:
        if self.reason:
            raise VoiceUnavailable("refused", reason=self.reason)
        self.said.append(text)
        return two_seconds(), "audio/wav"


class FakeNotices:
    """The notice that ships with the product, and one with a text that attacks the page."""

    def __init__(self) -> None:
        notice = bundled_notice()
        hostile = replace(notice.clauses[0], text="<script>alert(1)</script>", title="<b>粗</b>")
        attack = replace(notice, number="测试/1号", title='"><img src=x>', clauses=(hostile,))
        self._kept = {n.number: n for n in (notice, attack)}

    def all(self) -> tuple[Notice, ...]:
        return tuple(self._kept.values())

    def get(self, number: str) -> Notice:
        if number not in self._kept:
            raise UnknownNotice(number)
        return self._kept[number]
