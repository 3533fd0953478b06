"""Names of places in a text, as written and as a recogniser may have misheard them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.spoken.pinyin import folded

_CUES_BEFORE = ("在", "住", "到", "去", "搁", "我是", "来自", "户口", "回", "从")
_CUES_AFTER = ("市", "县", "区", "州", "省", "那边", "这边", "那嘎", "户口")


@dataclass(frozen=True)
class Found:
    """A name, where it stands, and whether it was written so or only sounds so."""

    key: str
    start: int
    end: int
    exact: bool


class Gazetteer:
    """Looks up names that belong to keys. A misheard name counts only where a place is due."""

    def __init__(self, names: Mapping[str, str], blockers: Iterable[str] = ()) -> None:
        self._names = sorted(names.items(), key=lambda item: -len(item[0]))
        self._blockers = tuple(blockers)
        self._sounds: dict[tuple[str, ...], str] = {}
        for name, key in self._names:
            if len(name) >= 2:
                self._sounds.setdefault(tuple(folded(char) for char in name), key)
        self._longest = max((len(sound) for sound in self._sounds), default=0)

    def find(self, text: str) -> tuple[Found, ...]:
        taken = [
            Found("", at, at + len(word), True)
            for word in self._blockers
            for at in _all(text, word)
        ]
        found = self._as_written(text, taken)
        found += [f for f in self._as_heard(text) if _free(f.start, f.end, [*found, *taken])]
        return tuple(sorted(found, key=lambda f: f.start))

    def _as_written(self, text: str, taken: list[Found]) -> list[Found]:
        found: list[Found] = []
        for name, key in self._names:
            for at in _all(text, name):
                if _free(at, at + len(name), found) and _free(at, at + len(name), taken):
                    found.append(Found(key, at, at + len(name), True))
        return found

    def _as_heard(self, text: str) -> list[Found]:
        sounds = tuple(folded(char) for char in text)
        found: list[Found] = []
        for length in range(min(self._longest, len(sounds)), 1, -1):
            for at in range(len(sounds) - length + 1):
                key = self._sounds.get(sounds[at : at + length])
                if key and _free(at, at + length, found) and _is_due(text, at, at + length):
                    found.append(Found(key, at, at + length, False))
        return found


def _is_due(text: str, start: int, end: int) -> bool:
    """Whether a place is to be expected there: alone, or beside a word such as 住 or 市."""
    words = text[start:end]
    if any(word in words for word in _sound_alikes()):
        return False
    if end - start >= 3:
        return True
    alone = start == 0 and len(text.rstrip("。，吧呗的呢啊 ")) <= end
    return alone or text[:start].endswith(_CUES_BEFORE) or text[end:].startswith(_CUES_AFTER)


def _all(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _free(start: int, end: int, taken: Iterable[Found]) -> bool:
    return all(end <= other.start or other.end <= start for other in taken)


@lru_cache(maxsize=1)
def _sound_alikes() -> frozenset[str]:
    file = Path(__file__).parent / "data" / "sound_alikes.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
