"""Writes character_words.tsv (the common word that explains each character), name_characters.txt.

From the words and frequencies of jieba's dictionary; a place of Jilin comes first. Run it
again when the rules below change: `python scripts/character_words.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

ROOT = Path(__file__).resolve().parent.parent
PLACES = ROOT / "core/spoken/data/places.tsv"
OUT = ROOT / "core/spoken/data/character_words.tsv"
SURNAMES = ROOT / "core/spoken/data/surnames.txt"
NAMES = ROOT / "core/spoken/data/name_characters.txt"
HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
KINDS = frozenset(["n", "ns", "v", "vn", "a", "an", "t", "b", "d", "s", "r", "c", "f", "m", "z"])
UNKIND = frozenset("死杀毒病敌鬼尸奸淫娼妓贼罪恶残废痴傻疯瞎聋哑瘫癌屎尿屁血战炸匪犯狱葬丧")
"""Characters that nobody wants beside their name; their own character excepted."""
RARE = 20
"""Times that the dictionary's texts have a word; what is rarer explains little."""
FEW = 2
"""Names of the dictionary in which a character of names stands at least."""
PLACE_BONUS = 10**9
LENGTH = {2: 1.0, 3: 0.1, 4: 0.05}
"""A short word explains at once."""


def words() -> Iterator[tuple[str, float]]:
    """Words with how well they explain, any order."""
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, times, kind = line.split()
            if HAN.fullmatch(word) and kind in KINDS and int(times) >= RARE:
                yield word, int(times) * LENGTH[len(word)]
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        name = "" if line.startswith("#") else line.split("\t")[0]
        if len(name) == 2:
            yield name, PLACE_BONUS


def best_words() -> dict[str, str]:
    """Character to word; a word in which the character is read in its usual way."""
    best: dict[str, tuple[float, str]] = {}
    for word, worth in words():
        sounds = lazy_pinyin(word)
        for at, character in enumerate(word):
            usual = sounds[at] == lazy_pinyin(character)[0]
            if not usual or UNKIND & (set(word) - {character}):
                continue
            if worth > best.get(character, (0.0, ""))[0]:
                best[character] = (worth, word)
    return {character: word for character, (_, word) in sorted(best.items())}


def name_characters() -> list[str]:
    """Characters of given names, the commonest first: in how many names of the dictionary."""
    count: Counter[str] = Counter()
    surnames = set(SURNAMES.read_text(encoding="utf-8"))
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, kind = line.split()
            if kind == "nr" and HAN.fullmatch(word) and len(word) < 4 and word[0] in surnames:
                count.update(word[1:])
    return [character for character, times in count.most_common() if times >= FEW]


def main() -> None:
    head = "# A character and the word that explains it; written by scripts/character_words.py.\n"
    lines = [f"{character}\t{word}\n" for character, word in best_words().items()]
    OUT.write_text(head + "".join(lines), encoding="utf-8")
    head = "# Characters of given names, the commonest first; by scripts/character_words.py.\n"
    names = "".join(name_characters())
    rows = [names[at : at + 90] + "\n" for at in range(0, len(names), 90)]
    NAMES.write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
