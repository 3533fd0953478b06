"""One character of a name and some digits of a number, put right after the read-back."""

from __future__ import annotations

import pytest

from core.spoken.name_repairs import mended_name
from core.spoken.phone_repairs import mended_phone


@pytest.mark.parametrize(
    ("text", "name"),
    [("名字不对，中间那字儿错了，是郝小燕，大小的小", "郝小燕"),
     ("第二个字不对，大小的小", "郝小燕"),
     ("不是拂晓的晓是大小的小", "郝小燕"), ("小是大小的小", "郝小燕"), ("不是晓，是小", "郝小燕"),
     ("郝小燕，你写成郝晓燕了", "郝小燕"), ("最后那个字错了，是鲜艳的艳", "郝晓艳"),
     ("燕是大雁的雁", "郝晓雁"), ("姓不对，姓何", "何晓燕"), ("姓错了，是人可何", "何晓燕"),
     ("没有中间那个字，就叫郝燕", "郝燕"), ("你把晓写错了，是小", "郝小燕")],
)  # fmt: skip
def test_a_name_is_put_right_by_one_character(text: str, name: str) -> None:
    assert mended_name("郝晓燕", text) == name


@pytest.mark.parametrize(
    "text", ["对", "电话错了", "不是周三是周四", "中间那个", "我要大字的材料", "燕是燕子的燕"]
)
def test_what_says_nothing_of_the_name_leaves_it(text: str) -> None:
    assert mended_name("郝晓燕", text) == ""


def test_a_compound_surname_is_left_whole() -> None:
    assert mended_name("欧阳雪", "雪不对，是学习的学") == "欧阳学"
    assert mended_name("欧阳雪", "姓错了，姓何") == "何雪"


@pytest.mark.parametrize(
    ("text", "phone"),
    [("中间四位错了，是0031", "13800318012"), ("前头三位错了，是幺三九", "13900138012"),
     ("开头是139不是138", "13900138012"), ("第四位是5", "13850138012"),
     ("倒数第二位是5", "13800138052"), ("8012那段错了，是8132", "13800138132"),
     ("最后两位反了", "13800138021"), ("后边四个数不对 是8132", "13800138132")],
)  # fmt: skip
def test_digits_are_put_right_where_they_are_said_to_stand(text: str, phone: str) -> None:
    assert mended_phone("13800138012", text) == phone


@pytest.mark.parametrize("text", ["第二期", "前三天都行", "时间不对，是三月九号", "第三个"])
def test_other_figures_leave_the_number(text: str) -> None:
    assert mended_phone("13800138012", text) == ""
