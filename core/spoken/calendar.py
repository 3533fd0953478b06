"""Date phrases and the days they mean. Each entry of PHRASES is a pattern and its reading."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.spoken.numbers import NUMERAL, read_number


@dataclass(frozen=True)
class Days:
    """What a phrase means, both ends included; None is open."""

    first: date | None
    last: date | None
    vague: bool = False
    part: str | None = None


Resolve = Callable[["re.Match[str]", date], Days | None]

_NEAR = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3, "大大后": 4,
}  # fmt: skip
_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_SHIFTS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2, "": 0}
# First and last day of the public holiday; the lunar ones as published, 2025 to 2030.
_FIXED = {"元旦": ((1, 1), (1, 1)), "五一": ((5, 1), (5, 5)), "劳动节": ((5, 1), (5, 5)),
          "国庆节": ((10, 1), (10, 7)), "国庆": ((10, 1), (10, 7)), "十一": ((10, 1), (10, 7)),
          "助残日": ((5, 15), (5, 21)), "圣诞": ((12, 25), (12, 25))}  # fmt: skip
_SPRING = {2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}
_DRAGON = {2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5)}
_MOON = {2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12)}


def _near_day(match: re.Match[str], today: date) -> Days:
    day = today + timedelta(days=_NEAR[match["near"]])
    short = {"早": "morning", "晚": "evening"}.get(match["short"] or "")
    return Days(day, day, part=short)


def _in_days(match: re.Match[str], today: date) -> Days | None:
    count = read_number(match["n"]) if match["n"] else 0
    if match["half"]:
        return Days(today + timedelta(days=15), today + timedelta(days=15), vague=True)
    if count is None or count > 400:
        return None
    if match["unit"] == "天":
        day = today + timedelta(days=count)
        # 过两天 is "in a few days", 两天后 is the day after tomorrow.
        loose = bool(match["over"]) and match["n"] in ("两", "几")
        return Days(day, day + timedelta(days=5) if loose else day, vague=loose)
    if "月" in match["unit"]:
        first = _shifted_month(today, count)
        day = first.replace(day=min(today.day, _length(first)))
        return Days(day, day, vague=True)
    day = today + timedelta(days=7 * count)
    return Days(day, day, vague=True)


def _weekday(match: re.Match[str], today: date) -> Days | None:
    shift = _SHIFTS[match["shift"] or ""]
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * shift)
    name = match["day"]
    if not name:
        if not match["shift"]:
            return None
        first = max(monday, today) if shift == 0 else monday
        return Days(first, monday + timedelta(days=6), vague=True)
    number = int(name) - 1 if name.isdigit() else _WEEKDAYS[name]
    day = monday + timedelta(days=number)
    if not match["shift"] and day < today and name != "末":
        day += timedelta(days=7)
    second = match["day2"]
    if name == "末" or second:
        other = _WEEKDAYS[second] if second else 6
        last = day + timedelta(days=(other - number) % 7)
        return Days(day, last)
    return Days(day, day)


def _month_part(match: re.Match[str], today: date) -> Days:
    first = _shifted_month(today, _SHIFTS[match["shift"]])
    return _part_of_month(first, match["part"], today)


def _bare_month_part(match: re.Match[str], today: date) -> Days:
    found = _part_of_month(today.replace(day=1), match["part"], today)
    if found.last and found.last < today:
        found = _part_of_month(_shifted_month(today, 1), match["part"], today)
    return found


def _part_of_month(first: date, part: str | None, today: date) -> Days:
    length = _length(first)
    spans = {"初": (1, 5), "上旬": (1, 10), "中旬": (11, 20), "中": (11, 20),
             "下旬": (21, length), "底": (length - 5, length),
             "末": (length - 5, length)}  # fmt: skip
    start, end = spans.get(part or "", (1, length))
    begin = first.replace(day=start)
    if part is None and first <= today <= first.replace(day=length):
        begin = today
    return Days(begin, first.replace(day=end), vague=True)


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    month, day = read_number(match["m"]), read_number(match["d"]) if match["d"] else None
    if month is None or not 1 <= month <= 12:
        return None
    year = _year(match["y"], today)
    if match["d"] is None:
        found = _part_of_month(date(year or today.year, month, 1), match["part"], today)
        if year is None and found.last and found.last < today:
            found = _part_of_month(date(today.year + 1, month, 1), match["part"], today)
        return found
    return _single(year, month, day or 0, today)


def _single(year: int | None, month: int, day: int, today: date) -> Days | None:
    try:
        found = date(year or today.year, month, day)
        # 三月五号 said in November means next year; said in April it is a slip to point out.
        if year is None and (today - found).days > 183:
            found = date(today.year + 1, month, day)
    except ValueError:
        # 二月三十号: a date was said, and it does not exist.
        return Days(None, None, vague=True)
    return Days(found, found)


def _iso_day(match: re.Match[str], today: date) -> Days | None:
    year = int(match["y"]) if match["y"] else None
    return _single(year, int(match["m"]), int(match["d"]), today)


def _day_of_month(match: re.Match[str], today: date) -> Days | None:
    day = read_number(match["d"])
    if day is None or not 1 <= day < 100:
        return None
    shift = match["shift"]
    first = _shifted_month(today, _SHIFTS[shift] if shift else int(day < today.day))
    if not shift and day <= 31:
        # 三十一号 said in a month of thirty days is that of the next month which has it.
        while day > _length(first):
            first = _shifted_month(first, 1)
    if day > _length(first):
        return Days(None, None, vague=True)
    found = first.replace(day=day)
    return Days(found, found)


def _year_part(match: re.Match[str], today: date) -> Days:
    year = _year(match["year"], today) or today.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    if match["end"] in ("底", "末"):
        first = date(year, 12, 16)
    elif match["end"] == "初":
        last = date(year, 1, 31)
    elif match["end"] == "前":
        first = today
    if year == today.year:
        first = max(first, today)
    return Days(first, last, vague=True)


def _festival(match: re.Match[str], today: date) -> Days:
    name = match["name"]
    for year in (today.year, today.year + 1):
        first, last = _festival_days(name, year)
        if last >= today:
            return Days(first, last)
    return Days(first, last)


def _festival_days(name: str, year: int) -> tuple[date, date]:
    if name in _FIXED:
        first, last = _FIXED[name]
        return date(year, *first), date(year, *last)
    if name.startswith("清明"):
        return date(year, 4, 4), date(year, 4, 6)
    if name.startswith("端午"):
        first_day = date(year, *_DRAGON.get(year, (6, 10)))
        return first_day, first_day + timedelta(days=2)
    if name.startswith("中秋"):
        first_day = date(year, *_MOON.get(year, (9, 20)))
        return first_day, first_day + timedelta(days=2)
    new_year = date(year, *_SPRING.get(year, (2, 5)))
    if name.startswith(("元宵", "正月十五")):
        return new_year + timedelta(days=14), new_year + timedelta(days=14)
    return new_year - timedelta(days=1), new_year + timedelta(days=7)


def _soon(match: re.Match[str], today: date) -> Days:
    return Days(today, None, vague=True)


def _these_days(match: re.Match[str], today: date) -> Days:
    return Days(today, today + timedelta(days=3), vague=True)


def _lately(match: re.Match[str], today: date) -> Days:
    return Days(today, today + timedelta(days=14), vague=True)


def _shifted_month(day: date, months_on: int) -> date:
    number = day.year * 12 + day.month - 1 + months_on
    return date(number // 12, number % 12 + 1, 1)


def _length(first: date) -> int:
    return months.monthrange(first.year, first.month)[1]


def _year(word: str | None, today: date) -> int | None:
    if not word:
        return None
    near = {"今": 0, "明": 1, "后": 2, "去": -1}
    if word[0] in near:
        return today.year + near[word[0]]
    year = read_number(word.rstrip("年"))
    if year is None:
        return None
    return year + 2000 if year < 100 else year


_PARTS_OF_MONTH = "(?P<part>上旬|中旬|下旬|初|底|末|中)"
_YEAR = r"(?P<y>[今明后去]年|\d{4}年|\d{2}年|[二零〇一三四五六七八九]{2,4}年)?"
# Not the last figures of 120号 or 一百二十号, nor a house; but 周三十二号 is Wednesday, the 12th.
_NOT_INSIDE_A_NUMBER = (
    r"(?<![\d百千零〇路街道巷弄第])(?<!(?<!周)(?<!期)(?<!拜)[一二三四五六七八九十])"
)


def _nth_weekday(match: re.Match[str], today: date) -> Days | None:
    """下个月头一个礼拜一, 这个月最后一个周六."""
    if match["m"]:
        month = read_number(match["m"]) or 0
        if not 1 <= month <= 12:
            return None
        first = date(today.year + (month < today.month), month, 1)
    else:
        first = _shifted_month(today, _SHIFTS[match["shift"]])
    wanted = _WEEKDAYS[match["day"]]
    days = [first + timedelta(days=at) for at in range(_length(first))]
    fitting = [day for day in days if day.weekday() == wanted]
    which = match["n"].removeprefix("第")
    at = (
        -1
        if which in ("最后", "末")
        else "一二三四五".find(which.replace("头", "一").replace("两", "二"))
    )
    return Days(fitting[at], fitting[at]) if at < len(fitting) else None


PHRASES: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (r"(?P<near>大大后|大后|大前|前|昨|今|当|明|后)(?:天|日|儿个?|(?P<short>[早晚]))(?!津)",
         _near_day),
        (rf"(?P<over>再?过)?(?:(?P<half>半个?月)|(?P<n>{NUMERAL})个?(?P<unit>天|周|星期|礼拜|月))"
         r"(?:以后|之后|后(?!天)|(?<=过.天)|(?<=过..天)|(?<=过.周)|(?<=过.个星期))", _in_days),
        (r"(?P<shift>上上|上|这|本|当|下下|下)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]|[1-7](?!\d))?"
         r"(?:(?:周|星期|礼拜|到|至|和|或者?)*(?P<day2>日|天))?(?!年|岁)", _weekday),
        (rf"(?:(?P<shift>上|这|本|下)个?月|(?P<m>{NUMERAL})月份?)的?(?P<n>第?[一二三四五头两]|最后|末)(?:一?个)?"
         r"(?:周|星期|礼拜)(?P<day>[一二三四五六日天])", _nth_weekday),
        (r"(?P<shift>)双休日?(?P<day>)(?P<day2>)", lambda m, today: _weekend(today)),
        (rf"(?P<shift>上上|上|这|本|当|下下|下)个?月{_PARTS_OF_MONTH}?(?!\d)", _month_part),
        (r"(?<![\d一二两三四五六七八九十几半]个)(?<!\d)(?<![一二三四五六七八九十])月(?P<part>上旬|中旬|下旬|初|底|末)",
         _bare_month_part),
        (rf"{_YEAR}(?P<m>{NUMERAL})月份?(?:(?P<d>{NUMERAL})[号日]?|{_PARTS_OF_MONTH})?",
         _calendar_day),
        (r"(?:(?P<y>20\d\d)[-/.年])(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号]?", _iso_day),
        (r"(?<!\d)(?P<y>)(?P<m>1[0-2]|0?[1-9])/(?P<d>[12]\d|3[01]|0?[1-9])(?!\d)", _iso_day),
        (rf"{_NOT_INSIDE_A_NUMBER}(?:(?P<shift>上|这|本|下)个?月)?(?P<d>{NUMERAL})[号日](?![码召])",
         _day_of_month),
        (r"(?P<year>[今明后去]|20\d\d|二零[一二三四五六七八九零]{2})?年(?P<end>底|末|初|前)",
         _year_part),
        (r"(?P<year>[明后去今]|20\d\d)年(?P<end>)", _year_part),
        (r"(?P<name>元旦|五一|劳动节|国庆节|国庆|圣诞|助残日|清明节?|端午节?|中秋节?|春节|过年|元宵节?|"
         r"正月十五|十一(?=节|以后|之后|过后|后|以前|之前|前|期间|假期|长假|放假|那))(?:节|期间|假期|长假|那几?天)?",
         _festival),
        (r"越快越好|越早越好|尽快|尽早|最快的?|最近的(?:一[期班场次个天])?|"
         r"最早的?(?:一[期班场次个天])?|赶早|"
         r"随时|随便哪天|哪天都[行可中成]以?|(?:啥|什么)时[候间]都[行可中成]以?|任何时[候间]"
         r"|近的就行", _soon),
        (r"[这近]两天|[这近]几天|过几天|这一半天", _these_days),
        (r"最近|近期", _lately),
    )
)  # fmt: skip


def _weekend(today: date) -> Days:
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    return Days(saturday, saturday + timedelta(days=1))
