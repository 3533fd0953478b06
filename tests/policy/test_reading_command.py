from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy.reading.bundled import BUNDLED

pytestmark = pytest.mark.slow
NUMBER = "吉政办发〔2025〕16号"


def policy(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"MINGLU_DATA_DIR": str(tmp_path), "MINGLU_NOW": "2026-03-02T09:00:00+08:00"}
    return subprocess.run(
        [sys.executable, "-m", "minglu", "policy", *arguments],
        capture_output=True, text=True, env=env, cwd=BUNDLED.parents[2], timeout=60,
    )  # fmt: skip


def test_show_prints_the_clause_tree_of_an_empty_store_as_json(tmp_path: Path) -> None:
    done = policy(tmp_path, "show", NUMBER, "--json")
    assert "ships with" in done.stderr
    clauses = json.loads(done.stdout)["clauses"]
    fields = {"path", "title", "text", "departments", "targets", "audiences", "deadline"}
    assert len(clauses) == 21 and all(fields <= set(c) for c in clauses)


def test_a_bad_file_is_one_line_with_status_2_and_nothing_changed(tmp_path: Path) -> None:
    picture = tmp_path / "notice.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    done = policy(tmp_path, "add", str(BUNDLED), str(picture))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "PNG" in done.stderr
    assert policy(tmp_path, "show", NUMBER).stderr.startswith("The store was empty")


def test_diff_names_the_clause_and_the_fact_that_changed(tmp_path: Path) -> None:
    changed = tmp_path / "new.txt"
    text = BUNDLED.read_text(encoding="utf-8").replace("400个以上", "500个以上")
    changed.write_text(text, encoding="utf-8")
    done = policy(tmp_path, "diff", NUMBER, str(changed), "--json")
    (clause,) = json.loads(done.stdout)["clauses"]
    assert (clause["path"], clause["facts"][0]["fact"]) == ("二（三）7", "targets")
