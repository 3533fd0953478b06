"""The gateway with a fake dialogue: in process, served on a port, and seen by a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.conversations import MemoryConversations
from bot.web.protection import Pace
from bot.web.services import Services
from runtime.settings import Settings, SystemClock
from tests.web.fakes import FakeDialogue, FakeFeedback, FakeNotices, FakeVoice

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync "
    # A microphone that beeps, allowed without being asked.
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
).split()
AXE = "axe-core@4.14.1"
READER = "@guidepup/virtual-screen-reader@0.33.0"


def services(dialogue: FakeDialogue, **more: Any) -> Services:
    async def ready() -> bool:
        return not dialogue.down

    return Services(dialogue, FakeNotices(), SystemClock(), dialogue_ready=ready, **more)


@pytest.fixture
def dialogue() -> FakeDialogue:
    return FakeDialogue()


@pytest.fixture
def feedback() -> FakeFeedback:
    return FakeFeedback()


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
def client(
    dialogue: FakeDialogue, feedback: FakeFeedback, voice: FakeVoice
) -> Iterator[TestClient]:
    app = create_app(services(dialogue, feedback=feedback, voice=voice), Settings())
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@dataclass
class Form:
    """The chat page's form, as a browser without scripts fills it in."""

    client: TestClient

    def fields(self) -> dict[str, str]:
        page = self.client.get("/").text
        return {
            name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]
            for name in ("token", "message_id")
        }

    def send(self, message: str = "", **more: str):  # type: ignore[no-untyped-def]
        data = {**self.fields(), "message": message, **more}
        return self.client.post("/chat", data=data)


@pytest.fixture
def form(client: TestClient) -> Form:
    return Form(client)


@dataclass
class Served:
    url: str
    dialogue: FakeDialogue
    voice: FakeVoice
    conversations: MemoryConversations


@pytest.fixture
def served(dialogue: FakeDialogue, feedback: FakeFeedback, voice: FakeVoice) -> Iterator[Served]:
    """The gateway under uvicorn on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = MemoryConversations()
    outside = services(dialogue, conversations=kept, feedback=feedback, voice=voice)
    app = create_app(outside, Settings(), Pace(burst=1000, per_second=1000))
    server = uvicorn.Server(uvicorn.Config(app, port=port, ws="none", log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield Served(f"http://127.0.0.1:{port}", dialogue, voice, kept)
    server.should_exit = True
    thread.join(timeout=20)


def missing(what: str) -> None:
    """Skips with the reason; where CI must have it, fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


# By module: the library keeps an event loop running for as long as the browser is open, and no
# other test could then run one of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = [os.environ.get("MINGLU_CHROMIUM"), *(shutil.which(name) for name in BROWSERS)]
    path = next((one for one in found if one), None)
    if path is None:
        missing("NO CHROMIUM: no page was tested in a browser; install it or set MINGLU_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def node_package(name: str, folder: Path, file: str) -> Path:
    """A file of an npm package, installed once outside the checkout."""
    path = folder / "node_modules" / name.rsplit("@", 1)[0] / file
    if not path.exists():
        if shutil.which("npm") is None:
            missing(f"NO NPM: {name} cannot be fetched, so its checks did not run")
        command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(
            [*command, "--prefix", str(folder), name], capture_output=True, text=True
        )
        if done.returncode != 0:
            missing(f"npm could not fetch {name}: {done.stderr[-300:]}")
    return path


@pytest.fixture(scope="session")
def node_folder() -> Path:
    folder = Settings.from_env(os.environ).data_dir / "cache" / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe_script(node_folder: Path) -> str:
    return node_package(AXE, node_folder, "axe.min.js").read_text(encoding="utf-8")
