"""`python -m bench.fuzz.contract --inputs 2000`: the web API against its own description."""

from __future__ import annotations

import argparse
import logging
import time
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from starlette.applications import Starlette

from bench.record import write_result
from bot.web.app import create_app
from bot.web.protection import Pace
from runtime.settings import Settings
from tests.web.conftest import services
from tests.web.fakes import FakeDialogue, FakeFeedback, FakeVoice


@schemathesis.serializer("audio/wav", "audio/ogg")
def as_sound(_ctx: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


def gateway() -> Starlette:
    """On fakes, and without a pace, which would answer nearly everything."""
    free = Pace(burst=1e9, per_second=1e9)
    outside = services(FakeDialogue(), feedback=FakeFeedback(), voice=FakeVoice())
    return create_app(outside, Settings(), free, free)


def described(app: Starlette) -> Any:
    """The API as its description has it. 422 is what the description says of blank messages and
    of choices that nobody offered: no schema can tell those apart."""
    accepted = {"positive_data_acceptance": {"expected-statuses": ["2xx", 422]}}
    config = schemathesis.Config.from_dict({"checks": accepted})
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, config=config)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=2000, help="over all operations")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    schema = described(gateway())
    operations = [result.ok() for result in schema.get_all_operations()]
    each = options.inputs // len(operations)
    counts = {one.label: _fuzz(one, each, options.seed) for one in operations}
    broken = sum(len(count["broken"]) for count in counts.values())
    result = {
        "what": "requests that the API's description allows and forbids, by operation",
        "seed": options.seed,
        "inputs": sum(sum(count["statuses"].values()) for count in counts.values()),
        "broken": broken,
        "seconds": round(time.monotonic() - began, 1),
        "operations": counts,
    }
    print(write_result("contract", result))
    return 1 if broken else 0


def _fuzz(operation: Any, inputs: int, start: int) -> dict[str, Any]:
    """How often which status came, and each way in which the contract was broken."""
    statuses: dict[str, int] = {}
    broken: dict[str, str] = {}
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @seed(start)
    @settings(
        max_examples=inputs, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.one_of(modes))
    def one(case: Any) -> None:
        response = case.call()
        statuses[str(response.status_code)] = statuses.get(str(response.status_code), 0) + 1
        try:
            case.validate_response(response)
        except (FailureGroup, Failure) as failure:
            broken.setdefault(type(failure).__name__, str(failure)[:500])

    one()
    return {"statuses": dict(sorted(statuses.items())), "broken": broken}


if __name__ == "__main__":
    raise SystemExit(main())
