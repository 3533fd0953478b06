"""One name put right after it was read back: 中间那字错了，是大小的小；不姓郝，姓何；是郝小燕.

The name that stands is known, so a single character can be put where it belongs: where it is said
to stand, where the wrong one stands, or where one of the same sound stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.spoken.pinyin import folded
from core.spoken.surnames import is_surname, looks_like_name, spelt_surname

_HAN = "[\u4e00-\u9fff]"
_END = r"(?=[\s，,。.！!；;、]|吧|啊|呀|呗|$)"
_SPELT = re.compile(rf"(?P<word>{_HAN}{{2,4}})的(?P<char>{_HAN})")
_WRONG_SPELT = re.compile(
    rf"不(?:是|应该是|叫|念)(?:那个)?(?:{_HAN}{{2,4}}的)?(?P<char>{_HAN})(?:字儿?)?{_END}"
)
_PLACES: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"姓(?!名)|(?:第一|头一|头里|打头|前面|开头|最前)[个那的]*字?"), 0),
    (re.compile(r"(?:最后|末尾|末了|尾巴|后面|最末|结尾)[一个那的面]*字?"), -1),
    (re.compile(r"(?:中间|当间|中央|当中|第二)[一个那的]*字?"), 1),
    (re.compile(r"第三[个那的]*字?"), 2),
)
_BARE_CHAR = re.compile(
    rf"(?:字儿?|中间|最后|末尾|姓|错了?|不对)[^，,。\s]{{0,4}}?(?:错了?|不对|有误|不是这个)?了?[，,。\s]*(?:应该|得)?(?:是|改成|换成|写成?)(?P<char>{_HAN}){_END}"
    rf"|(?:^|[，,。\s])(?:应该)?是(?P<char2>{_HAN})[，,。\s]*不是(?P<wrong>{_HAN}){_END}"
    rf"|不是(?P<wrong3>{_HAN})[，,。\s]*(?:应该|而)?是(?P<char3>{_HAN}){_END}"
)
_SURNAME = re.compile(
    rf"(?<!不)姓(?:氏)?(?:更正|改正|应该|应|改)?[为成是：:]*(?P<name>{_HAN}{{1,2}}){_END}"
)
_FULL = re.compile(
    rf"(?:^|[，,。\s]|(?<!不)是|(?<!不)叫|改成|改为|换成|写)(?P<name>(?![是叫就应改换写]){_HAN}{{2,4}}?)(?:才对|才是|的?名字?)?{_END}"
)
_DENIED = re.compile(
    rf"(?:不[是叫]|别写|(?:写|记|听|弄|念|打|说)成|不应该是){_HAN}{{1,5}}?(?:了|的)?(?=[\s，,。.、！!]|是|应该|$)"
)


def mended_name(name: str, text: str) -> str:
    """`name` as the sentence puts it right; empty where it says nothing that fits it."""
    for mended in (
        _part(name, text),
        _whole(name, text),
        _by_character(name, text),
        _instead(name, text),
    ):
        if mended and mended != name:
            return mended
    return ""


_GIVEN = re.compile(
    rf"不[是叫](?P<old>{_HAN}{{2}})[，,。\s]*(?:而|应该|得)?(?:[是叫]|改成|换成)(?P<new>{_HAN}{{2}}){_END}"
)


def _part(name: str, text: str) -> str:
    """The given name put right by itself: 不是桂芳，是桂芬."""
    said = _GIVEN.search(text)
    if said is None or said["old"] == name or not name.endswith(said["old"]):
        return ""
    return name.removesuffix(said["old"]) + said["new"]


def _whole(name: str, text: str) -> str:
    """The new name in full: akin to the old one, or surely told as a name."""
    plain = _DENIED.sub(lambda m: "，" * len(m[0]), text)
    told = [m["name"] for m in _FULL.finditer(plain)]
    akin = [new for new in told if _akin(name, new)]
    surname = _new_surname(name, text)
    # 姓错了，弓长张，叫张玉梅: the surname told apart, and then the whole.
    whole = [new for new in told if surname and new.startswith(surname) and looks_like_name(new)]
    return (akin or whole or [""])[-1]


_DIGITS = "零一二两三四五六七八九十幺"
_ANOTHER = re.compile(
    rf"(?:名字?|姓名|人)[^，,。]{{0,4}}(?:不对|错|改|换)|(?:写|记|报|登记|填)(?:成|的是|错|串|反)"
    rf"|{_HAN}{{2,4}}(?:那)?(?:是我|是俺|不是(?:来|上课|学))|(?:要|应该|得)(?:写|填|登记|报)"
)


def _instead(name: str, text: str) -> str:
    """The name of another person, where the one on record is said to be wrong."""
    if not _ANOTHER.search(text):
        return ""
    plain = _DENIED.sub(lambda m: "，" * len(m[0]), text)
    told = [m["name"] for m in _FULL.finditer(plain) if looks_like_name(m["name"])]
    others = [other for other in told if other != name]
    return others[-1] if others else ""


def _akin(old: str, new: str) -> bool:
    """Whether it is the old name with one character or so exchanged, left out or added."""
    if old == new or not looks_like_name(new) or abs(len(old) - len(new)) > 1:
        return False
    kept = sum(folded(char) in {folded(other) for other in old} for char in new)
    return kept >= max(1, min(len(old), len(new)) - 1)


def _by_character(name: str, text: str) -> str:
    surname = _new_surname(name, text)
    if surname:
        return surname
    wrong = {m["char"] for m in _WRONG_SPELT.finditer(text)}
    of_a_number = "名" not in text
    for char in _characters(text):
        if char in wrong or char in name or (of_a_number and char in _DIGITS):
            continue
        at = _place(name, char, text, wrong)
        if at is not None:
            mended = name[:at] + char + name[at + 1 :]
            return mended if is_surname(mended[:2]) or is_surname(mended[:1]) else ""
    return ""


def _new_surname(name: str, text: str) -> str:
    spelt = spelt_surname(text)
    said = [m["name"] for m in _SURNAME.finditer(text) if is_surname(m["name"])]
    surname = spelt or (said[-1] if said else "")
    about = "姓" in text and not re.search("姓名", text)
    if not surname or not about or name.startswith(surname):
        return ""
    return surname + name[2 if is_surname(name[:2]) else 1 :]


def _characters(text: str) -> Iterator[str]:
    """Characters told as right ones, those that are spelt first."""
    for match in _SPELT.finditer(text):
        denied = re.search(r"不(?:是|叫|应该是)$", text[: match.start()])
        if match["char"] in match["word"] and not denied:
            yield match["char"]
    for match in _BARE_CHAR.finditer(text):
        yield next(c for c in (match["char"], match["char2"], match["char3"]) if c)


def _place(name: str, char: str, text: str, wrong: set[str]) -> int | None:
    """Where in the name the character belongs: what is said, what is denied, what sounds alike."""
    called = r"{}(?:字|[写记听弄打]?(?:不对|错))"
    denied = [at for at, old in enumerate(name) if old in wrong]
    denied = denied or [at for at, old in enumerate(name) if re.search(called.format(old), text)]
    if len(denied) == 1:
        return denied[0]
    for pattern, place in _PLACES:
        if pattern.search(text):
            at = place if place >= 0 else len(name) - 1
            return at if at < len(name) else None
    alike = [at for at, old in enumerate(name) if folded(old) == folded(char)]
    return alike[0] if len(alike) == 1 else None
