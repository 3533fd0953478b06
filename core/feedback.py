"""What helps to do better: whether an answer helped, and questions that got none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.grouping import grouped_texts
from core.spoken.names import find_names
from core.values import Kind, Reply

REASONS = ("wrong", "off_topic", "unclear", "incomplete", "too_long")
"""Why an answer did not help; nobody is asked for words."""
LONGEST_QUESTION = 120
"""Characters kept of a question."""

_UNANSWERED = (Kind.PARTIAL, Kind.ABSTAIN, Kind.OUT_OF_SCOPE)
_NUMERAL = "0-9０-９零〇一二三四五六七八九幺两"
_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "（邮箱）"),
    # Phones, identity and bank cards, references, account names; 2025 and 400个 stay.
    (re.compile(rf"[A-Za-z]*[{_NUMERAL}](?:[ -]?[{_NUMERAL}Xx]){{4,}}"), "（号码）"),
    (re.compile(r"[A-Za-z_][\w-]*\d[\w-]*", re.ASCII), "（号码）"),
    (re.compile(rf"[{_NUMERAL}十百]+(?=号楼|单元|栋|室|号院|号门)"), "某"),
)
_TITLED = re.compile(r"[\u4e00-\u9fff]{1,3}?(?=先生|女士|小姐|大爷|大娘)")


@dataclass(frozen=True)
class Rating:
    """One person's word on one answer. Holds neither the question nor who asked."""

    helpful: bool
    reason: str = ""
    """One of REASONS, or empty."""
    kind: str = ""
    """The kind of the answer."""
    clause: str = ""
    """文号 and clause path of its first citation, or empty."""
    channel: str = "web"


@dataclass(frozen=True)
class RatingCount:
    """How often answers from one clause, or of one kind, were rated so."""

    kind: str
    clause: str
    reason: str
    helpful: int
    unhelpful: int


@dataclass(frozen=True)
class OpenQuestion:
    """A question that got no answer, or one that did not help; without names and numbers."""

    text: str
    outcome: str
    """partial, abstain, out_of_scope, not_understood or unhelpful."""
    reason: str = ""
    """Which kind of silence, as the reply says it; or one of REASONS."""
    channel: str = "web"
    day: date | None = None
    """When it was asked; the hour is not kept."""


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that mean about the same, named by the one asked most often."""

    text: str
    count: int
    last_day: date | None
    outcomes: tuple[str, ...]
    wordings: tuple[str, ...]
    """Every wording once, the most frequent first."""


def left_open(question: str, replies: Sequence[Reply], channel: str) -> OpenQuestion | None:
    """What to keep of a turn in which a question was not, or only partly, answered."""
    for reply in replies:
        if reply.kind in _UNANSWERED and question:
            reason = reply.reason.value if reply.reason else ""
            return OpenQuestion(question, reply.kind.value, reason, channel)
    return None


def without_person(text: str) -> str:
    """The question with names, numbers that name somebody, and house numbers masked; shortened.

    It errs on masking too much. A name without any cue (我叫, 先生…) is not found.
    """
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    for found in find_names(text, whole_answer=False):
        text = text.replace(found.name, "某人") if found.name else text
    return _TITLED.sub("某", text).strip()[:LONGEST_QUESTION]


def grouped(questions: Iterable[OpenQuestion]) -> tuple[QuestionGroup, ...]:
    """Questions put together by their wording, the most frequent group first."""
    by_wording: dict[str, list[OpenQuestion]] = {}
    for question in questions:
        by_wording.setdefault(_plain(question.text), []).append(question)
    same = list(by_wording.values())
    groups = grouped_texts([members[0].text for members in same], [len(m) for m in same])
    found = [_group([one for at in group for one in same[at]]) for group in groups]
    return tuple(sorted(found, key=lambda group: (-group.count, group.text)))


def _group(members: Sequence[OpenQuestion]) -> QuestionGroup:
    wordings = tuple(dict.fromkeys(member.text for member in members))
    days = [member.day for member in members if member.day]
    return QuestionGroup(
        text=wordings[0],
        count=len(members),
        last_day=max(days, default=None),
        outcomes=tuple(sorted({member.outcome for member in members})),
        wordings=wordings,
    )


def _plain(text: str) -> str:
    return re.sub(r"[^\w]|[吗呢吧啊呀的了请问]", "", text)
