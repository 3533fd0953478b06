"""Of a recogniser's readings the one that is understood best is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.dialogue.readings import best_understood
from tests.dialogue.conftest import Assistant

UNDERSTOOD = {
    "盲人按摩有多少家": 0.9,
    "忙人俺摸有多少家": 0.3,
    "盲人按摩有多少假": 0.38,
    "李明": 0.1,
}


def chosen(text: str, alternatives: object) -> tuple[str, list[str]]:
    parsed: list[str] = []

    async def parse(sentence: str) -> Mapping[str, Any]:
        parsed.append(sentence)
        return {"intent": {"name": "ask", "confidence": UNDERSTOOD.get(sentence, 0.0)}}

    return asyncio.run(best_understood(text, alternatives, parse)), parsed


def test_an_alternative_that_is_understood_clearly_better_wins() -> None:
    assert chosen("忙人俺摸有多少家", ["嗡嗡嗡嗡", "盲人按摩有多少家"])[0] == "盲人按摩有多少家"


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("忙人俺摸有多少家", ["盲人按摩有多少假"]),
        ("李明", ["盲人按摩有多少家"]),
        ("忙人俺摸有多少家", "盲人按摩有多少家"),
        ("忙人俺摸有多少家", [3, "", "x" * 5000]),
        ("忙人俺摸有多少家", None),
    ],
)
def test_the_first_reading_stands_where_no_other_is_clearly_better(
    text: str, alternatives: object
) -> None:
    assert chosen(text, alternatives)[0] == text


def test_what_is_understood_at_once_costs_no_further_look() -> None:
    assert chosen("盲人按摩有多少家", ["忙人俺摸有多少家"])[1] == ["盲人按摩有多少家"]


@pytest.mark.slow
def test_the_door_answers_the_reading_that_is_understood(assistant: Assistant) -> None:
    person = assistant.talker()
    said = person.post("呜啦啦啦嘟嘟嘟", channel="voice", alternatives=["盲人按摩机构要达到多少家"])
    assert "400个以上" in "".join(message["text"] for message in said)
