"""Dates as people say them, seen from Wednesday, 4 March 2026."""

from datetime import date, time

import pytest

from core.spoken.clock import find_moments
from core.spoken.dates import find_dates, parse_date

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("明天", (2026, 3, 5), (2026, 3, 5)),
        ("那就后天吧", (2026, 3, 6), (2026, 3, 6)),
        ("下周三", (2026, 3, 11), (2026, 3, 11)),
        ("周三", (2026, 3, 4), (2026, 3, 4)),
        ("周二", (2026, 3, 10), (2026, 3, 10)),
        ("下礼拜天", (2026, 3, 15), (2026, 3, 15)),
        ("周六日", (2026, 3, 7), (2026, 3, 8)),
        ("这个月底", (2026, 3, 26), (2026, 3, 31)),
        ("下个月", (2026, 4, 1), (2026, 4, 30)),
        ("下个月15号", (2026, 4, 15), (2026, 4, 15)),
        ("三月五号", (2026, 3, 5), (2026, 3, 5)),
        ("3/20", (2026, 3, 20), (2026, 3, 20)),
        ("2026-05-08", (2026, 5, 8), (2026, 5, 8)),
        ("三天以后", (2026, 3, 7), (2026, 3, 7)),
        ("周一到周三", (2026, 3, 9), (2026, 3, 11)),
        ("国庆期间", (2026, 10, 1), (2026, 10, 7)),
    ],
)
def test_a_phrase_becomes_the_days_it_means(said, first, last):
    found = parse_date(said, TODAY)
    assert (found.day_from, found.day_to) == (date(*first), date(*last))


def test_part_of_the_day_and_hour_belong_to_their_date():
    found = parse_date("下周三下午两点半行不", TODAY)
    assert found.text == "下周三下午两点半"
    assert (found.part_of_day, found.clock) == ("afternoon", time(14, 30))


@pytest.mark.parametrize("said", ["昨天", "上周五", "三月一号", "这周二"])
def test_past_days_are_recognised_as_past(said):
    assert parse_date(said, TODAY).is_past(TODAY)


@pytest.mark.parametrize("said", ["越快越好", "十一以后", "过两天", "最近", "下个月", "随便哪天"])
def test_vague_phrases_say_that_they_are_vague(said):
    assert parse_date(said, TODAY).vague


def test_a_date_of_the_first_half_year_said_late_means_next_year():
    assert parse_date("三月五号", date(2026, 11, 23)).single_day == date(2027, 3, 5)


def test_a_day_that_no_calendar_has_is_impossible_and_not_another_day():
    assert parse_date("二月三十号", TODAY).impossible


def test_a_day_of_the_month_alone_means_the_next_month_that_has_it():
    assert parse_date("三十一号", date(2026, 11, 26)).single_day == date(2026, 12, 31)
    assert parse_date("本月31号", date(2026, 11, 26)).impossible


@pytest.mark.parametrize("said", ["一百二十号", "120号", "人民大街1号"])
def test_a_number_that_ends_like_a_day_is_none(said):
    assert parse_date(said, TODAY) is None


def test_who_mends_the_date_means_the_last_one():
    assert parse_date("周三 不对 周五", TODAY).single_day == date(2026, 3, 6)


@pytest.mark.parametrize("said", ["十一点", "三号楼", "你好", "一万块", ""])
def test_what_is_no_date_stays_none(said):
    assert find_dates(said, TODAY) == ()


def test_after_a_day_is_open_at_the_end():
    found = parse_date("十一以后", TODAY)
    assert (found.day_from, found.day_to) == (date(2026, 10, 8), None)
    assert found.contains(date(2026, 12, 1)) and not found.contains(date(2026, 10, 1))


def test_two_ends_said_apart_are_one_stretch() -> None:
    found = parse_date("得过了十五号的，二十号以前能上完的", date(2026, 11, 2))
    assert found is not None
    assert (found.day_from, found.day_to) == (date(2026, 11, 16), date(2026, 11, 19))


def test_before_the_end_of_the_month_is_until_it_ends() -> None:
    found = parse_date("这个月月底前的", date(2026, 5, 18))
    assert found is not None and found.day_to == date(2026, 5, 31)


def test_how_long_something_took_is_no_part_of_a_day() -> None:
    assert find_moments("干了一上午活 累死了") == ()
    assert [m.part_of_day for m in find_moments("下周一上午")] == ["morning"]
