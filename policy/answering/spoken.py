"""Written words made fit for the ear: no brackets, no quotation marks, every figure as it is."""

from __future__ import annotations

import re

_BRACKETED = re.compile(r"（[^（）]{1,6}）")
_RANGE = re.compile(r"(\d{4})\s*[—－–-]+\s*(\d{4})")


def for_the_ear(text: str) -> str:
    """Drops marks that a voice stumbles over. 各市（州） becomes 各市、州; figures stay."""
    text = _RANGE.sub(r"\1年到\2", text)
    text = _BRACKETED.sub(lambda m: _opened(m.group()[1:-1]), text)
    text = re.sub(r"[“”‘’《》〈〉]", "", text)
    text = text.replace("（", "，").replace("）", "")
    return re.sub(r"，+", "，", text).replace("，。", "。")


def _opened(inner: str) -> str:
    return "、" + inner if not inner.startswith("本文") else inner
