"""The API against its own description, driven by schemathesis."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from bench.fuzz.contract import described, gateway

app = gateway()
schema = described(app)


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
