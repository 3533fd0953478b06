"""From the page to the ear: document numbers, dates, phones, figures, brackets, lists.

The order of the rules matters: what is most specific reads first, and each leaves no digits behind
for a later rule to misread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from core.ear.numerals import cardinal, digits, in_groups, phone_digits, quantity

_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MEASURES = "个名家所条项次份位岁年种类天人间批处户场期节门台件部座届倍页步句元块小分门张"
_RANGE = r"[-－–—―~～至到]{1,2}"


def for_ear(
    text: str, respellings: Mapping[str, str] | None = None, mask_phones: bool = False
) -> str:
    """What is said for `text`: no digits, no brackets, no mark-up left.

    `respellings` maps words whose characters a voice misreads to a spelling it reads right.
    `mask_phones` leaves only the last four digits of a mobile number, for a place where others
    listen.
    """
    spoken = _without_markup(text)
    if mask_phones:
        spoken = re.sub(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?(\d{4})(?!\d)", r"尾号\1号", spoken)
        spoken = re.sub(r"尾号(\d{4})号", lambda m: f"尾号{phone_digits(m.group(1))}", spoken)
    for pattern, say in _RULES:
        spoken = pattern.sub(say, spoken)
    spoken = _punctuation(spoken)
    for written, said in sorted((respellings or {}).items(), key=lambda item: -len(item[0])):
        spoken = spoken.replace(written, said)
    return spoken


def _without_markup(text: str) -> str:
    text = text.translate(_FULLWIDTH)
    text = re.sub(r"https?://\S+", "网址", text)
    text = re.sub(r"[\w.+-]+@[\w-]+\.[\w.]+", "邮箱地址", text)
    text = re.sub(r"^\s*[-*•·]\s+", "", text, flags=re.MULTILINE)
    # A clause heading keeps its number, a list item becomes an ordinal.
    text = re.sub(
        r"^\s*(\d{1,2})[.、)）]\s*(?=\D)",
        lambda m: f"第{cardinal(int(m.group(1)))}，",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"[*_`#|]+", "", text)
    return _EMOJI.sub("", text)


def _year(figures: str) -> str:
    return digits(figures)


def _document_number(match: re.Match[str]) -> str:
    issuer, year, number = match.groups()
    return f"{issuer}，{_year(year)}，{cardinal(int(number))}号"


def _clause_path(match: re.Match[str]) -> str:
    part, section, item = match.groups()
    spoken = f"第{part}部分，第{section}节"
    return f"{spoken}，第{cardinal(int(item))}项" if item else spoken


def _date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{_year(year)}年{cardinal(int(month))}月{cardinal(int(day))}日"


def _clock(match: re.Match[str]) -> str:
    before, hour_figures, minute_figures = match.group(1) or "", match.group(2), match.group(3)
    hour, minute = int(hour_figures), int(minute_figures)
    if hour > 24 or minute > 59:
        return match.group(0)
    return _part_of_day(before, hour) + _hour(hour) + _minute(minute)


def _part_of_day(before: str, hour: int) -> str:
    if before:
        return before
    for until, name in ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午")):
        if hour < until:
            return name
    return "晚上"


def _hour(hour: int) -> str:
    hour = hour - 12 if 12 < hour < 24 else hour
    return ("两" if hour == 2 else cardinal(hour)) + "点"


def _minute(minute: int) -> str:
    if minute == 0:
        return ""
    if minute == 30:
        return "半"
    return ("零" if minute < 10 else "") + cardinal(minute) + "分"


def _money(match: re.Match[str]) -> str:
    figure, unit = match.group(1), match.group(2) or ""
    return f"{quantity(figure)}{unit}元"


def _counted(match: re.Match[str]) -> str:
    figure, after = match.group(1), match.group(2)
    return _amount(figure, after) + after


def _amount(figure: str, after: str) -> str:
    if (
        figure == "2"
        and after
        and ((after[0] in _MEASURES and after[0] != "岁") or after[0] in "万亿千")
    ):
        return "两"
    if figure[0] == "0" and len(figure) > 1 and "." not in figure:
        return digits(figure)
    return quantity(figure)


def _between(match: re.Match[str]) -> str:
    low, unit, high, after = match.groups()
    return f"{_amount(low, unit or '')}{unit or ''}到{_amount(high, after)}{after}"


def _reference(match: re.Match[str]) -> str:
    groups = re.split(r"[-－]", match.group(0))
    return "，".join(
        " ".join(phone_digits(c) if c.isdigit() else c.upper() for c in group) for group in groups
    )


def _leftover(match: re.Match[str]) -> str:
    figures = match.group(0)
    # A long run of digits is a number that names something: nobody hears it as a quantity.
    if len(figures) >= 6 and "." not in figures and "," not in figures:
        return in_groups(figures)
    return _amount(figures, "")


_FULLWIDTH = str.maketrans(
    "０１２３４５６７８９％＋／",
    "0123456789%+/",
)
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200b-\u200f\u2060\ufeff\u20e3\u200d]"
)
_Say = Callable[[re.Match[str]], str]

_RULES: tuple[tuple[re.Pattern[str], _Say], ...] = (
    (
        re.compile(r"([\u4e00-\u9fff]{2,10})\s*[〔\[［（(](\d{4})[〕\]］）)]\s*第?(\d+)号"),
        _document_number,
    ),
    (
        re.compile(
            r"(?:第)?([一二三四五六七八九十])（([一二三四五六七八九十])）(?:(\d{1,2})(?![\d.])条?)?"
        ),
        _clause_path,
    ),
    (
        re.compile(r"(?<!\d)((?:19|20)\d{2})" + _RANGE + r"((?:19|20)\d{2})(?=年|\D|$)"),
        lambda m: f"{_year(m.group(1))}到{_year(m.group(2))}",
    ),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)[T ]?"), _date),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年)"), lambda m: _year(m.group(1))),
    (
        re.compile(r"(\d{1,2}:\d{2})(?::\d{2})?\s*" + _RANGE + r"\s*(?=\d{1,2}:\d{2})"),
        lambda m: f"{m.group(1)}到",
    ),
    (
        re.compile(
            r"(凌晨|早上|上午|中午|下午|晚上)?\s*(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?(?:[+]\d{2}:\d{2})?(?!\d)"
        ),
        _clock,
    ),
    (
        re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|\d{15})(?![\dA-Za-z])"),
        lambda m: _identity(m.group(1)),
    ),
    (
        re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)"),
        lambda m: in_groups("".join(m.groups())),
    ),
    (
        re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?!\d)"),
        lambda m: f"{phone_digits(m.group(1))}，{in_groups(m.group(2))}",
    ),
    (
        re.compile(r"(?<!\d)(400|800)[- ]?(\d{3})[- ]?(\d{4})(?!\d)"),
        lambda m: "，".join(phone_digits(g) for g in m.groups()),
    ),
    (
        re.compile(r"(?<!\d)(1[12]\d|10\d{3}|12\d{3}|9\d{4})(?=热线|电话|$|[，。；！？、 )）])"),
        lambda m: phone_digits(m.group(1)),
    ),
    (
        re.compile(r"(?<=电话)([:：是]?\s*)(\d{3,8})(?!\d)"),
        lambda m: m.group(1) + in_groups(m.group(2)),
    ),
    (re.compile(r"(?<=拨打|请拨|热线)(\s*)(\d{3,8})(?!\d)"), lambda m: in_groups(m.group(2))),
    (
        re.compile(
            r"(?<![A-Za-z\d])(?=[A-Za-z\d-]*[A-Za-z])(?=[A-Za-z\d-]*\d)[A-Za-z\d]+(?:-[A-Za-z\d]+)*(?![A-Za-z\d])"
        ),
        _reference,
    ),
    (
        re.compile(rf"({_FIGURE})%{_RANGE}({_FIGURE})%"),
        lambda m: f"百分之{quantity(m.group(1))}到百分之{quantity(m.group(2))}",
    ),
    (re.compile(rf"({_FIGURE})%"), lambda m: f"百分之{quantity(m.group(1))}"),
    (re.compile(rf"[￥¥]\s*({_FIGURE})\s*([万亿])?元?"), _money),
    (
        re.compile(
            rf"({_FIGURE})(万|亿|[{_MEASURES}])?{_RANGE}({_FIGURE})([万亿千]?[\u4e00-\u9fff])"
        ),
        _between,
    ),
    (
        re.compile(r"(?<!\d)([1-9]\d*)/([1-9]\d*)(?!\d)"),
        lambda m: f"{cardinal(int(m.group(2)))}分之{cardinal(int(m.group(1)))}",
    ),
    (re.compile(rf"({_FIGURE})([\u4e00-\u9fff])"), _counted),
    (re.compile(_FIGURE), _leftover),
)


def _identity(number: str) -> str:
    parts = (
        [number[:6], number[6:10], number[10:14], number[14:]] if len(number) == 18 else [number]
    )
    return "，".join(phone_digits(p) + ("X" if p[-1] in "Xx" else "") for p in parts)


def _punctuation(text: str) -> str:
    text = re.sub(r"[“”‘’\"《》〈〉「」『』【】]", "", text)
    # 各县（市、区） is said in one go; a longer aside gets a breath before and after.
    text = re.sub(
        r"(?<=[\u4e00-\u9fff])（([\u4e00-\u9fff、]{1,4})）",
        lambda m: m.group(1).replace("、", ""),
        text,
    )
    text = re.sub(r"\s*[（(〔\[]\s*", "，", text)
    text = re.sub(r"\s*[）)〕\]]\s*", "，", text)
    text = re.sub(r"—{1,2}|…+|～|~", "，", text)
    text = re.sub(r"\s*/\s*", "或", text)
    text = text.replace("+", "加").replace("&", "和").replace("℃", "摄氏度")
    text = re.sub(r"[：:]?\s*\n\s*", "。", text).replace("\u00a0", " ")
    text = re.sub(
        r"(?<=[\u4e00-\u9fff，。])[ \t\u3000]+|[ \t\u3000]+(?=[\u4e00-\u9fff，。])", "", text
    )
    text = re.sub(r"，(?=[，。；！？：、])", "", text)
    text = re.sub(r"([。！？；：、，])[，、；。：]+", r"\1", text)
    return text.strip("，、；： \u3000").lstrip("。")
