"""Mends a recogniser's homophones with the domain's own words. For voice only.

A lattice of words over folded pinyin, domain words beside the general dictionary, and the best
path through it. It replaces characters one for one, so that offsets stay. It would alter 2-3 % of
clean text, so typed text never passes through it.
"""

from __future__ import annotations

import json
import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from core.spoken.pinyin import HAN, folded

_LONGEST = 6
_KEPT_BONUS = 1.2
"""Log-probability that each altered character costs."""
_DOMAIN_BOOST = 2000


class PinyinCorrector:
    """`words`: domain words and how often they occur."""

    def __init__(self, words: dict[str, float]) -> None:
        self.words = words
        by_sound: defaultdict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for word, count in words.items():
            by_sound[tuple(folded(char) for char in word)][word] = count
        self._by_sound = dict(by_sound)
        self._frequency, total = dictionary()
        self._log_total = math.log(total)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> PinyinCorrector:
        """Words of two and more characters in `texts`, and frequent short runs of characters."""
        import jieba

        dictionary()
        words: Counter[str] = Counter()
        runs: Counter[str] = Counter()
        for text in texts:
            words.update(w for w in jieba.cut(text) if 2 <= len(w) <= _LONGEST and _all_han(w))
            for length in (2, 3):
                grams = (text[i : i + length] for i in range(len(text) - length + 1))
                runs.update(gram for gram in grams if _all_han(gram))
        weighted = {word: float(count) for word, count in words.items()}
        for run, count in runs.items():
            if count >= 4:
                weighted[run] = weighted.get(run, 0.0) + 0.3 * count
        return cls(weighted)

    def correct(self, text: str) -> str:
        """As long as `text`, character by character; what is not Han stays."""
        best = [(0.0, 0, "")] + [(-math.inf, 0, "")] * len(text)
        sounds = [folded(char) for char in text]
        for start in range(len(text)):
            score = best[start][0]
            for length in range(1, min(_LONGEST, len(text) - start) + 1):
                for gain, word in self._candidates(text, sounds, start, length):
                    if score + gain > best[start + length][0]:
                        best[start + length] = (score + gain, start, word)
        words, end = [], len(text)
        while end > 0:
            _, end, word = best[end]
            words.append(word)
        return "".join(reversed(words))

    def _candidates(
        self, text: str, sounds: list[str], start: int, length: int
    ) -> Iterable[tuple[float, str]]:
        written = text[start : start + length]
        count = self._frequency.get(written, 0)
        if length == 1:
            yield math.log((count or 1) + 1) - self._log_total - 1.0, written
            return
        if count:
            yield math.log(count) - self._log_total, written
        for word, weight in self._by_sound.get(tuple(sounds[start : start + length]), {}).items():
            altered = sum(a != b for a, b in zip(word, written, strict=True))
            gain = math.log(weight * _DOMAIN_BOOST + 1) - self._log_total
            yield gain - _KEPT_BONUS * altered, word

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(self.words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> PinyinCorrector:
        return cls(json.loads(file.read_text(encoding="utf-8")))


def dictionary() -> tuple[dict[str, int], int]:
    """jieba's words with their frequencies, and the sum of these."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return jieba.dt.FREQ, jieba.dt.total


def _all_han(word: str) -> bool:
    return all(HAN.match(char) for char in word)
