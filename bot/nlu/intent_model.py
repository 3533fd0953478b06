"""The intent model without Rasa: n-grams and what was marked in the text, then an encoder.

The score of an intent is a linear SVM's margin over characters, folded pinyin and a sentence
embedding, plus a share of the log-probability that a logistic regression gives it on the embedding
alone. N-grams see the text as it was heard, since folded pinyin survives homophones; the encoder,
which does not, sees it corrected.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.nlu.ngrams import NgramVectoriser
from policy.finding.encoder import SentenceEncoder

OUT_OF_SCOPE = "out_of_scope"
"""What the names of intents outside of the assistant's work begin with."""


@dataclass(frozen=True)
class Sample:
    """One text as the model sees it."""

    text: str
    marks: tuple[str, ...] = ()
    """Kinds of things that rules found in it: date, phone, only_phone (nothing else), …"""
    corrected: str = ""
    """The text for the encoder where it differs: a recogniser's homophones mended."""


@dataclass(frozen=True)
class Tuning:
    """Chosen on the development sentences; see docs/understanding.md."""

    characters: int = 3
    """Longest n-gram of characters."""
    pinyin: int = 3
    """Longest n-gram of folded syllables."""
    svm_c: float = 1.0
    mark_weight: float = 0.5
    """How much a mark counts beside a whole block of n-grams, which has length 1."""
    regression_c: float = 10.0
    encoder_weight: float = 1.0
    """Length of the sentence embedding beside a block of n-grams in the margin."""
    encoder_share: float = 0.1
    """How much the log-probability of the regression on the embedding adds to the margin."""
    temperature: float = 0.35
    """Turns scores into confidences; small is sure of itself."""


@dataclass(frozen=True)
class _Linear:
    """Weights (features × intents) and biases of a trained linear classifier."""

    weights: np.ndarray
    bias: np.ndarray


class IntentModel:
    """Scores every intent for one text in a few milliseconds. Made by `train` or `load`."""

    def __init__(
        self,
        intents: Sequence[str],
        tuning: Tuning,
        vectoriser: NgramVectoriser,
        marks: Sequence[str],
        margin: _Linear,
        regression: _Linear | None,
        encoder: SentenceEncoder | None,
    ) -> None:
        self.intents = tuple(intents)
        self.tuning = tuning
        self._vectoriser = vectoriser
        self._marks = {mark: number for number, mark in enumerate(marks)}
        self._margin = margin
        self._regression = regression
        self._encoder = encoder

    @classmethod
    def train(
        cls,
        samples: Sequence[Sample],
        labels: Sequence[str],
        encoder: SentenceEncoder | None,
        tuning: Tuning | None = None,
    ) -> IntentModel:
        """Same samples, same model: nothing in it is drawn at random."""
        tuning = tuning or Tuning()
        vectoriser = NgramVectoriser.fit(
            [s.text for s in samples], tuning.characters, tuning.pinyin
        )
        marks = sorted({mark for sample in samples for mark in sample.marks})
        intents = sorted(set(labels))
        untrained = _Linear(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        model = cls(intents, tuning, vectoriser, marks, untrained, None, encoder)
        rows = None
        if encoder is not None:
            rows = encoder.encode([s.corrected or s.text for s in samples])
        model._margin = model._train_margin(samples, labels, rows)
        if rows is not None:
            model._regression = _train_regression(rows, labels, tuning.regression_c)
        return model

    def scores(self, sample: Sample) -> np.ndarray:
        """One score per intent, in the order of `intents`; more is likelier."""
        columns, values = self._row(sample)
        scores = values @ self._margin.weights[columns] + self._margin.bias
        if self._encoder is not None and self._regression is not None:
            row = self._encoder.encode([sample.corrected or sample.text])[0]
            embedded = self._margin.weights[-len(row) :]
            scores = scores + self.tuning.encoder_weight * row @ embedded
            logits = row @ self._regression.weights + self._regression.bias
            scores = scores + self.tuning.encoder_share * _log_softmax(logits)
        result: np.ndarray = scores
        return result

    def confidences(self, scores: np.ndarray) -> np.ndarray:
        """Probabilities that sum to 1, in the order of `intents`."""
        probabilities: np.ndarray = np.exp(_log_softmax(scores / self.tuning.temperature))
        return probabilities

    def scope_score(self, scores: np.ndarray) -> float:
        """How surely the text is this assistant's business: 1 surely is, below 0 is not.

        It is the lead of the best in-scope intent over the best one outside.
        """
        outside = np.array([intent.startswith(OUT_OF_SCOPE) for intent in self.intents])
        if not outside.any():
            return 1.0
        return float(scores[~outside].max() - scores[outside].max())

    def save(self, folder: Path) -> None:
        """JSON and plain arrays: loading them runs no code."""
        described = {
            "intents": list(self.intents),
            "marks": list(self._marks),
            "tuning": self.tuning.__dict__,
            "grams": list(self._vectoriser.index),
        }
        text = json.dumps(described, ensure_ascii=False)
        (folder / "intents.json").write_text(text, encoding="utf-8")
        arrays = {
            "idf": self._vectoriser.idf,
            "margin_weights": self._margin.weights,
            "margin_bias": self._margin.bias,
        }
        if self._regression is not None:
            arrays["regression_weights"] = self._regression.weights
            arrays["regression_bias"] = self._regression.bias
        np.savez(folder / "intents.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, encoder: SentenceEncoder | None) -> IntentModel:
        """The inverse of `save`. Without an encoder the margin alone decides."""
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        tuning = replace(Tuning(), **described["tuning"])
        with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
            index = {gram: number for number, gram in enumerate(described["grams"])}
            vectoriser = NgramVectoriser(tuning.characters, tuning.pinyin, index, arrays["idf"])
            margin = _Linear(arrays["margin_weights"], arrays["margin_bias"])
            regression = None
            if "regression_weights" in arrays.files:
                regression = _Linear(arrays["regression_weights"], arrays["regression_bias"])
        intents, marks = described["intents"], described["marks"]
        return cls(intents, tuning, vectoriser, marks, margin, regression, encoder)

    def _row(self, sample: Sample) -> tuple[np.ndarray, np.ndarray]:
        columns, values = self._vectoriser.row(sample.text)
        offset = len(self._vectoriser.index)
        known = [offset + self._marks[mark] for mark in sample.marks if mark in self._marks]
        weights = np.full(len(known), self.tuning.mark_weight, np.float32)
        return (
            np.concatenate([columns, np.array(known, np.int64)]),
            np.concatenate([values, weights]),
        )

    def _train_margin(
        self, samples: Sequence[Sample], labels: Sequence[str], embedded: np.ndarray | None
    ) -> _Linear:
        from sklearn.svm import LinearSVC

        rows = [self._row(sample) for sample in samples]
        ends = np.cumsum([0] + [len(columns) for columns, _ in rows])
        matrix = csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([columns for columns, _ in rows]),
                ends,
            ),
            shape=(len(rows), len(self._vectoriser.index) + len(self._marks)),
        )
        if embedded is not None:
            matrix = hstack([matrix, csr_matrix(self.tuning.encoder_weight * embedded)]).tocsr()
        trained = LinearSVC(C=self.tuning.svm_c, random_state=0).fit(matrix, labels)
        return _linear(trained)


def _train_regression(rows: np.ndarray, labels: Sequence[str], c: float) -> _Linear:
    from sklearn.linear_model import LogisticRegression

    # A tolerance this loose changes no ranking and trains in a third of the time.
    return _linear(LogisticRegression(C=c, max_iter=200, tol=1e-3).fit(rows, labels))


def _linear(trained: object) -> _Linear:
    """Two intents train one row: its mirror image is the other's."""
    weights = np.asarray(trained.coef_, np.float32)  # type: ignore[attr-defined]
    bias = np.asarray(trained.intercept_, np.float32)  # type: ignore[attr-defined]
    if len(weights) == 1:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return _Linear(np.ascontiguousarray(weights.T), bias)


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max()
    result: np.ndarray = shifted - np.log(np.exp(shifted).sum())
    return result
