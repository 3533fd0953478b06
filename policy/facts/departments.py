"""Who is responsible: the brackets at a clause's end, and the rules that hold for several."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DUTY = (
    r"(?:按照?(?:各自)?(?:职责|职能|任务)?(?:分工)?(?:分别)?负责|(?:按照?职责分工)|分别负责|共同负责|具体负责|"
    r"(?:分别)?牵头(?:负责|组织|实施|落实)?|配合|参与|参加|会同|组织实施|(?:负责)?落实|负责|指导|承办|实施)"
)
_OPENS_LIST = re.compile(
    r"(?:责任|牵头|配合|主管|指导|承办|实施|参与|负责|落实)(?:部门|单位|处室|机构)\s*[：:]"
)
_HAS_DUTY = re.compile(r"负责|牵头|配合|按职责分工|参与|落实")
_GOVERNMENTS = re.compile(
    r"各(?:省|市|县|区|州|地|盟|旗|镇|乡|级|直辖市|设区|自治|兵团|辖区|以上|、|（[^（）]{1,12}）|\([^()]{1,12}\))+"
    r"(?:人民)?(?:政府|管委会)"
)
_OPEN_END = re.compile(r"等?(?:有关|相关|各有关|各相关)(?:部门|单位|地方)(?:和(?:部门|单位))?$")
_ORG_END = re.compile(
    r"(?:部|厅|局|委|办|院|会|行|司|署|台|社|中心|集团|公司|联|政府|部门|单位|机构|组织|地区|地方|学校|高校)$"
)
_GENERAL = re.compile(r"[^。；]*(?:以下|下同|下列各项|不再列出|不再列明|均需|均由)[^。；]*")
_LEAD = re.compile(r"(?:列|排)?(?:在)?(?:第一位|首位|第一)(?:者|的)?[^。；]{0,8}(?:为|是)?牵头")


@dataclass(frozen=True)
class Responsibility:
    """What one bracket says."""

    quote: str
    """The bracket, verbatim, with its brackets."""
    departments: tuple[str, ...]
    lead: tuple[str, ...]
    """Named with 牵头 in so many words."""
    shared: tuple[str, ...] = ()
    """Responsible from here on by a general rule in the bracket."""
    shared_quote: str = ""
    lead_rule: str = ""
    """A rule that the first one listed leads, verbatim; empty where the bracket states none."""


def brackets(text: str) -> list[str]:
    """The outermost brackets of a text, in order, balanced ones only."""
    found: list[str] = []
    depth, begin = 0, 0
    for i, c in enumerate(text):
        if c in "（(":
            if depth == 0:
                begin = i
            depth += 1
        elif c in "）)" and depth:
            depth -= 1
            if depth == 0:
                found.append(text[begin : i + 1])
    return found


def responsibility(paragraph: str) -> Responsibility | None:
    """The bracket or closing line of a paragraph that names who is responsible, or None."""
    bare = paragraph.strip()
    if _OPENS_LIST.match(bare):
        return _parse(bare, bare)
    for bracket in reversed(brackets(paragraph)):
        inner = bracket[1:-1].strip()
        ends_here = paragraph[paragraph.rindex(bracket) + len(bracket) :].strip(" 。；;") == ""
        if _OPENS_LIST.match(inner) or (ends_here and _names_duty(inner)):
            return _parse(inner, bracket)
    return None


def _names_duty(inner: str) -> bool:
    first = _without_date(inner.split("。")[0])
    return re.search(rf"{_DUTY}$", re.split(r"[。；;]", first)[0].strip()) is not None or (
        _HAS_DUTY.search(first) is not None and re.search(rf"{_DUTY}\s*$", first) is not None
    )


def _without_date(listed: str) -> str:
    """A list without the time that some put behind it: …负责，2023年底前完成."""
    return re.sub(r"[，,；;]\s*[^，,；;]*(?:前|内|年|间)(?:完成|取得[^，；]*)?$", "", listed)


def _parse(inner: str, quote: str) -> Responsibility:
    parts = [p.strip() for p in inner.split("。") if p.strip()]
    listed = _without_date(parts[0]) if parts else ""
    shared: tuple[str, ...] = ()
    shared_quote = lead_rule = ""
    for part in parts[1:]:
        if _LEAD.search(part):
            lead_rule = part
        elif _GENERAL.fullmatch(part):
            shared = tuple(_names(re.sub(r"^.*?(?:均需|均由|由|需)", "", part))[0])
            shared_quote = part
    names, lead = _names(listed)
    departments = tuple(n for n in names if n not in shared)
    return Responsibility(quote, departments, lead, shared, shared_quote, lead_rule)


def _names(listed: str) -> tuple[list[str], tuple[str, ...]]:
    names: list[str] = []
    lead: list[str] = []
    for phrase in re.split(r"[；;]|，(?=[^，]*(?:负责|配合|参与|牵头|落实))", listed):
        leads = re.search(r"牵头", phrase) is not None
        for name in split_names(phrase):
            if name not in names:
                names.append(name)
            if leads and name not in lead:
                lead.append(name)
    return names, tuple(lead)


def split_names(phrase: str) -> list[str]:
    """Names of departments in a list such as 省民政厅、省残联等按职责分工负责, in order."""
    phrase = _OPENS_LIST.sub("", phrase.strip())
    phrase = re.sub(r"^(?:由|请)", "", phrase)
    phrase = re.sub(rf"(?:，)?{_DUTY}[^、]*$", "", phrase).strip("，, ")
    phrase = re.sub(r"(?:按照?|根据)(?:各自)?(?:职责|职能)(?:分工)?$", "", phrase)
    kept: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        token = f"\x00{len(kept)}\x00"
        kept[token] = match[0]
        return f"、{token}、"

    marked = _GOVERNMENTS.sub(keep, phrase)
    marked = re.sub(r"等?((?:各)?(?:有关|相关)(?:部门|单位)(?:和(?:部门|单位))?)", r"、\1", marked)
    marked = re.sub(r"、各、(?=有关|相关)", "、各", marked)
    names = []
    for piece in re.split(r"[、，,\s]+", marked):
        names.extend(_split_and(kept.get(piece, piece)))
    return [n for n in (re.sub(r"等$", "", n.strip()) for n in names) if n]


def _split_and(name: str) -> list[str]:
    """Splits at 及, 和, 与 only between two names: 省政务服务和数字化局 is one."""
    name = re.sub(r"^(?:以及|及|和|与)|(?:以及|及|和|与)$", "", name)
    if _OPEN_END.fullmatch(name) or name.startswith("各"):
        return [name]
    for match in re.finditer(r"以及|会同|及|和|与", name):
        left, right = name[: match.start()], name[match.end() :]
        if _ORG_END.search(left) and len(right) > 1:
            return [left, *_split_and(right)]
    return [name]
