"""The whole product as `make run` starts it, on ports and in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from runtime.settings import PROJECT_ROOT, Settings

START_WITHIN_S = 240


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def free_ports_in_a_row(count: int) -> int:
    """The first of them."""
    while True:
        (first,) = free_ports(1)
        with contextlib.ExitStack() as held, contextlib.suppress(OSError, OverflowError):
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@dataclass
class Assistant:
    """A running `minglu run`, seen from outside."""

    process: subprocess.Popen[str]
    env: dict[str, str]
    settings: Settings
    output: Path
    spoken: int = field(default=0)

    def say(self, sender: str, message: str, timeout_s: float = 60, **metadata: Any) -> list[Any]:
        body: dict[str, Any] = {"sender": sender, "message": message}
        if metadata:
            body["metadata"] = metadata
        url = f"{self.settings.dialogue_base}/webhooks/rest/webhook"
        response = httpx.post(url, json=body, timeout=timeout_s, trust_env=False)
        response.raise_for_status()
        replies: list[Any] = response.json()
        return replies

    def minglu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "minglu", *arguments],
            cwd=PROJECT_ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def bookings(self) -> list[Any]:
        done = self.minglu("bookings", "list", "--json")
        assert done.returncode == 0, done.stderr
        listed: list[Any] = json.loads(done.stdout)
        return listed

    def part(self, words: str) -> psutil.Process:
        for child in psutil.Process(self.process.pid).children(recursive=True):
            if words in " ".join(child.cmdline()):
                return child
        raise AssertionError(f"no part runs {words!r}")

    def shown(self) -> str:
        return self.output.read_text(encoding="utf-8")


def start_assistant(folder: Path) -> Assistant:
    web, rasa, actions = free_ports(3)
    (folder / "models").symlink_to(Settings.from_env(os.environ).data_dir / "models")
    env = {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        "MINGLU_DATA_DIR": str(folder),
        "MINGLU_DATABASE_URL": "",
        "MINGLU_PORT": str(web),
        "MINGLU_RASA_PORT": str(rasa),
        "MINGLU_ACTION_PORT": str(actions),
        "MINGLU_DIALOGUE_URL": "",
        "MINGLU_LOG_FORMAT": "json",
        "MINGLU_METRICS_PORT": str(free_ports_in_a_row(4)),
    }
    output = folder / "run.out"
    with output.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "minglu", "run"],
            cwd=PROJECT_ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    assistant = Assistant(process, env, Settings.from_env(env), output)
    deadline = time.monotonic() + START_WITHIN_S
    while "is ready after" not in assistant.shown():
        assert process.poll() is None, assistant.shown()
        assert time.monotonic() < deadline, assistant.shown()
        time.sleep(0.5)
    return assistant


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    running = start_assistant(tmp_path_factory.mktemp("run"))
    yield running
    running.process.send_signal(signal.SIGINT)
    running.process.wait(timeout=60)
