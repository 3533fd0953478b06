"""`python -m deploy.local`: all parts of deploy/topology.yml here, each on its own address.

PostgreSQL and Redis come from packages, nginx where it is installed. Ctrl-C ends everything.
Usage: python -m deploy.local [--folder FOLDER] [--ports-from N]
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from rich.console import Console

from deploy.local.cluster import Cluster
from runtime.settings import PROJECT_ROOT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT_ROOT / "var" / "cluster")
    parser.add_argument("--ports-from", type=int, default=0, help="Instead of the topology's.")
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    cluster = Cluster(chosen.folder.resolve(), console.print, first_port=chosen.ports_from)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: cluster.request_stop())
    try:
        with console.status("Starting …") as status:
            cluster.start(lambda name: status.update(f"Starting {name} …"))
        for line in cluster.shown():
            console.print(line)
        cluster.watch()
        console.print("\nStopping …")
    finally:
        cluster.stop()
    console.print("Everything is stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
