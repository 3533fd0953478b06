"""Asking a whole set of questions and counting what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.answers.homophones import misheard
from bench.answers.scoring import Score, score
from core.values import Reply, Topic
from policy.model import Notice

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"
DEVELOPMENT = (
    "policy_dev",
    "policy_dev2",
    "policy_dev3",
    "policy_dev4",
    "policy_dev5",
    "policy_dev6",
)
"""Sets that were looked at and tuned on."""
TRAINING = "policy_train"
"""Questions to learn from only: no word list, cue or rule was made for one of them."""
SEEDS = (1, 2, 3)
NOISE = (0.0, 0.10, 0.24, 0.40)
Ask = Callable[[str, Topic | None], Reply]


def items_of(name: str) -> list[dict[str, Any]]:
    """The items of a set of bench/questions, or of any file that ends in .jsonl."""
    path = Path(name) if name.endswith(".jsonl") else QUESTIONS / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def measure(
    ask: Ask, items: Sequence[dict[str, Any]], share: float, notice: Notice
) -> dict[str, float]:
    """Percentages over `items`; with noise, the mean over SEEDS and its spread on content."""
    offices = sorted({d for c in notice.clauses for d in c.departments})
    runs, waits = [], []
    for seed in SEEDS if share else SEEDS[:1]:
        scored: list[tuple[dict[str, Any], Score]] = []
        for item in items:
            topic = ask(item["topic"], None).topic if item.get("topic") else None
            question = misheard(item["question"], share, seed=seed) if share else item["question"]
            start = time.perf_counter()
            reply = ask(question, topic)
            waits.append((time.perf_counter() - start) * 1000)
            scored.append((item, score(item, reply, offices)))
        runs.append(_percentages(scored))
    means = {k: round(sum(r[k] for r in runs) / len(runs), 1) for k in runs[0]}
    means["content_spread"] = round(
        max(r["content"] for r in runs) - min(r["content"] for r in runs), 1
    )
    waits.sort()
    means["p50_ms"], means["p95_ms"] = (round(waits[int(len(waits) * q)], 1) for q in (0.5, 0.95))
    return means


def _percentages(scored: Sequence[tuple[dict[str, Any], Score]]) -> dict[str, float]:
    told = [s for item, s in scored if item["answerable"]]
    silent = [s for item, s in scored if not item["answerable"]]
    right = [s for s in told if s.content]

    def share(values: Sequence[bool]) -> float:
        return 100 * sum(values) / len(values) if values else 0.0

    return {
        "clause": share([s.clause for s in told]),
        "content": share([s.content for s in told]),
        "kind": share([s.handled for s in told]),
        "needless": share([s.needless for s in told]),
        "hedge": share([s.hedge for s in right]),
        "unanswerable": share([s.handled for s in silent]),
        "inventions": float(sum(len(s.invented) for _, s in scored)),
        "referral_numbers": float(sum(s.referred for _, s in scored)),
        "answerable_n": float(len(told)),
        "unanswerable_n": float(len(silent)),
    }
