"""From the blocks of a body to clauses with paths, titles and verbatim text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from policy.facts.departments import brackets, responsibility
from policy.model import CLOSING
from policy.reading.blocks import Block, Line, Table
from policy.reading.layout import is_title_like
from policy.reading.numbering import ARTICLE, Number, leading_number
from policy.reading.tables import TableRow, read_table

_TITLE_LENGTH = 45
_ENUMERATION = 1500
"""Characters of items at most that still count as an enumeration within their stem."""
_CLOSES = re.compile(
    r"(?:本(?:意见|通知|办法|规定|方案|细则|条例|措施|政策|计划|规划|公告|决定)"
    r"[^。]{0,40}?(?:施行|实施|执行|解释|之日起|有效期)|"
    r"(?:以上|此前|过去|原)[^。]{0,30}(?:为准|不一致)|特此(?:通知|公告|函复))"
)


@dataclass
class Node:
    """A clause in the making."""

    path: str
    title: str
    parent: Node | None
    kind: str = ""
    """Kind of its number; 附件, 表行 or 结尾 for what has none."""
    rank: int = -1
    paragraphs: list[str] = field(default_factory=list)
    run_in: bool = False
    """Its first paragraph carries text beyond the title."""
    departments: tuple[str, ...] = ()
    """From a column of its table."""
    departments_quote: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def leaf(self) -> bool:
        """Has content of its own."""
        return not self.children or self.run_in or len(self.paragraphs) > 1

    def text(self) -> str:
        """Own paragraphs; with the items where they are an enumeration of this clause."""
        return "\n".join(self.lines()) if self.enumerates() else "\n".join(self.paragraphs)

    def lines(self) -> list[str]:
        """Own paragraphs and those of all below, in the document's order."""
        lines = list(self.paragraphs[: self.before_items])
        for child in self.children:
            lines.extend(child.lines())
        return lines + self.paragraphs[self.before_items :]

    before_items: int = 0
    """Own paragraphs that stand before the first child."""

    def enumerates(self) -> bool:
        """Whether the children are items of one sentence of this clause."""
        if not self.children or not self.paragraphs or not self.leaf:
            return False
        if any(c.kind == "表行" for c in self.children):
            return False
        if self.kind == ARTICLE:
            return True
        stem = self.paragraphs[: self.before_items or None][-1]
        size = sum(len(line) for child in self.children for line in child.lines())
        return stem.endswith(("：", ":")) and size <= _ENUMERATION


class TreeBuilder:
    """Builds the nodes of one body or attachment. Paths are unique across all it built."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._seen: Counter[str] = Counter()

    def body(self, blocks: list[Block], root: Node | None = None) -> None:
        """Adds the blocks below `root`; without one at the top of the notice."""
        stack: list[Node] = [root] if root else []
        tables = 0
        for block in blocks:
            if isinstance(block, Table):
                tables += 1
                self._table(block, stack[-1] if stack else None, tables)
                continue
            number = leading_number(block.text)
            if number:
                self._numbered(block.text, number, stack)
            elif stack:
                self._continue(stack, block.text)
            else:
                stack.append(self._node("正文", "", None, [block.text]))

    def attachment(self, label: str, blocks: list[Block], title: list[str]) -> None:
        """An attachment: its title lines, then whatever it holds."""
        first = 0
        lines = list(title)
        while first < len(blocks) and _is_title_line(blocks[first], bool(lines)):
            block = blocks[first]
            lines.append(block.text if isinstance(block, Line) else "")
            first += 1
        node = self._node(label, "".join(lines), None, lines)
        node.kind = "附件"
        self.body(blocks[first:], node)

    def _numbered(self, text: str, number: Number, stack: list[Node]) -> None:
        while stack and (stack[-1].rank >= number.rank or stack[-1].path == "正文"):
            stack.pop()
        parent = stack[-1] if stack else None
        rest = text[number.length :]
        title, run_in = split_title(rest, number.kind)
        node = self._node((parent.path if parent else "") + number.label, title, parent, [text])
        node.kind, node.rank, node.run_in = number.kind, number.rank, run_in
        stack.append(node)

    def _continue(self, stack: list[Node], text: str) -> None:
        node = stack[-1]
        article = next((n for n in reversed(stack) if n.kind == ARTICLE), None)
        if article and node is not article and node.rank > article.rank:
            # A paragraph after the items of an article is the article's own.
            while stack[-1] is not article:
                stack.pop()
            node = article
        node.paragraphs.append(text)

    def _table(self, table: Table, parent: Node | None, ordinal: int) -> None:
        prefix = (parent.path if parent else "") + "表" + (str(ordinal) if ordinal > 1 else "")
        for row in read_table(table):
            self._row(row, prefix, parent)

    def _row(self, row: TableRow, prefix: str, parent: Node | None) -> None:
        node = self._node(prefix + row.label, row.title, parent, [row.text])
        node.kind, node.run_in = "表行", True
        node.departments, node.departments_quote = row.departments, row.departments_quote

    def _node(self, path: str, title: str, parent: Node | None, paragraphs: list[str]) -> Node:
        self._seen[path] += 1
        if self._seen[path] > 1:
            path = f"{path}（第{self._seen[path]}处）"
        node = Node(path, title, parent, paragraphs=paragraphs)
        if parent:
            if not parent.children:
                parent.before_items = len(parent.paragraphs)
            parent.children.append(node)
        self.nodes.append(node)
        return node


def _is_title_line(block: Block, titled: bool) -> bool:
    if not isinstance(block, Line) or leading_number(block.text):
        return False
    return is_title_like(block.text) and not (titled and len(block.text) > 40)


def split_title(rest: str, kind: str) -> tuple[str, bool]:
    """Title of a numbered paragraph, and whether more than the title stands in it."""
    if kind == ARTICLE:
        named = re.match(r"[【〔\[（(]([^】〕\]）)]{2,30})[】〕\]）)]\s*(?=\S)", rest)
        return (named[1] if named else ""), True
    if kind in ("编", "章", "节"):
        return re.sub(r"[\s\u3000]+", "", rest), False
    bare = rest
    duty = responsibility(rest)
    if duty and rest.endswith(duty.quote):
        bare = rest[: -len(duty.quote)].strip()
    cut = re.search(r"[。：:；;]", _mask_brackets(bare))
    title = bare[: cut.start()] if cut else bare
    run_in = bool(duty) or (cut is not None and bool(bare[cut.end() :].strip()))
    if len(title) > _TITLE_LENGTH:
        return "", True
    return title.strip(), run_in


def _mask_brackets(text: str) -> str:
    for bracket in brackets(text):
        text = text.replace(bracket, "□" * len(bracket))
    return text


def split_closing(nodes: list[Node]) -> Node | None:
    """Takes unnumbered paragraphs at the very end off the last clause where they are not its own.

    A paragraph after a clause whose text already ran on in its numbered paragraph closes the
    notice, unless other clauses of that kind have further paragraphs too.
    """
    last = nodes[-1] if nodes else None
    if last is None or last.kind in (ARTICLE, "表行", "附件", "") or len(last.paragraphs) < 2:
        return None
    if not last.run_in:
        return _cut(last, 2) if _CLOSES.match(last.paragraphs[-1]) else None
    others = [n for n in nodes if n.kind == last.kind and n is not last and n.run_in]
    sealed = responsibility(last.paragraphs[0]) is not None
    continued = any(len(n.paragraphs) > 1 for n in others)
    if sealed or (others and not continued):
        return _cut(last, 1)
    return _cut(last, 2) if _CLOSES.match(last.paragraphs[-1]) else None


def _cut(last: Node, keep: int) -> Node | None:
    at = keep
    if keep == 2:
        at = next(i for i, p in enumerate(last.paragraphs) if i and _CLOSES.match(p))
    closing, last.paragraphs = last.paragraphs[at:], last.paragraphs[:at]
    if not closing:
        return None
    return Node(CLOSING, CLOSING, None, kind=CLOSING, paragraphs=closing)
