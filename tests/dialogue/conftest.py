"""The real thing: a trained model, Rasa, the action server and a store, once per test session."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.values import Reply, Utterance
from minglu.parts import action_server, dialogue_server
from runtime.dialogue_client import HttpDialogue
from runtime.settings import Settings, SystemClock
from runtime.supervisor import Part

NOW = "2026-03-02T09:00:00+08:00"
"""A Monday."""
SLOTS = """id,course,city,venue,starts_at,ends_at,capacity,access,audience
am-1,盲人按摩,长春市,长春培训中心,2026-03-11T09:00:00+08:00,2026-03-11T12:00:00+08:00,50,盲道,
am-2,盲人按摩,吉林市,吉林培训中心,2026-03-12T13:30:00+08:00,2026-03-12T16:30:00+08:00,50,盲道,
ds-1,电商直播,长春市,长春培训中心,2026-03-10T13:30:00+08:00,2026-03-10T16:30:00+08:00,50,轮椅通道,
ds-2,电商直播,四平市,四平培训中心,2026-03-13T09:00:00+08:00,2026-03-13T12:00:00+08:00,50,,
ds-3,电商直播,长春市,长春培训中心,2026-03-17T13:30:00+08:00,2026-03-17T16:30:00+08:00,50,,
one-1,面点烘焙,通化市,通化培训中心,2026-03-16T09:00:00+08:00,2026-03-16T12:00:00+08:00,1,,
one-2,面点烘焙,通化市,通化培训中心,2026-03-23T09:00:00+08:00,2026-03-23T12:00:00+08:00,3,,
hk-1,家政服务,长春市,长春培训中心,2026-03-18T09:00:00+08:00,2026-03-18T12:00:00+08:00,5,,
oc-1,养老护理,长春市,长春培训中心,2026-03-18T10:00:00+08:00,2026-03-18T12:00:00+08:00,5,,
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Assistant:
    """The running parts and the store behind them."""

    settings: Settings
    store: Any
    actions: subprocess.Popen[bytes]

    def start_actions(self) -> None:
        log = self.settings.data_dir / "actions-again.log"
        self.actions = start(action_server(self.settings), log)

    def answer(self, utterance: Utterance) -> list[Reply]:
        """As a terminal asks: through the product's own client."""

        async def send() -> list[Reply]:
            dialogue = HttpDialogue(self.settings.dialogue_base, timeout_s=60)
            try:
                return await dialogue.send(utterance)
            finally:
                await dialogue.close()

        return asyncio.run(send())

    def talker(self) -> Talker:
        return Talker(self.settings.dialogue_base, f"t-{uuid.uuid4().hex[:12]}", self.store)


@dataclass
class Talker:
    """One person at the REST door."""

    base: str
    sender: str
    store: Any

    def post(self, text: str, **metadata: Any) -> list[dict[str, Any]]:
        body: dict[str, Any] = {"sender": self.sender, "message": text}
        if metadata:
            body["metadata"] = metadata
        answer = httpx.post(
            f"{self.base}/webhooks/rest/webhook", json=body, timeout=30, trust_env=False
        )
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()
        assert messages, f"silence after {text!r}"
        return messages

    def say(self, *texts: str) -> str:
        """Sends them in order; what the last one was answered with, as one text."""
        answer = ""
        for text in texts:
            answer = "\n".join(m["text"] for m in self.post(text))
        return answer

    def bookings(self) -> list[tuple[str, str, str, str]]:
        """(slot, name, phone, status) of everything live of this person."""
        found = self.store.places.bookings_of(conversation=self.sender)
        return [(b.slot.id, b.name, b.phone, b.status.value) for b in found]


def start(part: Part, log: Path) -> subprocess.Popen[bytes]:
    """The part, once it is ready; its log is shown where it does not come up."""
    with log.open("ab") as sink:
        process = subprocess.Popen(
            part.argv, env={**os.environ, **part.env}, stdout=sink, stderr=sink
        )
    for _ in range(600):
        if part.ready():
            return process
        if process.poll() is not None:
            break
        time.sleep(0.2)
    process.kill()
    pytest.fail(f"{part.name} did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Trains into var/models where today's inputs have no model yet."""
    from store.opening import open_store

    here = tmp_path_factory.mktemp("assistant")
    trained = subprocess.run(
        [sys.executable, "-m", "minglu", "train"], check=True, stdout=subprocess.PIPE, text=True
    )
    model = Path(trained.stdout.strip().splitlines()[-1])
    settings = replace(
        Settings.from_env({"MINGLU_NOW": NOW}),
        data_dir=here,
        rasa_port=free_port(),
        action_port=free_port(),
    )
    csv = here / "slots.csv"
    csv.write_text(SLOTS, encoding="utf-8")
    environment = {**os.environ, "MINGLU_DATA_DIR": str(here), "MINGLU_NOW": NOW}
    subprocess.run(
        [sys.executable, "-m", "minglu", "slots", "import", str(csv)], check=True, env=environment
    )
    store = open_store(settings, SystemClock(settings.now))
    actions = start(action_server(settings), here / "actions.log")
    dialogue = start(dialogue_server(settings, model), here / "dialogue.log")
    running = Assistant(settings, store, actions)
    try:
        yield running
    finally:
        for process in (dialogue, running.actions):
            process.terminate()
            process.wait(timeout=20)
        store.close()


@pytest.fixture
def person(assistant: Assistant) -> Talker:
    return assistant.talker()
