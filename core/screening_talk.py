"""What else is said while a screening asks: questions, refusals, and the way back to a booking."""

from __future__ import annotations

import re
from datetime import date

from core.spoken.ages import find_ages
from core.spoken.numbers import NUMERAL, read_number

RURAL_AGE = 65
"""Years up to which the rural measure holds."""
_NO_OPTION = 14
"""The least bare number that is an age whatever was asked: no number of an option, no class."""
_NUMBER = re.compile(NUMERAL)
_NEARLY = re.compile(r"[快奔近]|不到|没到|差|不满|将近|虚")
_BARE = re.compile(rf"({NUMERAL})(?:周岁|岁|了|啦|啊|呢|吧|的)*")
_PAUSE = re.compile(r"[\s，,。；;！!、~～…]+")
_SAYS_NO_MORE_THAN = re.compile(
    r"(?:没|没有|不是|也没|不)(?:啥|什么|多少|几[个年天])|(?:啥|什么)[都也]"
    r"|[念读上]啥[书学]|哪(?:还|有)(?:[念上干])"
)
_ASKS = re.compile(
    r"[?？]|吗|么$|那[^，,。]{1,8}呢$|什么|啥|怎么|咋|多[少久长]|哪|为什么|几[个家人级岁]|能不能|可不可以|会不会|有没有"
    r"|是不是|算不算|管不管|给不给|不$|没有?$"
)
_REQUESTS = re.compile(
    r"介绍|讲[讲一]|说说|说一?下|告诉|想知道|[想请]问|问问|问一|打听|了解一?下|念一?[下遍]|查一?下|看看"
)
_SHORT = 5
"""Characters up to which a sentence that ends in 不 or 没 says no: 低保没有, 还没."""

_REFUSES = re.compile(
    r"跳过|不想说|^不说|不方便|不愿意?说|不告诉|保密|不回答|不答|略过|不知道|不清楚|说不[好清上准]|不好说|没想好|忘了"
    r"|记不[清得]|下一[个题]|别问|pass",
    re.I,
)
_BOOKING = r"(?:报|预约|约|订|登记|那个?[班课]|的[班课]|名额|原单|填)"
_TO_BOOKING = re.compile(
    r"(?:接着|继续|接茬|回到?|说回|还说|还是|往下|续|先把|咱)(?:给|帮|替)?"
    rf"(?:我|俺|他|她|咱|说|弄|整|办|去|到|刚才|那个?|的)*{_BOOKING}"
    rf"|(?:报名|预约|登记|报班)(?:的?事儿?|那个|那事儿?)?[\s，,]*(?:继续|接着|续|往下|呢|吧|要紧)"
    r"|(?:给|帮|替)(?:我|俺|咱|他|她|孩子|来电人)[^，,。]{0,10}(?:报|约|登记|占|留)(?:上|个|一个|名|吧|了|$)"
    r"|(?:名|班|课)[^，,。]{0,3}(?:报|约|登记)(?:上|完|了|好)(?!过|的)"
    r"|续报|续办|报上[吧呗]"
)
_NOT_TO = re.compile(r"(?:不|别|先不|不想|还没)(?:要|再|用|想)?(?:继续|接着|报|约|登记)")
_NOT_BOOKING = re.compile(
    r"不(?:想|再)?(?:报|约)(?:名|课|班)?(?:了|啦)|(?:取消|退掉?)(?:报名|预约)"
)
_ACKNOWLEDGED = re.compile(
    r"(?:好|行|嗯|哦|噢|啊|那|我|都|就|这|回|的|了|吧|哪|呐|呗|中|妥|妥了|谢谢|您|你|知道|明白|懂|记下|记住|了解|清楚|整明白|听明白)+"
)
_LONGEST = 24
"""Characters; what is longer tells something."""
_KNOWS = re.compile("知道|明白|懂|记下|记住|了解|清楚")
_GOES_ON = re.compile(r"(?:继续|接着|往下|接茬)(?:说|办|来|弄|整|走|进行|吧|呗|了|啊|$)*")


def parts_that_tell(text: str) -> str:
    """The sentence without what asks in it; empty where all of it asks, or no pause parts it."""
    parts = [part for part in _PAUSE.split(text) if part]
    telling = [part for part in parts if not asks_something(part)]
    return "，".join(telling) if len(telling) < len(parts) else text


def asks_something(text: str) -> bool:
    """Whether it asks or requests anything; 没啥文化 and a short 低保没有 do not."""
    said = _SAYS_NO_MORE_THAN.sub("", text.strip())
    found = _ASKS.search(said)
    if found and found[0] in ("不", "没", "没有") and len(_PAUSE.sub("", said)) <= _SHORT:
        found = None
    return bool(found or _REQUESTS.search(said))


def refuses(text: str) -> bool:
    """Whether the person will not or cannot say: 跳过, 说不好."""
    return bool(_REFUSES.search(text))


def leads_to_booking(text: str) -> bool:
    """Whether it names booking as what goes on now: 接着报名, 报名 继续, 给我报上."""
    return bool(_TO_BOOKING.search(_PAUSE.sub("", text))) and not _NOT_TO.search(text)


def gives_up_booking(text: str) -> bool:
    """Whether the booking itself is given up: 那课我先不报了."""
    return bool(_NOT_BOOKING.search(text))


def has_heard_enough(text: str) -> bool:
    """Whether it says that all is understood, and at most 继续 beside it: 行，我知道了."""
    said = _PAUSE.sub("", text)
    if len(said) > _LONGEST or not _KNOWS.search(said):
        return False
    return bool(_ACKNOWLEDGED.fullmatch(_GOES_ON.sub("", said)))


def age_told(text: str, today: date, *, asked: str) -> str:
    """over65 or upto65 where an age was told and settles it; 六十多 and 奔七十 do not.

    `asked`: the id of the question that stands open; a bare number is an age where `age` does.
    """
    ages = find_ages(text, today)
    years, exact = (ages[-1].value, ages[-1].exact or ages[-1].value != 60) if ages else (0, True)
    if not ages and asked == "age":
        numbers = [n for m in _NUMBER.finditer(text) if (n := read_number(m[0])) and 0 < n < 120]
        years = numbers[-1] if numbers else 0
        exact = not re.search(r"(?:六十|60)[多来几]", text)
    elif not ages and asked:
        bare = _BARE.fullmatch(_PAUSE.sub("", text))
        number = read_number(bare[1]) if bare else None
        years = number if number is not None and _NO_OPTION <= number < 120 else 0
    if not years or not exact:
        return ""
    if _NEARLY.search(text) and years > RURAL_AGE:
        return ""
    return "over65" if years > RURAL_AGE else "upto65"
