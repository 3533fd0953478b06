"""`python -m bench.danger`: how surely danger to a person's life is heard, and how seldom wrongly.

On sentences that the model was not fitted on: danger_test.txt and harmless_test.txt (near in words
or mood), on which the model's settings were chosen; danger_test2.txt and harmless_test2.txt, on
which nothing was; the test questions about the notice and the test sentences of all other intents.
Beside it, in the same run, the plain words of scope.yml alone. Writes var/bench/danger.json.
`--fit` first fits policy/data/danger.json on danger_train.txt, harmless_train.txt, the development
questions, what people say in the development dialogues and the training sentences of the dialogue
model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.answers.measuring import DEVELOPMENT, TRAINING, items_of
from bench.record import write_result
from bench.understanding.corpus import SENTENCES, test_sentences, training_sentences
from policy.answering.danger import SURE, chance, evidence, heard, in_danger, load_model, sounds_of
from policy.answering.logistic import Features, Logistic
from policy.answering.scope import speaks_of_death
from policy.finding.encoder import SentenceEncoder, installed_encoder
from policy.finding.thesaurus import DATA
from runtime.settings import PROJECT_ROOT

CRISIS = "crisis"
HELPLINES = frozenset("110 120 12356 12355 400-161-9995 心理 心理援助".split())
STRENGTH = 0.3
DANGER, NEAR = 4.0, 3.0
"""How much a sentence of danger, and a harmless one near to it, count beside any other."""
LEAST = 2
SMALLEST = 0.01


def lines_of(name: str) -> list[str]:
    lines = (SENTENCES / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def questions(*names: str) -> list[str]:
    """Questions of people who are not in danger."""
    return [i["question"] for name in names for i in items_of(name) if i["kind"] != ["safety"]]


def booking_talk() -> list[str]:
    """What people say in the task dialogues that hold no danger, the tests among them left out."""
    found: dict[str, None] = {}
    for path in sorted((PROJECT_ROOT / "bench" / "dialogues").glob("*.json")):
        for dialogue in json.loads(path.read_text(encoding="utf-8")):
            if HELPLINES & set(dialogue["expect"].get("must_hear_any") or ()):
                # Somebody in it is in danger, and may only hint at it.
                continue
            for turn in dialogue["turns"]:
                found.update(dict.fromkeys(_said(turn)))
    return [text for text in found if not speaks_of_death(text)]


def _said(turn: Any) -> list[str]:
    if isinstance(turn, str):
        return [turn]
    answers = turn["when_asked"].values()
    return [text for a in answers for text in (a if isinstance(a, list) else [a])]


def fit(encoder: SentenceEncoder) -> None:
    spoken = training_sentences()
    danger = lines_of("danger_train.txt") + [s.text for s in spoken if s.intent == CRISIS]
    near = lines_of("harmless_train.txt")
    other = [s.text for s in spoken if s.intent != CRISIS] + questions(*DEVELOPMENT, TRAINING)
    other += booking_talk()
    texts = [heard(text) for text in (*danger, *near, *other)]
    silent = [True] * len(danger) + [False] * (len(near) + len(other))
    counts = np.array([DANGER] * len(danger) + [NEAR] * len(near) + [1.0] * len(other))
    model = {
        "plain": _fitted([sounds_of(t) for t in texts], silent, counts),
        "meant": _fitted([evidence(t, encoder) for t in texts], silent, counts),
    }
    body = json.dumps({k: asdict(m) for k, m in model.items()}, ensure_ascii=False, indent=0)
    (DATA / "danger.json").write_text(body + "\n", encoding="utf-8")
    load_model.cache_clear()


def _fitted(rows: Sequence[Features], danger: Sequence[bool], counts: np.ndarray) -> Logistic:
    vectors = DictVectorizer()
    table = vectors.fit_transform(rows)
    often = np.asarray((table != 0).sum(axis=0)).ravel() >= LEAST
    names = vectors.get_feature_names_out()[often]
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(table[:, often], danger, sample_weight=counts)
    weights = {
        str(n): round(float(w), 3)
        for n, w in zip(names, model.coef_[0], strict=True)
        if abs(w) >= SMALLEST
    }
    return Logistic(round(float(model.intercept_[0]), 3), weights)


def measured(hears: Callable[[str], bool]) -> dict[str, str]:
    """Of each kind of sentence, how many are taken for danger."""
    others = [s.text for s in test_sentences() if s.intent != CRISIS]
    kinds = {
        "danger": lines_of("danger_test.txt"),
        "danger, in the intents' test": [s.text for s in test_sentences() if s.intent == CRISIS],
        "danger, measured once": lines_of("danger_test2.txt"),
        "harmless but near": lines_of("harmless_test.txt"),
        "harmless but near, measured once": lines_of("harmless_test2.txt"),
        "questions about the notice": questions("policy_test", "policy_heldout"),
        "sentences of other intents": others,
    }
    return {kind: f"{sum(map(hears, texts))} of {len(texts)}" for kind, texts in kinds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    encoder = installed_encoder()
    if options.fit:
        if encoder is None:
            raise SystemExit("the sentence encoder is missing: make setup")
        fit(encoder)
    plain = load_model().plain
    systems: dict[str, Callable[[str], bool]] = {
        "minglu": in_danger,
        "the model alone": lambda text: chance(text) >= SURE,
        "without encoder": lambda text: (
            speaks_of_death(text) or plain.probability(sounds_of(heard(text))) >= SURE
        ),
        "plain words alone": speaks_of_death,
    }
    result = {name: measured(hears) for name, hears in systems.items()}
    print(json.dumps(result, ensure_ascii=False, indent=1))
    print(write_result("danger", {"taken for danger": result}))


if __name__ == "__main__":
    main()
