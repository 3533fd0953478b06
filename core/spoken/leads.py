"""What is said before a question to make room for it: 等会儿，我先问一嘴; 插一句; 对了打听一下."""

from __future__ import annotations

import re

_PAUSE = r"[\s，,。！!、…~～]*"
_ASK = (
    r"(?:(?:问|打听|咨询|请教|插|打断)(?:一?(?:下|句|嘴|声)(?:话|您|你)?|个事儿?|件事儿?|个问题|点事儿?)"
    r"|[插加]问|(?:[想先要再]|来)(?:打听)?问问(?:您|你)?|打听打听)"
)
_WAIT = (
    r"(?:等(?:会儿?|一?下|一会儿?|等)|慢着|停一?下|(?:先)?打住|先别(?:忙|急)?着?(?:定|报|约)?|别急|稍等)"
    r"(?:啊|哈|哦)?"
)
_WORD = (
    r"哎|欸|诶|唉|哦|噢|嗯|那个|那啥|内个|对了|还有|另外|顺便|顺带|顺嘴|捎带|突然|我|俺|咱|再|还|先"
    r"|就|也|想|要|跟你|向您|麻烦|请|来电人?|家属|坐席"
)
_SMALL = rf"(?:{_WORD})*"
_FILLER = "啊|哈|哦|吧|呗|那个|那啥|内个|就是"
_FILLED = rf"(?:{_FILLER})*"
_LEAD = re.compile(
    rf"{_SMALL}{_PAUSE}(?:{_WAIT}{_PAUSE})?{_SMALL}{_PAUSE}"
    rf"{_ASK}{_FILLED}[：:]?{_PAUSE}{_FILLED}{_PAUSE}"
)
# One flat choice: repeated choices inside each other would take forever.
_ONLY = re.compile(rf"(?:{_WAIT}|{_ASK}|{_FILLER}|{_WORD}|[\s，,。！!、…~～：:])+")
_LEAST = 4
"""Characters of a question; what is shorter stands by itself with its lead."""
_LONGEST = 24
"""Characters within which room is made."""


def without_lead_in(text: str) -> str:
    """The question that `text` announces, alone; `text` itself where it announces none."""
    lead = _LEAD.match(text[:_LONGEST])
    rest = text[lead.end() :].strip() if lead else ""
    return rest if len(rest) >= _LEAST else text


def only_makes_room(text: str) -> bool:
    """Whether it announces a question and tells nothing: 等下，插一句."""
    return len(text) <= _LONGEST and bool(_ONLY.fullmatch(text))
