"""Two of each part here, as `python -m deploy.local` starts them: people talk while parts die."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from bench.cluster.__main__ import MUST_BE_ZERO, first_free_port
from bench.cluster.faults import run_faults
from deploy.local.cluster import Cluster
from minglu.training import train_if_changed
from runtime.models import choose_model
from runtime.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Its chosen model is none: the one that served last has to stand in."""
    folder = Path(tempfile.mkdtemp(prefix="minglu-cluster-test-"))
    model = train_if_changed(Settings.from_env(os.environ), Console(stderr=True))
    models = folder / "models"
    models.mkdir()
    shutil.copy(model, models)
    broken = models / "minglu-broken.tar.gz"
    (folder / "metadata.json").write_text("{}")
    with tarfile.open(broken, "w:gz") as archive:
        archive.add(folder / "metadata.json", "metadata.json")
    choose_model(models, broken)
    running = Cluster(
        folder / "here", lambda _line: None, first_port=first_free_port(), model_dir=models
    )
    try:
        running.start()
        yield running
    finally:
        running.stop()
        running.remove()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_model_that_does_not_load_gives_way_to_one_that_does(cluster: Cluster) -> None:
    for url in cluster.topology.parts["dialogue"].urls().split(","):
        told = httpx.get(f"{url}/webhooks/rest/ready", trust_env=False).json()
        assert told["model"] == "ok" and "broken" not in told["serves"]
    log = (cluster.folder / "logs" / "dialogue-1.log").read_text()
    assert "minglu-broken.tar.gz does not load" in log


def test_doors_between_parts_are_shut_to_who_shows_no_token(cluster: Cluster) -> None:
    dialogue = cluster.topology.parts["dialogue"].urls().split(",")[0] + "/webhooks/rest/webhook"
    actions = cluster.topology.parts["actions"].urls().split(",")[0]
    body = {"sender": "stranger", "message": "你好", "next_action": "action_repeat"}
    for url in (dialogue, f"{actions}/webhook"):
        for headers in ({}, {"authorization": "Bearer wrong"}):
            answer = httpx.post(url, json=body, headers=headers, trust_env=False)
            assert answer.status_code == 401
    assert httpx.get(f"{actions}/actions", trust_env=False).status_code == 401
    token = {"authorization": f"Bearer {cluster.settings().part_token}"}
    answer = httpx.post(dialogue, json=body, headers=token, timeout=30, trust_env=False)
    assert answer.status_code == 200 and answer.json()[0]["text"]


def test_nobody_loses_a_turn_or_a_booking_while_each_part_is_killed_once(cluster: Cluster) -> None:
    found = run_faults(cluster, conversations=20, at_once=8, say=lambda _line: None)
    account = found["account"]
    assert len(found["killed_at_share_of_turns"]) >= 7
    assert {name: account[name] for name in MUST_BE_ZERO} == dict.fromkeys(MUST_BE_ZERO, 0), account
    assert account["answered"] == found["turns"] and account["bookings_told"] == 20
