"""Putting an answer together from passages: a short lead, then the notice's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.values import Citation, Kind, Reason
from policy.answering.phrases import phrase
from policy.answering.spoken import for_the_ear
from policy.finding.passages import Passage
from policy.model import HEAD, PREFACE, Clause, Notice


@dataclass(frozen=True)
class Part:
    """The answer to one part of a question."""

    text: str
    speech: str
    kind: Kind
    reason: Reason | None = None
    citations: tuple[Citation, ...] = ()

    def led_by(self, lead: str, kind: Kind, reason: Reason | None) -> Part:
        """The same with a sentence before it."""
        return Part(lead + self.text, lead + self.speech, kind, reason, self.citations)


def cite(notice: Notice, clause: Clause, quote: str) -> Citation:
    return Citation(notice.number, clause.path, clause.title, quote)


def named(clause: Clause) -> str:
    """The clause's title as one says it; empty for head and preface."""
    return "" if clause.path in (HEAD, PREFACE) or not clause.title else f"“{clause.title}”"


def saying(
    notices: Sequence[Notice],
    passages: Sequence[Passage],
    key: str = "said",
    kind: Kind = Kind.ANSWER,
) -> Part:
    """The passages, quoted in full; those of one clause together."""
    texts, speech, citations = [], [], []
    last: Clause | None = None
    for passage in passages:
        clause = passage.clause
        quote = closed(passage.quote)
        if last is None:
            use = key if named(clause) or key != "said" else "said_plain"
        elif clause is last:
            texts.append(quote)
            speech.append(for_the_ear(quote))
            citations.append(cite(notices[passage.notice], clause, passage.quote))
            continue
        else:
            use = "also" if named(clause) else "said_plain"
        texts.append(phrase(use, title=named(clause), quote=quote))
        speech.append(phrase(use, title=named(clause), quote=for_the_ear(quote)))
        citations.append(cite(notices[passage.notice], clause, passage.quote))
        last = clause
    return Part("".join(texts), "".join(speech), kind, None, tuple(citations))


def responsible(notice: Notice, clause: Clause, kind: Kind = Kind.ANSWER) -> Part:
    """Who is responsible for a clause, all of them, with the general rule said once."""
    owner = notice.clause(clause.shared_path) or clause
    if not clause.departments:
        text = phrase("no_agency", title=named(clause) or "通知开头")
        if not clause.shared_quote:
            return Part(text, text, Kind.PARTIAL, Reason.NOT_IN_TEXT)
    else:
        key = "agency" if "等按" in clause.departments_quote else "agency_only"
        text = phrase(key, title=named(clause), departments="、".join(clause.departments))
    citations = []
    if clause.departments_quote:
        citations.append(cite(notice, clause, clause.departments_quote))
    if clause.shared_quote and clause.shared_departments:
        text += phrase("shared", shared="、".join(clause.shared_departments))
        citations.append(cite(notice, owner, clause.shared_quote))
    return Part(text, for_the_ear(text), kind, None, tuple(citations))


def joined(parts: Sequence[Part]) -> Part:
    """Several parts as one; its kind is the most careful of theirs."""
    if len(parts) == 1:
        return parts[0]
    careful = (Kind.CORRECTION, Kind.PARTIAL, Kind.ABSTAIN, Kind.ANSWER, Kind.OUT_OF_SCOPE)
    kinds = [p.kind for p in parts]
    kind = next((k for k in careful if k in kinds), kinds[0])
    if kind is Kind.ABSTAIN and Kind.ANSWER in kinds:
        kind = Kind.PARTIAL
    reason = next((p.reason for p in parts if p.reason), None) if kind is not Kind.ANSWER else None
    citations = tuple(dict.fromkeys(c for p in parts for c in p.citations))
    texts = list(dict.fromkeys(p.text for p in parts))
    spoken = list(dict.fromkeys(p.speech for p in parts))
    return Part("".join(texts), "".join(spoken), kind, reason, citations)


def closed(quote: str) -> str:
    """A quote that ends like a sentence, so that the next one can follow."""
    quote = quote.strip()
    return quote if quote.endswith(("。", "！", "？", "；")) else quote.rstrip("，、") + "。"
