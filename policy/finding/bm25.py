"""BM25 over any tokens, its weights worked out once, a query a sum of sparse columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


class Bm25:
    """Okapi BM25 of `documents` (token counts; a count may be a fraction)."""

    def __init__(
        self, documents: Sequence[Mapping[str, float]], *, k1: float = 1.2, b: float = 0.5
    ) -> None:
        self.size = len(documents)
        lengths = np.array([sum(d.values()) for d in documents], np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        norm = k1 * (1 - b + b * lengths / max(mean, 1e-6))
        vocabulary: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        counts: list[float] = []
        for row, document in enumerate(documents):
            for token, count in document.items():
                rows.append(row)
                columns.append(vocabulary.setdefault(token, len(vocabulary)))
                counts.append(count)
        column = np.array(columns, np.int64)
        order = np.argsort(column, kind="stable")
        row_of = np.array(rows, np.int64)[order]
        tf = np.array(counts, np.float32)[order]
        frequency = np.bincount(column, minlength=len(vocabulary)).astype(np.float32)
        self._idf = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5))
        weight = tf * (k1 + 1) / (tf + norm[row_of]) if len(tf) else tf
        self._weights = weight * self._idf[column[order]] if len(tf) else tf
        self._rows = row_of
        self._starts = np.concatenate([[0], np.cumsum(frequency.astype(np.int64))])
        self._vocabulary = vocabulary

    def idf(self, token: str) -> float:
        """How much a token tells; that of a token in no document is the highest there is."""
        column = self._vocabulary.get(token)
        if column is None:
            return float(np.log1p((self.size + 0.5) / 0.5))
        return float(self._idf[column])

    def frequency(self, token: str) -> int:
        """Documents that hold the token."""
        column = self._vocabulary.get(token)
        return 0 if column is None else int(self._starts[column + 1] - self._starts[column])

    def __contains__(self, token: object) -> bool:
        return token in self._vocabulary

    def scores(self, query: Mapping[str, float] | Counter[str]) -> Scores:
        """One score per document, at least 0."""
        rows, weights = [], []
        for token, count in query.items():
            column = self._vocabulary.get(token)
            if column is None:
                continue
            span = slice(self._starts[column], self._starts[column + 1])
            rows.append(self._rows[span])
            weights.append(self._weights[span] * count)
        if not rows:
            return np.zeros(self.size, np.float32)
        return np.bincount(
            np.concatenate(rows), weights=np.concatenate(weights), minlength=self.size
        ).astype(np.float32)
