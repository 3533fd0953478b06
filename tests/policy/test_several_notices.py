"""Several notices at once: each answers as if it stood alone, and the right one is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.values import Kind, Reason
from policy.model import Notice
from policy.naming import named_notice
from policy.reading import bundled_notice, read_notice
from policy.several import SeveralNotices, policy_engine

TODAY = date(2026, 3, 2)
LAW = """残疾人就业条例

（2007年2月14日 国务院第169次常务会议通过）

第一章 总则

第一条 为了促进残疾人就业，保障残疾人的劳动权利，制定本条例。

第二章 用人单位的责任

第八条 用人单位应当安排残疾人就业。用人单位安排残疾人就业的比例不得低于本单位在职职工总数的1.5%。

第三章 附则

第三十条 本条例自2007年5月1日起施行。
"""
CITY = """长春市残疾人联合会关于做好残疾人插花培训工作的通知

长残联发〔2026〕7号

各县（市）区残联：

为做好残疾人插花培训工作，现就有关事项通知如下：

一、补贴标准

对参加插花培训的残疾人，每人给予一次性交通补贴800元。（市残联、市财政局按职责分工负责）

二、其他

各地要抓好落实。

长春市残疾人联合会

2026年2月3日
"""


@pytest.fixture(scope="module")
def law() -> Notice:
    return read_notice(LAW.encode(), "law.txt")


@pytest.fixture(scope="module")
def city() -> Notice:
    return read_notice(CITY.encode(), "city.txt")


@pytest.fixture(scope="module")
def engine(law: Notice, city: Notice) -> SeveralNotices:
    made = policy_engine([law, city, bundled_notice()], today=TODAY)
    assert isinstance(made, SeveralNotices)
    return made


@pytest.mark.parametrize(
    ("question", "said", "number"),
    [
        ("盲人按摩机构要达到多少家？", "400个以上", "吉政办发〔2025〕16号"),
        ("安排残疾人就业的比例不得低于职工总数的多少？", "1.5%", "残疾人就业条例"),
        ("参加插花培训的交通补贴是多少钱", "800元", "长残联发〔2026〕7号"),
    ],
)
def test_a_question_that_names_no_notice_goes_to_the_one_that_says_it(
    engine: SeveralNotices, question: str, said: str, number: str
) -> None:
    reply = engine.ask(question)
    assert said in reply.text
    assert number in reply.citations[0].document


def test_another_notice_beside_it_changes_no_answer(engine: SeveralNotices) -> None:
    alone = policy_engine([bundled_notice()], today=TODAY)
    for question in ("大学生有什么补贴？", "哪些部门管辅助性就业？", "这个文件是谁发的？"):
        assert engine.ask(question).text == alone.ask(question).text


def test_an_answer_of_another_notice_is_told_with_its_name_for_ears_too(
    engine: SeveralNotices,
) -> None:
    reply = engine.ask("安排残疾人就业的比例不得低于职工总数的多少？")
    assert "残疾人就业条例" in reply.text
    assert "残疾人就业条例" in (reply.speech or "")
    assert any(c.quote == "残疾人就业条例" for c in reply.citations)


def test_a_named_notice_is_the_one_that_is_asked(engine: SeveralNotices) -> None:
    assert "2007年5月1日" in engine.ask("残疾人就业条例什么时候施行？").text
    assert "2026年2月3日" in engine.ask("长残联发2026 7号是什么时候发的？").text
    assert "2025年11月24日" in engine.ask("通知是什么时候发的？").text


def test_a_follow_up_stays_in_its_notice(engine: SeveralNotices) -> None:
    first = engine.ask("参加插花培训的交通补贴是多少钱")
    assert "市财政局" in engine.ask("那哪个部门管呢？", topic=first.topic).text


def test_a_notice_that_is_over_answers_only_by_name_and_says_so(law: Notice, city: Notice) -> None:
    ended = replace(city, repealed=date(2026, 2, 20))
    engine = policy_engine([ended, bundled_notice()], today=TODAY)
    assert "800元" not in engine.ask("参加插花培训的交通补贴是多少钱").text
    reply = engine.ask("长残联发〔2026〕7号里补贴是多少钱？")
    assert (reply.kind, reply.reason) == (Kind.PARTIAL, Reason.NOT_IN_FORCE)
    assert "不在有效期内" in reply.text


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("残疾人就业条例怎么说", "law"),
        ("残疾人就业有哪些补贴", None),
        ("插花培训的通知", "city"),
        ("长残联发7号", None),
        ("这个通知是谁发的", None),
    ],
)
def test_a_matter_is_not_taken_for_a_title(
    law: Notice, city: Notice, said: str, found: str | None
) -> None:
    known: dict[str | None, Callable[[], Notice | None]] = {
        "law": lambda: law, "city": lambda: city, None: lambda: None
    }  # fmt: skip
    assert named_notice(said, [law, city, bundled_notice()]) == known[found]()
