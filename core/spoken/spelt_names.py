"""Names that are spelt out: 姓木子李，建国的建; 耳东陈，单名一个芳; 范德海，道德的德，大海的海."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.spoken.pinyin import folded
from core.spoken.surnames import (
    PersonName,
    looks_like_name,
    not_names,
    spelt_surname_pattern,
    spelt_surnames,
    surnames,
)

_HAN = "[\u4e00-\u9fff]"
_CHAR_SPELT = re.compile(rf"({_HAN}{{2,5}})的({_HAN})(?!{_HAN}*的\2)")
# 草字头底下一个方向的方 tells a part of a character, not the character.
_COMPONENT = re.compile(
    r"(?:底下|下[面边头]|上[面边头]|里[面边头]|[左右旁]边|偏旁|旁|字头|头|加|三点水|宝盖)(?:儿|加|是|再|带)*(?:上)?(?:一?个)?"
    rf"{_HAN}{{0,4}}$"
)
_CALLED = re.compile(
    rf"(?:单[名字](?:儿)?|名字?(?=叫|是)|叫)(?:就)?(?:一?个|单)?(?:字)?(?:叫|是)?(?:一?个)?({_HAN}{{1,4}}?)(?:字)?"
    r"(?=[，,。.\s!！]|吧|$|[\d幺])"
)
_PAUSE = r"(?:^|[，,。\s、]|叫|是)"
_END = r"(?=[，,。\s、]|$)"


def spelt_name(text: str) -> PersonName | None:
    """The name whose characters are spelt, with its surname where that is told apart."""
    return _whole(text) or _surname_and_given(text) or _by_characters(text)


def respelt(name: str, text: str) -> str:
    """`name` with the characters spelt beside it in the place of those that sound alike."""
    for char, _, _ in _characters(text, 0):
        alike = [at for at, old in enumerate(name) if folded(old) == folded(char)]
        if char not in name and len(alike) == 1:
            name = name[: alike[0]] + char + name[alike[0] + 1 :]
    return name


def _characters(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Each character that a word spells, and where: 建国的建."""
    for match in _CHAR_SPELT.finditer(text, start):
        clause = re.split(r"[，,。\s]", text[: match.end(1)])[-1]
        if match[2] in match[1] and not _COMPONENT.search(clause):
            yield match[2], match.start(), match.end()


def _whole(text: str) -> PersonName | None:
    """范德海，道德的德: a name in full, some character of which is spelt after it."""
    characters = "".join(char for char, _, _ in _characters(text, 0))
    spelt = {folded(char) for char in characters}
    told = {match[1] for match in re.finditer(rf"的({_HAN}){_END}", text)}
    for match in re.finditer(rf"{_PAUSE}({_HAN}{{2,4}}){_END}", text):
        sounds = {folded(char) for char in match[1]}
        if match[1] == characters:
            # 宿春艳，住宿的宿……: each character is spelt, so it is a name whatever it begins with.
            return PersonName(match[1], *match.span(1), spelt=True)
        if looks_like_name(match[1]) and (spelt & sounds or told & set(match[1])):
            return PersonName(match[1], *match.span(1), spelt=True)
    return None


def _surname_and_given(text: str) -> PersonName | None:
    """姓皇甫，叫英淑; 耳东陈，单名一个芳: both are told, one after the other."""
    surname = _surname(text)
    if surname is None:
        return None
    name, start, end = surname
    for called in _CALLED.finditer(text, end):
        given = called[1].removeprefix(name)
        if given and len(given) <= 2 and given not in not_names() and given not in "什么啥":
            return PersonName(name + given, start, called.end(1), spelt=True)
    return None


def _surname(text: str) -> tuple[str, int, int] | None:
    """The surname told by itself, spelt or after 姓, and where it stands."""
    spelt = spelt_surname_pattern().search(text)
    if spelt:
        return spelt_surnames()[spelt[0]], spelt.start(), spelt.end()
    for match in re.finditer(rf"姓(?!名)({_HAN}{{2}}|{_HAN})", text):
        for name in (match[1], match[1][:1]):
            if name in surnames():
                return name, match.start(1), match.start(1) + len(name)
        return match[1][:1], match.start(1), match.start(1) + 1
    return None


def _by_characters(text: str) -> PersonName | None:
    surname = _surname(text)
    chars = list(_characters(text, surname[2] if surname else 0))
    if surname is None:
        if len(chars) > 1 and chars[0][0] in surnames():
            # 文章的文，牧羊的牧，田野的野
            said = "".join(char for char, _, _ in chars[:3])
            return PersonName(said, chars[0][1], chars[min(len(chars), 3) - 1][2], True)
        return None
    first, start, end = surname
    by_word = spelt_surname_pattern().search(text) is not None
    if not by_word and not chars:
        return None
    # 姓由，自由的由，由凤珍: the word spells the surname, not the name after it.
    chars = [char for char in chars if char[0] != first]
    if chars:
        return PersonName(first + "".join(c for c, _, _ in chars[:2]), start, chars[-1][2], True)
    after = text[end:]
    before = re.search(rf"{_PAUSE}({first}{_HAN}{{1,2}}){_END}", text[:start])
    if before and before[1] not in not_names():
        # 许文斌，言午许: the surname of the name before it is spelt.
        return PersonName(before[1], *before.span(1), spelt=True)
    # Told as a surname, it may be one that stands on no list.
    full = re.search(rf"(?<=[，,。\s]){first}{_HAN}{{1,2}}{_END}", after) or next(
        (m for m in re.finditer(rf"{first}{_HAN}{{1,2}}", after) if looks_like_name(m[0])), None
    )
    if full:
        return PersonName(full[0], start, end + full.end(), True)
    given = re.match(rf"[，, ]*(?:名字?叫?|叫)?({_HAN}{{1,2}})(?=$|[，。, ])", text[end:])
    if given and given[1] not in not_names():
        return PersonName(first + given[1], start, end + given.end(1), True)
    return PersonName(first, start, end, True)
