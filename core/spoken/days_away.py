"""Days that a person tells as out: 八月我走不开, 上午我得去换药."""

from __future__ import annotations

import re

_PART = re.compile(r"[^，,。；;！!、\s]+")
_AWAY = re.compile(
    r"走不开|[脱抽]不开身|[倒腾]不出(?:空|功夫|工夫)|没(?:空|时间|工夫|功夫)|(?<!没)有(?:别的)?事|忙"
    r"|[去来]不[了成]|(?:得|要|还得)(?:去)?(?:换药|看病|打针|化疗|透析|复查|医院|上班|干活|下地)|[接送](?:孩子|娃)"
)
_ASKS = re.compile(r"[?？]|[吗呢]|哪|什么|啥")


def without_days_away(text: str) -> str:
    """The text with every stretch blanked that tells when the person cannot come; offsets stay."""
    return _PART.sub(_blank, text)


def _blank(part: re.Match[str]) -> str:
    away = _AWAY.search(part[0]) and not _ASKS.search(part[0])
    return "，" * len(part[0]) if away else part[0]
