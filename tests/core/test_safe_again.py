"""A danger that was told of, and is over."""

from __future__ import annotations

import pytest

from core.spoken.safe_again import goes_on, says_safe_again


@pytest.mark.parametrize(
    "said",
    ["我下来了，人在屋里，安全的，接着报吧", "药让儿子收走了，我好好的，没事了，咱接着报",
     "洗完胃了，大夫说脱离危险，我接着给他报名",
     "警察来过把他带走了，我在朋友家，很安全。接着报名吧"],
)  # fmt: skip
def test_who_is_safe_again_may_go_on(said: str) -> None:
    assert says_safe_again(said)
    assert goes_on(said)


@pytest.mark.parametrize(
    "said",
    ["我不安全", "这儿不太安全", "想不通", "死了就没事了", "等我没事了再报", "我还是想死，没事"],
)
def test_what_only_sounds_safe_is_not(said: str) -> None:
    assert not says_safe_again(said)


@pytest.mark.parametrize(
    "text", ["知道了，可我已经把药吃了", "明白了，我就去跳江", "没事了，我就是不想活"]
)
def test_to_have_understood_is_not_to_be_safe(text: str) -> None:
    assert not says_safe_again(text)


def test_who_is_cared_for_and_goes_on_is_taken_at_their_word() -> None:
    assert says_safe_again("我记住了，撂下电话我就打。他爸在家看着他呢。课还是给他报上")
