"""The API against its own description, driven by schemathesis."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.protection import Pace
from runtime.settings import Settings
from tests.web.conftest import services
from tests.web.fakes import FakeDialogue, FakeFeedback, FakeVoice

app = create_app(
    services(FakeDialogue(), feedback=FakeFeedback(), voice=FakeVoice()),
    Settings(),
    Pace(burst=1e9, per_second=1e9),
    Pace(burst=1e9, per_second=1e9),
)


@schemathesis.serializer("audio/wav", "audio/ogg")
def as_sound(_ctx: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_contract_holds(case: schemathesis.Case) -> None:
    case.call_and_validate()


def test_every_address_of_the_api_is_described() -> None:
    described = TestClient(app).get("/api/openapi.json").json()["paths"]
    served = {route.path for route in app.routes if route.path.startswith(("/api", "/healthz"))}
    assert served <= set(described)
