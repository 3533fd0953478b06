"""Characters of a name from the digits of a telephone's keypad: 9264 is wang, and yang."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from core.spoken.pinyin import reading

_DATA = Path(__file__).parent / "data"
_LETTERS = {
    "abc": "2",
    "def": "3",
    "ghi": "4",
    "jkl": "5",
    "mno": "6",
    "pqrs": "7",
    "tuv": "8",
    "wxyz": "9",
}
_KEYS = str.maketrans({letter: digit for letters, digit in _LETTERS.items() for letter in letters})
# Read otherwise as surnames than elsewhere; both ways are found.
_AS_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "查": "zha", "区": "ou",
    "盖": "ge", "朴": "piao", "翟": "zhai", "覃": "qin", "乐": "yue", "尉": "yu", "缪": "miao",
}  # fmt: skip


def surnames_for(digits: str) -> tuple[str, ...]:
    """Surnames that the digits may mean, the commonest first, compound ones (欧阳) last."""
    return _surnames().get(digits, ())


def characters_for(digits: str) -> tuple[str, ...]:
    """Characters of given names that the digits may mean, the commonest first."""
    return _characters().get(digits, ())


def keys_for(text: str) -> str:
    """The digits under the letters of its toneless pinyin."""
    return "".join(reading(character) for character in text).translate(_KEYS)


@lru_cache(maxsize=1)
def _surnames() -> dict[str, tuple[str, ...]]:
    single, compound = _lines("surnames.txt")
    names = [*single, *compound.split()]
    found = _by_keys(names)
    for name, said in _AS_SURNAMES.items():
        keys = said.translate(_KEYS)
        if name in names and name not in found.get(keys, ()):
            found[keys] = (*found.get(keys, ()), name)
    return found


@lru_cache(maxsize=1)
def _characters() -> dict[str, tuple[str, ...]]:
    return _by_keys("".join(_lines("name_characters.txt")))


def _by_keys(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        found[keys_for(name)].append(name)
    return {keys: tuple(all_of) for keys, all_of in found.items()}


def _lines(file_name: str) -> list[str]:
    lines = (_DATA / file_name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
