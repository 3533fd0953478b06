"""Phones, names, places, ordinals, ages, needs and courses as people say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import make_reference
from core.spoken.access import find_access_needs
from core.spoken.ages import find_ages, find_counts
from core.spoken.company import find_companion
from core.spoken.courses import courses_in, find_courses
from core.spoken.entities import EntityRules
from core.spoken.names import parse_name
from core.spoken.numbers import read_number
from core.spoken.ordinals import parse_ordinal
from core.spoken.phones import parse_phone
from core.spoken.places import all_places, find_other_regions, find_places, parse_place

TODAY = date(2026, 3, 4)
COURSES = ("盲人按摩", "电商直播", "手工编织", "计算机基础", "面点烘焙", "云客服")


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("幺三八零零一三八零零零", "13800138000"),
        ("我电话你记一下 幺三七 零四三一 二二三三", "13704312233"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("幺三九三个零幺二三四五", "13900012345"),
        ("电话0431-88990011", "043188990011"),
    ],
)
def test_a_phone_number_is_read_however_it_is_said(said, digits):
    phone = parse_phone(said)
    assert (phone.digits, phone.complete, phone.certain) == (digits, True, True)


def test_the_last_digits_of_a_phone_are_kept_as_such():
    phone = parse_phone("电话尾号错了，是四四")
    assert (phone.digits, phone.form) == ("44", "tail")


def test_a_number_that_is_too_short_is_kept_and_says_so():
    assert parse_phone("13800138").form == "incomplete"


def test_digits_that_were_only_heard_are_not_certain():
    phone = parse_phone("一散吧领领一散吧领领领")
    assert phone.digits == "13800138000" and not phone.certain


@pytest.mark.parametrize("said", ["2026年3月2号", "六十五周岁", "2.5万人", "我要报名"])
def test_other_figures_are_no_phone(said):
    assert parse_phone(said) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("王小明", "王小明"),
        ("我叫李桂兰", "李桂兰"),
        ("姓木子李 李建国", "李建国"),
        ("姓木子李 名字是建国的建 国家的国", "李建国"),
        ("我姓欧阳 欧阳雪", "欧阳雪"),
        ("我叫李伟要报名", "李伟"),
        ("名字错了 是李建国", "李建国"),
        ("李伟 13500002222", "李伟"),
        ("买买提·艾力", "买买提·艾力"),
    ],
)
def test_a_name_is_found(said, name):
    assert parse_name(said).name == name


@pytest.mark.parametrize(
    "said", ["方便", "谢谢", "明天", "我是盲人", "我是农村的", "白城", "辅助性就业", "你叫什么名字"]
)
def test_what_is_no_name_is_not_taken_for_one(said):
    assert parse_name(said) is None


def test_all_nine_prefectures_and_sixty_counties_are_found_by_their_full_names():
    places = [p for p in all_places() if p.name != "长白山"]
    assert len(places) == 69
    for place in places:
        assert parse_place(f"我在{place.full_name}").full_name == place.full_name


def test_a_misheard_place_counts_where_a_place_is_due():
    assert parse_place("我住在常春").name == "长春"
    assert find_places("看视频 打电话 通话") == ()


def test_another_province_is_told_from_jilin():
    assert [r.province for r in find_other_regions("沈阳那边给多少补贴")] == ["辽宁"]
    assert find_other_regions("中铁沈阳局集团") == ()
    assert find_other_regions("我想伤害自己") == ()
    assert find_places("辽源西安区")[-1].prefecture == "辽源"


@pytest.mark.parametrize(
    ("said", "position"),
    [("第二个", 2), ("2", 2), ("选三", 3), ("最后一个", -1), ("倒数第二个", -2), ("头一个", 1)],
)
def test_which_one_is_meant(said, position):
    assert parse_ordinal(said).position == position


def test_an_ordinal_outside_of_the_list_has_no_index():
    assert parse_ordinal("第五个").index(3) is None
    assert parse_ordinal("最后一个").index(3) == 2


def test_ages_and_heads():
    assert find_ages("我五十八岁", TODAY)[0].value == 58
    assert not find_ages("六十多岁", TODAY)[0].exact
    assert find_ages("六八年生人", TODAY)[0].value == 58
    assert find_counts("我们两个人")[0].value == 2


def test_needs_are_found_and_refused_ones_left_out():
    assert [n.need for n in find_access_needs("不用手语 要大字的")] == ["大字材料"]
    assert find_companion("我妈陪着 带我妈一起去").comes is True
    assert find_companion("我自己去").comes is False
    assert find_companion("我要报名") is None


def test_courses_are_found_by_part_by_sound_and_when_unknown():
    assert find_courses("想学电脑", COURSES)[0].name == "计算机基础"
    assert find_courses("忙人按摸班", COURSES)[0].name == "盲人按摩"
    unknown = find_courses("我想学修脚", COURSES)[0]
    assert (unknown.name, unknown.known) == ("修脚", False)
    assert find_courses("我想学点啥", COURSES) == ()


@pytest.mark.parametrize("text", ["我想报名参加培训", "想报个残疾人培训班", "我要报名上课"])
def test_signing_up_and_who_learns_are_not_taken_for_a_course(text):
    assert find_courses(text, COURSES) == ()


@given(st.integers(min_value=0, max_value=10**6))
def test_a_reference_read_aloud_is_found_again(number):
    reference = make_reference(number)
    found = EntityRules().find(f"编号是{reference}", TODAY)
    assert [(e.kind, e.value) for e in found] == [("reference", reference)]


@given(st.text(max_size=80))
def test_nothing_a_person_types_raises(text):
    for entity in EntityRules(COURSES).find(text, TODAY):
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("二十三", 23), ("一百零五", 105), ("两万五", 25000), ("十", 10), ("", None)],
)
def test_numerals(numeral, value):
    assert read_number(numeral) == value


def test_everything_in_one_breath():
    found = EntityRules(COURSES).find(
        "我叫赵国强 报电商直播 长春 下周三上午 电话幺三九零零零零一二三四", TODAY
    )
    assert {e.kind: e.value for e in found} == {
        "name": "赵国强",
        "course": "电商直播",
        "city": "长春",
        "date": "下周三上午",
        "phone": "13900001234",
    }


@pytest.mark.parametrize(
    ("text", "need"),
    [("材料上的字儿得大一点儿", "大字材料"), ("大点的字", "大字材料"), ("字大一些", "大字材料"),
     ("太小的字看不清", "大字材料"), ("看不清小字", "大字材料"), ("字儿能不能整大点", "大字材料"),
     ("字太小我瞅不见", "大字材料"),
     ("来个会比划的", "手语翻译"), ("给我打手语的", "手语翻译"), ("懂哑语的老师", "手语翻译"),
     ("台阶多我上不去", "轮椅通道"),
     ("我坐轱辘椅", "轮椅通道"), ("得没台阶的", "轮椅通道"), ("我上不了楼", "轮椅通道"),
     ("要摸的字", "盲文材料"), ("用手摸着念的书", "盲文材料"), ("不用大点的字", None),
     ("数字大约是三", None), ("摸不着门在哪", None), ("那天有空", None)],
)  # fmt: skip
def test_needs_are_heard_in_everyday_words(text: str, need: str | None) -> None:
    found = [n.need for n in find_access_needs(text)]
    assert found == ([need] if need else [])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("姓不对，不是耳东陈，是前程的程，程美华", "程美华"),
        ("姓错了，是龚，龚小满", "龚小满"),
        ("不是靳东升，是金冬生", "金冬生"),
        ("不是佟，是童年的童，童桂荣", "童桂荣"),
    ],
)
def test_a_name_that_is_put_right_is_the_last_one_and_never_a_mixture(said, meant):
    assert parse_name(said).name == meant


@pytest.mark.parametrize("said", ["不是周三，是周四", "不是吉林市，是长春", "不是我，是我妈"])
def test_what_else_is_put_right_is_no_name(said):
    assert parse_name(said) is None


@pytest.mark.parametrize(
    "said", ["预约号是002-372-838，去不了", "编号123456789", "零零二三七二八三八"]
)
def test_a_booking_reference_is_no_piece_of_a_phone_number(said):
    assert parse_phone(said) is None


@pytest.mark.parametrize(
    ("said", "named"),
    [("留我的手机，15804377206", ()), ("打我老伴手机", ()), ("修手机，15804377206", ("手机维修",)),
     ("我要学手机那个", ("手机维修",))],
)  # fmt: skip
def test_a_telephone_beside_its_number_names_no_course(said, named):
    assert tuple(c.name for c in courses_in(said, ("手机维修", "面点烘焙"))) == named


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13694360257，尾号0257", "13694360257"),
        ("幺三七，五六八七，三三零九，尾号三三零九", "13756873309"),
        ("13694360257，不对，尾号是0258", "0258"),
    ],
)
def test_an_end_that_is_said_again_leaves_the_number_whole(text: str, digits: str) -> None:
    phone = parse_phone(text)
    assert phone is not None
    assert phone.digits == digits
