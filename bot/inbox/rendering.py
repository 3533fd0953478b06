"""Replies as messages: everything in words, choices numbered, sources named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.inbox.channel import Part
from bot.inbox.phrases import Phrases
from bot.inbox.splitting import split_text
from core.messaging import OfferedChoice
from core.values import Choice, Reply

_NUMBERS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_NUMBERED = re.compile(r"(?:第|选)?([0-9]{1,2}|[一二三四五六七八九十])(?:个|项|号)?[。.、]?")


def render(
    replies: Sequence[Reply],
    offered: Sequence[OfferedChoice],
    phrases: Phrases,
    longest: int,
    plain: bool = False,
) -> tuple[Part, ...]:
    """`offered`: the choices of all the replies in order. Buttons hang on the last part of each."""
    parts: list[Part] = []
    left = list(offered)
    for reply in replies:
        mine, left = left[: len(reply.choices)], left[len(reply.choices) :]
        text = _words(reply, phrases, plain)
        if mine:
            text = _with_numbers(text, mine, phrases)
        pieces = split_text(text, longest)
        parts += [Part(piece) for piece in pieces[:-1]]
        if pieces:
            parts.append(Part(pieces[-1], tuple(mine)))
    return tuple(parts)


def _words(reply: Reply, phrases: Phrases, plain: bool) -> str:
    text = (reply.speech or reply.text) if plain else reply.text
    sources = dict.fromkeys(
        phrases.say("source", document=c.document, clause=c.clause, title=c.title).strip()
        for c in reply.citations
    )
    return "\n".join([text, *([] if plain else sources)]).strip()


def _with_numbers(text: str, offered: Sequence[OfferedChoice], phrases: Phrases) -> str:
    """Numbers under the text, unless the dialogue wrote them there itself."""
    lines = text.splitlines()
    numbered = all(
        any(line.startswith(f"{o.number}. {o.label}") for line in lines) for o in offered
    )
    listed = [] if numbered else [f"{o.number}. {o.label}" for o in offered]
    return "\n".join([text, *listed, phrases.say("numbers")]).strip()


def picked(text: str, offered: Sequence[OfferedChoice]) -> OfferedChoice | None:
    """The open choice that a number or its own words name."""
    said = text.strip()
    match = _NUMBERED.fullmatch(said)
    for choice in offered:
        if said in (choice.label, f"{choice.number}. {choice.label}"):
            return choice
        if match and (_NUMBERS.get(match[1]) or int(match[1])) == choice.number:
            return choice
    return None


def all_choices(replies: Sequence[Reply]) -> tuple[Choice, ...]:
    return tuple(choice for reply in replies for choice in reply.choices)
