"""What is asked: the kind of answer wanted, what would have to be told, and what is presumed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from core.spoken.pinyin import HAN
from policy.finding.sound_pattern import Heard, SoundPatterns, without
from policy.finding.thesaurus import load_data

LONGEST = 400
"""Characters of a question that are read; nobody asks more in one breath."""
_BOTH = re.compile(r"(.{2,40}?)[和跟与同、](.{3,60})$")
_ASKING = re.compile(r"各(要|有|是|自)?|分别|哪个|哪些|多少|有(什么|啥)")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_BREAK = re.compile(r"[？?！!。；;\n]+|，|,|、?还有|另外|顺便|再问|再一个")
_FIGURE = re.compile(r"(\d|[一二两三四五六七八九十百千万])[个家人名次岁年月]")
_WIDE = str.maketrans("０１２３４５６７８９％", "0123456789%")

HINTS = {
    "ask_quantity": "quantity",
    "ask_department": "agency",
    "ask_time": "time",
    "ask_procedure": "application",
    "ask_eligibility": "condition",
}
"""The dialogue's intents and what they ask; used where the words alone do not tell."""


@dataclass(frozen=True)
class Question:
    """One thing asked."""

    text: str
    search: str
    """`text` without the words that only ask or greet."""
    stretch: str = ""
    """The stretch that asks, where a story leads up to it."""
    asks: frozenset[str] = frozenset()
    silences: tuple[str, ...] = ()
    """Aspects of cues.yml that notices often leave out and that this question asks for."""
    plain: frozenset[str] = frozenset()
    """Those of them that are asked in plain words, not only by what sounds like them."""
    confirms: bool = False
    """It presumes something and wants a yes or no."""
    believes: bool = False
    """It is sure of what it presumes."""
    leans: bool = False
    """It needs the turn before to be understood."""

    @property
    def asking(self) -> str:
        """What asks, without the story before it."""
        return (self.stretch or self.text).strip()

    def after(self, story: Question) -> Question:
        """The same question with a story, or a question about nothing, told before it."""
        return replace(
            self,
            text=f"{story.text}，{self.text}",
            search=f"{story.search}，{self.search}",
            stretch=self.asking,
        )

    def with_more(self, other: Question) -> Question:
        """One question of two, where the second names no topic of its own."""
        return replace(
            self,
            text=f"{self.text}，{other.text}",
            search=f"{self.search}，{other.search}",
            stretch=f"{self.stretch or self.text}，{other.stretch or other.text}",
            asks=self.asks | other.asks,
            silences=tuple(dict.fromkeys(self.silences + other.silences)),
            plain=self.plain | other.plain,
            confirms=self.confirms or other.confirms,
            believes=self.believes or other.believes,
        )

    @property
    def weight(self) -> int:
        """Characters that tell a topic."""
        return sum(1 for c in self.search if HAN.match(c) or c.isalnum())


@dataclass(frozen=True)
class Slot:
    """A kind of thing that questions want told, and what of a sentence would tell it."""

    asked: SoundPatterns
    held: re.Pattern[str]


@dataclass(frozen=True)
class Cues:
    """Patterns of cues.yml, compiled."""

    asks: Mapping[str, SoundPatterns]
    silences: Mapping[str, SoundPatterns]
    evidence: Mapping[str, re.Pattern[str]]
    reasons: Mapping[str, str]
    plain: frozenset[str]
    """Silences believed without weighing."""
    slots: Mapping[str, Slot]
    confirms: SoundPatterns
    believes: SoundPatterns
    blanks: SoundPatterns
    leans: SoundPatterns
    absolutes: SoundPatterns
    softer: Sequence[str]
    contradictions: Sequence[tuple[SoundPatterns, str]] = field(default=())

    def wanted(self, text: str) -> list[Slot]:
        """The kinds of thing that a text wants told."""
        heard = Heard(text)
        return [slot for slot in self.slots.values() if slot.asked.match(heard)]


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    data: dict[str, Any] = load_data("cues.yml")
    silences = data["silences"]
    return Cues(
        asks={k: SoundPatterns(v) for k, v in data["asks"].items()},
        silences={k: SoundPatterns(v["patterns"]) for k, v in silences.items()},
        evidence={k: re.compile(v["evidence"]) for k, v in silences.items()},
        reasons={k: v["reason"] for k, v in silences.items()},
        slots={
            k: Slot(SoundPatterns(v["asked"]), re.compile(v["held"]))
            for k, v in data["slots"].items()
        },
        plain=frozenset(k for k, v in silences.items() if v.get("sure")),
        confirms=SoundPatterns(data["confirms"]),
        believes=SoundPatterns(data["believes"]),
        blanks=SoundPatterns(data["blanks"]),
        leans=SoundPatterns(data["leans"]),
        absolutes=SoundPatterns(data["absolutes"]["patterns"]),
        softer=tuple(data["absolutes"]["softer"]),
        contradictions=tuple(
            (SoundPatterns(c["premise"]), c["notice"]) for c in data["contradictions"]
        ),
    )


def tidy(text: str) -> str:
    """Pictures and wide digits put right, blanks joined, cut to what is read."""
    text = _EMOJI.sub(" ", text[: LONGEST * 4]).translate(_WIDE)
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= LONGEST else text[: LONGEST // 2] + text[-LONGEST // 2 :]


def understand(text: str, kind: str | None = None) -> Question:
    """Types one question; `kind` is the dialogue's hint."""
    cues, heard = load_cues(), Heard(text)
    asks = {name for name, patterns in cues.asks.items() if patterns.match(heard)}
    silences = [name for name, patterns in cues.silences.items() if patterns.match(heard)]
    hint = HINTS.get(kind or "")
    if hint and not asks and not silences:
        if hint in cues.silences:
            silences.append(hint)
        else:
            asks.add(hint)
    return Question(
        text,
        without(text, cues.blanks.spans(heard)),
        asks=frozenset(asks),
        silences=tuple(silences),
        plain=frozenset(k for k in silences if k in cues.plain and cues.silences[k].written(text)),
        confirms=cues.confirms.match(heard)
        or bool(not asks and not silences and _FIGURE.search(text)),
        believes=cues.believes.match(heard),
        leans=cues.leans.match(heard),
    )


def split(text: str, kind: str | None = None) -> list[Question]:
    """The questions in one message, each with the words that lead up to it.

    A stretch that asks nothing belongs to the question after it; one that follows the last
    question belongs to that one.
    """
    both = _BOTH.match(text)
    if both and "comparison" in understand(text).asks:
        rest = _ASKING.search(text)
        tail = text[rest.start() :] if rest else ""
        sides = (both[1] + "，" + tail, both[2])
        return [replace(q, asks=q.asks - {"comparison"}) for q in map(understand, sides)]
    parts: list[Question] = []
    waiting = ""
    for piece in _pieces(text):
        if not piece or not piece.strip():
            continue
        waiting = f"{waiting}，{piece}" if waiting else piece
        found = understand(waiting, kind)
        if found.asks or found.silences:
            if waiting != piece:
                found = replace(found, stretch=piece)
            parts.append(found)
            waiting = ""
    if waiting and parts:
        last = parts[-1]
        whole = understand(f"{last.text}，{waiting}", kind)
        parts[-1] = replace(whole, asks=whole.asks | last.asks, stretch=last.stretch)
    return parts or [understand(text, kind)]


def _pieces(text: str) -> list[str]:
    """Stretches between stops; 、 is one where each side of it asks something by itself."""
    found: list[str] = []
    for piece in _BREAK.split(text):
        sides = (piece or "").split("、")
        if len(sides) > 1 and all(understand(side).asks - {"yes_no"} for side in sides):
            found += sides
        else:
            found.append(piece)
    return found
