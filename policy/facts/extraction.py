"""All facts of a clause at once."""

from __future__ import annotations

from dataclasses import replace

from policy.facts.audiences import audiences
from policy.facts.events import events
from policy.facts.obligations import obligations
from policy.facts.supports import supports
from policy.facts.targets import targets
from policy.facts.times import first_deadline
from policy.model import HEAD, Clause


def with_facts(clause: Clause) -> Clause:
    """The clause with its targets, audiences, supports, obligations, events and deadline.

    The head states none: its numbers name the notice. Brackets of departments are left out.
    """
    if clause.path == HEAD:
        return clause
    text = clause.text
    if clause.departments_quote and not clause.departments_quote.count("\t"):
        # Blanks keep every place in the text, so that quotes stay verbatim.
        text = text.replace(clause.departments_quote, "\n" * len(clause.departments_quote))
    return replace(
        clause,
        targets=targets(text),
        audiences=audiences(text),
        supports=supports(text),
        obligations=obligations(text),
        events=events(text),
        deadline=first_deadline(text) or first_deadline(clause.departments_quote),
    )
