"""Where a figure comes from: machine, commit and time beside every benchmark's result."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from runtime.settings import PROJECT_ROOT, ZONE


def provenance() -> dict[str, Any]:
    """Machine, versions, commit and time of this run."""
    return {
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
        },
        "commit": _git("rev-parse", "--short", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "at": datetime.now(ZONE).isoformat(timespec="seconds"),
    }


def write_result(name: str, result: dict[str, Any], folder: Path | None = None) -> Path:
    """Writes `result` with its provenance to FOLDER/NAME.json (var/bench by default)."""
    folder = folder or PROJECT_ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    body = {"name": name, **provenance(), "result": result}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
