"""The page of measurements says what is there and what is missing, and takes any result."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench.page.__main__ import page
from bench.page.charts import Charts
from bench.page.results import Result, collect, keep
from bench.page.sections import SECTIONS
from runtime.settings import PROJECT_ROOT

BODY: dict[str, Any] = {
    "machine": {"processor": "P", "cores": 2, "memory_gib": 24, "python": "3.11.7"},
    "commit": "abc1234", "changed_since": True, "at": "2026-11-26T08:00:00+08:00",
}  # fmt: skip
LOST = {"n": 3, "median": 1.5, "min": 1, "max": 2}


def result(name: str, figures: dict[str, Any], **changed: Any) -> Result:
    return Result(name, {"name": name, **BODY, **changed, "result": figures}, Path(f"{name}.json"))


def made(tmp_path: Path, *results: Result) -> str:
    charts = Charts(tmp_path / "images", tmp_path / "page.md")
    return page({one.name: one for one in results}, charts)


def test_the_kept_results_make_a_page_with_a_chart_and_its_words(tmp_path: Path) -> None:
    kept = collect([PROJECT_ROOT / "docs" / "results"])
    text = made(tmp_path, *kept.values())
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", text)
    assert len(pictures) >= 4
    for words, path in pictures:
        # The words tell the figures and their unit, for who does not see the picture.
        assert re.search(r"\w .*\d.* \(\S.*\)$", words), words
        assert (tmp_path / path).read_text(encoding="utf-8").startswith("<?xml")
    for one in kept.values():
        assert one.provenance in text


def test_what_was_not_measured_is_said_with_its_command(tmp_path: Path) -> None:
    text = made(tmp_path, result("footprint", {"systems": {}}))
    missing = text[text.index("Not measured yet") :].split("\n")[0]
    for section in SECTIONS:
        assert (section.command in missing) == (section.name != "footprint")


def test_a_result_of_another_form_is_shown_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = made(tmp_path, result("turns", {"8 users": {"stock": 3}, "note": "a|b"}))
    assert "| 8 users · stock | 3 |" in text and "a\\|b" in text
    assert "not of the form" in capsys.readouterr().err


def test_a_benchmark_that_the_page_does_not_know_gets_a_section(tmp_path: Path) -> None:
    text = made(tmp_path, result("cluster_faults", {"turns": 2000, "lost": 0}))
    assert "## Cluster faults" in text and "| turns | 2,000 |" in text


def test_each_section_names_machine_commit_date_and_uncommitted_changes(tmp_path: Path) -> None:
    text = made(tmp_path, result("web", {"n": 1, "load_before": 2.25}))
    for told in ("P, 2 cores", "`abc1234`, with changes", "2026-11-26", "load average 2.2"):
        assert told in text


def test_start_up_and_memory_stand_beside_the_peer(tmp_path: Path) -> None:
    systems = {name: {"start_s": LOST, "memory_mib": LOST} for name in ("minglu", "stock")}
    text = made(tmp_path, result("footprint", {"systems": systems}))
    assert text.count("stock 1.5") == 2


def test_the_newest_of_two_results_counts_and_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "docs", tmp_path / "var"
    for folder, at, turns in ((old, "2026-01-01", 1), (new, "2026-02-01", 2)):
        folder.mkdir()
        body = {**BODY, "name": "web", "at": at, "result": {"turns": turns}}
        (folder / "web.json").write_text(json.dumps(body), encoding="utf-8")
    (new / "broken.json").write_text("{", encoding="utf-8")
    (new / "list.json").write_text("[1]", encoding="utf-8")
    found = collect([old, new])
    assert list(found) == ["web"] and found["web"].figures == {"turns": 2}
    assert keep(found, old) == ["web"]
    assert collect([old])["web"].figures == {"turns": 2}
