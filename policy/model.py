"""A notice as the engine sees it: head, clause tree, sentences and typed facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HEAD = "文件头"
"""Path of the notice's head: title, number, issuer, addressees, date."""
PREFACE = "前言"
"""Path of the opening paragraph."""
CLOSING = "结尾"
"""Path of unnumbered paragraphs after the last numbered clause that do not belong to it."""


@dataclass(frozen=True)
class Target:
    """A number the notice sets. 人 and 人次 stay apart; 2.5万 stays 2.5万."""

    subject: str
    """What is counted: 全省盲人按摩机构."""
    number: str
    """As written: 2.5万, 400, 1."""
    unit: str
    """人, 人次, 个, 家, 名, 次, 周岁, %…"""
    hedge: tuple[str, ...]
    """以上, 左右, 力争, 至少, 每年… in the order they stand."""
    deadline: str
    """As written: 2027年底前, 2025—2027年; empty where none."""
    quote: str
    """Verbatim."""


@dataclass(frozen=True)
class Support:
    """Something given: 补贴, 奖励, 培训, 场地, 资金扶持…"""

    name: str
    conditions: tuple[str, ...]
    """按规定, 符合条件的, 经评估…"""
    audience: tuple[str, ...]
    quote: str


@dataclass(frozen=True)
class Obligation:
    """What somebody must (应, 至少, 确保) or may (可, 鼓励, 支持) do."""

    subject: str
    modal: str
    quote: str


@dataclass(frozen=True)
class Event:
    """Something with a time of its own: 每年3月 残疾人就业宣传月."""

    name: str
    when: str
    """As written; empty where the notice names no time."""
    quote: str


@dataclass(frozen=True)
class Clause:
    """One node of the notice's tree. `text` is verbatim, paragraphs joined by newlines."""

    path: str
    """The headings' own numbers joined: 二（三）7, 第二章第八条, 文件头, 前言."""
    title: str
    text: str
    order: int
    """Position in the document, from 0."""
    parent: str | None = None
    leaf: bool = True
    """False for a heading whose content lies in its children.

    An article or stem that introduces an enumeration (下列…：) is a leaf too: its text holds the
    items, which are also clauses of their own.
    """
    departments: tuple[str, ...] = ()
    """Responsible, in the notice's order, without the governments of the general rule."""
    shared_departments: tuple[str, ...] = ()
    """Who else is responsible by a general rule of the notice: 各市、县级政府."""
    departments_quote: str = ""
    """The verbatim bracket that names the departments."""
    shared_quote: str = ""
    """The verbatim words of the general rule, wherever they stand."""
    shared_path: str = ""
    """The clause in which the general rule stands."""
    lead: tuple[str, ...] = ()
    """Who leads, only where the notice says so: by 牵头, or a rule that the first one leads."""
    lead_quote: str = ""
    """The verbatim words that say so; empty where the notice names no lead."""
    lead_path: str = ""
    """The clause in which those words stand."""
    audiences: tuple[str, ...] = ()
    deadline: str = ""
    targets: tuple[Target, ...] = ()
    supports: tuple[Support, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Notice:
    number: str
    """文号; for a law without one, the order that published it."""
    title: str
    issuer: str
    issued: date | None
    text: str
    """The whole text as read; every quote stands in it."""
    clauses: tuple[Clause, ...]
    region: str = ""
    """吉林省, 全国…; empty where the notice does not tell."""
    effective: date | None = None
    """In force from; None: from the day it was issued."""
    expires: date | None = None
    """In force until, where the notice says so (a plan of 2025-2027 ends with 2027)."""
    repealed: date | None = None
    abridged: bool = False
    """（本文有删减）."""
    defers_to: tuple[str, ...] = ()
    """Numbers of notices that it refers to for what it does not settle itself."""
    repeals: tuple[str, ...] = ()
    """Numbers, or titles where none is given, of the notices that its text repeals."""
    sha256: str = ""
    """Of the file's bytes."""
    version: int = 1

    def clause(self, path: str) -> Clause | None:
        return next((c for c in self.clauses if c.path == path), None)


def begins(notice: Notice) -> date:
    """The first day in force; date.min where the notice names no day at all."""
    return notice.effective or notice.issued or date.min


def in_force(notice: Notice, day: date) -> bool:
    """Whether the notice binds on that day."""
    if day < begins(notice):
        return False
    ends = [d for d in (notice.expires, notice.repealed) if d is not None]
    return all(day <= d for d in ends)
