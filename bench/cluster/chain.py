"""`python -m bench.cluster.chain`: what a turn of one user costs each part of several machines.

One user talks while nobody else does, so the parts work one after the other: milliseconds of
processor time a turn in each, the stages' own clocks, and how often PostgreSQL is asked, which is
counted in its log in a pass of its own. Writes var/bench/turns-chain.json.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg2
from rich.console import Console

from bench.cluster.__main__ import first_free_port
from bench.cluster.speed import measure_users
from bench.own_box import free_port
from bench.record import write_result
from bench.turns.__main__ import summary
from deploy.local.cluster import Cluster
from minglu.parts import METRICS_AFTER

COUNTED = 80
"""Turns of the pass in which PostgreSQL writes down what it is asked."""
_STAGE = re.compile(r'minglu_stage_seconds_(sum|count)\{stage="(\w+)"\} (\S+)')
_ASKED = re.compile(r"^(minglu\S*) \d+ LOG:\s+statement: ", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--users", type=int, default=1)
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="minglu-chain-", dir="/var/tmp"))
    port = free_port()
    cluster = Cluster(
        folder,
        console.print,
        first_port=first_free_port(),
        settings={"MINGLU_METRICS_PORT": str(port)},
    )
    try:
        cluster.start()
        result = _looked_into(cluster, port, chosen.users, chosen.turns)
        result["statements_a_turn"] = _asked(cluster)
    finally:
        cluster.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    console.print(result)
    print(write_result("turns-chain", result))


def _looked_into(cluster: Cluster, port: int, users: int, turns: int) -> dict[str, Any]:
    settings = cluster.settings()
    asyncio.run(measure_users(settings, 2, 64))
    load = round(os.getloadavg()[0], 1)
    cpu, stages = _cpu(cluster), _stages(cluster, port)
    took, seconds = asyncio.run(measure_users(settings, users, turns))
    spent = {name: at - cpu[name] for name, at in _cpu(cluster).items()}
    ran = {name: at - stages[name] for name, at in _stages(cluster, port).items()}
    count = len(took)
    each = {name: round(1000 * s / count, 2) for name, s in spent.items()}
    return {
        "users": users,
        "load_before": load,
        **summary([(took, seconds)]),
        "processor_ms_a_turn": each | {"all": round(sum(each.values()), 1)},
        "stage_ms_a_turn": {n: round(1000 * s / count, 2) for n, s in ran.items() if s},
    }


def _cpu(cluster: Cluster) -> Counter[str]:
    """Seconds of processor time by kind of part, children included, and of the caller."""
    spent: Counter[str] = Counter()
    for name in cluster.names():
        process = cluster.process(name)
        if process is None:
            continue
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            spent[name.rpartition("-")[0] or name] += times.user + times.system
    times = psutil.Process().cpu_times()
    spent["caller"] += times.user + times.system
    return spent


def _stages(cluster: Cluster, port: int) -> Counter[str]:
    """Seconds of each stage so far, by the clocks of dialogue and action servers."""
    found: Counter[str] = Counter()
    for kind in ("dialogue", "actions"):
        for address in cluster.topology.parts[kind].addresses:
            url = f"http://{address}:{port + METRICS_AFTER[kind]}/metrics"
            for what, stage, value in _STAGE.findall(httpx.get(url, trust_env=False).text):
                if what == "sum":
                    found[f"{kind}: {stage}"] += float(value)
    return found


def _asked(cluster: Cluster) -> dict[str, float]:
    """How often PostgreSQL is asked in a turn, by who asks."""
    server = cluster.topology.servers["database"]
    connection = psycopg2.connect(
        host=server.address, port=server.port, user="minglu", dbname="postgres"
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET log_statement = 'all'")
        cursor.execute("ALTER SYSTEM SET log_line_prefix = '%a %p '")
        cursor.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
    connection.close()
    log = cluster.folder / "logs" / "database.log"
    before = len(log.read_text(encoding="utf-8", errors="replace"))
    took, _ = asyncio.run(measure_users(cluster.settings(), 1, COUNTED))
    asked = Counter(_ASKED.findall(log.read_text(encoding="utf-8", errors="replace")[before:]))
    each = {name: round(count / len(took), 2) for name, count in sorted(asked.items())}
    return each | {"all": round(sum(asked.values()) / len(took), 2)}


if __name__ == "__main__":
    main()
