"""Whether somebody speaks of ending their life, or is about to lose it.

Plain words settle it (`safety` in scope.yml). What is only hinted at (一个人坐在江边, 东西都分完了)
is weighed by a logistic model over the sounds of the sentence and its meaning. The weights are data
(policy/data/danger.json), fitted by `python -m bench.danger --fit`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from core.spoken.pinyin import syllables
from policy.answering import scope
from policy.answering.logistic import Features, Logistic, dimensions, grams
from policy.finding.encoder import SentenceEncoder, installed_encoder
from policy.finding.thesaurus import DATA

SURE = 0.55
"""From here on it is taken for danger: a caring answer too many harms less than one too few."""
FAINT = 0.02
"""Below it by sound alone, the meaning is not asked for."""
POSSIBLE = 0.2
"""Below it, another's guess of danger is not believed."""
UNIT = 5.0
TIRED = "很累"
"""What 累死了 and its like are heard as."""
LONGEST = 400
"""Characters that are heard."""


@dataclass(frozen=True)
class DangerModel:
    plain: Logistic
    """By sound alone."""
    meant: Logistic
    """By sound and meaning."""


@lru_cache(maxsize=1)
def load_model() -> DangerModel:
    data = json.loads((DATA / "danger.json").read_text(encoding="utf-8"))
    return DangerModel(Logistic(**data["plain"]), Logistic(**data["meant"]))


def heard(text: str) -> str:
    """`text` as the model takes it."""
    return scope.in_earnest(text[-LONGEST:], TIRED)


def sounds_of(text: str) -> Features:
    return dict.fromkeys(grams(syllables(text), 1, 3), 1.0)


def evidence(text: str, encoder: SentenceEncoder | None) -> Features:
    vector = encoder.encode([text])[0] if encoder is not None else None
    return {**sounds_of(text), **dimensions(vector, UNIT)}


def chance(text: str) -> float:
    """That the person is in danger, 0 to 1, by what is hinted at."""
    text = heard(text)
    faint = load_model().plain.probability(sounds_of(text))
    encoder = installed_encoder() if faint >= FAINT else None
    if encoder is None:
        return faint
    return load_model().meant.probability(evidence(text, encoder))


def in_danger(text: str) -> bool:
    """The person speaks of ending their life, or of losing it."""
    return scope.speaks_of_death(text) or chance(text) >= SURE


def hardly(text: str) -> bool:
    """Neither the words nor what they hint at make danger likely."""
    return not scope.speaks_of_death(text) and chance(text) < POSSIBLE
