import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from minglu.__main__ import COMMANDS, cli
from runtime.settings import PROJECT_ROOT


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) > 4


def test_the_first_help_lists_every_command() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output
    assert all(name in shown for name in COMMANDS)


@pytest.mark.slow
def test_a_wrong_setting_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "minglu", "bookings", "list"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT_ROOT), "MINGLU_PORT": "eighty"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("minglu: MINGLU_PORT")
    assert "Traceback" not in done.stderr
