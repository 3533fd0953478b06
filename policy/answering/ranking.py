"""Which passage answers a question: evidence of every kind, each weighed as it proved to count.

A linear model over what the index sees and over what is asked and held. The weights are data
(policy/data/finding.json), fitted by `python -m bench.answers.fit_finding` on questions whose
words nothing else was made for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from policy.answering.offices import Offices, lists
from policy.answering.premises import figures
from policy.answering.questions import Question, load_cues
from policy.finding.index import Evidence, Floats, PassageIndex
from policy.finding.passages import Passage
from policy.finding.sound_pattern import Heard
from policy.finding.thesaurus import DATA
from policy.model import HEAD

TELLING = ("people", "turns", "things", "often", "age", "percent", "month", "until", "list", "fee")
"""Slots of cues.yml whose evidence tells passages apart."""
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千万][个家人名次岁年月万千百]")
_COUNTED_CN = re.compile(r"[一二三四五六七八九十]+(?:次|个|名|家|项)")
_LARGE = 10
_ACTOR = re.compile(r"部门|办公室|高校|各地|[厅局]")


@dataclass(frozen=True)
class FindingModel:
    """Weights by name of evidence, with the sentence encoder's and without."""

    meant: Mapping[str, float]
    plain: Mapping[str, float]


@lru_cache(maxsize=1)
def load_model() -> FindingModel:
    return FindingModel(**json.loads((DATA / "finding.json").read_text(encoding="utf-8")))


class Ranker:
    """Scores passages for one question at a time; built once per set of notices."""

    def __init__(
        self, index: PassageIndex, offices: Offices, model: FindingModel | None = None
    ) -> None:
        self._index = index
        self._offices = offices
        self._listing: dict[str, Floats] = {}
        model = model or load_model()
        self._weights = model.meant if index.meant else model.plain
        passages = index.passages
        self._held = {f"slot {name}": _having(passages, _slot(name)) for name in TELLING}
        self._held["number"] = np.array(
            [p.counted or bool(_COUNTED_CN.search(p.quote)) for p in passages], np.float32
        )
        self._held["time"] = np.array([p.timed for p in passages], np.float32)
        self._held["offices"] = np.array([p.responsible for p in passages], np.float32)
        self._held["actor"] = np.array([names_an_actor(p) for p in passages], np.float32)
        self._held["head"] = np.array([p.clause.path == HEAD for p in passages], np.float32)
        self._figures: dict[tuple[float, str], list[int]] = {}
        for number, passage in enumerate(passages):
            for figure in _keys(passage.quote):
                self._figures.setdefault(figure, []).append(number)

    def scores(self, question: Question) -> tuple[Floats, Evidence]:
        """Scores of every passage, and what they were weighed from."""
        seen = self._index.search(question.search, question.text, meant=True)
        total = seen.weighed(self._weights)
        for name, held in self.asked(question).items():
            total += self._weights.get(name, 0.0) * held
        return total, seen

    def context(self, text: str) -> tuple[Floats, Floats]:
        """The same of what was said before: what it names, not what it asks."""
        seen = self._index.search(text)
        return seen.weighed(self._weights), seen.raw

    def evidence(self, question: Question) -> dict[str, Floats]:
        """All that `scores` weighs, by name."""
        seen: Evidence = self._index.search(question.search, question.text, meant=True)
        return {**seen.views, **self.asked(question)}

    def asked(self, question: Question) -> dict[str, Floats]:
        """Which passages hold the kind of thing that is asked for, by the kind."""
        heard = Heard(question.asking)
        found = {"head": self._held["head"]}
        for name in TELLING:
            if load_cues().slots[name].asked.match(heard):
                found[f"slot {name}"] = self._held[f"slot {name}"]
        if "quantity" in question.asks and "amount" not in question.silences:
            found["number"] = self._held["number"]
        if "time" in question.asks:
            found["time"] = self._held["time"]
        if "agency" in question.asks:
            found["offices"], found["actor"] = self._held["offices"], self._held["actor"]
        for office in self._offices.named(question.text):
            found["office"] = np.maximum(found.get("office", 0.0), self._lists(office))
        if _FIGURE.search(question.text):
            same = np.zeros(len(self._index.passages), np.float32)
            for figure in _keys(question.text):
                same[self._figures.get(figure, [])] = 1
            found["figure"] = same
        return found

    def _lists(self, office: str) -> Floats:
        """The brackets that name an office."""
        if office not in self._listing:
            self._listing[office] = np.array(
                [p.responsible and lists(p.clause, [office]) for p in self._index.passages],
                np.float32,
            )
        return self._listing[office]


def names_an_actor(passage: Passage) -> bool:
    """The sentence itself says who acts: in the stretch before its first comma."""
    return bool(_ACTOR.search(re.split("[，,；]", passage.quote, maxsplit=1)[0]))


def _slot(name: str) -> re.Pattern[str]:
    return load_cues().slots[name].held


def _having(passages: tuple[Passage, ...], pattern: re.Pattern[str]) -> Floats:
    return np.array([bool(pattern.search(p.quote)) for p in passages], np.float32)


def _keys(text: str) -> set[tuple[float, str]]:
    """Figures as they are looked up: a large one whatever it counts, for 三万个人 means 3万人次."""
    return {(value, "" if value >= _LARGE else unit) for value, unit in figures(text)}
