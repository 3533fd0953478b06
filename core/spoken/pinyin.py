"""Folded pinyin: what is left of a syllable after accents and a recogniser's homophones.

Toneless, with zh/z, ch/c, sh/s, n/l and the endings ing/in, eng/en merged. The reading of a
character does not depend on its neighbours, so one wrong character spoils one syllable only.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

HAN = re.compile(r"[\u4e00-\u9fff]")
_IGNORED = frozenset(" \t\r\n\u3000，。？！、；：“”‘’\"'（）()《》【】〔〕,.?!;:~～…—-")
# Where the dictionary's first reading is not the one that matters here: 长春.
_READINGS = {"长": "chang", "似": "si"}


@lru_cache(maxsize=8192)
def reading(char: str) -> str:
    """The commonest toneless reading of one Han character; any other character in lower case."""
    if char in _READINGS:
        return _READINGS[char]
    if not HAN.match(char) or ord(char) not in PINYIN_DICT:
        return char.lower()
    return str(to_normal(PINYIN_DICT[ord(char)].split(",")[0])).replace("ü", "v")


@lru_cache(maxsize=4096)
def fold(syllable: str) -> str:
    """One toneless syllable with the confusable sounds merged: zhang → zang, ling → lin."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable[:1] == "n" and len(syllable) > 1 and syllable != "ng":
        syllable = "l" + syllable[1:]
    if syllable.endswith(("ing", "eng")):
        syllable = syllable[:-1]
    return syllable


@lru_cache(maxsize=8192)
def folded(char: str) -> str:
    """`fold(reading(char))`."""
    return fold(reading(char))


def syllables(text: str) -> tuple[str, ...]:
    """Folded syllables of `text`, punctuation and blanks left out."""
    return tuple(folded(char) for char in text if char not in _IGNORED)


def syllables_with_offsets(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """`syllables(text)` and the index in `text` that each one comes from."""
    kept = [(folded(char), index) for index, char in enumerate(text) if char not in _IGNORED]
    return tuple(s for s, _ in kept), tuple(i for _, i in kept)
