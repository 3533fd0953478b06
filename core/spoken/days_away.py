"""Days that a person tells as out: 八月我走不开, 上午我得去换药."""

from __future__ import annotations

import re

_WHEN = (
    r"(?:那天|当天|上午|下午|早上|晚上|头午|下晌|周|星期|礼拜"
    r"|[0-9一二三四五六七八九十]{1,3}[号日月])"
)
_PART = re.compile(rf"(?:(?!(?<!^)(?<![，,。；;！!、\s])(?:我|俺){_WHEN})[^，,。；;！!、\s])+")
_AWAY = re.compile(
    r"走不开|起不来|[倒腾]不开|[脱抽]不开身|[倒腾]不出(?:空|功夫|工夫)|没(?:空|时间|工夫|功夫)|(?<!没)有(?:别的)?事|忙"
    r"|[去来]不[了成]|赶不(?:过|上|及)|来不及|(?:去|来)?不能去|(?:得|要|还得)(?:去)?(?:换药|看病|打针|化疗|透析|复查|医院|上班|干活|下地|(?:做)?手术|住院|开会|出门|出差|考试|回老家|办事|伺候|带孩子|秋收|种地|赶集)|[接送](?:孩子|娃)"
)
_NOT_THEN = re.compile(
    r"可?(?:不是|不要|别是|除了|(?:别|不)(?:给我)?[报约订选])(?:[上下这那本]|后天|大后天|明天|周|星期|礼拜|[0-9一二三四五六七八九十]{1,3}[号日月])[^，,。]{0,8}$"
)
_DAY = (
    r"(?:[上下这本]{0,3}(?:周|星期|礼拜)[一二三四五六日天]"
    r"|大?[后明]天|[0-9一二三四五六七八九十]{1,3}[号日])"
)
_DENIED = re.compile(rf"(?:不是|不要|别是|(?:别|不)(?:给我)?[报约订选])({_DAY})")
_DENIED_ONLY = re.compile(rf"(?:(?!{_DAY}).)*(?:不是|不要|别是)({_DAY})(?:(?!{_DAY}).|\1)*$")
_ASKS = re.compile(r"[?？]|[吗呢]|哪|什么|啥")


def without_days_away(text: str) -> str:
    """The text with every stretch blanked that tells when the person cannot come; offsets stay."""
    left = _PART.sub(_blank, text)
    for denied in _DENIED.findall(text):
        # 不是下周一啊，下周一我起土豆: said again to tell why.
        left = left.replace(denied, "，" * len(denied)) if _DENIED_ONLY.match(text) else left
    return left


def _blank(part: re.Match[str]) -> str:
    away = (_AWAY.search(part[0]) or _NOT_THEN.match(part[0])) and not _ASKS.search(part[0])
    return "，" * len(part[0]) if away else part[0]
