"""A dialogue that books, cancels and hands over, an ear and a mouth, behind the ports."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import DialogueUnavailable
from core.values import Choice, Citation, Kind, OutboxMessage, Reply, Utterance

ANSWER = Reply(
    text="全省盲人按摩机构要达到400个以上。",
    kind=Kind.ANSWER,
    citations=(
        Citation("吉政办发〔2025〕16号", "二（三）7", "实施盲人就业帮扶行动", "达到400个以上"),
    ),
    speech="要达到四百个以上。",
)


@dataclass
class FakeDialogue:
    """Remembers where each conversation is, as Rasa's tracker does, and each message id."""

    heard: list[Utterance] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)
    down_for: int = 0
    delay_s: float = 0.0

    async def send(self, utterance: Utterance) -> list[Reply]:
        if self.down_for:
            self.down_for -= 1
            raise DialogueUnavailable("down")
        self.heard.append(utterance)
        await asyncio.sleep(self.delay_s)
        return self._reply(utterance.text, utterance.conversation)

    def _reply(self, text: str, chat: str) -> list[Reply]:
        step = self.steps.pop(chat, "")
        if "报名培训" in text:
            self.steps[chat] = "course"
            choices = (Choice("盲人按摩", "第一个"), Choice("电脑基础", "第二个"))
            return [Reply("您想学哪门课？\n1. 盲人按摩\n2. 电脑基础", choices=choices)]
        if step == "course":
            self.steps[chat] = "confirm"
            choices = (Choice("对，就这样", "对"), Choice("有不对的", "不对"))
            return [Reply(f"您选了{text}。对吗？", choices=choices)]
        if step == "confirm" and text == "对":
            return [Reply("报好了，报名号是JL-2F7K。", kind=Kind.BOOKING)]
        if "取消" in text:
            return [Reply("已经取消了。", kind=Kind.BOOKING)]
        if "转人工" in text:
            return [Reply("我已经请工作人员联系您。", kind=Kind.HANDOVER)]
        if "长" in text and "说" in text:
            return [Reply("这是一句不短的话。" * 300)]
        if text.startswith("回"):
            return [Reply(text)]
        return [ANSWER]


class FakeEars:
    async def transcribe(self, recording: bytes) -> Sequence[str]:
        return recording.decode().split("|") if recording else ()


class FakeMouth:
    async def speak(self, text: str) -> bytes:
        return b"OggS" + text.encode()


@dataclass
class FakeOutbox:
    waiting: list[OutboxMessage] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    failures: list[tuple[int, str]] = field(default_factory=list)

    def due(self, channel: str, *, limit: int = 20) -> tuple[OutboxMessage, ...]:
        found, self.waiting = tuple(self.waiting), []
        return found

    def delivered(self, message_id: int) -> None:
        self.done.append(message_id)

    def failed(self, message_id: int, error: str) -> None:
        self.failures.append((message_id, error))
