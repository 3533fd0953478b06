"""The desk on a real store, with accounts whose passwords cost nothing to check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
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
