from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import ALPHABET, CAPACITY, is_valid, make_reference, parse_reference, spell

numbers = st.integers(0, CAPACITY - 1)


@given(numbers)
def test_a_reference_is_read_back_however_it_is_written(number: int) -> None:
    reference = make_reference(number)
    spoken = spell(reference)
    assert parse_reference(reference) == reference
    assert parse_reference(reference.replace("-", "")) == reference
    assert parse_reference(f"我的编号是{spoken}，谢谢") == reference


@given(numbers, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, digit: str) -> None:
    plain = make_reference(number).replace("-", "")
    wrong = plain[:place] + digit + plain[place + 1 :]
    assert is_valid(wrong) == (wrong == plain)


@given(numbers, st.integers(0, 7))
def test_two_swapped_digits_are_always_noticed(number: int, place: int) -> None:
    plain = make_reference(number).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert is_valid(wrong) == (wrong == plain)


def test_a_misheard_seven_and_six_are_mended() -> None:
    reference = next(r for r in map(make_reference, range(10_000)) if "7" in r and "6" in r)
    assert parse_reference(reference.replace("7", "1").replace("6", "九")) == reference


@pytest.mark.parametrize("text", ["", "13800138000", "我要取消", "235-078", "2350786231"])
def test_what_is_no_reference_gives_none(text: str) -> None:
    assert parse_reference(text) is None


def test_no_digit_looks_or_sounds_like_another() -> None:
    assert not set(ALPHABET) & set("149")
    assert ALPHABET.isdigit()


def test_different_numbers_give_different_references() -> None:
    assert len({make_reference(n) for n in range(5000)}) == 5000
    with pytest.raises(ValueError, match="lies from 0"):
        make_reference(CAPACITY)
