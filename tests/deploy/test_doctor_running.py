"""What the doctor says of a system that runs: late, old, of another version, of another time."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.values import BookingRequest
from minglu.commands.doctor import examine
from minglu.training import current_model
from runtime.settings import Settings
from runtime.sight import own_version
from store.backup import note_backup
from store.opening import open_store
from tests.deploy.patient import of
from tests.store.stores import HandClock


@contextmanager
def served(pages: dict[str, Any], date: str = "") -> Iterator[str]:
    """A server that answers these paths with JSON; its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(pages.get(self.path, {})).encode()
            self.send_response_only(200 if self.path in pages else 404)
            self.send_header("date", date or self.date_time_string())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


def all_of(env: dict[str, str], part: str) -> list[tuple[str, str]]:
    return [(found.state, found.detail) for found in examine(env) if found.part == part]


def at(**ago: float) -> datetime:
    return datetime.now(timezone.utc) - timedelta(**ago)


def test_a_gateway_whose_clock_is_ahead_is_wrong_and_says_by_how_much(env: dict[str, str]) -> None:
    for seconds, state in ((0, "ok"), (20, "warning"), (3600, "wrong")):
        theirs = (at(seconds=-seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        with served({"/healthz": {}}, theirs) as port:
            found, mend = of({**env, "MINGLU_PORT": port}, "skew")
        assert found == state
        assert state == "ok" or "set-ntp" in mend


def test_an_old_backup_is_a_warning_and_a_new_one_is_well(env: dict[str, str]) -> None:
    folder = Path(env["MINGLU_DATA_DIR"])
    assert of(env, "backup")[0] == "warning"
    folder.mkdir()
    for days, state in ((1, "ok"), (8, "warning")):
        note_backup(folder, at(days=days))
        assert of(env, "backup")[0] == state


def test_a_referral_list_that_nobody_looked_at_for_long_is_a_warning(env: dict[str, str]) -> None:
    assert of({**env, "MINGLU_NOW": "2026-01-10T09:00"}, "referrals")[0] == "ok"
    state, mend = of({**env, "MINGLU_NOW": "2026-08-10T09:00"}, "referrals")
    assert state == "warning" and "2025-12-01" in mend


def test_holds_that_nobody_gives_back_and_wishes_in_need_are_wrong(env: dict[str, str]) -> None:
    clock = HandClock(datetime(2026, 3, 2, 9, tzinfo=timezone.utc))
    store = open_store(Settings.from_env(env), clock)
    slot = store.places.slots()[0]
    store.places.hold(BookingRequest(slot.id, "王小明", "13800138000", "c1", "web", key="k1"))
    later = {**env, "MINGLU_NOW": (clock.now() + timedelta(hours=2)).isoformat()}
    assert [
        state for state, _ in all_of({**env, "MINGLU_NOW": clock.now().isoformat()}, "waiting")
    ] == ["ok"]
    store.tickets.open(conversation="c1", channel="web", topic="safety", summary="救", urgent=True)
    store.close()
    (late, mend), (need, whom) = all_of(later, "waiting")
    assert late == need == "wrong"
    assert "upkeep" in mend and "minglu tickets list" in whom


def test_a_server_of_another_version_or_model_is_told_to_start_again(env: dict[str, str]) -> None:
    model = current_model(Settings.from_env(env)).name
    good = {"model": "ok", "version": own_version(), "serves": model}
    for told, state in (
        (good, "ok"),
        ({**good, "version": "0.0.1"}, "warning"),
        ({**good, "serves": "minglu-old.tar.gz"}, "warning"),
        ({**good, "model": "none"}, "wrong"),
    ):
        with served({"/webhooks/rest/ready": told}) as port:
            url = f"http://127.0.0.1:{port}"
            assert of({**env, "MINGLU_DIALOGUE_URL": url}, "dialogue")[0] == state, told


def test_each_of_several_servers_is_looked_at_and_they_need_redis(env: dict[str, str]) -> None:
    good = {"/webhooks/rest/ready": {"model": "ok"}}
    with served(good) as port:
        env["MINGLU_DIALOGUE_URL"] = f"http://127.0.0.1:{port},http://127.0.0.1:1"
        (first, _), (second, _) = all_of(env, "dialogue")
    assert (first, second) == ("ok", "wrong")
    state, mend = of(env, "locks")
    assert state == "wrong" and "MINGLU_REDIS_URL" in mend


def test_what_the_gateway_does_not_reach_is_named(env: dict[str, str]) -> None:
    pages = {"/healthz": {}, "/readyz": {"store": "ok", "actions": "down"}}
    with served(pages) as port:
        _, (state, mend) = all_of({**env, "MINGLU_PORT": port}, "web")
    assert state == "wrong" and "actions" in mend and "store" not in mend


@pytest.mark.parametrize(("host", "state"), [("127.0.0.1", "ok"), ("0.0.0.0", "warning")])  # noqa: S104
def test_a_gateway_open_without_tls_is_a_warning(
    env: dict[str, str], host: str, state: str
) -> None:
    assert of({**env, "MINGLU_HOST": host}, "transport")[0] == state
