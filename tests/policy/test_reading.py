from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from policy.model import in_force
from policy.reading import bundled_notice, read_notice

POLICIES = Path(__file__).resolve().parents[2].parent / "shared" / "policies"
GOLD = sorted(POLICIES.glob("*.gold.json")) if POLICIES.is_dir() else []


@pytest.fixture(scope="module")
def notice():
    return bundled_notice()


def test_the_head_says_number_title_issuer_and_date(notice) -> None:
    assert notice.number == "吉政办发〔2025〕16号"
    assert notice.title == (
        "吉林省人民政府办公厅关于印发《吉林省促进残疾人就业三年行动实施方案（2025-2027年）》的通知"
    )
    assert notice.issuer == "吉林省人民政府办公厅"
    assert notice.issued == date(2025, 11, 24)
    assert (notice.region, notice.abridged) == ("吉林省", True)
    assert notice.defers_to == ("国办发〔2025〕23号",)


def test_the_tree_joins_the_headings_own_numbers(notice) -> None:
    assert [c.path for c in notice.clauses] == (
        "文件头 前言 一 二 二（一） 二（一）1 二（一）2 二（二） 二（二）3 二（二）4 "
        "二（三） 二（三）5 "
        "二（三）6 二（三）7 二（四） 二（四）8 二（四）9 二（五） 二（五）10 三 四"
    ).split()
    assert notice.clause("二（三）7").title == "实施盲人就业帮扶行动"
    assert notice.clause("一").title == "任务目标"
    assert not notice.clause("二").leaf


def test_head_holds_addressees_and_the_note_that_it_is_abridged(notice) -> None:
    head = notice.clause("文件头").text
    assert "各市（州）人民政府" in head and "（本文有删减）" in head


def test_every_line_of_every_clause_stands_in_the_text(notice) -> None:
    for clause in notice.clauses:
        for line in clause.text.split("\n"):
            assert line in notice.text


def test_departments_come_in_order_and_the_general_rule_reaches_all_that_follow(notice) -> None:
    assert notice.clause("二（三）7").departments == (
        "省残联", "省人力资源社会保障厅", "省卫生健康委", "省市场监管厅", "省医保局", "省中医药局",
    )  # fmt: skip
    assert "省政务服务和数字化局" in notice.clause("三").departments
    first = notice.clause("二（一）1")
    assert first.departments[-1] == "省税务局"
    shared = [c for c in notice.clauses if c.shared_departments]
    assert len(shared) == 11
    for clause in shared:
        assert clause.shared_departments == ("各市、县级政府",)
        assert clause.shared_quote == "以下均需各市、县级政府负责，不再列出"
        assert clause.shared_path == "二（一）1"
    assert not any(c.lead for c in notice.clauses)


def test_a_plan_ends_with_its_last_year(notice) -> None:
    assert in_force(notice, date(2027, 12, 31))
    assert not in_force(notice, date(2028, 1, 1))
    assert not in_force(notice, date(2025, 11, 23))


@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.name[:3])
def test_public_notices_match_their_gold(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    file = path.with_name(gold["file"])
    notice = read_notice(file.read_bytes(), file.name)
    assert (notice.title, notice.number, notice.issuer) == (
        gold["title"], gold["doc_no"], gold["issuer"],
    )  # fmt: skip
    assert notice.issued == date.fromisoformat(gold["date"])
    assert notice.abridged == gold["redacted"]
    if "effective" in gold:
        assert notice.effective == date.fromisoformat(gold["effective"])
    body = [c for c in notice.clauses if c.path not in ("文件头", "前言", "结尾")]
    top = [c for c in body if c.parent is None and not c.path.startswith("附件")]
    assert len(top) == gold["top_headings"]
    rows = [c for c in body if "表" in c.path]
    assert len(rows) == gold.get("table_rows", 0)
    items = [c for c in body if "条（" in c.path]
    assert len(items) == gold["sub_items"]
    plain = [c for c in body if c not in rows + items and c.leaf]
    assert len([c for c in plain if not c.path.startswith("附件")]) == gold["leaf_clauses"]
    if "dept_lists" in gold:
        assert sum(bool(c.departments) for c in body) == gold["dept_lists"]
    for spot in gold["spot"]:
        clause = notice.clause(spot["path"].replace("/", ""))
        assert clause is not None and spot["anchor"] in clause.text


@pytest.mark.skipif(not GOLD, reason="the public notices are not here")
def test_a_web_page_gives_the_tree_of_its_text() -> None:
    text, page = (next(POLICIES.glob(f"p06*.{end}")) for end in ("txt", "html"))
    one, other = (read_notice(p.read_bytes(), p.name) for p in (text, page))
    assert one.clauses == other.clauses


@pytest.mark.skipif(not GOLD, reason="the public notices are not here")
def test_first_listed_leads_only_where_the_notice_says_so() -> None:
    file = next(POLICIES.glob("p04*.txt"))
    notice = read_notice(file.read_bytes(), file.name)
    clause = notice.clause("二（三）")
    assert clause.lead == ("财政部",)
    assert clause.lead_quote == "列第一位者为牵头单位，下同"
    assert clause.lead_path == "一（一）"
    assert notice.clauses[-1].path == "结尾"
    assert "奖补资金" in notice.clauses[-1].text


MEASURE = """长春市人民政府办公室文件
长府办发〔2024〕12号
长春市人民政府办公室关于印发长春市残疾人就业补贴实施办法的通知
各县（市）区人民政府：
《长春市残疾人就业补贴实施办法》已经市政府同意，现印发给你们。
附件：1.长春市残疾人就业补贴实施办法
      2.补贴标准一览表
长春市人民政府办公室
2024年3月15日
附件1
长春市残疾人就业补贴实施办法
目　录
第一章　总则
第二章　标准
第一章　总　　则
第一条　为促进残疾人就业，制定本办法。
第二章　标　　准
第二条　符合下列条件之一的，可以申请：
(一)招用残疾人5人以上的；
(二)超比例安排的。
前款所称比例由市政府规定。
第三条　本办法自2024年4月1日起施行，有效期5年。《暂行办法》（长府办发〔2019〕8号）同时废止。
附件2
补贴标准一览表
项目\t标准\t责任单位
岗位补贴\t每人每月300元\t市残联、市财政局
"""


def test_a_measure_attached_to_a_letter_is_the_body_and_its_table_an_attachment() -> None:
    notice = read_notice(MEASURE.encode(), "m.txt")
    assert [c.path for c in notice.clauses] == [
        "文件头", "第一章", "第一章第一条", "第二章", "第二章第二条", "第二章第二条（一）",
        "第二章第二条（二）", "第二章第三条", "附件2", "附件2表第1行",
    ]  # fmt: skip
    article = notice.clause("第二章第二条")
    assert article.text.endswith("前款所称比例由市政府规定。") and "超比例" in article.text
    assert notice.clause("附件2表第1行").departments == ("市残联", "市财政局")
    assert (notice.effective, notice.expires) == (date(2024, 4, 1), date(2029, 3, 31))
    assert notice.repeals == ("长府办发〔2019〕8号",)


@pytest.mark.parametrize(
    ("bracket", "departments", "lead"),
    [
        ("（责任单位：省民政厅、省残联）", ("省民政厅", "省残联"), ()),
        ("（省残联牵头，省财政厅配合）", ("省残联", "省财政厅"), ("省残联",)),
        ("（牵头单位：省残联；责任单位：省民政厅）", ("省残联", "省民政厅"), ("省残联",)),
        ("（省教育厅、各市（州）政府等负责）", ("省教育厅", "各市（州）政府"), ()),
        ("（省民政厅负责，2026年底前完成）", ("省民政厅",), ()),
    ],
)
def test_brackets_name_departments_in_many_ways(bracket, departments, lead) -> None:
    text = f"关于某事的通知\n某发〔2026〕1号\n一、重点任务。要抓好落实。{bracket}\n"
    clause = read_notice(text.encode(), "b.txt").clauses[-1]
    assert (clause.departments, clause.lead) == (departments, lead)


def test_brackets_that_explain_are_no_departments() -> None:
    text = "关于某事的通知\n一、对象。面向残疾人（含一级、二级重度残疾人）。\n"
    assert read_notice(text.encode(), "b.txt").clauses[-1].departments == ()
