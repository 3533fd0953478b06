from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.booking.__main__ import MUST_BE_ZERO
from bench.booking.storm import Storm, account, prepare, unleash
from deploy.local.postgres import PostgresServer
from runtime.settings import Settings, SystemClock
from store.opening import open_store

SMALL = Storm(processes=8, places=20, requests=300, kills=4)


def weather(storm: Storm, folder: Path, url: str = "") -> dict[str, int]:
    settings = Settings.from_env({"MINGLU_DATA_DIR": str(folder), "MINGLU_DATABASE_URL": url})
    prepare(settings, storm.places)
    unleash(storm, settings, folder / "acks")
    store = open_store(settings, SystemClock(), samples=False)
    counts = account(storm, store, folder / "acks")
    store.close()
    return counts


@pytest.mark.slow
def test_sqlite_sells_each_place_once_though_workers_are_killed(tmp_path: Path) -> None:
    counts = weather(SMALL, tmp_path)
    assert {what: counts[what] for what in MUST_BE_ZERO} == dict.fromkeys(MUST_BE_ZERO, 0)
    assert counts["confirmed"] == SMALL.places


@pytest.mark.slow
def test_postgresql_does_so_though_it_is_killed_itself(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    storm = replace(SMALL, restart=postgres.restart_after_crash)
    counts = weather(storm, tmp_path, postgres_url)
    assert {what: counts[what] for what in MUST_BE_ZERO} == dict.fromkeys(MUST_BE_ZERO, 0)
    assert counts["confirmed"] == SMALL.places


@pytest.mark.slow
def test_postgresql_killed_while_it_sells_loses_nothing_that_was_told(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    storm = Storm(16, places=400, requests=400, kills=4, restart=postgres.restart_after_crash)
    counts = weather(storm, tmp_path, postgres_url)
    assert (counts["oversold"], counts["lost"], counts["doubled"]) == (0, 0, 0)
