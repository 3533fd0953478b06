import asyncio
import json

import httpx
import pytest

from core.errors import ConfigurationError, DialogueUnavailable
from core.values import Utterance
from runtime.dialogue_client import HttpDialogue
from runtime.dialogue_pool import DialoguePool, dialogue_of
from runtime.settings import Settings


class Server:
    """Stands for one dialogue server; counts what reached it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.trouble: Exception | None = None
        self.taken = 0
        self.ids: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if isinstance(self.trouble, httpx.ConnectError):
            raise self.trouble
        self.taken += 1
        self.ids.append(json.loads(request.content)["metadata"]["message_id"])
        if self.trouble:
            raise self.trouble
        return httpx.Response(200, json=[{"text": self.name}])

    def client(self) -> HttpDialogue:
        return HttpDialogue(f"http://{self.name}", transport=httpx.MockTransport(self))


def ask(servers: list[Server], *conversations: str) -> list[str]:
    async def run() -> list[str]:
        pool = DialoguePool([server.client() for server in servers], pauses_s=(0.0,))
        try:
            return [(await pool.send(Utterance("问", c, "web")))[0].text for c in conversations]
        finally:
            await pool.close()

    return asyncio.run(run())


def test_a_conversation_keeps_to_its_server_and_all_of_them_get_some() -> None:
    servers = [Server("one"), Server("two")]
    people = [f"person-{n}" for n in range(40)]
    first = ask(servers, *people)
    assert ask(servers, *people) == first
    assert set(first) == {"one", "two"}


def test_a_server_that_is_away_passes_its_conversations_on() -> None:
    servers = [Server("one"), Server("two")]
    servers[0].trouble = httpx.ConnectError("refused")
    assert ask(servers, *(f"person-{n}" for n in range(10))) == ["two"] * 10


def test_a_server_that_ends_in_a_turn_passes_it_on_under_the_same_id() -> None:
    servers = [Server("one"), Server("two")]
    servers[0].trouble = httpx.RemoteProtocolError("server disconnected")
    assert ask(servers, *(f"person-{n}" for n in range(10))) == ["two"] * 10
    assert servers[0].taken > 0
    assert set(servers[0].ids) <= set(servers[1].ids) and len(set(servers[1].ids)) == 10


def test_what_a_slow_server_has_taken_is_never_sent_again() -> None:
    servers = [Server("one"), Server("two")]
    for server in servers:
        server.trouble = httpx.ReadTimeout("slow")
    with pytest.raises(DialogueUnavailable):
        ask(servers, "person")
    assert sum(server.taken for server in servers) == 1


def test_all_away_is_one_clear_error() -> None:
    servers = [Server("one"), Server("two")]
    for server in servers:
        server.trouble = httpx.ConnectError("refused")
    with pytest.raises(DialogueUnavailable):
        ask(servers, "person")


def test_a_second_address_that_is_none_is_named() -> None:
    with pytest.raises(ConfigurationError, match="MINGLU_DIALOGUE_URL"):
        dialogue_of(Settings(dialogue_url="http://10.0.0.1:5005,10.0.0.2:5005"))
