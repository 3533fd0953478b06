"""What a screening makes of answers to other questions than the one asked."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Talker

pytestmark = pytest.mark.slow


def test_telling_something_else_is_not_taken_for_a_no(person: Talker) -> None:
    """看不见 answers what ails the person, not that they want no training."""
    assert "学技术" in person.say("我能享受哪些政策？")
    # What was answered with something else is asked again once the others are answered.
    assert "农村" in person.say("看不见")
    assert "学技术" in person.say("农村的", "三十五", "都不是", "不是低保")
    message = person.post("跳过")[-1]
    outcomes = message["custom"]["outcomes"]
    assert outcomes["二（四）9"] == "unstated"
    assert outcomes["二（三）6"] == "fits"
