"""What a question takes for granted, held against what the notice says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.spoken.pinyin import syllables
from policy.answering.questions import Question, load_cues
from policy.finding.sound_pattern import Heard

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6,
           "七": 7, "八": 8, "九": 9}  # fmt: skip
_POWERS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_UNITS = "人次|周岁|万元|个月|月份|人|个|家|名|次|回|项|岁|年|月|日|号|户|所|元|天|[%％]"
_QUANTITY = re.compile(
    rf"(?P<n>\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九十百千]+)(?P<s>[万亿千百]?)(?:多|来)?(?P<u>{_UNITS})"
)
_SAME = {
    "岁": "周岁",
    "家": "个",
    "所": "个",
    "名": "人",
    "回": "次",
    "号": "日",
    "月份": "月",
    "户": "个",
}
_OFFICE = re.compile(r"(?:省|市|县|国家)[\u4e00-\u9fff]{1,8}?(?:厅|局|委员会)")


@dataclass(frozen=True)
class Quantity:
    value: float
    unit: str


def quantities(text: str) -> list[Quantity]:
    """Numbers with a unit: 2.5万人 is 25000 人, 三百家 is 300 个, 年 only for four digits."""
    found = []
    for match in _QUANTITY.finditer(text):
        value = (
            _value(match["n"])
            * {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[match["s"]]
        )
        found.append(Quantity(value, _SAME.get(match["u"], match["u"])))
    return found


def _value(written: str) -> float:
    if written[0].isdigit():
        return float(written)
    total, current = 0, 0
    for char in written:
        if char in _DIGITS:
            current = current * 10 + _DIGITS[char] if written.isdecimal() else _DIGITS[char]
        else:
            total += (current or 1) * _SCALE[char]
            current = 0
    return float(total + current)


def contradicted(question: Question, quotes: Iterable[str]) -> bool:
    """The question presumes a figure, a moment, an office or a promise that the quotes deny."""
    if not question.confirms:
        return False
    told = "\n".join(quotes)
    return (
        _wrong_figure(question.text, told)
        or _wrong_office(question.text, told)
        or (question.believes and _too_much(question.text, told))
    )


def figures(text: str) -> frozenset[tuple[float, str]]:
    """(number, unit) of every quantity above one."""
    return frozenset((q.value, q.unit) for q in quantities(text) if q.value > 1)


def _wrong_figure(asked: str, told: str) -> bool:
    said = quantities(_nearest_stretch(asked, told))
    for presumed in quantities(asked):
        comparable = [q for q in said if q.unit == presumed.unit or _people(q, presumed)]
        if presumed.unit == "年" and presumed.value < 1900:
            continue
        if presumed.value <= 1 and presumed.unit in ("个", "次", "年", "日"):
            # 一个, 一次, 一年 are ways of speaking rather than figures.
            continue
        if comparable and all(q.value != presumed.value for q in comparable):
            return True
    return False


def _nearest_stretch(asked: str, told: str) -> str:
    """The stretch between commas that shares most with the question and has a figure; else all."""
    sounds = syllables(asked)
    heard = set(itertools.pairwise(sounds))
    best, most = told, 1
    for stretch in re.split("[，；。\n]", told):
        own = syllables(stretch)
        shared = len(heard & set(itertools.pairwise(own)))
        if shared > most and quantities(stretch):
            best, most = stretch, shared
    return best


def _people(one: Quantity, other: Quantity) -> bool:
    return {one.unit, other.unit} <= {"人", "人次", "个"}


def _wrong_office(asked: str, told: str) -> bool:
    return any(o not in told for o in _OFFICE.findall(asked))


def _too_much(asked: str, told: str) -> bool:
    cues, heard = load_cues(), Heard(asked)
    for premise, notice_word in cues.contradictions:
        if notice_word in told and premise.match(heard):
            return True
    absolute = cues.absolutes.match(heard)
    return absolute and any(word in told for word in cues.softer)
