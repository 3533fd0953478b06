"""Rasa's runs of its graph, without planning each one anew.

Rasa works out the smallest graph for what is wanted, gives it to dask, which orders it, and writes
its inputs into a debug line, at each message and at each prediction. The order is always the same:
here it is worked out once for each runner. The nodes, their results and their errors stay.
"""

from __future__ import annotations

import weakref
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from runtime import metrics

Step = tuple[str, Any, tuple[str, ...]]
"""A node's name, the node, and the names of what it needs."""

_plans: weakref.WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], list[Step]]] = (
    weakref.WeakKeyDictionary()
)
_run_as_shipped = DaskGraphRunner.run


def run(
    runner: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """Results by name of the targets. Raises GraphRunError as Rasa does."""
    if any(isinstance(value, str) for value in (inputs or {}).values()):
        # Rasa checks that such a value is no node's name.
        return _run_as_shipped(runner, inputs, targets)
    wanted = tuple(targets or runner._graph_schema.target_names)
    done = {name: (name, value) for name, value in (inputs or {}).items()}
    stage = "parse" if PLACEHOLDER_MESSAGE in done else "predict"
    try:
        with metrics.timed(stage):
            for name, node, needs in _plan(runner, wanted):
                if name not in done:
                    done[name] = node(*(done[need] for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[target] for target in wanted)


def _plan(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[Step]:
    plans = _plans.setdefault(runner, {})
    if wanted not in plans:
        nodes = runner._graph_schema.minimal_graph_schema(list(wanted)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        plans[wanted] = [
            (name, runner._instantiated_nodes[name], needs[name])
            for name in TopologicalSorter(needs).static_order()
            if name in nodes
        ]
    return plans[wanted]


def install() -> None:
    """Puts it in place; a second call changes nothing."""
    DaskGraphRunner.run = run  # type: ignore[method-assign]
