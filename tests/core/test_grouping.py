"""Questions put together by what they ask: each line below is one question in several wordings."""

from __future__ import annotations

from itertools import combinations

import pytest

from core.grouping import grouped_texts

ASKED = """
两项补贴多少钱 两项补贴一个月给多少钱呀 请问两项补贴是多少 两向补贴多少钱 残疾人两项补贴多少
残疾证怎么办理 怎么办残疾证 办残疾证要去哪里办 残疾证在哪办 残疾正怎么办理
残保金怎么算 残保金是怎么计算的 残保金按什么标准算 残宝金怎么算
残疾证能坐公交免费吗 坐公交车有残疾证免费吗 有残疾证公交车免费吗
盲人上高考有照顾吗 高考盲人有什么照顾 盲人参加高考有照顾吗
低保怎么申请 申请低保要什么材料 怎样申请低保
轮椅可以免费领吗 怎么免费领轮椅 免费轮椅在哪里领 免费轮以在哪领
一级残疾多少补助 一级残疾有多少补助 一级残疾补助是多少钱
培训有补助吗 参加培训给补助吗 培训给不给补助 参加培训有没有补助
残疾人买车有优惠吗 残疾人买车能优惠吗 买车残疾人有优惠没有
导盲犬能上地铁吗 导盲犬可以坐地铁吗 地铁让导盲犬上吗
孩子上学有补贴吗 残疾孩子上学有补贴吗 孩子上学给补贴不
盲人按摩店开业补贴多少 开盲人按摩店补贴多少钱 盲人按摩店开业给多少补贴
残疾人驾照怎么考 残疾人怎么考驾照 考驾照残疾人怎么考
社保补贴多少钱 社保补贴给多少 社保补贴是多少钱
"""
MEANT = {text: n for n, line in enumerate(ASKED.strip().split("\n")) for text in line.split()}


@pytest.mark.parametrize("seed", range(3))
def test_most_pairs_that_ask_the_same_and_few_others_stand_together(seed: int) -> None:
    texts = list(MEANT)
    weights = [1 + (7 * seed + 3 * at) % 5 for at in range(len(texts))]
    home = {at: n for n, group in enumerate(grouped_texts(texts, weights)) for at in group}
    assert sorted(home) == list(range(len(texts))), "every text stands in one group"
    pairs = list(combinations(range(len(texts)), 2))
    meant = {pair for pair in pairs if MEANT[texts[pair[0]]] == MEANT[texts[pair[1]]]}
    found = {pair for pair in pairs if home[pair[0]] == home[pair[1]]}
    assert len(meant & found) / len(found) >= 0.8
    assert len(meant & found) / len(meant) >= 0.8


def test_the_same_texts_give_the_same_groups_in_whatever_order() -> None:
    texts = list(MEANT)
    there = [{texts[at] for at in group} for group in grouped_texts(texts, [1] * len(texts))]
    turned = texts[::-1]
    back = [{turned[at] for at in group} for group in grouped_texts(turned, [1] * len(texts))]
    assert there == back
    assert grouped_texts([], []) == []
    assert grouped_texts(["？", "吗"], [1, 1]) in ([[0], [1]], [[1], [0]], [[0, 1]])
