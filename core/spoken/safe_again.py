"""That a danger told of before is over: 我下来了，安全的; 大夫说脱离危险了."""

from __future__ import annotations

import re

_SAFE = re.compile(
    r"安全|没事了?|好好的|脱离危险|脱险|想通了|想开了|缓过来|救[过回]来|抢救过来|醒了|平安|火灭了|下来了|不疼了"
)
_NOT_SAFE = re.compile(
    r"不(?:太|大|怎么|是很)?安全|没(?:有)?安全|不平安|安全吗|想不[通开]|没想[通开]|没(?:缓|醒|救|脱)"
    r"|不想活|(?<!不)想死|去死|自杀|寻死|割腕|活够|还(?:是)?(?:想|要)(?:死|跳|走)|(?:就|反正|死了)(?:都|也)?没事|等(?:到|我)"
)
_GOES_ON = re.compile(
    r"接着|继续|接茬|[续再]报|续办|往下|报名|报上|报完|(?:报|约)(?:班|课)|(?:班|课)[^，,。]{0,6}报"
)


_CARED_FOR = re.compile(
    r"(?:看着|守着|陪着)(?:我|他|她|呢)|(?:记住|记下|知道|明白)了[，,。]|(?:这就|我就|马上)(?:打|去|叫)"
)
_STILL = re.compile(r"死|活|跳|药|刀|割|绳|江|河|楼|桥|煤气|遗|不在了|可我|但我|但是|可是")


def says_safe_again(text: str) -> bool:
    """Whether it says that nobody is in danger any more, or goes on while somebody is cared for.

    A bare 知道了 says neither: 知道了，可我已经吃了药.
    """
    if _NOT_SAFE.search(text):
        return False
    cared_for = _CARED_FOR.search(text) and goes_on(text) and not _STILL.search(text)
    return bool(_SAFE.search(text) or cared_for)


def goes_on(text: str) -> bool:
    """Whether it wishes to go on with what was begun."""
    return bool(_GOES_ON.search(text))
