from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.services import Services
from core.errors import StoreUnavailable
from runtime.settings import Settings, SystemClock
from tests.web.fakes import FakeDialogue, FakeNotices


async def works() -> bool:
    return True


async def fails() -> bool:
    return False


async def store_is_away() -> bool:
    raise StoreUnavailable("away")


def ready(**checks):  # type: ignore[no-untyped-def]
    services = Services(FakeDialogue(), FakeNotices(), SystemClock(), checks=checks)
    with TestClient(create_app(services, Settings())) as client:
        assert client.get("/healthz").status_code == 200
        return client.get("/readyz")


def test_ready_names_every_part() -> None:
    response = ready(store=works, notices=works, actions=works)
    assert response.status_code == 200
    assert response.json() == dict.fromkeys(("dialogue", "store", "notices", "actions"), "ok")


def test_one_part_down_is_not_ready_and_is_named() -> None:
    response = ready(store=works, notices=works, actions=fails)
    assert response.status_code == 503
    assert response.json()["actions"] == "down"
    assert response.json()["store"] == "ok"


def test_a_store_that_is_away_is_down_and_no_error() -> None:
    assert ready(store=store_is_away).json()["store"] == "down"
