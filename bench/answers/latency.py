"""How long an answer takes at 14, 1,000 and 10,000 clauses: `python -m bench.answers.latency`."""

from __future__ import annotations

import json
import os
import platform
import random
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from policy.engine import PolicyEngine
from policy.finding.passages import sentences
from policy.model import Clause, Notice
from policy.reading import bundled_notice

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "bench" / "questions" / "policy_dev.jsonl"


def enlarged(notice: Notice, clauses: int, seed: int = 1) -> Notice:
    """A notice of `clauses` leaf clauses, made of the real one's sentences in other mixtures."""
    source = random.Random(seed)
    pool = [s for c in notice.clauses for s in sentences(c.text)]
    made: list[Clause] = list(notice.clauses)
    while sum(c.leaf for c in made) < clauses:
        model = source.choice([c for c in notice.clauses if c.departments])
        text = "".join(source.sample(pool, 4)) + model.departments_quote
        number = len(made)
        made.append(replace(model, path=f"附{number}", title=f"附则{number}", text=text))
    return replace(notice, clauses=tuple(made), text=notice.text + "".join(c.text for c in made))


def main() -> None:
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    results = []
    for clauses in (14, 1_000, 10_000):
        notice = enlarged(bundled_notice(), clauses)
        start = time.perf_counter()
        engine = PolicyEngine([notice], today=date(2026, 3, 2))
        built = time.perf_counter() - start
        for question in questions[:10]:
            engine.ask(question)
        waits = []
        for question in questions[:150]:
            start = time.perf_counter()
            engine.ask(question)
            waits.append((time.perf_counter() - start) * 1000)
        waits.sort()
        p50, p95 = (round(waits[int(len(waits) * q)], 1) for q in (0.5, 0.95))
        results.append({"clauses": clauses, "build_s": round(built, 1), "p50_ms": p50,
                        "p95_ms": p95, "n": len(waits), "load": os.getloadavg()[0],
                        "machine": f"{platform.machine()}, {os.cpu_count()} cores"})  # fmt: skip
        print(json.dumps(results[-1], ensure_ascii=False), flush=True)
    output = ROOT / "var" / "bench" / "latency.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
