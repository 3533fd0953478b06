"""A file's bytes become a notice: blocks, parts, clauses, rules that hold for several, facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from core.errors import BadNotice
from policy.facts import with_facts
from policy.facts.departments import Responsibility, responsibility
from policy.model import HEAD, PREFACE, Clause, Notice
from policy.reading.blocks import Block, plain_text
from policy.reading.formats import read_blocks
from policy.reading.head import read_head
from policy.reading.layout import Layout, lay_out, move_letter
from policy.reading.references import defers_to, repeals
from policy.reading.tree import Node, TreeBuilder, split_closing

Progress = Callable[[int, int], None]
"""Called with the clauses done and the clauses in all."""


def read_notice(data: bytes, name: str, progress: Progress | None = None) -> Notice:
    """Reads a notice from text, HTML, DOCX, PDF or OFD; `name` is only for messages.

    Raises BadNotice for what is empty, too large, encrypted, disguised or no notice at all.
    """
    blocks = read_blocks(data, name)
    notice = notice_from_blocks(blocks, name, progress)
    return replace(notice, sha256=hashlib.sha256(data).hexdigest())


def notice_from_blocks(
    blocks: list[Block], name: str = "", progress: Progress | None = None
) -> Notice:
    """The notice that these paragraphs and tables are."""
    layout = lay_out(blocks)
    if not (layout.preface or layout.body or layout.attachments):
        move_letter(layout)
    text = plain_text(blocks)
    head = read_head(layout, text)
    nodes = _nodes(layout)
    if not nodes and not layout.preface:
        raise BadNotice(
            f"{name}: holds no clause or paragraph; is this the text of a notice?",
            reason="no_clause",
        )
    clauses = _with_rules(_front(layout) + [_clause(n) for n in nodes], nodes)
    done: list[Clause] = []
    for i, clause in enumerate(clauses):
        done.append(with_facts(replace(clause, order=i)))
        if progress:
            progress(i + 1, len(clauses))
    return Notice(
        number=head.number,
        title=head.title,
        issuer=head.issuer,
        issued=head.issued,
        text=text,
        clauses=tuple(done),
        region=head.region,
        effective=head.effective,
        expires=head.expires,
        abridged=head.abridged,
        defers_to=defers_to(text, head.number),
        repeals=repeals(text, head.number),
    )


def _nodes(layout: Layout) -> list[Node]:
    builder = TreeBuilder()
    attachments = layout.attachments
    if layout.letter or layout.body:
        builder.body(layout.body)
    closing = split_closing(builder.nodes)
    if closing:
        builder.nodes.append(closing)
    for attachment in attachments:
        builder.attachment(attachment.label, attachment.blocks, [])
    return builder.nodes


def _front(layout: Layout) -> list[Clause]:
    head = Clause(HEAD, HEAD, "\n".join(layout.head + layout.tail), 0)
    if not layout.preface:
        return [head]
    return [head, Clause(PREFACE, PREFACE, "\n".join(layout.preface), 1)]


def _clause(node: Node) -> Clause:
    return Clause(
        path=node.path,
        title=node.title,
        text=node.text(),
        order=0,
        parent=node.parent.path if node.parent else None,
        leaf=node.leaf,
        departments=node.departments,
        departments_quote=node.departments_quote,
    )


def _with_rules(clauses: list[Clause], nodes: list[Node]) -> list[Clause]:
    """Adds who is responsible, with the notice's general rules from where they stand on."""
    by_path = {n.path: n for n in nodes}
    shared: tuple[tuple[str, ...], str, str] = ((), "", "")
    rule: tuple[str, str] = ("", "")
    out: list[Clause] = []
    for clause in clauses:
        found = _bracket(by_path.get(clause.path))
        if found:
            clause = replace(clause, departments=found.departments, departments_quote=found.quote)
            if found.shared:
                shared = (found.shared, found.shared_quote, clause.path)
            if found.lead_rule:
                rule = (found.lead_rule, clause.path)
            clause = _led(clause, found, rule)
        if clause.departments and shared[0]:
            clause = replace(
                clause,
                departments=tuple(d for d in clause.departments if d not in shared[0]),
                shared_departments=shared[0],
                shared_quote=shared[1],
                shared_path=shared[2],
            )
        out.append(clause)
    return out


def _bracket(node: Node | None) -> Responsibility | None:
    if node is None or node.kind == "表行":
        return None
    return next((r for r in map(responsibility, reversed(node.paragraphs)) if r), None)


def _led(clause: Clause, found: Responsibility, rule: tuple[str, str]) -> Clause:
    if found.lead:
        return replace(clause, lead=found.lead, lead_quote=found.quote, lead_path=clause.path)
    if rule[0] and found.departments:
        return replace(clause, lead=found.departments[:1], lead_quote=rule[0], lead_path=rule[1])
    return clause
