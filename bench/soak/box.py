"""`minglu run` on ports and in a folder of its own, and the memory of each of its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from runtime.settings import PROJECT_ROOT, Settings

START_WITHIN_S = 300
NAMES = {
    "voice.speaker": "speaker", "voice.service": "voice", "bot.web": "web", "rasa run": "dialogue",
    "-m actions": "actions",
}  # fmt: skip
SLOTS = "id,course,city,venue,starts_at,ends_at,capacity,access,audience\n" + "".join(
    f"soak-{n},盲人按摩,长春市,长春培训中心,2030-0{n}-09T09:00,2030-0{n}-09T12:00,10000,,\n"
    for n in range(1, 4)
)
"""Room for everybody who books during a soak."""


@dataclass(frozen=True)
class Box:
    base: str
    """The gateway's address."""
    process: subprocess.Popen[str]

    def memory_mib(self) -> dict[str, float]:
        """Resident memory by process; what has just ended is left out."""
        found: dict[str, float] = {}
        root = psutil.Process(self.process.pid)
        for one in (root, *root.children(recursive=True)):
            try:
                name = "run" if one is root else _name(" ".join(one.cmdline()))
                found[name] = found.get(name, 0) + one.memory_info().rss / 2**20
            except psutil.NoSuchProcess:
                continue
        return {name: round(mib, 1) for name, mib in found.items()}


def _name(command: str) -> str:
    return next((name for words, name in NAMES.items() if words in command), "other")


@contextmanager
def started_box(folder: Path) -> Iterator[Box]:
    """Raises SystemExit with its last words where it does not come up."""
    ports = _free_ports(4)
    env = {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        "MINGLU_DATA_DIR": str(folder),
        "MINGLU_DATABASE_URL": "",
        "MINGLU_DIALOGUE_URL": "",
        "MINGLU_TRUSTED_PROXIES": "127.0.0.1",
        **{
            f"MINGLU_{name}PORT": str(port)
            for name, port in zip(("", "RASA_", "ACTION_", "VOICE_"), ports, strict=True)
        },
    }
    (folder / "models").symlink_to(Settings.from_env(os.environ).data_dir / "models")
    slots = folder / "slots.csv"
    slots.write_text(SLOTS, encoding="utf-8")
    minglu = [sys.executable, "-W", "ignore", "-m", "minglu"]
    subprocess.run([*minglu, "slots", "import", str(slots)], env=env, check=True, cwd=PROJECT_ROOT)
    output = folder / "run.out"
    with output.open("w") as out:
        process = subprocess.Popen(
            [*minglu, "run"], cwd=PROJECT_ROOT, env=env, stdout=out, stderr=out, text=True
        )
    try:
        _wait_until_ready(process, output)
        yield Box(f"http://127.0.0.1:{ports[0]}", process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait_until_ready(process: subprocess.Popen[str], output: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while "is ready after" not in output.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"it did not start:\n{output.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.5)


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
