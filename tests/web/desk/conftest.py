"""The desk on a real store, with accounts whose passwords cost nothing to check."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.desk.services import DeskServices
from bot.web.protection import Pace
from bot.web.services import Services
from bot.wiring import desk_services
from core.errors import VoiceUnavailable
from core.staff import Role
from core.values import Heard, VoiceState
from runtime.settings import Settings
from store.notices import SqlNotices, ensure_bundled
from store.opening import Store
from store.passwords import Cost
from store.staff import SqlStaff
from tests.store.stores import HandClock, fresh_store
from tests.web.fakes import FakeDialogue, FakeNotices

PASSWORD = "a long enough phrase"
CHEAP = Cost(n_log2=4, p=1)


@dataclass
class ScriptedEars:
    """Understands what the test says, in this order; `!` for a failure."""

    texts: list[str] = field(default_factory=list)
    ears: bool = False
    recordings: list[bytes] = field(default_factory=list)

    async def state(self) -> VoiceState:
        return VoiceState(ears=self.ears)

    async def hear(self, recording: bytes, kind: str) -> Heard:
        self.recordings.append(recording)
        text = self.texts.pop(0)
        if text == "!":
            raise VoiceUnavailable("away", reason="no_service")
        return Heard(text)

    async def say(self, text: str) -> tuple[bytes, str]:
        raise VoiceUnavailable("no mouth")


@dataclass
class DeskAtHand:
    app: Starlette
    store: Store
    clock: HandClock
    ears: ScriptedEars = field(default_factory=ScriptedEars)
    clients: list[TestClient] = field(default_factory=list)

    def client(self) -> TestClient:
        made = TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
        self.clients.append(made)
        return made

    def signed_in(self, role: Role = Role.AGENT, name: str = "") -> TestClient:
        name = name or f"test.{role.value}"
        if not any(member.name == name for member in self.store.staff.members()):
            self.store.staff.add(name, role, PASSWORD, by="test", one_time=False)
        client = self.client()
        answer = sign_in(client, name)
        assert answer.status_code == 303, answer.text
        return client


def token_of(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    data = {"token": token_of(client.get("/desk/sign-in").text), "name": name}
    return client.post("/desk/sign-in", data={**data, "password": password})


def post(client: TestClient, path: str, **fields: Any) -> Any:
    """A form of the desk, with the token that its pages hold."""
    token = token_of(client.get("/desk/password").text)
    return client.post(path, data={"token": token, **fields})


def cheap_staff(store: Store, idle: timedelta = timedelta(minutes=30)) -> SqlStaff:
    return SqlStaff(store.engine, store.clock, store.seal, idle, CHEAP)


def services_of(store: Store) -> DeskServices:
    """The real parts, but for the price of a password."""
    notices = SqlNotices(store.engine)
    ensure_bundled(notices)
    return desk_services(store, notices, store.clock)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Store, HandClock]]:
    store, clock = fresh_store(tmp_path)
    yield replace(store, staff=cheap_staff(store)), clock
    store.close()


@pytest.fixture
def desk(opened: tuple[Store, HandClock]) -> Iterator[DeskAtHand]:
    store, clock = opened
    ears = ScriptedEars()
    with_ears = replace(services_of(store), voice=ears)
    services = Services(FakeDialogue(), FakeNotices(), clock, desk=with_ears)
    at_hand = DeskAtHand(create_app(services, Settings(), Pace(1e6, 1e6)), store, clock, ears)
    yield at_hand
    for client in at_hand.clients:
        client.close()


SignedIn = Callable[..., TestClient]


Open = Callable[..., Page]


@pytest.fixture
def url(desk: DeskAtHand) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        desk.app, port=port, ws="wsproto", log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def open_page(browser: Browser, url: str, desk: DeskAtHand) -> Iterator[Open]:
    """The desk's sign-in in a fresh browser profile; an error on the page fails the test."""
    for role in Role:
        desk.store.staff.add(f"test.{role.value}", role, PASSWORD, by="test", one_time=False)
    contexts, errors = [], []

    def open_one(role: Role | None = Role.AGENT, **profile: Any) -> Page:
        context = browser.new_context(base_url=url, locale="zh-CN", **profile)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/desk/sign-in")
        expect(page.locator("#name")).to_be_focused()
        if role is not None:
            page.keyboard.type(f"test.{role.value}")
            page.keyboard.press("Tab")
            page.keyboard.type(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/desk(/accounts)?$"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
