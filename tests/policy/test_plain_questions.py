"""The plain questions of every part of the notice, and ten that it is silent on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from core.values import Kind, Reply
from policy.engine import PolicyEngine
from policy.reading.bundled import bundled_notice
from runtime.settings import PROJECT_ROOT

WRONG_AT_MOST = 2


def questions(name: str) -> list[dict[str, Any]]:
    lines = (PROJECT_ROOT / "bench" / "questions" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def engine() -> PolicyEngine:
    return PolicyEngine([bundled_notice()], today=date(2026, 3, 2))


def is_right(reply: Reply, gold: dict[str, Any]) -> bool:
    cited = {citation.clause for citation in reply.citations}
    told = all(any(words in reply.text for words in group) for group in gold["must"])
    return bool(cited & set(gold["clause"])) and told


def test_plain_questions_of_every_part_cite_the_right_clause_and_say_it(
    engine: PolicyEngine,
) -> None:
    wrong = [
        gold["question"]
        for gold in questions("plain_28.jsonl")
        if not is_right(engine.ask(gold["question"]), gold)
    ]
    assert len(wrong) <= WRONG_AT_MOST, wrong


def test_every_quote_of_a_plain_answer_stands_in_the_notice(engine: PolicyEngine) -> None:
    text = bundled_notice().text
    for gold in questions("plain_28.jsonl"):
        for citation in engine.ask(gold["question"]).citations:
            assert citation.quote in text


@pytest.mark.parametrize(
    "gold", questions("plain_silent_10.jsonl"), ids=lambda gold: str(gold["question"])
)
def test_silence_of_the_notice_gets_no_invented_fact(
    engine: PolicyEngine, gold: dict[str, Any]
) -> None:
    reply = engine.ask(gold["question"])
    assert reply.kind is not Kind.ANSWER
    assert reply.kind is not None and reply.kind.value in gold["kind"]
    assert not [words for words in gold["must_not"] if words in reply.text]
