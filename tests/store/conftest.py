from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.postgres import PostgresServer
from store.opening import Store
from tests.store.stores import HandClock, fresh_store


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Store, HandClock]]:
    store, clock = fresh_store(tmp_path)
    yield store, clock
    store.close()


@pytest.fixture
def store(opened: tuple[Store, HandClock]) -> Store:
    return opened[0]


@pytest.fixture
def clock(opened: tuple[Store, HandClock]) -> HandClock:
    return opened[1]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    return postgres.create(f"t{uuid4().hex}")
