"""One sentence through the encoder's network, without working out anew what depends on one token.

The package's own pass is made for many sentences at once. Of a short one it spends four fifths on
layers that see each token by itself (its embedding's projection, and each slot of the first
convolution): those are kept here by token, for Mandarin questions are made of few. The weights and
the result are the package's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

TOKENS_KEPT = 1_500
"""About 13 kB each."""
_ORDERS = ((2, 0), (3, 1), (5, 2))
"""Each branch's n-gram, and how many tokens of it stand before the token itself."""
_WIDTH = 256
_EMBEDDING = 512
_FEW = 10


class SentencePass:
    """Made of the package's loaded backend. Safe from several threads."""

    def __init__(self, backend: Any) -> None:
        self._b = backend
        self._slots = sum(order for order, _ in _ORDERS)
        self._token = lru_cache(maxsize=TOKENS_KEPT)(self._worked_out)

    def __call__(self, text: str) -> Floats:
        """512 columns, as the package's own `encode` of the text."""
        ids = self._b.sp.encode(text, out_type=int, add_bos=True, add_eos=True)
        kept = [self._token(token) for token in ids]
        features = np.empty((len(ids), self._b._feat_dim), np.float32)
        features[:, :_EMBEDDING] = [embedding for embedding, _, _ in kept]
        projected = np.stack([row for _, row, _ in kept])
        slots = np.stack([each for _, _, each in kept])
        first = 0
        for branch, (order, before) in enumerate(_ORDERS):
            columns = slice(branch * _WIDTH, (branch + 1) * _WIDTH)
            hidden = _summed(slots[:, first : first + order], before) + self._b.b1[branch]
            np.maximum(hidden, 0, out=hidden)
            hidden += projected[:, columns]
            out = _product(_windows(hidden, order, before), self._b.w2[branch])
            out += self._b.b2[branch]
            np.maximum(out, 0, out=out)
            out += hidden
            start = _EMBEDDING + branch * _WIDTH
            features[:, start : start + _WIDTH] = out
            first += order
        return self._of_sentence(features)

    def _worked_out(self, token: int) -> tuple[Floats, Floats, Floats]:
        """A token's embedding, its projection, and its share in each slot of each branch."""
        b = self._b
        chunk = token % len(b.scale)
        embedding = b.table[token].astype(np.float32) * b.scale[chunk] + b.lo[chunk]
        row = embedding @ b.proj_W + b.proj_b
        row = _normalised(row[None], b.ln_g_all, b.ln_b_all, b.eps)[0]
        slots = np.empty((self._slots, _WIDTH), np.float32)
        slot = 0
        for branch, (order, _) in enumerate(_ORDERS):
            mine = row[branch * _WIDTH : (branch + 1) * _WIDTH]
            for at in range(order):
                slots[slot] = mine @ b.w1[branch][at * _WIDTH : (at + 1) * _WIDTH]
                slot += 1
        return embedding.astype(np.float32), row, slots

    def _of_sentence(self, features: Floats) -> Floats:
        b, length = self._b, np.float32(len(features))
        summed = _normalised(features, b.ln_g, b.ln_b, b.eps).sum(axis=0)
        mean = (summed @ b.cnn_W + length * b.cnn_b) / np.sqrt(length)
        y1 = np.maximum(mean @ b.p1 + np.maximum(mean @ b.d0, 0) @ b.d1, 0)
        z = np.tanh(y1 @ b.p3 + np.maximum(y1 @ b.d2, 0) @ b.d3)
        unit: Floats = z / np.sqrt(np.maximum(z @ z, np.float32(b.eps)))
        return unit.astype(np.float32)


def _summed(slots: Floats, before: int) -> Floats:
    """Each token's sum over the n-gram around it; beyond the sentence there is nothing."""
    tokens, order = slots.shape[:2]
    total: Floats = slots[:, before].copy()
    for at in range(order):
        shift = at - before
        if shift < 0:
            total[-shift:] += slots[:shift, at]
        elif 0 < shift < tokens:
            total[:-shift] += slots[shift:, at]
    return total


def _windows(hidden: Floats, order: int, before: int) -> Floats:
    """Each token's n-gram side by side, zeros beyond the sentence."""
    tokens, width = hidden.shape
    padded = np.zeros((tokens + order - 1, width), np.float32)
    padded[before : before + tokens] = hidden
    size = hidden.itemsize
    seen = np.lib.stride_tricks.as_strided(
        padded, (tokens, order * width), (width * size, size), writeable=False
    )
    return np.ascontiguousarray(seen)


def _product(rows: Floats, weights: Floats) -> Floats:
    """rows @ weights. BLAS copies all weights first, which for few rows takes longer than each row
    by itself, and the other way round takes a third less time."""
    if len(rows) <= _FEW:
        return np.stack([row @ weights for row in rows])
    product: Floats = (weights.T @ rows.T).T
    return product


def _normalised(rows: Floats, gamma: Floats, beta: Floats, eps: float) -> Floats:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", centred, centred) / rows.shape[-1]
    scaled: Floats = centred * np.reciprocal(np.sqrt(spread + np.float32(eps)))[:, None]
    scaled *= gamma
    scaled += beta
    return scaled
