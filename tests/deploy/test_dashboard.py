"""What the dashboard and the alerts ask for exists under that name and with those labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from minglu.parts import METRICS_AFTER
from runtime import metrics
from runtime.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
OF_PROMETHEUS = {
    "up": {"job", "instance"},
    "process_resident_memory_bytes": {"job", "instance"},
    "process_cpu_seconds_total": {"job", "instance"},
    "process_open_fds": {"job", "instance"},
}
_WORD = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)


def known() -> dict[str, set[str]]:
    """Every series that our processes may show, with its labels."""
    series = dict(OF_PROMETHEUS)
    ours = [m for m in vars(metrics).values() if isinstance(m, Counter | Gauge | Histogram)]
    for instrument in ours:
        name, labels = instrument._name, {*instrument._labelnames, "job", "instance"}
        if isinstance(instrument, Counter):
            series[f"{name}_total"] = labels
        elif isinstance(instrument, Histogram):
            series |= {f"{name}_{end}": labels for end in ("sum", "count")}
            series[f"{name}_bucket"] = labels | {"le"}
        else:
            series[name] = labels
    for family in metrics._Parts(dict).collect():
        series[family.name] = {"part", "job", "instance"}
    return series


def queries() -> Iterator[tuple[str, str]]:
    board = json.loads((DEPLOY / "grafana" / "minglu.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    for group in alerts["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


@pytest.mark.parametrize(("where", "query"), list(queries()), ids=lambda value: value[:40])
def test_a_query_asks_for_series_and_labels_that_exist(where: str, query: str) -> None:
    series = known()
    asked = [w for w in _WORD.findall(query) if w.startswith(("minglu_", "process_")) or w == "up"]
    assert asked, query
    for name in asked:
        assert name in series, f"{where}: no {name}"
    for name, conditions in re.findall(r"(\w+)\{([^}]*)\}", query):
        labels = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", conditions))
        assert labels <= series[name], f"{where}: {labels} of {name}"
    for by in re.findall(r"by \(([^)]*)\)", query):
        allowed = set().union(*(series[name] for name in asked))
        assert set(by.replace(" ", "").split(",")) <= allowed, where


def test_every_metric_of_ours_is_on_the_dashboard_or_in_an_alert() -> None:
    shown = " ".join(query for _, query in queries())
    ours = {n for n in known() if n.startswith("minglu_") and not n.endswith(("_sum", "_count"))}
    assert {name for name in ours if name not in shown} == set()


def test_the_scraped_ports_are_those_that_the_parts_take() -> None:
    text = (DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(text)["scrape_configs"]
    targets = job["static_configs"][0]["targets"]
    base = 9600
    assert targets[0] == f"127.0.0.1:{base}"
    for part in ("web", "dialogue", "actions"):
        assert f"127.0.0.1:{base + METRICS_AFTER[part]}" in targets
    assert Path(DEPLOY / "prometheus" / "alerts.yml").exists()
