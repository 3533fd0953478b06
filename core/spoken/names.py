"""Names of people as they give them: 我叫王小明, 姓木子李, 明白的明, 李伟."""

from __future__ import annotations

import re
from dataclasses import replace

from core.spoken.company import KIN
from core.spoken.phones import find_phones
from core.spoken.spelt_names import respelt, spelt_name
from core.spoken.surnames import PersonName, looks_like_name, not_names, surnames

_HAN = "[\u4e00-\u9fff]"
_CUE = re.compile(
    r"(?:我|俺|咱|他|她|孩子|儿子|闺女|女儿|我妈|我爸|老伴|来电人|本人)?的?"
    r"(?:名字|姓名|大名|全名|名儿)(?:就)?"
    r"(?:是|叫|为|写|填|登记|记|:|：|改成|改为|更正为|应该是|错了[,， ]?[是叫]?)*\s*"
    r"|(?:我|俺|咱|他|她|孩子|儿子|闺女|女儿|我妈|我爸|老伴|媳妇|来电人|本人|就)叫(?:做)?"
    r"|(?:^|[，,。 ])(?:(?:学员|学生|人家|人|当事人|求助人|来的人|上课的(?:人)?|小伙子"
    r"|那人|这人|本家)(?:就)?)?叫(?:做)?"
    rf"|(?:{KIN}|人|员|者|居民|小伙子?|大[哥姐爷妈]|姑娘|老[叔婶姨舅姑]|邻居)(?:他|她|就|本人)?叫(?:做)?"
    r"|(?:^|[，,。 ])名(?=[\u4e00-\u9fff]{2,4}(?:$|[，,。 ]))"
    r"|^叫我?|我?姓[^，。 ]{0,4}?[，,。 ]+(?:名字?|叫|全名)?叫?"
    r"|本人(?=姓)?|[我俺]是|这[是边]是?|(?:^|[，,。 ])就?(?:写|填|登记)(?:的是|成|上)?"
    r"(?:(?:我|俺|他|她|孩子)?的?(?:名字?|姓名)[，,：: ]*(?:是|叫)?)?"
)
# After these words a name runs on without a pause: 我叫李伟要报名.
_OF_NAMES = re.compile(r"名|姓|[^本人]叫")
_PARTICLES = frozenset("个吗呢吧了的啥么不没哪怎是我你他她这那要能给谁")
_AFTER_NAME = frozenset("要想报电手我的是在和吧啊呀呢呗今来年也给打把订约就先这那对，。,. 跟同")


_DENIED = re.compile(rf"不[是叫]{_HAN}{{1,5}}[，,。\s]+(?=[就应该]{{0,3}}[是叫])")
_DENIED_SURNAME = re.compile(r"姓(?:不对|错了|写错了|听错了|弄错了)")


def find_names(text: str, *, whole_answer: bool = True) -> tuple[PersonName, ...]:
    """At most one name. `whole_answer`: a text that is nothing but a name counts as one."""
    said, text = text, _without_denied(text)
    if text != said:
        instead = _mended(said) or _last_part(text)
        if instead:
            return (instead,)
    spelt = spelt_name(text)
    cued = _after_cue(text)
    if spelt and cued and len(spelt.name) == 1:
        if len(cued.name) <= 2 and not cued.name.startswith(spelt.name) and "姓" in text:
            # 叫佳怡，姓迟: the surname comes after.
            return (replace(cued, name=spelt.name + cued.name, spelt=True),)
        return (cued,)
    found = spelt or cued or _mended(text) or _beside_number(text)
    found = found or (_alone(text) if whole_answer else None)
    return (replace(found, name=respelt(found.name, text)),) if found else ()


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


# 姓名和电话 names fields, and nobody.
_AND_MORE = re.compile(r"[和跟与及、]\s*(?:电话|手机|号码|联系|年龄|住址)")


def _after_cue(text: str) -> PersonName | None:
    for cue in _CUE.finditer(text):
        if _AND_MORE.match(text, cue.end()):
            continue
        strict = not _OF_NAMES.search(cue[0])
        name = _name_at(text, cue.end(), strict)
        if name:
            return name
    return None


_MENDED = re.compile(
    rf"不[是叫]{_HAN}{{2,4}}[，,。\s]*[是叫](?P<name>{_HAN}{{2,4}})(?=$|[\s，,。.])"
)


def _mended(text: str) -> PersonName | None:
    """不是靳东升，是金冬生: the second is meant."""
    return _named_by(_MENDED, text)


def _beside_number(text: str) -> PersonName | None:
    """A name that stands by itself beside a phone number: 3月10号 靳东升 13500010018."""
    phone = next((phone for phone in find_phones(text) if phone.complete), None)
    if phone is None:
        return None
    plain = text[: phone.start] + "，" * (phone.end - phone.start) + text[phone.end :]
    parts = [
        PersonName(match[0], *match.span())
        for match in re.finditer(rf"{_HAN}+", _ABOUT_NUMBER.sub(lambda m: "，" * len(m[0]), plain))
        if looks_like_name(match[0])
    ]
    return min(parts, key=lambda name: abs(name.start - phone.start), default=None)


_ABOUT_NUMBER = re.compile(r"电话|手机号?码?|号码")


def _named_by(pattern: re.Pattern[str], text: str) -> PersonName | None:
    for match in pattern.finditer(text):
        if looks_like_name(match["name"]):
            return PersonName(match["name"], *match.span("name"))
    return None


_PEOPLES = re.compile(r"(?:蒙古|藏|维吾尔|哈萨克|锡伯|鄂伦春|赫哲|达斡尔|鄂温克)族|没有?姓")


def _name_at(text: str, start: int, strict: bool) -> PersonName | None:
    """A name that begins at `start`; `strict`: nothing but a boundary may follow it."""
    minority = re.match(rf"{_HAN}{{1,6}}·{_HAN}{{1,8}}", text[start:])
    if minority:
        return PersonName(minority[0], start, start + minority.end())
    run = re.match(rf"{_HAN}{{2,5}}", text[start:])
    if not run:
        return None
    familiar = re.match(rf"[老小]({_HAN})", run[0])
    longest = 4 if run[0][:2] in surnames() else 3
    if familiar and familiar[1] in surnames() and len(run[0]) in (2,):
        return PersonName(familiar[0], start, start + 2)
    whole = re.match(rf"(?:就?[叫是])?({_HAN}{{3,8}})(?=$|[，,。.\s])", text[start:])
    if whole and _PEOPLES.search(text[:start]) and not strict:
        return PersonName(whole[1], start + whole.start(1), start + whole.end(1))
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
    if not calls or not ends or len(run) > 4 or run in not_names():
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
