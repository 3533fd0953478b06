from __future__ import annotations

import pytest

from policy.facts.targets import targets
from policy.reading import bundled_notice

GOLD = {
    "一": [("2.5万", "人", ("以上",), "2025—2027年"), ("3万", "人次", ("左右",), "2025—2027年")],
    "二（一）1": [("1", "名", ("至少",), "2027年底前")],
    "二（一）2": [("1", "次", ("每年", "至少"), "")],
    "二（二）3": [
        ("80", "个", ("左右",), ""), ("1", "个", ("至少",), ""), ("1", "个", ("力争",), ""),
        ("2000", "名", ("以上",), ""), ("28", "家", ("力争",), ""), ("1000", "名", ("左右",), ""),
    ],
    "二（二）4": [
        ("1", "个", ("至少",), ""), ("100", "个", ("左右",), ""), ("1500", "人", ("力争",), ""),
    ],
    "二（三）5": [],
    "二（三）6": [
        ("65", "周岁", (), ""), ("2万", "人次", (), ""), ("1", "个", ("力争",), ""),
        ("120", "个", ("左右",), ""),
    ],
    "二（三）7": [("400", "个", ("以上",), ""), ("1500", "人", ("左右",), "")],
    "二（四）8": [("一", "次", (), "")],
    "二（四）9": [],
    "二（五）10": [],
    "三": [],
    "四": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def notice():
    return bundled_notice()


@pytest.mark.parametrize("path", GOLD)
def test_numbers_keep_unit_hedge_and_deadline(notice, path: str) -> None:
    found = notice.clause(path).targets
    assert [(t.number, t.unit, t.hedge, t.deadline) for t in found] == GOLD[path]
    for target in found:
        assert target.quote in notice.clause(path).text
        assert target.number in target.quote


def test_the_two_1500s_count_different_people(notice) -> None:
    assert notice.clause("二（二）4").targets[2].subject == "辅助性就业人数"
    assert notice.clause("二（三）7").targets[1].subject == "盲人从业人员"


def test_a_bare_number_takes_its_noun_from_before(notice) -> None:
    subjects = [t.subject for t in notice.clause("二（二）3").targets]
    assert subjects[:3] == [
        "残疾人创业孵化基地", "各市（州）残疾人创业孵化基地", "各县（市、区）残疾人创业孵化基地",
    ]  # fmt: skip
    assert "“美丽工坊”" in subjects[4]
    assert notice.clause("二（三）6").targets[3].subject == "全省农村残疾人就业帮扶基地"
    assert "机关、事业单位" in notice.clause("二（一）1").targets[0].subject


def test_supports_come_one_by_one_with_their_conditions(notice) -> None:
    found = {s.name: s for s in notice.clause("二（三）5").supports}
    for name in ("生活补贴", "租房补贴", "一次性购房补贴", "灵活就业社保补贴"):
        assert "按规定" in found[name].conditions
    funds = [s for s in notice.clause("二（二）3").supports if s.name == "资金扶持"]
    assert [s.conditions for s in funds] == [("按规定",), ("符合条件的",)]


def test_medical_insurance_is_a_may_and_not_a_must(notice) -> None:
    modals = [o.modal for o in notice.clause("二（三）7").obligations]
    assert "可" in modals and "应" not in modals


def test_events_have_a_time_only_where_the_notice_names_one(notice) -> None:
    when = {e.name: e.when for c in notice.clauses for e in c.events}
    assert when["残疾人就业宣传月"] == "每年3月"
    assert when["就业援助月"] == ""
    assert when["总结评估"] == "适时"
    assert when["全省残疾人创业创新大赛"] == "定期"


@pytest.mark.parametrize(
    ("path", "audience"),
    [
        ("二（三）7", "盲人"), ("二（三）5", "残疾人大学生"), ("二（三）6", "农村残疾人"),
        ("二（二）3", "残疾妇女"), ("二（三）6", "重度残疾人家庭"),
        ("二（五）10", "残疾人低保家庭"), ("二（一）2", "用人单位"),
    ],
)  # fmt: skip
def test_audiences_are_named_as_written(notice, path: str, audience: str) -> None:
    assert audience in notice.clause(path).audiences


@pytest.mark.parametrize(
    ("text", "number", "unit", "hedge"),
    [
        ("可申请最高不超过15万元的创业担保贷款。", "15万", "元", ("最高不超过",)),
        ("比例不得低于职工总数的1.5%。", "1.5", "%", ("不得低于",)),
        ("按日加收5‰的滞纳金。", "5", "‰", ()),
        ("面向16—24岁失业青年。", "16—24", "岁", ()),
        ("每人每年只享受一次。", "一", "次", ("每人每年",)),
        ("停车位不少于总量百分之二。", "百分之二", "", ("不少于",)),
    ],
)
def test_numbers_of_other_notices(text: str, number: str, unit: str, hedge: tuple) -> None:
    (target,) = targets(text)
    assert (target.number, target.unit, target.hedge) == (number, unit, hedge)


@pytest.mark.parametrize(
    "text",
    [
        "2018年11月16日印发。",
        "国发〔2018〕39号。",
        "第169次常务会议。",
        "一次性补贴。",
        "第八条规定。",
    ],
)
def test_dates_numbers_of_notices_and_ordinals_are_no_targets(text: str) -> None:
    assert targets(text) == ()
