"""One of several dates or bookings, in whatever way people describe it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from core.choosing import choose, extreme
from core.values import TrainingSlot

TODAY = date(2026, 9, 10)


def slot(name: str, course: str, city: str, venue: str, *begins: int) -> TrainingSlot:
    at = datetime(2026, *begins, tzinfo=timezone(timedelta(hours=8)))  # type: ignore[misc]
    return TrainingSlot(name, course, city, venue, at, at + timedelta(hours=3), 6, 5)


DATES = (
    slot("a", "柳编", "白城", "白城市文化馆", 9, 15, 9),
    slot("b", "柳编", "白城", "白城市文化馆", 9, 15, 13, 30),
    slot("c", "柳编", "松原", "松原市残疾人综合服务中心", 10, 13, 9),
)
BOOKED = (
    slot("a", "柳编", "白城", "白城市文化馆", 9, 15, 9),
    slot("b", "短视频剪辑", "长春", "长春市残疾人就业服务中心", 9, 21, 9),
)


def left(text: str, offered: tuple[TrainingSlot, ...], *, leaving: bool = False) -> str:
    return "".join(offered[at].id for at in choose(text, offered, TODAY, leaving=leaving).left)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("头一个", "a"), ("中间那个", "b"), ("后头那个", "c"), ("末了那个", "c"), ("2", "b"),
     ("松原的", "c"), ("白城下晌的", "b"), ("过晌那个", "b"), ("一点半的吧", "b"), ("十月的", "c"),
     ("十三号那个", "c"), ("九月十五号上午那个", "a"), ("过了十五号的", "c"), ("文化馆下午", "b"),
     ("第三个，松原那个", "c"), ("最近的那个", "a"), ("晚一点的那个", "c"), ("礼拜二下午", "b"),
     ("哪个都行", "a"), ("你看着定", "a")],
)  # fmt: skip
def test_a_date_is_told_by_any_mixture_of_what_was_read_out(text: str, meant: str) -> None:
    assert left(text, DATES) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("不要上午的", "b"), ("上午的不行，下午吧", "b"), ("不是第一个是第二个", "b"),
     ("白城的去不了", "c"), ("松原太远了", "ab")],
)  # fmt: skip
def test_a_date_is_told_by_which_it_is_not(text: str, meant: str) -> None:
    assert left(text, DATES) == meant


@pytest.mark.parametrize("text", ["我再想想", "三号", "晚的时候给我打电话", "长春的", "第四个"])
def test_what_fits_no_date_chooses_none(text: str) -> None:
    assert left(text, DATES) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [("柳编那个不去了", "a"), ("二十一号的", "b"), ("短视频的留着，柳编退了", "a"),
     ("柳编我还去，退另一个", "b"), ("不是柳编，是另一个", "b"), ("别动短视频", "a"),
     ("除了剪辑那个", "a"), ("取消长春的，白城的不动", "b"), ("两个都取消", ""), ("哪个都行", "")],
)  # fmt: skip
def test_of_two_bookings_the_one_given_up_is_meant(text: str, meant: str) -> None:
    assert left(text, BOOKED, leaving=True) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("我就报最早的", "a"), ("最后那一期", "c"), ("哪期都中", "a"), ("我最近想学柳编", "")],
)
def test_a_course_may_be_booked_for_its_earliest_date_or_any(text: str, meant: str) -> None:
    picked = extreme(text, DATES)
    assert (picked.id if picked else "") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("十五号上午，啊不，上午我得去换药，下午那场", "b"), ("九月的上午那个，不对，下午", "b"),
     ("十月份那个吧，九月我走不开", "c"), ("九月我走不开", "c"), ("上午有事，要下午的", "b")],
)  # fmt: skip
def test_what_is_mended_or_told_as_out_in_one_sentence_is_not_meant(text: str, meant: str) -> None:
    assert left(text, DATES) == meant
