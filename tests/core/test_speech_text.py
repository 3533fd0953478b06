"""What a person hears for what a page shows."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ear import for_ear, in_sentences, with_figures
from core.ear.numerals import cardinal, grouped
from core.ear.sentences import FIRST_MAX, REST_MAX

NOTICE = Path(__file__).parents[2] / "policy" / "data" / "吉政办发2025-16.txt"


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("吉政办发〔2025〕16号", "吉政办发，二零二五，十六号"),
        ("依据第二（三）7条。", "依据第二部分，第三节，第七项。"),
        ("2025年11月24日", "二零二五年十一月二十四日"),
        ("2026-03-02T09:00:00+08:00", "二零二六年三月二日上午九点"),
        ("14:00-16:30，共2小时", "下午两点到下午四点半，共两小时"),
        ("上午9:05", "上午九点零五分"),
        ("2025—2027年", "二零二五到二零二七年"),
        ("手机13800138000", "手机幺三八，零零幺三，八零零零"),
        ("138 0013 8000", "幺三八，零零幺三，八零零零"),
        ("0431-88904567", "零四三幺，八八九零，四五六七"),
        ("请拨打12385。", "请拨打幺二三八五。"),
        ("身份证220102199001011234", "身份证二二零幺零二，幺九九零，零幺零幺，幺二三四"),
        ("编号ML-7K3Q", "编号M L，七K三Q"),
        ("新增就业2.5万人以上", "新增就业二点五万人以上"),
        ("培训3万人次左右", "培训三万人次左右"),
        ("帮扶2万人次", "帮扶两万人次"),
        ("2000名以上", "两千名以上"),
        ("每年2月", "每年二月"),
        ("1,500元", "一千五百元"),
        ("￥300.5元", "三百点五元"),
        ("30%", "百分之三十"),
        ("16-60周岁", "十六到六十周岁"),
        ("各县（市、区）力争1个", "各县市区力争一个"),
        ("（省残联、省民政厅等负责）", "省残联、省民政厅等负责"),
        ("“数字+就业创业”", "数字加就业创业"),
        ("1. 带上证件\n2. 提前到场", "第一，带上证件。第二，提前到场"),
        ("**重要** 👍 请看 https://example.org/a?b=1", "重要请看网址"),
    ],
)
def test_what_is_written_is_read_as_a_person_would(written: str, heard: str) -> None:
    assert for_ear(written) == heard


def test_a_phone_number_is_told_by_its_last_four_digits_where_others_listen() -> None:
    assert for_ear("手机13800138000", mask_phones=True) == "手机尾号八零零零"


def test_a_word_that_the_voice_misreads_is_respelled() -> None:
    assert for_ear("参与培训", {"参与": "参雨"}) == "参雨培训"


def test_nothing_of_the_notice_is_left_in_figures_or_brackets() -> None:
    spoken = for_ear(NOTICE.read_text(encoding="utf-8"))
    assert not re.search(r"[0-9〔〕（）《》“”]", spoken)
    for said in ("二点五万人以上", "三万人次左右", "一千五百人左右", "四百个以上", "六十五周岁"):
        assert said in spoken


@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_read_aloud_means_the_same_number(number: int) -> None:
    assert _value(cardinal(number)) == number


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_groups_of_a_number_lose_no_digit_and_none_stands_alone(figures: str) -> None:
    groups = grouped(figures)
    assert "".join(groups) == figures
    assert len(figures) == 1 or all(len(g) > 1 for g in groups)


@given(st.text(max_size=300))
def test_any_text_can_be_heard_and_keeps_no_figures(text: str) -> None:
    assert not re.search(r"[0-9]", for_ear(text))


@given(st.text(alphabet="残疾人就业，。、；\n培训三百四十", max_size=300))
def test_sentences_are_short_and_lose_nothing(text: str) -> None:
    sentences = in_sentences(text)
    assert all(len(s) <= (REST_MAX if i else FIRST_MAX) for i, s in enumerate(sentences))
    said = re.sub(r"\W", "", "".join(sentences))
    assert said == re.sub(r"\W", "", text)


def test_a_list_is_not_torn_where_a_clause_ends_in_time() -> None:
    told = in_sentences("在条件成熟的五十八个县里面，每个县、市、区力争发展一个机构。")
    assert told[0] == "在条件成熟的五十八个县里面，"


def _value(spoken: str) -> int:
    """The inverse of `cardinal`, written independently of it."""
    total = section = digit = 0
    for character in spoken:
        if character in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(character)
        elif character == "两":
            digit = 2
        elif character in "十百千":
            unit = {"十": 10, "百": 100, "千": 1000}[character]
            section += (digit or 1) * unit
            digit = 0
        else:
            unit = {"万": 10**4, "亿": 10**8}[character]
            if section + digit:
                total += (section + digit) * unit
            else:
                total *= unit
            section = digit = 0
    return total + section + digit


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("我的手机是幺三八零零一三八零零零", "我的手机是13800138000"),
        ("一三八 零零幺三 八零零零", "13800138000"),
        ("二零二五年", "2025年"),
        ("请等一下", "请等一下"),
        ("五一放假吗", "五一放假吗"),
        ("一千五百人", "一千五百人"),
        ("三四个", "三四个"),
    ],
)
def test_spoken_digits_become_figures_where_they_name_something(heard: str, meant: str) -> None:
    assert with_figures(heard) == meant
