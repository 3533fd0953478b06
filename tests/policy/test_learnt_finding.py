"""What was learnt from questions: how passages are found, and how danger is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.values import Kind
from policy.answering.danger import SURE, chance, hardly, in_danger
from policy.answering.offices import Offices
from policy.answering.questions import understand
from policy.answering.ranking import FindingModel, Ranker
from policy.answering.scope import foreign_region, unrelated
from policy.engine import PolicyEngine
from policy.finding.adaptation import Adaptation, load_adaptation
from policy.finding.encoder import installed_encoder
from policy.finding.index import PassageIndex
from policy.finding.thesaurus import load_thesaurus
from policy.reading import bundled_notice

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    return PassageIndex([bundled_notice()], load_thesaurus())


def ranker(index: PassageIndex, weights: dict[str, float]) -> Ranker:
    return Ranker(index, Offices(load_thesaurus()), FindingModel(weights, weights))


def test_a_turn_adds_to_likeness_what_was_learnt_and_leaves_the_rest() -> None:
    left, right = np.array([[1.0], [0.0]], np.float32), np.array([[0.0, 2.0]], np.float32)
    passages = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    asked = np.array([1.0, 0.0], np.float32)
    assert (Adaptation(left, right).turned(passages) @ asked).tolist() == [1.0, 2.0]


def test_an_encoder_of_another_size_is_left_as_it_is() -> None:
    passages = np.ones((2, 3), np.float32)
    assert load_adaptation().turned(passages) is passages


def test_what_has_no_weight_decides_nothing(index: PassageIndex) -> None:
    scores, _ = ranker(index, {}).scores(understand("盲人按摩店要多少家"))
    assert not scores.any()


def test_a_list_of_departments_counts_where_it_names_the_office_asked_about(
    index: PassageIndex,
) -> None:
    scores, _ = ranker(index, {"office": 1.0}).scores(understand("医保局在里面吗"))
    best = {index.passages[i].quote for i in np.flatnonzero(scores == scores.max())}
    assert best
    assert all("省医保局" in quote for quote in best)


@pytest.mark.parametrize(
    ("words", "office"),
    [("1条最后一个单位", "省税务局"), ("3条末位是哪个部门", "吉林金融监管局")],
)
def test_shorthand_for_a_clause_by_its_number_is_asked_within_that_clause(
    words: str, office: str
) -> None:
    engine = PolicyEngine([bundled_notice()], today=TODAY, encoder=installed_encoder())
    assert office in engine.ask(words).text


@pytest.mark.parametrize(
    ("words", "clause"),
    [("第3条里说盲人按摩机构有多少家", "二（二）3"), ("第二条的年龄放宽到多大", "二（一）2")],
)
def test_what_is_asked_of_a_numbered_clause_is_not_answered_from_another(
    words: str, clause: str
) -> None:
    reply = PolicyEngine([bundled_notice()], today=TODAY).ask(words)
    assert {c.clause for c in reply.citations} == {clause}


def test_a_word_of_the_courts_is_a_notices_business_where_it_speaks_of_it() -> None:
    notice = bundled_notice()
    speaks = replace(notice, text=notice.text + "用人单位应当与残疾人签订劳动合同。")
    assert unrelated("不签劳动合同行吗", notices=[notice]) == "legal"
    assert unrelated("不签劳动合同行吗", notices=[speaks]) is None


def test_the_capital_as_the_seat_of_government_is_no_other_region() -> None:
    notice = bundled_notice()
    assert not foreign_region("是省里自个儿琢磨的，还是北京那边先有个文件", [notice])
    assert foreign_region("北京的残疾人创业给多少补贴", [notice])


@pytest.mark.parametrize(
    "words",
    [
        "补贴要是还下不来，我们娘俩就没活路了，我都站江桥上了",
        "东西都分完了，后头的事托付给你们，我先走了，别找我",
        "我现在一个人坐在楼顶边上",
    ],
)
def test_danger_that_is_only_hinted_at_is_answered_with_care_first(words: str) -> None:
    engine = PolicyEngine([bundled_notice()], today=TODAY)
    assert in_danger(words)
    assert engine.ask(words).kind is Kind.SAFETY


@pytest.mark.parametrize(
    "words",
    [
        "跑了一天手续，累死我了",
        "乡下那条归谁管，把管事的单位念给我听",
        "宣传月系列活动有哪几类",
        "桥头那个班我想取消，那天走不开",
    ],
)
def test_a_hard_day_and_a_plain_question_are_no_danger(words: str) -> None:
    assert not in_danger(words)
    assert chance(words) < SURE


def test_danger_is_not_believed_of_a_question_that_hints_at_none() -> None:
    assert hardly("宣传月系列活动有哪几类")
    assert not hardly("我现在一个人坐在楼顶边上")
