"""Whether the passage found holds what was asked: evidence weighed, not a list of phrasings.

A logistic model over what the question asks, what of it the passage covers, and how surely the
passage was found. Everything is heard in folded syllables, so misheard characters change little.
The weights are data (policy/data/silence.json), fitted by `python -m bench.answers.fit_silence`.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import jieba

from core.spoken.pinyin import HAN, syllables
from policy.answering.logistic import Features, Logistic, dimensions, grams
from policy.answering.questions import Question, load_cues
from policy.finding.index import Floats
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard
from policy.finding.thesaurus import DATA
from policy.finding.words import common_words, words

_DIGIT = re.compile(r"\d")
_MONEY = re.compile(r"[0-9百千万]\s*元")
_COUNTED = re.compile(r"\d|[一二三四五六七八九十][次个名家项]")
_UNIT = 10.0
"""What a sentence encoder's vector, of unit length, is scaled by to count beside flags."""
_RARE = 12.0
"""Information (nats) of a word that counts in full."""


@dataclass(frozen=True)
class Found:
    """What a search brought, as the model sees it."""

    best: Passage
    clause_sounds: str
    """Folded syllables of the clause and the everyday words that lead to it."""
    evidence: float
    margin: float
    """How far the best passage is ahead of the best one of another clause."""
    missing: Sequence[str]
    """Aspects asked for whose evidence the passage does not hold."""
    likeness: float = 0.0
    """How near the sentence encoder finds question and passage."""
    vector: Floats | None = None
    """The encoder's vector of the question; None where there is no encoder."""
    offices: bool = False
    """The list of departments suits the question best."""


@dataclass(frozen=True)
class SilenceModel(Logistic):
    """That the notice leaves out what was asked: from `sure` on it does, below `doubtful` never."""

    sure: float
    doubtful: float


@dataclass(frozen=True)
class SilenceModels:
    """One for questions that a sentence encoder has looked at, one for those by words alone."""

    meant: SilenceModel
    plain: SilenceModel

    def suited(self, *, meant: bool) -> SilenceModel:
        return self.meant if meant else self.plain


@lru_cache(maxsize=1)
def load_models() -> SilenceModels:
    data = json.loads((DATA / "silence.json").read_text(encoding="utf-8"))
    return SilenceModels(**{name: SilenceModel(**model) for name, model in data.items()})


def features(question: Question, found: Found) -> Features:
    """Named evidence for and against silence; absent names count as 0."""
    seen: Features = {f"miss:{aspect}": 1.0 for aspect in found.missing}
    seen["missing"] = float(bool(found.missing))
    for ask in question.asks:
        seen[f"ask:{ask}"] = 1.0
    quote = found.best.quote
    seen["confirms"] = float(question.confirms)
    seen["believes"] = float(question.believes)
    seen["evidence"] = min(found.evidence, 60.0) / 30.0
    seen["margin"] = min(found.margin, 10.0) / 10.0
    seen["count_unmet"] = float("quantity" in question.asks and not _COUNTED.search(quote))
    seen["time_unmet"] = float("time" in question.asks and not found.best.timed)
    seen["likeness"] = found.likeness
    seen["offices"] = float(found.offices)
    seen |= dimensions(found.vector, _UNIT)
    seen["head"] = float(not found.best.clause.departments)
    # Only the stretch that asks is heard: a story before it would drown what is wanted.
    asked = question.asking
    seen |= _coverage(question, asked, found)
    seen |= _slots(asked, quote)
    sounds = syllables(asked)
    for gram in grams(_figures_alike(sounds), 2, 3):
        seen[f"said:{gram}"] = 1.0
    for gram in grams(_figures_alike(_rest(sounds, found.clause_sounds)), 1, 3):
        seen[f"rest:{gram}"] = 1.0
    return seen


def _slots(asked: str, quote: str) -> Features:
    """Which kinds of thing are asked for, and whether the sentence holds such a thing."""
    heard = Heard(asked)
    wanted = {
        name: bool(slot.held.search(quote))
        for name, slot in load_cues().slots.items()
        if slot.asked.match(heard)
    }
    seen = {f"{'held' if held else 'lack'}:{name}": 1.0 for name, held in wanted.items()}
    return {
        **seen,
        "any_held": float(any(wanted.values())),
        "any_lack": float(not all(wanted.values())),
    }


def _rest(sounds: Sequence[str], line: str) -> list[str]:
    """The syllables with each run that the clause covers as one mark: the topic taken out."""
    rest: list[str] = []
    for sound, left in zip(sounds, _uncovered(sounds, line), strict=True):
        if left:
            rest.append(sound)
        elif rest[-1:] != ["T"]:
            rest.append("T")
    return rest


def _coverage(question: Question, asked: str, found: Found) -> Features:
    heard = syllables(question.search)
    line = found.clause_sounds
    own = " " + " ".join(syllables(found.best.quote)) + " "
    open_, bare = _uncovered(heard, line), _uncovered(heard, own)
    count = max(1, len(heard))
    unknown = [w for w in words(asked) if _tells(w) and not _stands(w, line)]
    information = [_information(w) for w in unknown]
    return {
        "open": sum(open_) / count,
        "open_count": min(10, sum(open_)) / 10.0,
        "bare": sum(bare) / count,
        "unknown": min(3.0, sum(information) / _RARE),
        "unknown_most": max(information, default=0.0) / _RARE,
        "uncommon": float(any(w not in common_words() for w in unknown)),
        "length": min(40, len(heard)) / 40.0,
    }


def _uncovered(heard: Sequence[str], line: str) -> list[bool]:
    """Per syllable: in no pair of the question that stands in the line."""
    covered = [False] * len(heard)
    for i, pair in enumerate(itertools.pairwise(heard)):
        if " " + " ".join(pair) + " " in line:
            covered[i] = covered[i + 1] = True
    return [not c for c in covered]


def _stands(word: str, line: str) -> bool:
    return " " + " ".join(syllables(word)) + " " in line


def _tells(word: str) -> bool:
    return len(word) > 1 and bool(HAN.match(word))


@lru_cache(maxsize=4096)
def _information(word: str) -> float:
    """Nats: how rare a word is in the dictionary's corpus."""
    frequency = jieba.dt.FREQ.get(word, 0) or 1
    return max(0.0, math.log(float(jieba.dt.total) / frequency) - 5.0)


def _figures_alike(sounds: Sequence[str]) -> list[str]:
    return ["0" if _DIGIT.search(sound) else sound for sound in sounds]
