"""Runs inputs through a parser and counts what came of them."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from bench.fuzz.parsers import Parser
from core.errors import MingluError
from runtime.settings import PROJECT_ROOT

CHUNK = 250
"""Inputs between two looks at the clock."""
SLOW_S = 5.0
"""One input that keeps a parser busy for longer is told apart."""


@dataclass
class Count:
    inputs: int = 0
    taken: int = 0
    """Parsed to something or to nothing, without an error."""
    refused: int = 0
    """Ended in an error that a border turns into a sentence."""
    unhandled: dict[str, int] = field(default_factory=dict)
    """Error and place of all others: each is a fault of ours."""
    examples: dict[str, str] = field(default_factory=dict)
    slow: int = 0
    slowest_s: float = 0.0


def fuzz(
    parser: Parser, inputs: int, start: int = 0, until: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> Count:  # fmt: skip
    """Up to `inputs` inputs, the same for the same `start`; ends early at monotonic `until`."""
    count = Count()
    strategy = parser.given()
    while count.inputs < inputs and (until is None or time.monotonic() < until):
        before = count.inputs
        want = min(CHUNK, inputs - before)

        @seed(start + before)
        @settings(
            max_examples=want, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy)
        def one_chunk(data: Any) -> None:
            _try(parser, data, count)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            one_chunk()
        if progress is not None:
            progress(count.inputs)
        if count.inputs == before:
            break
    parser.end()
    return count


def _try(parser: Parser, data: Any, count: Count) -> None:
    count.inputs += 1
    began = time.perf_counter()
    try:
        parser.parse(data)
        count.taken += 1
    except MingluError:
        count.refused += 1
    except Exception as error:
        place = _place(error)
        count.unhandled[place] = count.unhandled.get(place, 0) + 1
        count.examples.setdefault(place, repr(data)[:400])
    took = time.perf_counter() - began
    count.slow += took > SLOW_S
    count.slowest_s = max(count.slowest_s, took)


def _place(error: Exception) -> str:
    """The error and the last line of ours on the way to it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _ours(f.filename)]
    last = frames[-1]
    return (
        f"{type(error).__name__} at {Path(last.filename).relative_to(PROJECT_ROOT)}:{last.lineno}"
    )


def _ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(PROJECT_ROOT) and ".venv" not in path.parts
