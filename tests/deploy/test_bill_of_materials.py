"""The command of docs/security.md that writes a bill of materials."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from runtime.settings import PROJECT_ROOT

OWN = PROJECT_ROOT / ".tools" / "uv"


def test_the_bill_names_every_package_that_is_locked(tmp_path: Path) -> None:
    uv = str(OWN) if OWN.exists() else shutil.which("uv")
    if uv is None:
        pytest.skip("no uv here; `make setup` fetches one")
    text = (PROJECT_ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    command = re.search(r"^ {4}(uv export .*cyclonedx\S* -o sbom\.json)", text, re.MULTILINE)
    assert command
    told = shlex.split(command[1].replace("sbom.json", str(tmp_path / "sbom.json")))
    subprocess.run([uv, *told[1:]], cwd=PROJECT_ROOT, check=True, stdout=subprocess.DEVNULL)
    bill = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    found = {(part["name"], part["version"]) for part in bill["components"]}
    assert {("rasa", "3.6.21"), ("vosk", "0.3.45"), ("pyttsx3", "2.99")} <= found
    assert all(part["purl"].startswith("pkg:pypi/") for part in bill["components"][:50])
    counted = re.search(r"# (\d+) components", text)
    assert counted and int(counted[1]) == len(found)
