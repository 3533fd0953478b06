"""`python -m bench`: every benchmark in turn; each writes its JSON to var/bench.

At the end docs/benchmarks.md is made of what lies there, and var/bench/benchmarks.json.
Usage: python -m bench [NAME ...]
"""

from __future__ import annotations

import subprocess
import sys
import time

from runtime.settings import PROJECT_ROOT

BENCHMARKS = {
    "answers": "right clause, content, hedge and silence, beside three peers",
    "answers.latency": "time of one answer at 14, 1,000 and 10,000 clauses",
    "understanding": "intents clean and misheard, beside stock Rasa and a character SVC",
    "turns": "a whole turn with an action, beside stock Rasa on the same model",
    "booking": "64 processes fight for 100 seats on SQLite and PostgreSQL",
    "cluster": "two of each part, killed and started again; turns beside stock Rasa",
    "web": "script cards at 20 staff typing, chat turns at 50 people",
    "messengers": "1,000 Telegram chats at once, every tenth delivery twice",
    "voice": "from the end of speech to the first sound, by stage",
    "footprint": "start-up and memory of the dialogue server, beside stock Rasa",
    "first_run": "from a clean clone to the first answer; downloads everything anew",
    "soak": "ten minutes of an hour's load: does memory grow",
    "fuzz": "100,000 damaged inputs for every parser",
}
ARGUMENTS = {"understanding": ["--stock"]}
"""What a benchmark needs to have its slow peer beside it."""


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHMARKS)
    if unknown or {"-h", "--help"} & set(names):
        print(__doc__)
        for name, what in BENCHMARKS.items():
            print(f"  {name:16} {what}")
        return 2 if unknown - {"-h", "--help"} else 0
    failed = []
    for number, name in enumerate(names or BENCHMARKS, 1):
        print(f"[{number}/{len(names or BENCHMARKS)}] {name}: {BENCHMARKS[name]}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", f"bench.{name}", *ARGUMENTS.get(name, ())]
        done = subprocess.run(command, cwd=PROJECT_ROOT)
        print(f"    {time.monotonic() - began:.0f} s, status {done.returncode}", flush=True)
        if done.returncode:
            failed.append(name)
    subprocess.run([sys.executable, "-m", "bench.page"], cwd=PROJECT_ROOT)
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
