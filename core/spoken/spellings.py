"""Words that only spell a character of a name: 钢琴的琴 speaks of no piano, 长春的春 of no town."""

from __future__ import annotations

import re

_HAN = "[\u4e00-\u9fff]"
_SPELLS = re.compile(rf"(?P<word>{_HAN}{{2,4}})的(?P<char>{_HAN})(?:字儿?)?(?!{_HAN})")


def without_spellings(text: str) -> str:
    """The text with commas in the place of what spells a character; offsets stay."""
    return _SPELLS.sub(_commas, text)


def _commas(said: re.Match[str]) -> str:
    """Commas from where the word of two characters that holds the spelt one begins."""
    word, char = said["word"], said["char"]
    if char not in word:
        return said[0]
    return "，" * len(said[0])
