"""Whole servers under requests of every kind: what they raise, no middleware has caught."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from starlette.routing import Route

from bench.fuzz.requests import Asked, requests, scope_of
from core.values import Reply


class Server:
    """An ASGI application with a visit of its own, in one event loop."""

    def __init__(self, app: Any, under: str = "") -> None:
        self.app = app
        self.loop = asyncio.new_event_loop()
        self.cookie, self.token = "", ""
        self._routes = [
            (method, route.path)
            for route in app.routes
            if isinstance(route, Route) and route.path.startswith(under)
            for method in sorted(route.methods or ())
            if method in ("GET", "POST")
        ]

    def requests(self) -> st.SearchStrategy[Asked]:
        return requests(self._routes)

    def answer(self, asked: Asked) -> int:
        """Its status. Raises what the application let through."""
        scope, body = scope_of(asked, self.cookie, self.token)
        status = [0]

        events = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            # Whoever has said everything hangs up, or a page that streams would never end.
            return events.pop() if events else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]

        self.loop.run_until_complete(self.app(scope, receive, send))
        return status[0]

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


def gateway(_folder: Path) -> Server:
    """The pages and the API, with a visitor whose conversation has begun."""
    from bot.web.app import create_app
    from bot.web.identity import Visitor
    from bot.web.protection import Pace
    from bot.web.services import Services
    from runtime.settings import Settings, SystemClock
    from tests.web.fakes import FakeDialogue, FakeFeedback, FakeNotices, FakeVoice

    more = {"feedback": FakeFeedback(), "voice": FakeVoice()}
    services = Services(FakeDialogue(), FakeNotices(), SystemClock(), **more)
    server = Server(create_app(services, Settings(), Pace(1e9, 1e9)))
    visitor = Visitor("A" * 32, returning=True)
    server.cookie, server.token = f"minglu={visitor.conversation_id}", visitor.form_token
    return server


class DeskServer(Server):
    """The staff's pages, asked by somebody who is signed in: some requests sign out again."""

    def __init__(self, app: Any, sign_in: Callable[[], tuple[str, str]], end: Callable[[], None]):
        super().__init__(app, "/desk")
        self._sign_in, self._end = sign_in, end
        self._asked = 0

    def answer(self, asked: Asked) -> int:
        if self._asked % 40 == 0:
            self.cookie, self.token = self._sign_in()
        self._asked += 1
        return super().answer(asked)

    def close(self) -> None:
        super().close()
        self._end()


def desk(folder: Path) -> Server:
    """The staff's pages on a real store, by turns for an agent and for who keeps the accounts."""
    import itertools
    import tempfile
    from dataclasses import replace

    from starlette.requests import Request

    from bot.web.app import create_app
    from bot.web.desk.visit import Visit
    from bot.web.protection import Pace
    from bot.web.services import Services
    from core.staff import Role
    from runtime.settings import Settings
    from tests.store.stores import fresh_store
    from tests.web.desk.conftest import PASSWORD, cheap_staff, services_of
    from tests.web.fakes import FakeDialogue, FakeNotices

    folder.mkdir(parents=True, exist_ok=True)
    store, clock = fresh_store(Path(tempfile.mkdtemp(dir=folder)))
    store = replace(store, staff=cheap_staff(store))
    services = Services(FakeDialogue(), FakeNotices(), clock, desk=services_of(store))
    app = create_app(services, Settings(), Pace(1e9, 1e9))
    for role in Role:
        store.staff.add(f"fuzz.{role.value}", role, PASSWORD, by="fuzz", one_time=False)
    roles = itertools.cycle(Role)

    def signed_in() -> tuple[str, str]:
        # Wrong passwords among the requests lock the account for a while.
        clock.forward(hours=2)
        token, member = store.staff.sign_in(f"fuzz.{next(roles).value}", PASSWORD)
        visit = Visit(Request({"type": "http"}), member, 60, token)
        return f"minglu-desk={token}", visit.form_token

    return DeskServer(app, signed_in, store.close)


def voice_service(_folder: Path) -> Server:
    """Its own doors and decoders; no recogniser stands behind them."""
    from voice.service.app import create_app
    from voice.service.engines import NoModel, ServiceEars

    def nobody() -> Any:
        raise NoModel("no model here")

    return Server(create_app(ServiceEars(nobody), None, "zh"))


def dialogue_door(body: bytes) -> object:
    """What other parts post to the dialogue server, up to where Rasa takes over."""
    from types import SimpleNamespace

    from bot.dialogue.rest import RestDoor, _json_object

    door = RestDoor()

    async def handle(message: Any) -> None:
        await message.output_channel.send_response("x", {"text": message.text, "custom": {}})

    asked = _json_object(SimpleNamespace(body=body))  # type: ignore[arg-type]
    sender, text = asked.get("sender"), asked.get("message")
    if not isinstance(sender, str) or not sender.strip() or not isinstance(text, str):
        return None
    metadata = asked.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    return asyncio.run(door.receive(sender, text, known, handle))


def dialogue_answer(body: bytes) -> object:
    """What a dialogue server may answer, as channels read it."""
    import json

    from runtime.dialogue_client import reply_from_message

    try:
        messages = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(messages, list):
        return None
    replies = [reply_from_message(m) for m in messages if isinstance(m, dict)]
    assert all(isinstance(reply, Reply) for reply in replies)
    return replies
