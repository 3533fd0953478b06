"""Results of benchmarks as they were written, the newest of each name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.settings import PROJECT_ROOT

KEPT = PROJECT_ROOT / "docs" / "results"
FRESH = PROJECT_ROOT / "var" / "bench"
COLLECTED = "benchmarks"


@dataclass(frozen=True)
class Result:
    name: str
    body: dict[str, Any]
    path: Path

    @property
    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["result"]
        return found

    @property
    def provenance(self) -> str:
        """Machine, commit and date, in one line."""
        machine = self.body.get("machine") or {}
        changed = ", with changes not committed" if self.body.get("changed_since") else ""
        load = next((self.figures[k] for k in self.figures if str(k).startswith("load")), None)
        busy = f", load average {load:.1f}" if isinstance(load, int | float) else ""
        return (
            f"{machine.get('processor', 'unknown machine')}, {machine.get('cores', '?')} cores, "
            f"{machine.get('memory_gib', '?')} GiB, Python {machine.get('python', '?')}; "
            f"commit `{self.body.get('commit') or 'unknown'}`{changed}; "
            f"{str(self.body.get('at', ''))[:10] or 'no date'}{busy}"
        )


def collect(folders: Iterable[Path] = (KEPT, FRESH)) -> dict[str, Result]:
    """The newest result of each name; what cannot be read is left out."""
    found: dict[str, Result] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            try:
                body = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if not isinstance(body, dict) or not isinstance(body.get("result"), dict):
                continue
            name = str(body.get("name") or path.stem)
            if name not in found or str(body.get("at")) >= str(found[name].body.get("at")):
                found[name] = Result(name, body, path)
    found.pop(COLLECTED, None)
    return found


def write_all(results: dict[str, Result], folder: Path = FRESH) -> Path:
    """Every result in one file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{COLLECTED}.json"
    bodies = {name: result.body for name, result in sorted(results.items())}
    path.write_text(json.dumps(bodies, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def keep(results: dict[str, Result], folder: Path = KEPT) -> list[str]:
    """Copies what is newer than the kept file beside it; the names."""
    fresh = [r for r in results.values() if r.path.parent != folder]
    for result in fresh:
        shutil.copyfile(result.path, folder / f"{result.name}.json")
    return [result.name for result in fresh]
