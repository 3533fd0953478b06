"""`python -m bench.answers.fit_silence`: fits the weights of policy/data/silence.json.

Fits on the development and training sets, clean and misheard, and on phrasings written for it;
once with the sentence encoder and once by words alone. With `--check` it first asks each set with
weights fitted without that set, and writes what that gives to var/bench/answers_held_out.json.
Never reads a test set.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from unittest import mock

import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.answers.homophones import misheard
from bench.answers.measuring import DEVELOPMENT, QUESTIONS, TRAINING, items_of, measure
from bench.record import write_result
from policy.answering.gaps import Gaps
from policy.answering.logistic import Features
from policy.answering.silence import SilenceModel, SilenceModels
from policy.engine import PolicyEngine
from policy.finding.encoder import installed_encoder
from policy.finding.thesaurus import DATA
from policy.reading import bundled_notice

NOISE = ((0.0, 1), (0.1, 1), (0.24, 1), (0.24, 4), (0.4, 1))
PHRASINGS = "silence_fit"
WORDS = ("said:", "rest:")
LEAST = 3
"""Questions that must hold a run of syllables before it gets a weight."""
SMALLEST = 0.02
"""Weights nearer to 0 are dropped."""


@dataclass(frozen=True)
class Row:
    features: Features
    silent: bool
    share: float


def rows_of(name: str, *, meant: bool) -> list[Row]:
    """What the model weighs in every question of a set that reaches it.

    `meant`: with the sentence encoder.
    """
    return _weighed(_phrasings() if name == PHRASINGS else items_of(name), _engine(meant=meant))


def _phrasings() -> list[dict[str, Any]]:
    data = yaml.safe_load((QUESTIONS / f"{PHRASINGS}.yml").read_text(encoding="utf-8"))
    source = random.Random(1)
    found = [(q, told) for told, key in ((False, "untold"), (True, "told")) for q in data[key]]
    for told, key, times in ((False, "silent", 3), (True, "answerable", 8)):
        for phrasing in data[key]:
            found += [(phrasing.format(t), told) for t in source.sample(data["topics"], times)]
    for group in data["by_clause"].values():
        for told, key in ((True, "told"), (False, "untold")):
            for question in group[key]:
                framed = source.choice(data["frames"]).format(question)
                found += [(q, told) for q in dict.fromkeys((question, framed))]
    return [{"question": question, "answerable": told} for question, told in found]


@contextmanager
def using(model: SilenceModel) -> Iterator[None]:
    """Answers are given with this model of silence."""
    both = SilenceModels(model, model)
    with mock.patch.object(Gaps, "silence_models", staticmethod(lambda: both)):
        yield


def _weighed(items: Sequence[dict[str, Any]], engine: PolicyEngine) -> list[Row]:
    seen: list[Features] = []
    rows: list[Row] = []
    weigh = Gaps.weighed

    def recorded(self: Gaps, *arguments: object) -> Features:
        found = weigh(self, *arguments)  # type: ignore[arg-type]
        seen.append(found)
        return found

    never = SilenceModel(0.0, {}, 2.0, 0.0)
    with mock.patch.object(Gaps, "weighed", recorded), using(never):
        for item in items:
            topic = engine.ask(item["topic"]).topic if item.get("topic") else None
            for share, seed in NOISE:
                text = misheard(item["question"], share, seed=seed) if share else item["question"]
                seen.clear()
                engine.ask(text, topic=topic)
                # Of an unanswerable message, the last part is the one that cannot be answered.
                told = seen if item["answerable"] else seen[-1:]
                rows += [Row(f, not item["answerable"], share) for f in told]
    return rows


def _engine(*, meant: bool) -> PolicyEngine:
    notice = bundled_notice()
    day = notice.issued or date(2025, 11, 24)
    return PolicyEngine([notice], today=day, encoder=installed_encoder() if meant else None)


def fit(rows: Sequence[Row], strength: float, sure: float, doubtful: float) -> SilenceModel:
    counts = Counter(n for r in rows if not r.share for n in r.features)
    kept = [
        {n: v for n, v in r.features.items() if not n.startswith(WORDS) or counts[n] >= LEAST}
        for r in rows
    ]
    vectors = DictVectorizer()
    table = vectors.fit_transform(kept)
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")
    model.fit(table, [r.silent for r in rows])
    weights = {
        name: round(float(w), 3)
        for name, w in sorted(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
        if abs(w) >= SMALLEST
    }
    return SilenceModel(round(float(model.intercept_[0]), 3), weights, sure, doubtful)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join((*DEVELOPMENT, TRAINING)))
    parser.add_argument("--strength", type=float, default=0.03)
    parser.add_argument("--sure", type=float, default=0.5)
    parser.add_argument("--doubtful", type=float, default=0.4)
    parser.add_argument("--check", action="store_true", help="first try each set left out")
    options = parser.parse_args()
    how = (options.strength, options.sure, options.doubtful)
    names = options.sets.split(",")
    sets = {name: rows_of(name, meant=True) for name in (*names, PHRASINGS)}
    held_out: dict[str, Any] = {}
    for name in names if options.check else []:
        model = fit([r for other, rows in sets.items() if other != name for r in rows], *how)
        engine = _engine(meant=True)
        with using(model):
            held_out[name] = {
                f"{share:.0%}": measure(
                    lambda q, t, e=engine: e.ask(q, topic=t),  # type: ignore[misc]
                    items_of(name),
                    share,
                    bundled_notice(),
                )
                for share in (0.0, 0.24)
            }
        print(name, json.dumps(held_out[name]), flush=True)
    if held_out:
        write_result("answers_held_out", {"sets": held_out})
    models = {"meant": fit([r for rows in sets.values() for r in rows], *how)}
    plain = [r for name in sets for r in rows_of(name, meant=False)]
    models["plain"] = fit(plain, *how)
    text = json.dumps({k: asdict(m) for k, m in models.items()}, ensure_ascii=False, indent=0)
    (DATA / "silence.json").write_text(text + "\n", encoding="utf-8")
    print({name: len(model.weights) for name, model in models.items()}, "weights written")


if __name__ == "__main__":
    main()
