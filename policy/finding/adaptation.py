"""The sentence encoder turned from likeness towards what answers what.

An encoder puts sentences near each other that say the same; a question and its answer do not. A
linear map of its space, learnt from questions with the sentences that answer them, closes that
gap. It is data (policy/data/meaning.npz), fitted by `python -m bench.answers.fit_finding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from policy.finding.encoder import Vectors
from policy.finding.thesaurus import DATA


@dataclass(frozen=True)
class Adaptation:
    """What is added to the identity, as a product of two thin matrices: `left` @ `right`."""

    left: Vectors
    """Dimensions of the encoder × rank."""
    right: Vectors
    """Rank × dimensions of the encoder."""

    def turned(self, passages: Vectors) -> Vectors:
        """Passage vectors (one a row) so that a question's own vector is near what answers it."""
        if passages.shape[1] != self.left.shape[0]:
            return passages
        turned: Vectors = passages + (passages @ self.right.T) @ self.left.T
        return turned


@lru_cache(maxsize=1)
def load_adaptation() -> Adaptation:
    with np.load(DATA / "meaning.npz") as data:
        return Adaptation(data["left"].astype(np.float32), data["right"].astype(np.float32))
