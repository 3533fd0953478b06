"""Templates, and the few things they compute: links to clauses and marked quotes."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from bot.web.identity import Visitor, visitor_of
from bot.web.phrases import load_phrases
from core.booking_labels import phone_groups, phone_spoken, slot_label
from core.conversing import STAFF, Turn
from core.feedback import REASONS
from core.reference import spell
from core.values import Choice, Citation, Kind, Reply

HERE = Path(__file__).parent
LONGEST_MARK = 300
"""Characters of a quote that travel in a link; a longer one marks its whole clause."""
_RATED = (
    Kind.ANSWER,
    Kind.PARTIAL,
    Kind.ABSTAIN,
    Kind.CORRECTION,
    Kind.ELIGIBILITY,
    Kind.OUT_OF_SCOPE,
)


class Views:
    """Renders the templates. Everything from people or notices is escaped."""

    def __init__(self, referral: str = "", feedback_days: int = 0) -> None:
        self.phrases = load_phrases(referral)
        self._templates = Jinja2Templates(directory=HERE / "templates")
        self._templates.env.trim_blocks = True
        self._templates.env.lstrip_blocks = True
        self._templates.env.filters.update(
            anchor=anchor_of,
            beside_choices=beside_choices,
            citation_link=citation_link,
            marked=marked,
            marked_all=marked_all,
            phone_groups=phone_groups,
            phone_spoken=phone_spoken,
            slot_label=slot_label,
            spoken_reference=spell,
            sources_of=sources_of,
            spoken=spoken,
        )
        self._templates.env.globals.update(
            version=_static_version(),
            trouble=self.phrases.trouble,
            examples=self.phrases.examples,
            reasons=[(code, self.phrases.reasons[code]) for code in REASONS],
            can_be_rated=can_be_rated,
            feedback_days=feedback_days,
        )

    def page(
        self,
        request: Request,
        template: str,
        facts: dict[str, Any],
        *,
        visitor: Visitor | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        context = {"visitor": visitor or visitor_of(request), **facts}
        return self._templates.TemplateResponse(request, template, context, status_code=status)

    def rendered(self, template: str, facts: dict[str, Any]) -> str:
        """A piece of a page that goes out by another way than an answer."""
        return self._templates.get_template(template).render(facts)


def is_live(turns: Sequence[Turn]) -> bool:
    """Whether somebody of the staff has written, or may write soon."""
    return any(
        turn.by == STAFF or any(reply.kind is Kind.HANDOVER for reply in turn.replies)
        for turn in turns
    )


def can_be_rated(turn: Turn) -> bool:
    """Answers, and what was said in place of one; no step of booking or screening."""
    return any(
        reply.kind in _RATED and not (reply.kind is Kind.ELIGIBILITY and reply.choices)
        for reply in turn.replies
    )


def anchor_of(path: str) -> str:
    """A clause path as an element id: the same, without spaces or quotes."""
    return re.sub(r"[\s\"'<>&#%]+", "-", path)


def citation_link(citation: Citation) -> str:
    """The clause in the notice's page, with the quote to mark."""
    link = f"/notice/{quote(citation.document, safe='')}"
    if citation.quote and len(citation.quote) <= LONGEST_MARK:
        link += "?" + urlencode({"mark": citation.quote})
    return f"{link}#{quote(anchor_of(citation.clause), safe='')}"


def sources_of(reply: Reply) -> list[Citation]:
    """The citations to show: a clause whose words the answer already says, once."""
    shown: dict[tuple[str, str, str], Citation] = {}
    for citation in reply.citations:
        words = "" if citation.quote in reply.text else citation.quote
        shown.setdefault((citation.document, citation.clause, words), citation)
    return list(shown.values())


def beside_choices(text: str, choices: Sequence[Choice], first: int = 1) -> tuple[str, list[str]]:
    """The text to show above the choices, and their labels.

    Where the text lists them all under their numbers, these lines become the labels: shown twice,
    everything would be heard twice.
    """
    lines = text.split("\n")
    numbered = [f"{number}. {choice.label}" for number, choice in enumerate(choices, first)]
    listed = [next((line for line in lines if line.startswith(one)), "") for one in numbered]
    if not all(listed):
        return text, [choice.label for choice in choices]
    labels = [line.split(". ", 1)[1] for line in listed]
    return "\n".join(line for line in lines if line not in listed), labels


def spoken(reply: Reply) -> str:
    """What a screen reader announces: the spoken form, then how many choices there are."""
    return reply.speech or reply.text


def marked(text: str, words: str) -> Markup:
    """The text, escaped, with `words` in <mark> where they stand in it verbatim."""
    if not words or words not in text:
        return escape(text)
    before, after = text.split(words, 1)
    return Markup("{}<mark>{}</mark>{}").format(before, words, after)


def marked_all(text: str, quotes: Sequence[str]) -> Markup:
    """The text, escaped, with each quote in <mark> where it stands; overlapping ones as one."""
    inside = [False] * len(text)
    for words in quotes:
        at = text.find(words) if words else -1
        if at >= 0:
            inside[at : at + len(words)] = [True] * len(words)
    out = Markup("")
    for is_marked, run in itertools.groupby(zip(text, inside, strict=True), key=lambda c: c[1]):
        words = "".join(character for character, _ in run)
        out += Markup("<mark>{}</mark>").format(words) if is_marked else escape(words)
    return out


def _static_version() -> str:
    """Changes when a file under static/ does, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for path in sorted((HERE / "static").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
