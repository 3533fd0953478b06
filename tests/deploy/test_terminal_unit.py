"""The unit of a voice terminal: systemd understands it, and it starts what the command knows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from minglu.commands.talk import command
from runtime.settings import PROJECT_ROOT

UNIT = PROJECT_ROOT / "deploy" / "minglu-terminal.service"
PROGRAM = "/opt/minglu/.venv/bin/minglu"


def test_it_starts_the_terminal_with_options_that_exist() -> None:
    (line,) = re.findall(r"ExecStart=(.+)", UNIT.read_text(encoding="utf-8"))
    program, verb, *options = line.split()
    assert (program, verb) == (PROGRAM, "talk")
    known = {name for parameter in command.params for name in parameter.opts}
    assert set(options) <= known


def test_systemd_understands_it(tmp_path: Path) -> None:
    analyser = shutil.which("systemd-analyze")
    if analyser is None:
        pytest.skip("no systemd here")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true"))
    checked = subprocess.run([analyser, "verify", str(unit)], capture_output=True, text=True)
    assert (checked.returncode, UNIT.name in checked.stderr) == (0, False), checked.stderr
