"""Who must, may or should do what."""

from __future__ import annotations

import re

from policy.facts.sentences import Span, segments, sentences
from policy.facts.times import DEADLINE
from policy.model import Obligation

_MODAL = re.compile(
    r"应当|必须|不得|严禁|禁止|务必|至少|确保|可以|有权|"
    r"(?<![相适供反响对感效])应(?![届用急聘邀有该当])|(?<![许认不])可(?![靠以能持行复观用])|"
    r"(?<![必无])须(?!知)|(?<![主重需必首纲只想紧扼摘概提若简])要(?![求素点领么件约])|"
    r"^(?:积极|大力|优先|并|进一步|逐步)*(?P<soft>支持|引导|探索|鼓励)"
)
_FIRM = ("应当", "必须", "不得", "严禁", "禁止", "务必", "应", "须", "至少", "确保", "要")


def obligations(text: str) -> tuple[Obligation, ...]:
    """One for each sentence that binds or allows, by its firmest word, in order."""
    found: list[Obligation] = []
    for sentence in sentences(text):
        pieces = segments(sentence)
        hits = [(i, m) for i, p in enumerate(pieces) for m in _MODAL.finditer(p.text)]
        if not hits:
            continue
        i, match = min(hits, key=lambda hit: (hit[1][0] not in _FIRM, hit[0], hit[1].start()))
        modal = match["soft"] or match[0]
        subject = "" if match["soft"] else _subject(pieces, i, match)
        found.append(Obligation(subject, modal, sentence.text))
    return tuple(found)


def _subject(pieces: list[Span], i: int, match: re.Match[str]) -> str:
    """Who it binds: what stands before the word, else the segment before it."""
    own = pieces[i].text[: match.start()].strip(" 、并且")
    own = re.sub("每年$", "", DEADLINE.sub("", own))
    if own and not re.fullmatch(
        r"(?:每年|同时|其中|也|还|均|都|则|就|积极|大力|优先|进一步)+", own
    ):
        return own
    return pieces[i - 1].text if i else ""
