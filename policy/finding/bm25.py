"""BM25 over a sparse matrix of tokens, its weights worked out once, a query a sum of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

COMMON_SHARE = 8
"""A token in every eighth document or more is kept as a whole row: adding rows is faster."""


class Bm25:
    """Okapi BM25 of `counts`, one row per document, one column per token.

    A count may be a fraction. `vocabulary` gives the column of each token.
    """

    def __init__(
        self,
        counts: csr_matrix,
        vocabulary: Mapping[str, int],
        *,
        k1: float = 1.2,
        b: float = 0.5,
    ) -> None:
        self.size = int(counts.shape[0])
        lengths = np.asarray(counts.sum(axis=1), np.float32).ravel()
        mean = float(lengths.mean()) if self.size else 1.0
        norm = (k1 * (1 - b + b * lengths / max(mean, 1e-6))).astype(np.float32)
        columns = counts.tocsc()
        self._starts: Ints = columns.indptr.astype(np.int64)
        self._rows = columns.indices.astype(np.int32)
        frequency = np.diff(self._starts).astype(np.float32)
        self._idf = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5))
        tf = columns.data.astype(np.float32)
        tf = tf * np.float32(k1 + 1) / (tf + norm[self._rows])
        self._weights = tf * np.repeat(self._idf, np.diff(self._starts))
        self._vocabulary = vocabulary
        self._whole: dict[int, Scores] = {}

    @classmethod
    def of(
        cls, documents: Sequence[Mapping[str, float]], *, k1: float = 1.2, b: float = 0.5
    ) -> Bm25:
        """Of documents given as counts of tokens."""
        vocabulary: dict[str, int] = {}
        rows = [row for row, document in enumerate(documents) for _ in document]
        columns = [vocabulary.setdefault(t, len(vocabulary)) for d in documents for t in d]
        counts = [float(count) for document in documents for count in document.values()]
        shape = (len(documents), len(vocabulary))
        matrix = coo_matrix((np.array(counts, np.float32), (rows, columns)), shape=shape)
        return cls(matrix.tocsr(), vocabulary, k1=k1, b=b)

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

    def scores(self, query: Mapping[str, float]) -> Scores:
        """One score per document, at least 0."""
        total = np.zeros(self.size, np.float32)
        rows, weights = [], []
        for token, count in query.items():
            column = self._vocabulary.get(token)
            if column is None:
                continue
            if self.frequency(token) * COMMON_SHARE >= self.size:
                total += self._row(column) * np.float32(count)
                continue
            span = slice(self._starts[column], self._starts[column + 1])
            rows.append(self._rows[span])
            weights.append(self._weights[span] * np.float32(count))
        if rows:
            places, values = np.concatenate(rows), np.concatenate(weights)
            total += np.bincount(places, values, minlength=self.size).astype(np.float32)
        return total

    def _row(self, column: int) -> Scores:
        row = self._whole.get(column)
        if row is None:
            span = slice(self._starts[column], self._starts[column + 1])
            row = np.zeros(self.size, np.float32)
            row[self._rows[span]] = self._weights[span]
            self._whole[column] = row
        return row
