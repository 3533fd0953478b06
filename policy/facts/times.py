"""Times in a text: by when something is due, and how often or when it happens."""

from __future__ import annotations

import re

_Y = r"(?:19|20)\d{2}\s*年"
_N = r"(?:\d+|[一二两三四五六七八九十]+)"
_RANGE = r"\s*[-—–－~～至到]+\s*"

DEADLINE = re.compile(
    "|".join(
        (
            rf"{_Y}\s*\d{{1,2}}月(?:\d{{1,2}}日)?{_RANGE}(?:{_Y})?\s*\d{{1,2}}月(?:\d{{1,2}}日)?",
            rf"(?:19|20)\d{{2}}\s*年?{_RANGE}{_Y}(?:期间)?",
            rf"(?:截至|到|至)?{_Y}(?:\s*\d{{1,2}}月(?:\d{{1,2}}日|底|末|中旬|上旬)?|上半年|下半年|第?[一二三四]季度)?"
            r"(?:底|末|初)?(?:之前|以前|前|内)",
            rf"(?:截至|力争到|到)\s*{_Y}(?:\d{{1,2}}月)?(?:底|末)?",
            rf"{_Y}(?:年底|底|末)",
            r"(?:每年|当年|次年)?\s*\d{1,2}月(?:\d{1,2}日|底|末)(?:之前|以前|前)",
            rf"(?:自|从|在)[^，。；、]{{1,20}}?之日起\s*{_N}\s*(?:个)?(?:工作日|自然日|日|天|个月|月|年)(?:之内|以内|内)",
            rf"{_N}\s*个?(?:工作日|自然日|日|天|个月|年)(?:之内|以内|内)",
            r"(?:今年|年|当年|季度|月)(?:底|末)(?:之前|以前|前)",
        )
    )
)
"""By when, or in which years, as written."""

WHEN = re.compile(
    "|".join(
        (
            r"每年\s*\d{1,2}月(?:\d{1,2}日)?(?:至\d{1,2}月(?:\d{1,2}日)?)?(?:前后|上旬|中旬|下旬|底|份)?",
            rf"(?:从|自)?{_Y}(?:\s*\d{{1,2}}月(?:\d{{1,2}}日)?)?(?:起|开始)",
            rf"{_Y}\s*\d{{1,2}}月(?:\d{{1,2}}日)?(?:{_RANGE}(?:{_Y})?\s*\d{{1,2}}月(?:\d{{1,2}}日)?)?",
            r"每(?:季度|半年|两年|[一二三四五]年|年|月|周|逢[^，。；]{2,8})",
            r"(?:定期|不定期|适时|常年|长期|逐年|按月|按季度|按年)",
        )
    )
)
"""When or how often, as written."""


def first_deadline(text: str) -> str:
    """The first deadline as written, or an empty string."""
    match = DEADLINE.search(text)
    return match[0] if match else ""
