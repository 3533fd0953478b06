import os
import socket
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from runtime.supervisor import Part, PartFailed, PortTaken, Supervisor, require_free_port

SLEEP = "import time; print('up', flush=True); time.sleep(600)"


def part(name: str, code: str, ready: object = None, **options: object) -> Part:
    return Part(name, [sys.executable, "-c", code], ready or (lambda: True), **options)  # type: ignore[arg-type]


def until(condition: object, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_a_taken_port_is_said_with_the_setting_that_moves_ours() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port}.*process {os.getpid()}.*MINGLU_PORT"):
            require_free_port(port, "MINGLU_PORT")


def test_a_part_that_ends_at_its_start_shows_its_last_lines(tmp_path: Path) -> None:
    code = "import sys; print('no model at 13800138000'); sys.exit(3)"
    supervisor = Supervisor([part("dialogue", code, lambda: False)], tmp_path, print)
    with pytest.raises(PartFailed) as failed:
        supervisor.start()
    supervisor.stop()
    assert "status 3" in str(failed.value)
    assert "no model" in str(failed.value)
    assert "13800138000" not in str(failed.value)


def test_a_part_that_stays_mute_is_given_up_with_a_message(tmp_path: Path) -> None:
    mute = part("dialogue", SLEEP, lambda: False, start_within_s=0.5)
    supervisor = Supervisor([mute], tmp_path, print)
    with pytest.raises(PartFailed, match="did not come up"):
        supervisor.start()
    supervisor.stop()


@pytest.mark.slow
def test_a_part_that_dies_is_started_again_and_its_last_lines_are_shown(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor([part("actions", SLEEP)], tmp_path, said.append)
    supervisor.start()
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    first = supervisor.pid("actions")
    assert first is not None
    log = tmp_path / "actions.log"
    assert until(lambda: log.exists() and "up" in log.read_text())
    os.kill(first, 9)
    assert until(lambda: supervisor.pid("actions") not in (None, first))
    supervisor.request_stop()
    watching.join()
    supervisor.stop()
    assert any("actions ended with status -9" in line and "up" in line for line in said)


@pytest.mark.slow
def test_stopping_ends_every_child_and_what_the_child_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    supervisor = Supervisor([part("web", code)], tmp_path, print)
    supervisor.start()
    log = tmp_path / "web.log"
    assert until(lambda: log.exists() and log.read_text().split())
    grandchild = int(log.read_text().split()[0])
    pid = supervisor.pid("web")
    supervisor.stop()
    assert pid is not None and not psutil.pid_exists(pid)
    assert until(
        lambda: not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == "zombie"
    )
