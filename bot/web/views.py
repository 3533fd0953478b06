"""Templates, and the few things they compute: links to clauses and marked quotes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from bot.web.identity import Visitor, visitor_of
from bot.web.phrases import load_phrases
from core.values import Citation, Reply

HERE = Path(__file__).parent
LONGEST_MARK = 300
"""Characters of a quote that travel in a link; a longer one marks its whole clause."""


class Views:
    """Renders the templates. Everything from people or notices is escaped."""

    def __init__(self, referral: str = "") -> None:
        self.phrases = load_phrases(referral)
        self._templates = Jinja2Templates(directory=HERE / "templates")
        self._templates.env.trim_blocks = True
        self._templates.env.lstrip_blocks = True
        self._templates.env.filters.update(
            anchor=anchor_of,
            citation_link=citation_link,
            marked=marked,
            sources_of=sources_of,
            spoken=spoken,
        )
        self._templates.env.globals.update(
            version=_static_version(), trouble=self.phrases.trouble, examples=self.phrases.examples
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


def spoken(reply: Reply) -> str:
    """What a screen reader announces: the spoken form, then how many choices there are."""
    return reply.speech or reply.text


def marked(text: str, words: str) -> Markup:
    """The text, escaped, with `words` in <mark> where they stand in it verbatim."""
    if not words or words not in text:
        return escape(text)
    before, after = text.split(words, 1)
    return Markup("{}<mark>{}</mark>{}").format(before, words, after)


def _static_version() -> str:
    """Changes when a file under static/ does, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for path in sorted((HERE / "static").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
