"""Names of people as they give them: 我叫王小明, 姓木子李, 明白的明, 李伟."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.spoken.places import find_other_regions, find_places

_DATA = Path(__file__).parent / "data"
_HAN = "[\u4e00-\u9fff]"
_CHAR_SPELT = re.compile(rf"({_HAN}{{2,5}})的({_HAN})(?!{_HAN}*的\2)")
_CUE = re.compile(
    r"(?:我|俺|咱|他|她|孩子|儿子|闺女|女儿|我妈|我爸|老伴|来电人|本人)?的?"
    r"(?:名字|姓名|大名|全名)(?:是|叫|为|:|：|改成|改为|更正为|应该是|错了[,， ]?[是叫]?)*\s*"
    r"|(?:我|俺|咱|他|她|孩子|儿子|闺女|女儿|我妈|我爸|老伴|媳妇|来电人|本人|就)叫(?:做)?"
    r"|^叫我?|我?姓[^，。 ]{0,4}?[，,。 ]+(?:名字?|叫|全名)?叫?"
    r"|本人(?=姓)?|我是|这是"
)
_PARTICLES = frozenset("吗呢吧了的啥么不没哪怎是我你他她这那要能给谁")
_AFTER_NAME = frozenset("要想报电手我的是在和吧啊呀呢呗今来年也给打把订约就先这那对，。,. 跟同")


@dataclass(frozen=True)
class PersonName:
    """A name and how it was recognised."""

    name: str
    start: int
    end: int
    spelt: bool = False
    """True where characters were spelt out (木子李, 明白的明): surer than by sound."""


_DENIED = re.compile(rf"不[是叫]{_HAN}{{1,5}}[，,。\s]+(?=[就应该]{{0,3}}[是叫])")
_DENIED_SURNAME = re.compile(r"姓(?:不对|错了|写错了|听错了|弄错了)")


def find_names(text: str, *, whole_answer: bool = True) -> tuple[PersonName, ...]:
    """At most one name. `whole_answer`: a text that is nothing but a name counts as one."""
    said, text = text, _without_denied(text)
    if text != said:
        instead = _mended(said) or _last_part(text)
        if instead:
            return (instead,)
    spelt = _spelt(text)
    cued = _after_cue(text)
    if spelt and cued and len(spelt.name) == 1:
        return (cued,)
    found = spelt or cued or _mended(text) or _beside_number(text)
    found = found or (_alone(text) if whole_answer else None)
    return (found,) if found else ()


def parse_name(text: str) -> PersonName | None:
    """The name in an answer to "who is it for?", or None."""
    found = find_names(text.strip())
    return found[0] if found else None


def _without_denied(text: str) -> str:
    """不是耳东陈，是前程的程: the first is no name; its place is kept, so positions stay."""
    for pattern in (_DENIED, _DENIED_SURNAME):
        text = pattern.sub(lambda m: "，" * len(m[0]), text)
    return text


def _last_part(text: str) -> PersonName | None:
    """The name that a correction ends in: 姓不对，是前程的程，程美华."""
    last = re.search(rf"(?:^|[，,。\s])[就应该]*[是叫]?({_HAN}{{2,4}})[吧啊呀。]?$", text)
    if last is None or not looks_like_name(last[1]):
        return None
    return PersonName(last[1], *last.span(1))


def _spelt(text: str) -> PersonName | None:
    surname = _spelt_surname_pattern().search(text)
    chars = [
        (m[2], m.start(), m.end())
        for m in _CHAR_SPELT.finditer(text, surname.end() if surname else 0)
        if m[2] in m[1]
    ]
    if surname is None:
        plain = re.search(rf"姓({_HAN})", text)
        if len(chars) > 1 and (not plain or plain[1] == "名") and chars[0][0] in _surnames():
            # 文章的文，牧羊的牧，田野的野
            said = "".join(char for char, _, _ in chars[:3])
            return PersonName(said, chars[0][1], chars[min(len(chars), 3) - 1][2], True)
        if not plain or not chars:
            return None
        first, start, end = plain[1], plain.start(1), plain.end()
    else:
        first, start, end = _spelt_surnames()[surname[0]], surname.start(), surname.end()
    if chars:
        return PersonName(first + "".join(c for c, _, _ in chars[:2]), start, chars[-1][2], True)
    full = re.search(rf"{first}{_HAN}{{1,2}}", text[end:])
    if full and looks_like_name(full[0]):
        return PersonName(full[0], start, end + full.end(), True)
    given = re.match(rf"[，, ]*(?:名字?叫?|叫)?({_HAN}{{1,2}})(?=$|[，。, ])", text[end:])
    if given and given[1] not in _not_names():
        return PersonName(first + given[1], start, end + given.end(1), True)
    return PersonName(first, start, end, True)


def _after_cue(text: str) -> PersonName | None:
    for cue in _CUE.finditer(text):
        strict = cue[0] in ("我是", "这是", "本人") or cue[0].startswith("叫")
        name = _name_at(text, cue.end(), strict)
        if name:
            return name
    return None


_MENDED = re.compile(
    rf"不[是叫]{_HAN}{{2,4}}[，,。\s]*[是叫](?P<name>{_HAN}{{2,4}})(?=$|[\s，,。.])"
)
_NUMBER = (
    r"(?:电话|手机号?码?|号码)?[是：:\s，,]*"
    r"[1１一幺](?:[\s\-]*[\d零〇一幺二三四五六七八九洞拐]){10}"
)
_BESIDE_NUMBER = (
    re.compile(rf"(?:^|[\s，,、。])(?P<name>{_HAN}{{2,4}})[\s，,、。]*{_NUMBER}"),
    re.compile(rf"{_NUMBER}[\s，,、。]+(?P<name>{_HAN}{{2,4}})(?=$|[\s，,、。])"),
)


def _mended(text: str) -> PersonName | None:
    """不是靳东升，是金冬生: the second is meant."""
    return _named_by(_MENDED, text)


def _beside_number(text: str) -> PersonName | None:
    """A name that stands by itself before or after a phone number: 3月10号 靳东升 13500010018."""
    return _named_by(_BESIDE_NUMBER[0], text) or _named_by(_BESIDE_NUMBER[1], text)


def _named_by(pattern: re.Pattern[str], text: str) -> PersonName | None:
    for match in pattern.finditer(text):
        if looks_like_name(match["name"]):
            return PersonName(match["name"], *match.span("name"))
    return None


def _name_at(text: str, start: int, strict: bool) -> PersonName | None:
    """A name that begins at `start`; `strict`: nothing but a boundary may follow it."""
    minority = re.match(rf"{_HAN}{{1,6}}·{_HAN}{{1,8}}", text[start:])
    if minority:
        return PersonName(minority[0], start, start + minority.end())
    run = re.match(rf"{_HAN}{{2,5}}", text[start:])
    if not run:
        return None
    familiar = re.match(rf"[老小]({_HAN})", run[0])
    longest = 4 if run[0][:2] in _surnames() else 3
    if familiar and familiar[1] in _surnames() and len(run[0]) in (2,):
        return PersonName(familiar[0], start, start + 2)
    for length in range(min(longest, len(run[0])), 1, -1):
        name, after = run[0][:length], text[start + length : start + length + 1]
        if strict and after and after not in "，。,. 吧啊":
            continue
        if not set(name[1:]) & _AFTER_NAME and looks_like_name(name):
            return PersonName(name, start, start + length)
    return _rare_name(run[0], text, start)


def _rare_name(run: str, text: str, start: int) -> PersonName | None:
    """After 我叫, what ends at a pause is a name, though its surname is on no list."""
    calls = text[:start].endswith(("叫", "叫做", "名字是", "姓名", "姓名是"))
    ends = re.match(r"$|[\s，,。.\d]", text[start + len(run) :])
    if not calls or not ends or len(run) > 4 or run in _not_names():
        return None
    if set(run) & (_PARTICLES | {"名", "姓", "字"}):
        return None
    return PersonName(run, start, start + len(run))


def _alone(text: str) -> PersonName | None:
    """A text, or one of its parts between blanks, that is a name and nothing else."""
    for part in re.finditer(rf"{_HAN}+(?:·{_HAN}+)?", text):
        others = text[: part.start()] + text[part.end() :]
        # Beside a bare name only figures may stand: 李伟 13500002222.
        if re.search(_HAN, others):
            continue
        name = re.sub(r"(?:吧|啊|呀)$", "", part[0])
        if looks_like_name(name):
            return PersonName(name, part.start(), part.start() + len(name))
    return None


def is_surname(name: str) -> bool:
    """Whether it is a surname of the list, of one character or of two."""
    return name in _surnames()


def spelt_surname(text: str) -> str:
    """木子李 → 李; empty where no surname is spelt."""
    spelt = _spelt_surname_pattern().search(text)
    return _spelt_surnames()[spelt[0]] if spelt else ""


def looks_like_name(name: str) -> bool:
    """Whether it has the length and surname of a name, and is no other word."""
    if "·" in name:
        return True
    compound = name[:2] in _surnames()
    if not (2 <= len(name) <= (4 if compound else 3)) or name in _not_names():
        return False
    if not compound and name[0] not in _surnames():
        return False
    if (
        re.search(r"[吗呢吧了的啥么不没哪怎是我你他她这那要能给谁]", name[1:])
        or name[:2] in _not_names()
    ):
        return False
    return not find_places(name) and not find_other_regions(name)


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    single, compound = _lines("surnames.txt")
    return frozenset(single) | frozenset(compound.split())


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    return frozenset(word for line in _lines("not_names.txt") for word in line.split())


@lru_cache(maxsize=1)
def _spelt_surnames() -> dict[str, str]:
    pairs = (line.split("\t") for line in _lines("spelt_surnames.tsv"))
    return {said: meant for said, meant in pairs}


@lru_cache(maxsize=1)
def _spelt_surname_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_spelt_surnames(), key=len, reverse=True)))


def _lines(file_name: str) -> list[str]:
    lines = (_DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
