"""The engine's promises: answers come from the notice, silence is owned up to, nothing raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values import Kind, Reason, Topic
from policy.answering.verifier import faults
from policy.engine import PolicyEngine
from policy.model import Notice
from policy.reading import bundled_notice, read_notice
from policy.reading.bundled import BUNDLED

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def notice() -> Notice:
    return bundled_notice()


@pytest.fixture(scope="module")
def engine(notice: Notice) -> PolicyEngine:
    return PolicyEngine([notice], today=TODAY)


@pytest.mark.parametrize(
    ("question", "clause", "said"),
    [
        ("全省盲人按摩店要多少家？", "二（三）7", "400个以上"),
        ("瞎子按摩店得有几家", "二（三）7", "400个以上"),
        ("俺们屯子种地的残疾人，产业帮扶到多大岁数", "二（三）6", "65周岁"),
        ("残疾人就业宣传月是几月", "二（四）8", "3月"),
        ("这文件啥时候印发的", "文件头", "2025年11月24日"),
        ("残保金优先用在哪", "三", "优先用于支持残疾人就业"),
    ],
)
def test_a_plain_question_is_answered_in_the_notices_own_words(
    engine: PolicyEngine, question: str, clause: str, said: str
) -> None:
    reply = engine.ask(question)
    assert reply.kind is Kind.ANSWER
    assert clause in {c.clause for c in reply.citations}
    assert said in reply.text


def test_misheard_characters_find_the_same_clause(engine: PolicyEngine) -> None:
    assert "400个以上" in engine.ask("盲人按末机够要达到多烧家").text


def test_responsible_departments_come_in_order_with_the_general_rule(engine: PolicyEngine) -> None:
    reply = engine.ask("辅助性就业归哪几个部门管")
    assert "省残联、省民政厅、省人力资源社会保障厅" in reply.text
    assert "各市、县级政府" in reply.text
    assert {c.clause for c in reply.citations} >= {"二（二）4", "二（一）1"}


def test_a_follow_up_takes_its_topic_from_the_turn_before(engine: PolicyEngine) -> None:
    first = engine.ask("盲人按摩机构要达到多少家？")
    assert "省中医药局" in engine.ask("那哪个部门管呢？", topic=first.topic).text


def test_two_questions_in_one_breath_get_both_answers(engine: PolicyEngine) -> None:
    text = engine.ask("盲人按摩机构要多少家？宣传月是几月？").text
    assert "400个以上" in text and "3月" in text


def test_a_false_premise_is_put_right_without_repeating_it(engine: PolicyEngine) -> None:
    reply = engine.ask("盲人按摩机构是300家吧？")
    assert reply.kind is Kind.CORRECTION
    assert "400个以上" in reply.text and "300" not in reply.text


def test_an_amount_that_is_not_stated_is_said_to_be_not_stated(engine: PolicyEngine) -> None:
    reply = engine.ask("一次性购房补贴给多少钱？")
    assert (reply.kind, reply.reason) == (Kind.PARTIAL, Reason.AMOUNT_NOT_STATED)


def test_no_department_is_made_the_lead(engine: PolicyEngine) -> None:
    reply = engine.ask("盲人就业的牵头部门是谁？")
    assert reply.kind is Kind.PARTIAL
    assert "没有写由哪个部门牵头" in reply.text


def test_another_province_is_not_answered_from_this_notice(engine: PolicyEngine) -> None:
    reply = engine.ask("山东盲人按摩机构要多少家？")
    assert (reply.kind, reply.reason) == (Kind.ABSTAIN, Reason.OTHER_REGION)


@pytest.mark.parametrize("words", ["我不想活了", "活着真没意思", "我想一了百了"])
def test_despair_is_met_with_care_and_a_person(engine: PolicyEngine, words: str) -> None:
    reply = engine.ask(words)
    assert reply.kind is Kind.SAFETY
    assert reply.choices


@pytest.mark.parametrize(
    "words", ["", "   ", "😀😀", "？？？", "What is this?", "问" * 100_000, "\x00", "1"]
)
def test_anything_typed_gets_a_clear_reply(engine: PolicyEngine, words: str) -> None:
    assert engine.ask(words).text


def test_an_engine_without_notices_says_so() -> None:
    assert PolicyEngine([], today=TODAY).ask("有哪些补贴？").kind is Kind.ABSTAIN


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from("盲人按摩 残疾人 多少 补贴 部门 300家 国企 吗 ？ 65岁 谁管 3月".split()),
        max_size=8,
    ).map("".join)
    | st.text(max_size=40)
)
def test_whatever_is_asked_every_fact_stands_in_a_cited_quote(
    engine: PolicyEngine, notice: Notice, question: str
) -> None:
    offices = {d for c in notice.clauses for d in c.departments}
    assert faults(engine.ask(question), {notice.number: notice.text}, offices) == []


@pytest.mark.parametrize(
    ("old", "new", "question"),
    [
        ("400个以上", "537个以上", "盲人按摩机构要达到多少家？"),
        ("65周岁", "68周岁", "产业帮扶放宽到多大岁数？"),
        ("每年3月为", "每年9月为", "宣传月是几月？"),
        ("80个左右", "93个左右", "孵化基地全省多少个？"),
        ("2.5万人以上", "4.5万人以上", "三年新增就业多少人？"),
        ("省中医药局等", "省审计厅等", "盲人就业归哪些部门？"),
    ],
)
def test_a_changed_notice_changes_the_answer(old: str, new: str, question: str) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = read_notice(text.replace(old, new).encode(), "notice.txt")
    reply = PolicyEngine([changed], today=TODAY).ask(question)
    assert new.rstrip("等为") in reply.text
    assert old.rstrip("等为") not in reply.text


def test_detail_and_neighbours_walk_through_the_document(engine: PolicyEngine) -> None:
    topic = engine.ask("盲人按摩机构要达到多少家？").topic
    assert topic is not None
    assert "盲人" in engine.detail(topic).text
    following = engine.neighbour(topic, 1).topic
    assert following is not None and following.clause == "二（四）8"
    assert engine.neighbour(Topic("", topic.document, "四"), 1).topic == Topic(
        "组织实施", topic.document, "四"
    )


def test_a_quote_that_is_not_in_the_document_never_leaves(notice: Notice) -> None:
    reply = PolicyEngine([notice], today=TODAY).ask("盲人按摩机构要达到多少家？")
    forged = replace(reply, text=reply.text.replace("400", "500"))
    assert faults(forged, {notice.number: notice.text})
    unhedged = replace(reply, text=reply.text.replace("400个以上", "400个"))
    assert faults(unhedged, {notice.number: notice.text})
    misquoted = replace(reply, citations=(replace(reply.citations[0], quote="全省五百家"),))
    assert faults(misquoted, {notice.number: notice.text})


def test_a_short_question_about_departments_gets_the_departments_alone(
    engine: PolicyEngine, notice: Notice
) -> None:
    reply = engine.ask("哪些部门管辅助性就业")
    clause = next(c for c in notice.clauses if c.path == "二（二）4")
    assert all(office in reply.text for office in clause.departments)
    assert "这一条写的是" not in reply.text


def test_who_is_responsible_is_told_where_the_place_is_asked_for_too(
    engine: PolicyEngine, notice: Notice
) -> None:
    reply = engine.ask("农村那项归哪些单位管")
    clause = next(c for c in notice.clauses if c.path == "二（三）6")
    assert all(office in reply.text for office in clause.departments)
