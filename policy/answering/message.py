"""A message and the questions in it: which stand alone, which lean on another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.values import Kind, Topic
from policy.answering.composing import Part
from policy.answering.questions import Question, split, understand

Apart = Callable[[Question, Question], bool]
_FRAGMENT = 6
"""Characters of topic up to which a question may be the tail of the one before."""


def questions_of(
    text: str, kind: str | None, has_topic: Callable[[Question], bool], apart: Apart
) -> list[Question]:
    """The questions of a message.

    A tail that names no topic (收费不？) joins the one before unless `apart` finds that another
    passage answers it; what names no topic before one that does is its story.
    """
    found: list[Question] = []
    for question in split(text, kind):
        if not found:
            found.append(question)
        elif has_topic(question):
            if has_topic(found[-1]):
                found.append(question)
            else:
                found[-1] = question.after(found[-1])
        elif question.weight <= _FRAGMENT and not apart(question, found[0]):
            found[-1] = found[-1].with_more(question)
        else:
            found.append(question)
    return found


def leans(question: Question) -> bool:
    """It is too short, or points too plainly, to be understood without the turn before."""
    return (question.leans and question.weight <= 14) or question.weight <= 4


def inheriting(question: Question, topic: Topic) -> Question:
    """A question that asks nothing itself asks what the one before asked."""
    if question.asks or question.silences:
        return question
    before = understand(topic.question)
    return replace(question, asks=before.asks - {"comparison", "place_in_document"})


def story_apart(text: str) -> str:
    """What a long message asks, without the story around it; a short one as it is."""
    if len(text) < _STORY:
        return text
    return "，".join(q.asking for q in split(text))


_STORY = 30
"""Characters from which a message is taken to tell a story before it asks."""


def without_repeats(parts: Sequence[Part]) -> list[Part]:
    """Parts that add a quote of their own, three at most."""
    kept: list[Part] = []
    for part in parts:
        told = {c.quote for p in kept for c in p.citations}
        if kept and part.citations and all(c.quote in told for c in part.citations):
            if part.kind is Kind.ANSWER:
                continue
        if kept and part.kind is Kind.OUT_OF_SCOPE and not part.citations:
            continue
        kept.append(part)
    if len(kept) > 1 and kept[0].kind is Kind.OUT_OF_SCOPE and not kept[0].citations:
        kept = kept[1:]
    return kept[:3]
