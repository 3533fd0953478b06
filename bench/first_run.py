"""`python -m bench.first_run`: a clean clone, no caches of ours, `make run` again and again.

Reports the seconds until the first answer stands on the screen, the same for a second start, and
the size of the environment. Downloads everything anew, so the network counts.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.record import write_result
from runtime.settings import PROJECT_ROOT

READY = "is ready after"
SECOND_STARTS = 3


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def seconds_to_first_answer(clone: Path, env: dict[str, str]) -> float:
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    took = None
    for line in process.stdout:
        if READY in line:
            took = time.monotonic() - began
            os.killpg(process.pid, signal.SIGINT)
    process.wait()
    if took is None:
        raise SystemExit("make run did not come up; run it by hand to see why")
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "minglu"
        subprocess.run(["git", "clone", "-q", str(PROJECT_ROOT), str(clone)], check=True)
        env = {
            **os.environ,
            "UV_CACHE_DIR": str(Path(folder) / "cache"),
            "MINGLU_PORT": free_port(),
            "MINGLU_RASA_PORT": free_port(),
            "MINGLU_ACTION_PORT": free_port(),
        }
        first = seconds_to_first_answer(clone, env)
        later = [seconds_to_first_answer(clone, env) for _ in range(SECOND_STARTS)]
        size = subprocess.run(
            ["du", "-sm", str(clone / ".venv")], capture_output=True, text=True, check=True
        )
        result = {
            "first_run_s": round(first),
            "second_run_s": {
                "n": len(later),
                "median": round(statistics.median(later), 1),
                "min": round(min(later), 1),
                "max": round(max(later), 1),
            },
            "environment_mib": int(size.stdout.split()[0]),
            "load_average_before": os.getloadavg()[2],
        }
    print(result)
    print(write_result("first_run", result))


if __name__ == "__main__":
    sys.exit(main())
