"""Whether a course has a place left is answered from its dates, whatever the classifier heard."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from actions.handover import NotUnderstood
from core.values import Kind, Reply
from tests.actions.test_open_questions import Dispatcher, Tracker

PLACES = SimpleNamespace(courses=lambda: (SimpleNamespace(name="咖啡制作"),))


def follows(text: str) -> list[str]:
    """The actions that the one for what was not understood leads to."""
    policies = SimpleNamespace(ask=lambda *_, **__: Reply("?", Kind.OUT_OF_SCOPE))
    services: Any = SimpleNamespace(policies=policies, feedback=None, places=PLACES)
    events = asyncio.run(NotUnderstood(services).run(Dispatcher(), Tracker(text), {}))
    return [e["name"] for e in events if e["event"] == "followup"]


def test_a_question_for_a_place_that_was_not_understood_lists_the_dates() -> None:
    assert follows("珲春咖啡制作，大后天那个还有地方没") == ["action_list_courses"]


def test_a_question_about_no_course_lists_none() -> None:
    assert follows("那儿还有地方没") == []
