"""How long an answer takes at 14, 1,000 and 10,000 clauses: `python -m bench.answers.latency`.

Beside it, in the same run and on the same passages, BM25 over jieba words by bm25s: a search
only, without understanding, composing or proving.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import bm25s
import jieba

from bench.record import write_result
from policy.engine import PolicyEngine
from policy.finding.encoder import installed_encoder
from policy.finding.passages import passages_of, sentences
from policy.model import Clause, Notice
from policy.reading import bundled_notice
from runtime.settings import PROJECT_ROOT

QUESTIONS = PROJECT_ROOT / "bench" / "questions" / "policy_dev.jsonl"
ASKED = 150


def enlarged(notice: Notice, clauses: int, seed: int = 1) -> Notice:
    """A notice of `clauses` leaf clauses, made of the real one's sentences in other mixtures."""
    source = random.Random(seed)
    pool = [s for c in notice.clauses for s in sentences(c.text)]
    models = [c for c in notice.clauses if c.departments]
    made: list[Clause] = list(notice.clauses)
    for number in range(len(made), len(made) + clauses - sum(c.leaf for c in made)):
        model = source.choice(models)
        picked = [_altered(s, source) for s in source.sample(pool, 4)]
        text = "".join(picked) + model.departments_quote
        made.append(replace(model, path=f"附{number}", title=f"附则{number}", text=text))
    return replace(notice, clauses=tuple(made), text=notice.text + "".join(c.text for c in made))


def _altered(sentence: str, source: random.Random) -> str:
    """Two stretches in another order, so that few sentences are the same."""
    stretches = sentence.rstrip("。").split("，")
    source.shuffle(stretches)
    return "，".join(stretches) + "。"


def timed(ask: Callable[[str], Any], questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds for one question: median, 95th percentile and range, after ten to warm up."""
    for question in questions[:10]:
        ask(question)
    waits = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        waits.append((time.perf_counter() - start) * 1000)
    waits.sort()
    p50, p95 = (round(waits[int(len(waits) * q)], 2) for q in (0.5, 0.95))
    return {"p50_ms": p50, "p95_ms": p95, "least_ms": round(waits[0], 2),
            "most_ms": round(waits[-1], 2), "n": len(waits)}  # fmt: skip


def _peer(notice: Notice) -> Callable[[str], Any]:
    index = bm25s.BM25()
    quotes = [list(jieba.cut(p.quote)) for p in passages_of([notice])]
    index.index(quotes, show_progress=False)
    return lambda q: index.retrieve([list(jieba.cut(q))], k=1, show_progress=False)


def measured(clauses: int, questions: Sequence[str]) -> dict[str, Any]:
    """Building and answering, and the peer's, at one size."""
    notice = enlarged(bundled_notice(), clauses)
    start = time.perf_counter()
    engine = PolicyEngine([notice], today=date(2026, 3, 2), encoder=installed_encoder())
    built = time.perf_counter() - start
    ours = timed(engine.ask, questions)
    start = time.perf_counter()
    search = _peer(notice)
    peer_built = time.perf_counter() - start
    peer = timed(search, questions)
    return {
        "clauses": clauses,
        "passages": len(passages_of([notice])),
        "minglu": {"build_s": round(built, 2), **ours},
        "bm25s over jieba words": {"build_s": round(peer_built, 2), **peer},
        "p95_ratio": round(ours["p95_ms"] / peer["p95_ms"], 1),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()][:ASKED]
    sizes = []
    for clauses in (14, 1_000, 10_000):
        sizes.append(measured(clauses, questions))
        print(json.dumps(sizes[-1], ensure_ascii=False), flush=True)
    write_result("answers_latency", {"sizes": sizes})


if __name__ == "__main__":
    main()
