"""Calls of actions go round the action servers, and on to the next where one is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@contextmanager
def server(name: str, *, breaks_off: bool = False) -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            seen.append(self.headers["authorization"])
            if breaks_off:
                self.connection.close()
                return
            body = json.dumps({"from": name}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/webhook", seen
    finally:
        http.shutdown()
        http.server_close()


def ask(urls: str, times: int) -> list[str]:
    from rasa.utils.endpoints import EndpointConfig

    from bot.dialogue import action_servers

    endpoint = EndpointConfig(urls, headers={"Authorization": "Bearer secret"})

    async def many() -> list[str]:
        return [
            (await action_servers.ask(endpoint, method="post", json={}))["from"]
            for _ in range(times)
        ]

    return asyncio.run(many())


def test_calls_go_round_and_show_the_token() -> None:
    with server("one") as (one, seen), server("two") as (two, _):
        assert sorted(ask(f"{one},{two}", 4)) == ["one", "one", "two", "two"]
        assert seen == ["Bearer secret"] * 2


def test_a_server_that_breaks_off_or_is_away_costs_no_answer() -> None:
    with server("broken", breaks_off=True) as (broken, seen), server("whole") as (whole, _):
        assert ask(f"{broken},http://127.0.0.1:9/webhook,{whole}", 6) == ["whole"] * 6
        assert seen


def test_none_left_is_an_error_that_rasa_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    import aiohttp

    from bot.dialogue import action_servers

    monkeypatch.setattr(action_servers, "PAUSES_S", (0.0, None))
    with pytest.raises(aiohttp.ClientConnectionError):
        ask("http://127.0.0.1:9/webhook", 1)
