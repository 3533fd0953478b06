"""Which of a notice's measures may be meant for a person: rules as data, tied to clauses.

A rule never promises. Its outcome says whether the notice's own words fit what a person told:
they fit, they do not, or the notice does not say (or the person did not).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from core.values import Citation

_SPACE = re.compile(r"\s+")
_PART = re.compile("[，,。；;！!、]+")


class Outcome(str, Enum):
    FITS = "fits"
    FITS_NOT = "fits_not"
    UNSTATED = "unstated"


@dataclass(frozen=True)
class Option:
    id: str
    label: str
    words: tuple[str, ...]
    """How people say it; found as parts of the sentence."""
    if_asked: tuple[str, ...] = ()
    """Patterns that mean it only while its question stands open: 没有, 活, 镇."""


@dataclass(frozen=True)
class ScreeningQuestion:
    """One thing asked, worded by `utter_screening_ask_<id>` and `utter_screening_why_<id>`."""

    id: str
    options: tuple[Option, ...]
    several: bool = False
    """Whether more than one option may hold."""
    unless: Mapping[str, tuple[str, ...]] | None = None
    """Not asked once an answer to another question is among these."""


@dataclass(frozen=True)
class Condition:
    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """One measure of the notice and whom its words name."""

    clause: str
    title: str
    summary: str
    quote: str
    """Verbatim: the words on which the outcome rests."""
    needs: tuple[Condition, ...]
    """All must hold for `FITS`; one that is contradicted gives `FITS_NOT`."""
    unstated: tuple[str, ...] = ()
    """What the notice leaves open, in its own words or by its silence."""
    for_people: bool = True
    """False for measures that bind offices and employers and give a person nothing directly."""


@dataclass(frozen=True)
class Screening:
    document: str
    questions: tuple[ScreeningQuestion, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Finding:
    measure: Measure
    outcome: Outcome
    missing: tuple[str, ...] = ()
    """Ids of questions whose answers would settle it."""


Answers = Mapping[str, tuple[str, ...]]
"""Question id to the options that hold; an empty tuple: asked and not told."""


def parse_screening(data: Mapping[str, Any]) -> Screening:
    """From the data file. Raises KeyError, TypeError or ValueError for a broken one."""
    questions = tuple(_question(item) for item in data["questions"])
    known = {q.id: {o.id for o in q.options} for q in questions}
    measures = tuple(_measure(item) for item in data["measures"])
    for measure in measures:
        for need in measure.needs:
            if not set(need.any_of) <= known[need.question]:
                raise ValueError(f"{measure.clause} names an unknown answer of {need.question}")
    return Screening(str(data["document"]), questions, measures)


def next_question(
    screening: Screening, answers: Answers, passed_over: Sequence[str] = ()
) -> ScreeningQuestion | None:
    """The first question whose answer can still change an outcome; None when none can.

    `passed_over`: questions that were answered with something else; they come last.
    """
    open_needs = {
        name
        for measure in screening.measures
        for name in _judge(measure, answers).missing
        if _judge(measure, answers).outcome is not Outcome.FITS_NOT
    }
    in_order = sorted(screening.questions, key=lambda question: question.id in passed_over)
    for question in in_order:
        if question.id in open_needs and not _spared(question, answers):
            return question
    return None


def findings(screening: Screening, answers: Answers) -> tuple[Finding, ...]:
    """One finding per measure, in the notice's order."""
    return tuple(_judge(measure, answers) for measure in screening.measures)


def understand(screening: Screening, text: str, asked: str = "") -> dict[str, tuple[str, ...]]:
    """Every option of every question that the sentence names.

    `asked`: the question that stands open. What names nothing by itself (没有, 农村的 beside it)
    answers that one.
    """
    text = _SPACE.sub("", text)
    found: dict[str, tuple[str, ...]] = {}
    for question in screening.questions:
        options = _options_in(question, text)
        if not options and question.id == asked:
            parts = [p for p in _PART.split(text) if not _names_any(screening, p)]
            options = _meant_by(question, parts)
        if options:
            found[question.id] = options if question.several else options[:1]
    return found


def _names_any(screening: Screening, text: str) -> bool:
    return any(_options_in(question, text) for question in screening.questions)


def _meant_by(question: ScreeningQuestion, parts: Iterable[str]) -> tuple[str, ...]:
    """The options that `parts` mean as an answer to the question itself; the first where only one
    may hold."""
    found = [
        option.id
        for part in parts
        for option in question.options
        if any(re.search(pattern, part) for pattern in option.if_asked)
    ]
    order = [o.id for o in question.options]
    return tuple(sorted(set(found), key=order.index)) if question.several else tuple(found[:1])


def citation(screening: Screening, measure: Measure) -> Citation:
    return Citation(screening.document, measure.clause, measure.title, measure.quote)


def _options_in(question: ScreeningQuestion, text: str) -> tuple[str, ...]:
    """Longer words win, so that 没毕业 is not taken for 毕业."""
    words = sorted(
        ((word, option.id) for option in question.options for word in option.words),
        key=lambda pair: -len(pair[0]),
    )
    found: list[str] = []
    for word, option in words:
        if word in text:
            text = text.replace(word, "\x00")
            found.append(option)
    order = [o.id for o in question.options]
    return tuple(sorted(set(found), key=order.index))


def _spared(question: ScreeningQuestion, answers: Answers) -> bool:
    return any(
        set(answers.get(other, ())) & set(options)
        for other, options in (question.unless or {}).items()
    )


def _judge(measure: Measure, answers: Answers) -> Finding:
    missing = []
    for need in measure.needs:
        told = answers.get(need.question)
        if told is None or not told:
            missing.append((need.question, told))
        elif not set(told) & set(need.any_of):
            return Finding(measure, Outcome.FITS_NOT)
    unasked = tuple(name for name, told in missing if told is None)
    if missing or not measure.for_people:
        return Finding(measure, Outcome.UNSTATED, unasked)
    return Finding(measure, Outcome.FITS)


def _question(item: Mapping[str, Any]) -> ScreeningQuestion:
    unless = {str(k): _texts(v) for k, v in (item.get("unless") or {}).items()}
    return ScreeningQuestion(
        id=str(item["id"]),
        options=tuple(
            Option(
                str(o["id"]), str(o["label"]), _texts(o["words"]), _texts(o.get("if_asked") or ())
            )
            for o in item["options"]
        ),
        several=bool(item.get("several", False)),
        unless=unless or None,
    )


def _measure(item: Mapping[str, Any]) -> Measure:
    return Measure(
        clause=str(item["clause"]),
        title=str(item["title"]),
        summary=str(item["summary"]),
        quote=str(item["quote"]),
        needs=tuple(
            Condition(str(question), _texts(options))
            for question, options in (item.get("needs") or {}).items()
        ),
        unstated=_texts(item.get("unstated") or ()),
        for_people=bool(item.get("for_people", True)),
    )


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
