"""`python -m bench.turns.profile`: where the dialogue server's time of a turn goes, by stage.

A sampler looks at the main thread while eight people talk. Waiting for the action server is
no work of the dialogue server and is left out. Usage: python -m bench.turns.profile [--turns N].
Writes var/bench/turns-profile.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import replace

from rich.console import Console

from bench.own_box import TURNS, own_box
from bench.record import write_result
from bench.turns.__main__ import measure
from minglu.parts import action_server, dialogue_server
from runtime.supervisor import Supervisor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=800)
    parser.add_argument("--users", type=int, default=8)
    chosen = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    with own_box(console) as (settings, model):
        samples = settings.data_dir / "samples.json"
        ours = dialogue_server(settings, model)
        argv = list(ours.argv)
        argv[2] = "bench.turns.sampled"
        sampled = replace(ours, argv=argv, env={**ours.env, "MINGLU_SAMPLES": str(samples)})
        parts = [action_server(settings), sampled]
        supervisor = Supervisor(parts, settings.data_dir / "logs", console.print)
        try:
            supervisor.start()
            base = f"http://127.0.0.1:{settings.rasa_port}"
            asyncio.run(measure(base, 1, 4 * len(TURNS)))
            took, seconds = asyncio.run(measure(base, chosen.users, chosen.turns))
        finally:
            supervisor.stop()
        found = json.loads(samples.read_text(encoding="utf-8"))
    found.pop("waiting", None)
    total = sum(found.values())
    shares = {
        name: round(100 * count / total, 1)
        for name, count in sorted(found.items(), key=lambda pair: -pair[1])
    }
    result = {"turns": len(took), "seconds": round(seconds, 1), "percent_of_work": shares}
    console.print(result)
    print(write_result("turns-profile", result))


if __name__ == "__main__":
    main()
