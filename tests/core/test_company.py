"""Whether somebody comes along, said in everyday words."""

from __future__ import annotations

import pytest

from core.spoken.access import find_access_needs, refused_needs
from core.spoken.company import find_companion


@pytest.mark.parametrize(
    "text",
    ["我外甥领我去", "我老姨开车送我去", "我闺女搀着我", "邻居推我过去", "护工跟着", "我妈也去",
     "和我老伴一道", "我们娘俩一起", "带个人", "我推着我爸去", "孩子我陪着", "俺家小子陪俺",
     "我一个人去不了，得有人陪", "我一个人不敢去我弟陪我", "不是一个人去，我姐跟着",
     "我爱人不去我姐陪我", "村书记领我去", "结伴去", "陪同的是我妹妹",
     "就我家那口子陪着", "我妹夫送"],
)  # fmt: skip
def test_somebody_comes_along(text: str) -> None:
    found = find_companion(text)
    assert found is not None and found.comes


@pytest.mark.parametrize(
    "text",
    ["我自个儿去啥也不用", "我独自一人去", "就我一个", "自己摸着去就行", "用不着谁陪", "甭让人陪",
     "没人跟我去", "我爱人不去", "我妈没空", "我姐陪不了我", "不用我妈陪了", "谁都不带", "没伴",
     "原来说我姐陪我现在她来不了了我自己去", "她自己去就中", "不需要陪同"],
)  # fmt: skip
def test_nobody_comes_along(text: str) -> None:
    found = find_companion(text)
    assert found is not None and not found.comes


@pytest.mark.parametrize(
    "text",
    ["我自己报名", "给我妈报个名", "我媳妇想学烘焙", "志愿者陪我", "门口接一下我", "有人领路",
     "我妈叫王桂兰", "我朋友也报了", "一起上课的有几个人", "领证要带啥", "谁陪我去啊"],
)  # fmt: skip
def test_other_people_are_no_company(text: str) -> None:
    assert find_companion(text) is None


def test_naming_somebody_is_enough_where_it_was_asked() -> None:
    named, nobody = find_companion("我儿子", asked=True), find_companion("没人", asked=True)
    assert named is not None and named.comes
    assert nobody is not None and not nobody.comes
    assert find_companion("我儿子") is None


@pytest.mark.parametrize(
    ("text", "wanted", "refused"),
    [("手语就不用了，大字要", ["大字材料"], ["手语翻译"]),
     ("手语、轮椅都不用", [], ["手语翻译", "轮椅通道"]),
     ("不用手语要大字的", ["大字材料"], ["手语翻译"]), ("轮椅通道取消吧", [], ["轮椅通道"]),
     ("没有手语我听不懂", ["手语翻译"], []), ("手语翻译这项不要", [], ["手语翻译"])],
)  # fmt: skip
def test_a_need_may_be_refused_or_taken_back(
    text: str, wanted: list[str], refused: list[str]
) -> None:
    assert [n.need for n in find_access_needs(text)] == wanted
    assert sorted(refused_needs(text)) == sorted(refused)


@pytest.mark.parametrize(
    ("text", "need"),
    [("需要有人比划", "手语翻译"), ("别有楼梯", "轮椅通道"), ("门槛高我进不去", "轮椅通道"),
     ("字体大一号", "大字材料"), ("要放大版", "大字材料"), ("看不见字，摸字", "盲文材料"),
     ("门口得有人接我", "引导陪同"), ("上楼费劲", "轮椅通道")],
)  # fmt: skip
def test_more_everyday_words_for_needs(text: str, need: str) -> None:
    assert [n.need for n in find_access_needs(text)] == [need]


@pytest.mark.parametrize(
    ("text", "comes"),
    [("我没事儿，我弟弟在家陪我呢", None), ("现在我妈陪着我呢", None), ("我儿子在旁边陪我呢", None),
     ("上课我儿子在旁边陪我", True), ("我弟弟陪我去", True)],
)  # fmt: skip
def test_who_is_there_now_does_not_come_along(text: str, comes: bool | None) -> None:
    found = find_companion(text)
    assert (found.comes if found else None) is comes
