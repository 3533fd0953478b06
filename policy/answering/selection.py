"""Choosing the passages that answer, given what is asked and what was asked before."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.values import Topic
from policy.answering.offices import Offices
from policy.answering.questions import Question, understand
from policy.answering.ranking import Ranker
from policy.finding.index import Evidence, Floats, PassageIndex
from policy.finding.passages import Passage
from policy.model import Clause, Notice
from policy.reading.numerals import to_int

_NAMED = 0.55
_KEPT = 6
"""Passages looked at closely."""
_ORDINAL = re.compile(
    r"第\s*(?P<said>[一二三四五六七八九十\d]{1,3})\s*(?P<kind>项|条|个|部分|章|款|点)"
    # Shorthand: 3条末位, 三部分.
    r"|(?<![\d.])(?P<bare>\d{1,2})\s*(?P<of>条)|^(?P<part>[一二三四五六七八九十])(?P<whole>部分)"
)


@dataclass(frozen=True)
class Tuning:
    """Found on the development questions; in the scale of the ranking's scores."""

    context: float = 0.7
    same_clause: float = 4.0
    second_within: float = 3.0
    """A second passage of the same clause is told too when it scores this close."""
    elsewhere_within: float = 2.0
    """A passage of another clause is told too when it scores this close."""
    offices_within: float = 2.0
    """Departments asked for are told without a sentence where their list scores this close."""
    gate: float = 5.0
    """Least evidence (BM25 of characters and sound) that a topic was recognised."""


@dataclass(frozen=True)
class Chosen:
    """Passages in order, best first."""

    passages: tuple[Passage, ...]
    evidence: float
    """How much of the question stands in the best passage; near 0: nothing recognised."""
    scores: tuple[float, ...]
    offices_behind: float = math.inf
    """How far the list of departments of the best clause is behind its best sentence.

    0: it suits the question better than any sentence.
    """
    likeness: float = 0.0
    """How near the sentence encoder finds question and passage; 0 where there is none."""
    vector: Floats | None = None
    """The encoder's vector of the question."""

    @property
    def best(self) -> Passage:
        return self.passages[0]

    @property
    def offices(self) -> bool:
        """The list of departments suits the question better than any sentence of its clause."""
        return self.offices_behind <= 0.0


class Selector:
    """Ranks passages for a question."""

    def __init__(self, index: PassageIndex, offices: Offices, tuning: Tuning | None = None) -> None:
        self._index = index
        self.tuning = tuning or Tuning()
        self._ranker = Ranker(index, offices)
        passages = index.passages
        self._candidates = np.array([not p.heading for p in passages], bool)
        self._clauses = np.array([id(p.clause) for p in passages], np.int64)

    def choose(
        self,
        question: Question,
        topic: Topic | None = None,
        around: str = "",
        within: Clause | None = None,
    ) -> Chosen:
        """The best passages.

        `around`: the rest of the message, for a part that leans on it. `within`: only of this
        clause.
        """
        scores, seen = self._ranker.scores(question)
        raw = seen.raw
        before = [around] if around else []
        if topic is not None and topic.question:
            before.append(understand(topic.question).search)
            scores = scores + self.tuning.same_clause * self._in(topic)
        for text in before:
            told, stands = self._ranker.context(text)
            scores = scores + self.tuning.context * told
            raw = raw + stands
        usable = self._candidates if within is None else self._candidates & self._of(within)
        return self._chosen(np.where(usable, scores, -np.inf), raw, seen)

    def _chosen(self, scores: Floats, raw: Floats, seen: Evidence) -> Chosen:
        passages = self._index.passages
        order = [i for i in _highest(scores, _KEPT) if np.isfinite(scores[i])]
        if not order:
            return Chosen((), 0.0, ())
        top = order[0]
        same = np.flatnonzero(self._clauses == self._clauses[top])
        sentences = [i for i in order if not passages[i].responsible]
        if passages[top].responsible:
            own = [i for i in same if not passages[i].responsible and np.isfinite(scores[i])]
            if own:
                first = max(own, key=lambda i: scores[i])
                sentences = [first, *(i for i in sentences if i != first)]
                scores[first] = scores[top]
        return Chosen(
            tuple(passages[i] for i in sentences),
            float(max((raw[i] for i in same), default=0.0)),
            tuple(float(scores[i]) for i in sentences),
            offices_behind=min(
                (float(scores[top] - scores[i]) for i in same if passages[i].responsible),
                default=math.inf,
            ),
            likeness=float(seen.likeness[top]) if seen.likeness is not None else 0.0,
            vector=seen.vector,
        )

    def has_topic(self, question: Question, beyond: tuple[str, ...] = ()) -> bool:
        """It names, in more than one syllable, a concept that few passages hold.

        Concepts that stand in one of the clauses `beyond` do not count.
        """
        for label, worth in self._index.heard(question.text).items():
            if worth < _NAMED or not self._index.telling(label):
                continue
            if not any(path in self._index.homes(label) for path in beyond):
                return True
        return False

    def sounds_of(self, clause: Clause) -> str:
        """Folded syllables of a clause and of the everyday words that lead to it."""
        return self._index.sounds_of(clause)

    def _of(self, clause: Clause) -> npt.NDArray[np.bool_]:
        return np.equal(self._clauses, id(clause))

    def _in(self, topic: Topic) -> Floats:
        return np.array(
            [float(p.clause.path == topic.clause) for p in self._index.passages], np.float32
        )

    def beside(self, chosen: Chosen, question: Question) -> list[Passage]:
        """The best passage, and a second of the same clause where it is as good."""
        best, own = chosen.best, [chosen.best]
        other: list[Passage] = []
        for passage, score in zip(chosen.passages[1:], chosen.scores[1:], strict=True):
            behind = chosen.scores[0] - score
            if passage.clause is best.clause:
                if behind <= self.tuning.second_within and len(own) < 2:
                    own.append(passage)
            elif behind <= self.tuning.elsewhere_within and not other:
                other.append(passage)
        return own + other

    def recognised(self, chosen: Chosen) -> bool:
        """Enough of the question stands in what was found."""
        return bool(chosen.passages) and chosen.evidence >= self.tuning.gate

    def without_number(self, text: str) -> str:
        """What is said besides 第一项行动, 第二部分."""
        return _ORDINAL.sub("", text)

    def named_by_number(self, text: str, notice: Notice) -> Clause | None:
        """第一项行动, 第二部分: the clause of that number, or None."""
        match = _ORDINAL.search(text)
        if not match:
            return None
        try:
            number = to_int(match["said"] or match["bare"] or match["part"])
        except ValueError:
            return None
        sections = (match["kind"] or match["of"] or match["whole"]) in ("部分", "章")
        for clause in notice.clauses:
            label = re.search(r"(\d+|[一二三四五六七八九十]+)[条章]?$", clause.path)
            if label is None or ((clause.parent is None) != sections and clause.parent is not None):
                continue
            if sections and clause.parent is not None:
                continue
            if to_int(label[1]) == number and (sections or clause.parent or "条" in clause.path):
                return clause
        return None


def _highest(scores: Floats, most: int) -> list[int]:
    """Positions of the highest scores, best first, without sorting all of them."""
    if len(scores) > most:
        top = np.sort(np.argpartition(-scores, most)[:most])
    else:
        top = np.arange(len(scores))
    return [int(i) for i in top[np.argsort(-scores[top], kind="stable")]]
