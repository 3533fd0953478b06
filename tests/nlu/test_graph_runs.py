"""Runs of the graph give what Rasa's own runner gives, errors included."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


class _Node:
    def __init__(self, name: str, work: Any) -> None:
        self.name, self.work, self.runs = name, work, 0

    def __call__(self, *needed: tuple[str, Any]) -> tuple[str, Any]:
        self.runs += 1
        return self.name, self.work(*(value for _, value in needed))


def _runner(needs: dict[str, dict[str, str]], work: dict[str, Any]) -> Any:
    """A runner over plain functions."""
    from rasa.engine.graph import GraphSchema, SchemaNode
    from rasa.engine.runner.dask import DaskGraphRunner

    nodes = {
        name: SchemaNode(needs=of, uses=object, fn="f", constructor_name="c", config={})
        for name, of in needs.items()
    }
    for name in ("sum", "tail"):
        nodes[name].is_target = True
    runner = DaskGraphRunner.__new__(DaskGraphRunner)
    runner._graph_schema = GraphSchema(nodes)
    runner._execution_context = None
    runner._instantiated_nodes = {name: _Node(name, work[name]) for name in needs}
    return runner


NEEDS = {
    "tail": {"a": "sum"},
    "sum": {"a": "left", "b": "right"},
    "left": {"a": "given"},
    "right": {"a": "given"},
    "unused": {},
}


def _work(**more: Any) -> dict[str, Any]:
    usual = {
        "left": lambda x: x + 1,
        "right": lambda x: x * 2,
        "sum": lambda x, y: x + y,
        "tail": lambda x: -x,
        "unused": lambda: 0,
    }
    return {**usual, **more}


def test_the_targets_results_are_rasas_own_and_each_node_runs_once() -> None:
    from bot.nlu.graph_runs import _run_as_shipped, run

    for targets in (None, ["sum"], ["tail", "left"]):
        runner = _runner(NEEDS, _work())
        assert run(runner, {"given": 3}, targets) == _run_as_shipped(runner, {"given": 3}, targets)
    runner = _runner(NEEDS, _work())
    run(runner, {"given": 3})
    assert {name: node.runs for name, node in runner._instantiated_nodes.items()} == {
        "tail": 1, "sum": 1, "left": 1, "right": 1, "unused": 0,
    }  # fmt: skip


def test_a_node_that_fails_is_told_as_rasa_tells_it() -> None:
    from rasa.engine.exceptions import GraphRunError

    from bot.nlu.graph_runs import _run_as_shipped, run

    def fails(_: int) -> int:
        raise RuntimeError("broken")

    for way in (run, _run_as_shipped):
        with pytest.raises(GraphRunError):
            way(_runner(NEEDS, _work(left=fails)), {"given": 3})


def test_an_input_that_names_a_node_is_refused_as_before() -> None:
    from rasa.engine.exceptions import GraphRunError

    from bot.nlu.graph_runs import run

    with pytest.raises(GraphRunError, match="clashes"):
        run(_runner(NEEDS, _work()), {"given": "left"})
