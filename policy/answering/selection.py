"""Choosing the passages that answer, given what is asked and what was asked before."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from core.values import Topic
from policy.answering.premises import figures
from policy.answering.questions import Question, load_cues, understand
from policy.finding.index import Floats, PassageIndex
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard
from policy.model import HEAD, Clause, Notice
from policy.reading.numerals import to_int

_NAMED = 0.55
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千万][个家人名次岁年月万千百]")
_GIVEN = re.compile(r"补贴|奖励|扶持|资金|保障金|优惠|免费|租金")
_COUNTED_CN = re.compile(r"[一二三四五六七八九十]+(?:次|个|名|家|项)")
_LARGE = 10
_KEPT = 6
"""Passages looked at closely."""
_ORDINAL = re.compile(r"第\s*([一二三四五六七八九十\d]{1,3})\s*(项|条|个|部分|章|款|点)")
_ACTOR = re.compile(r"部门|办公室|高校|各地|[厅局]")


TELLING = ("people", "turns", "things", "often", "age", "percent", "month", "until", "list", "fee")
"""Slots of cues.yml whose evidence tells passages apart."""


@dataclass(frozen=True)
class Tuning:
    """Found on the development questions; z-score units."""

    counted: float = 2.0
    timed: float = 2.0
    given: float = 1.5
    focus: float = 0.7
    """The stretch that asks, next to the whole story."""
    head: float = -3.0
    slot: float = 1.5
    """The passage holds the kind of thing that is asked for (人次, 周岁, a list…)."""
    led: float = 3.0
    """The clause names departments, and they are asked for."""
    figure: float = 5.0
    """The passage holds the figure that the question presumes."""
    context: float = 0.8
    same_clause: float = 6.0
    second_within: float = 6.0
    """A second passage of the same clause is told too when it scores this close."""
    elsewhere_within: float = 1.5
    """A passage of another clause is told too when it scores this close."""
    gate: float = 5.0
    """Least evidence (BM25 of characters and sound) that a topic was recognised."""


@dataclass(frozen=True)
class Chosen:
    """Passages in order, best first."""

    passages: tuple[Passage, ...]
    evidence: float
    """How much of the question stands in the best passage; near 0: nothing recognised."""
    scores: tuple[float, ...]

    @property
    def best(self) -> Passage:
        return self.passages[0]


class Selector:
    """Ranks passages for a question."""

    def __init__(self, index: PassageIndex, tuning: Tuning | None = None) -> None:
        self._index = index
        self.tuning = tuning or Tuning()
        passages = index.passages
        self._answers = np.array([not (p.heading or p.responsible) for p in passages], bool)
        self._counted = np.array(
            [p.counted or bool(_COUNTED_CN.search(p.quote)) for p in passages], np.float32
        )
        self._timed = np.array([p.timed for p in passages], np.float32)
        self._given = np.array([bool(_GIVEN.search(p.quote)) for p in passages], np.float32)
        self._led = np.array(
            [bool(p.clause.departments) or names_an_actor(p) for p in passages], np.float32
        )
        self._figures: dict[tuple[float, str], list[int]] = {}
        for number, passage in enumerate(passages):
            for figure in _keys(passage.quote):
                self._figures.setdefault(figure, []).append(number)
        self._clauses = np.array([id(p.clause) for p in passages], np.int64)
        self._slots = {
            name: np.array([bool(load_cues().slots[name].held.search(p.quote)) for p in passages])
            for name in TELLING
        }
        self._head = np.array([p.clause.path == HEAD for p in passages], np.float32)

    def choose(self, question: Question, topic: Topic | None = None, around: str = "") -> Chosen:
        """The best passages. `around`: the rest of the message, for a part that leans on it."""
        seen = self._index.search(question.search, question.text, meant=True)
        scores = seen.scores.copy()
        raw = seen.raw.copy()
        if question.focus.strip():
            scores += self.tuning.focus * self._index.search(question.focus).scores
        if around:
            before = self._index.search(around)
            scores += self.tuning.context * before.scores
            raw += before.raw
        if topic is not None and topic.question:
            before = self._index.search(understand(topic.question).search)
            scores += self.tuning.context * before.scores
            raw += before.raw
            scores += self.tuning.same_clause * self._in(topic)
        scores += self._bonus(question)
        masked = np.where(self._answers, scores, -np.inf)
        order = [i for i in _highest(masked, _KEPT) if np.isfinite(masked[i])]
        clause = self._index.passages[order[0]].clause if order else None
        same = np.flatnonzero(self._clauses == id(clause))
        return Chosen(
            tuple(self._index.passages[i] for i in order),
            float(max((raw[i] for i in same), default=0.0)),
            tuple(float(masked[i]) for i in order),
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

    def _bonus(self, question: Question) -> Floats:
        t = self.tuning
        bonus = t.head * self._head
        heard = Heard(question.asking)
        for name in TELLING:
            if load_cues().slots[name].asked.match(heard):
                bonus = bonus + t.slot * self._slots[name]
        if "quantity" in question.asks and "amount" not in question.silences:
            bonus = bonus + t.counted * self._counted
        if "time" in question.asks:
            bonus = bonus + t.timed * self._timed
        if "amount" in question.silences:
            bonus = bonus + t.given * self._given
        if "agency" in question.asks:
            bonus = bonus + t.led * self._led
        if _FIGURE.search(question.text):
            same = np.zeros(len(self._head), np.float32)
            for figure in _keys(question.text):
                same[self._figures.get(figure, [])] = 1
            bonus = bonus + t.figure * same
        return bonus

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

    def named_by_number(self, text: str, notice: Notice) -> Clause | None:
        """第一项行动, 第二部分: the clause of that number, or None."""
        match = _ORDINAL.search(text)
        if not match:
            return None
        try:
            number = to_int(match[1])
        except ValueError:
            return None
        sections = match[2] in ("部分", "章")
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


def _keys(text: str) -> set[tuple[float, str]]:
    """Figures as they are looked up: a large one whatever it counts, for 三万个人 means 3万人次."""
    return {(value, "" if value >= _LARGE else unit) for value, unit in figures(text)}


def names_an_actor(passage: Passage) -> bool:
    """The sentence itself says who acts: in the stretch before its first comma."""
    return bool(_ACTOR.search(re.split("[，,；]", passage.quote, maxsplit=1)[0]))
