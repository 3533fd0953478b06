"""`python -m bench.answers.fit_silence`: fits the weights of policy/data/silence.yml.

Fits on the development sets, clean and misheard; first checks each set with weights fitted on the
others, and prints both. Never reads a test set.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.answers.homophones import misheard
from policy.answering.gaps import Gaps
from policy.answering.silence import Features, SilenceModel
from policy.engine import PolicyEngine
from policy.finding.thesaurus import DATA
from policy.reading import bundled_notice

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"
NOISE = ((0.0, 1), (0.1, 1), (0.24, 1), (0.24, 4), (0.4, 1))
PHRASINGS = "silence_fit"
LEAST = 3
"""Questions that must hold a syllable group before it gets a weight."""
SMALLEST = 0.03
"""Weights nearer to 0 are dropped."""


@dataclass(frozen=True)
class Row:
    features: Features
    silent: bool
    share: float
    question: str


def rows_of(name: str) -> list[Row]:
    """What the model weighs in every question of a set that reaches it."""
    return _weighed(_items(name))


def _items(name: str) -> list[dict[str, Any]]:
    if name != PHRASINGS:
        lines = (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]
    data = yaml.safe_load((QUESTIONS / f"{name}.yml").read_text(encoding="utf-8"))
    source = random.Random(1)
    whole = [
        {"question": question, "answerable": answerable}
        for answerable, key in ((False, "untold"), (True, "told"))
        for question in data[key]
    ]
    return whole + [
        {"question": phrasing.format(topic), "answerable": answerable}
        for answerable, key, times in ((False, "silent", 3), (True, "answerable", 8))
        for phrasing in data[key]
        for topic in source.sample(data["topics"], times)
    ]


def _weighed(items: list[dict[str, Any]]) -> list[Row]:
    notice = bundled_notice()
    engine = PolicyEngine([notice], today=notice.issued or date(2025, 11, 24))
    weigh, seen = Gaps.weighed, []

    def recorded(self: Gaps, *arguments: object) -> Features:
        found = weigh(self, *arguments)  # type: ignore[arg-type]
        seen.append(found)
        return found

    never = SilenceModel(0.0, {}, 2.0, 0.0)
    rows = []
    with (
        mock.patch.object(Gaps, "weighed", recorded),
        mock.patch.object(Gaps, "silence_model", staticmethod(lambda: never)),
    ):
        for item in items:
            topic = engine.ask(item["topic"]).topic if item.get("topic") else None
            for share, seed in NOISE:
                text = misheard(item["question"], share, seed=seed) if share else item["question"]
                seen.clear()
                engine.ask(text, topic=topic)
                # Of an unanswerable message, the last part is the one that cannot be answered.
                told = seen if item["answerable"] else seen[-1:]
                rows += [Row(f, not item["answerable"], share, text) for f in told]
    return rows


def fit(rows: list[Row], strength: float) -> tuple[DictVectorizer, LogisticRegression]:
    counts = Counter(n for r in rows if not r.share for n in r.features)
    kept = [
        {n: v for n, v in r.features.items() if not n.startswith("said:") or counts[n] >= LEAST}
        for r in rows
    ]
    vectors = DictVectorizer()
    table = vectors.fit_transform(kept)
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")
    model.fit(table, [r.silent for r in rows])
    return vectors, model


def checked(vectors: DictVectorizer, model: LogisticRegression, rows: list[Row]) -> str:
    out = []
    chances = model.predict_proba(vectors.transform([r.features for r in rows]))[:, 1]
    silent = np.array([r.silent for r in rows])
    for share in sorted({s for s, _ in NOISE}):
        at = np.array([r.share == share for r in rows])
        for sure in (0.4, 0.5, 0.6):
            caught = (chances[at & silent] >= sure).mean()
            alarms = (chances[at & ~silent] >= sure).mean()
            out.append(f"  noise {share:.0%} from {sure}: caught {caught:.1%}, false {alarms:.1%}")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default="policy_dev,policy_dev2,policy_dev3,silence_fit")
    parser.add_argument("--strength", type=float, default=0.1)
    parser.add_argument("--sure", type=float, default=0.5)
    parser.add_argument("--doubtful", type=float, default=0.3)
    options = parser.parse_args()
    sets = {name: rows_of(name) for name in options.sets.split(",")}
    for held in (name for name in sets if name != PHRASINGS):
        others = [r for name, rows in sets.items() if name != held for r in rows]
        print(f"{held}, fitted on the others:")
        print(checked(*fit(others, options.strength), sets[held]))
    vectors, model = fit([r for rows in sets.values() for r in rows], options.strength)
    weights = {
        name: round(float(w), 3)
        for name, w in sorted(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
        if abs(w) >= SMALLEST
    }
    data = {
        "sure": options.sure,
        "doubtful": options.doubtful,
        "intercept": round(float(model.intercept_[0]), 3),
        "weights": weights,
    }
    head = "# Weights of policy/answering/silence.py. Written by bench/answers/fit_silence.py.\n"
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    (DATA / "silence.yml").write_text(head + text, encoding="utf-8")
    print(len(weights), "weights written")


if __name__ == "__main__":
    main()
