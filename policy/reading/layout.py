"""Where a notice's head, preface, body, sign-off and attachments begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from policy.reading.blocks import Block, Line, Table
from policy.reading.numbering import leading_number
from policy.reading.numerals import DATE

_ATTACHMENT = re.compile(r"附\s*[件表录]\s*(?P<n>[0-9一二三四五六七八九十]{0,3})\s*[：:]?\s*$")
_ATTACHMENT_TITLED = re.compile(
    r"附\s*[件表录]\s*(?P<n>[0-9一二三四五六七八九十]{1,3})(?:[：:.．、]|\s)\s*(?P<title>\S.{2,60})$"
)
_ATTACHMENT_LIST = re.compile(r"附\s*[件表录]\s*(?:[0-9一二三四五六七八九十]{0,3}\s*)[：:]\s*\S")
_SENTENCE_END = re.compile(r"[。；！？;]$")
_ADDRESSEE = re.compile(
    r"(?:政府|部门|单位|机构|委|局|厅|办|公司|院|校|会|企业|区|各.*)[^。]*[：:]$"
)
_ENACTMENT = re.compile(r"(?:通过|公布|发布|施行|修订|修正)(?:[　 ）)]|$|，|。)")
_BRACKETED = re.compile(r"[（(【\[].*[）)】\]]$")
_COPY_TO = re.compile(r"(?:抄送|主送|分送|抄报|承办单位|联系人|联系电话)[：:]|.*日印发$")
_CONTENTS = re.compile(r"目\s*[录次]$")
METADATA = re.compile(
    r"(?:索\s*引\s*号|信息索引|文\s*号|发文字号|发文机关|发布机构|制发机关|制定机关|"
    r"成文日期|发布日期|印发日期|公布日期|施行日期|生效日期|实施日期|失效日期|标\s*题|名\s*称|"
    r"主\s*题\s*[分词]?[类]?|有\s*效\s*性|时效性|效力等级|公开方式|签发人|分\s*类|关\s*键\s*词|来\s*源)"
    r"\s*[：:]"
)
TITLE_LENGTH = 60
"""Characters that a line of a title has at most."""


@dataclass
class Attachment:
    label: str
    """附件, 附件1…; how its clauses' paths begin."""
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Layout:
    head: list[str] = field(default_factory=list)
    """Lines of title, number, addressees and covering letter."""
    preface: list[str] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """List of attachments, sign-off and notes that stand after the body."""
    attachments: list[Attachment] = field(default_factory=list)
    title_lines: list[str] = field(default_factory=list)
    """Of the attached plan or measure, where a covering letter stands before it."""
    letter: bool = False


def is_title_like(text: str) -> bool:
    """Whether a line may be part of a title: short and no sentence."""
    return len(text) <= TITLE_LENGTH and not _SENTENCE_END.search(text) and text[-1:] not in "：:，"


def is_date_line(text: str) -> bool:
    """Whether a line is nothing but a date, as in a sign-off."""
    return DATE.fullmatch(text.strip("（）()")) is not None


def lay_out(blocks: list[Block]) -> Layout:
    """Cuts the blocks into the parts of an official document; loses none but the contents list."""
    blocks = _without_contents(_metadata_lines(blocks))
    begin = _body_begin(blocks)
    layout = Layout()
    front = [b.text for b in blocks[:begin] if isinstance(b, Line)]
    _split_front(front, layout)
    _split_rest(blocks[begin:], layout)
    return layout


def _metadata_lines(blocks: list[Block]) -> list[Block]:
    """The table of keys and values that a government site puts above a text, as lines."""
    out: list[Block] = []
    for i, block in enumerate(blocks):
        keyed = isinstance(block, Table) and any(METADATA.match(c) for r in block.rows for c in r)
        if i > 3 or not isinstance(block, Table) or not keyed:
            out.append(block)
            continue
        for row in block.rows:
            key = ""
            for cell in row:
                if METADATA.match(cell) and cell.endswith(("：", ":")):
                    key = cell
                elif cell:
                    out.append(Line(key + cell))
                    key = ""
    return out


def _without_contents(blocks: list[Block]) -> list[Block]:
    """Drops a table of contents: its headings stand again where they belong."""
    for i, block in enumerate(blocks):
        if isinstance(block, Line) and _CONTENTS.match(block.text):
            entries: list[str] = []
            for j in range(i + 1, len(blocks)):
                entry = blocks[j]
                text = entry.text if isinstance(entry, Line) else ""
                number = leading_number(text)
                if number is None or number.kind == "条" or number.label in entries[:1]:
                    return blocks[:i] + blocks[j:]
                entries.append(number.label)
    return blocks


def _body_begin(blocks: list[Block]) -> int:
    in_list = False
    for i, block in enumerate(blocks):
        if isinstance(block, Table):
            return i
        if _ATTACHMENT_LIST.match(block.text):
            in_list = True
        elif leading_number(block.text):
            if in_list and is_title_like(block.text):
                continue
            return i
        else:
            in_list = False
    return len(blocks)


def _split_front(front: list[str], layout: Layout) -> None:
    signed = [i for i, text in enumerate(front) if i > 2 and is_date_line(text)]
    if signed and any(_SENTENCE_END.search(t) for t in front[: signed[-1]]):
        layout.letter = True
        end = signed[-1] + 1
        while end < len(front) and (
            _BRACKETED.fullmatch(front[end])
            or _ATTACHMENT.match(front[end])
            or _COPY_TO.match(front[end])
        ):
            end += 1
        start = end
        while end < len(front) and is_title_like(front[end]):
            end += 1
        layout.title_lines = front[start:end]
    else:
        end = _head_end(front)
    layout.head, layout.preface = front[:end], front[end:]


def move_letter(layout: Layout) -> None:
    """A letter with no numbered part and no attachment is itself the text: 批复, 函."""
    begin = _head_end(layout.head)
    sentences = [i for i, text in enumerate(layout.head) if _SENTENCE_END.search(text)]
    if sentences and sentences[-1] >= begin:
        end = sentences[-1] + 1
        layout.preface = layout.head[begin:end]
        layout.head, rest = layout.head[:begin], layout.head[end:]
        layout.tail = rest + layout.tail


def _head_end(front: list[str]) -> int:
    for i, text in enumerate(front):
        if _ADDRESSEE.search(text) and "如下" not in text:
            return i + 1
        headish = (
            is_title_like(text)
            or METADATA.match(text)
            or (_ENACTMENT.search(text) and DATE.search(text) and _opens_enactment(text))
        )
        if not headish:
            return i
    return len(front)


def _opens_enactment(text: str) -> bool:
    return text[0] in "（(" or DATE.match(text) is not None


def _split_rest(blocks: list[Block], layout: Layout) -> None:
    attached = _attachment_starts(blocks)
    main_end = attached[0][0] if attached else len(blocks)
    main_end, after = _take_tail(blocks[:main_end], layout)
    layout.body = blocks[:main_end]
    if after:
        layout.attachments.append(Attachment("附件", after))
    for n, (start, label, skip) in enumerate(attached):
        stop = attached[n + 1][0] if n + 1 < len(attached) else len(blocks)
        layout.attachments.append(Attachment(label, blocks[start + skip : stop]))


def _attachment_starts(blocks: list[Block]) -> list[tuple[int, str, int]]:
    """Index, label and how many blocks the label itself takes (0: its line carries the title)."""
    starts: list[tuple[int, str, int]] = []
    signed = False
    for i, block in enumerate(blocks):
        if not isinstance(block, Line):
            continue
        signed = signed or is_date_line(block.text)
        alone = _ATTACHMENT.match(block.text)
        titled = _ATTACHMENT_TITLED.match(block.text) if signed else None
        match = alone or titled
        if match and i > 0:
            starts.append((i, f"附件{match['n']}", 1 if alone else 0))
    return starts


def _take_tail(blocks: list[Block], layout: Layout) -> tuple[int, list[Block]]:
    """Where the body ends, and what stands after the sign-off as an attachment without a label."""
    last = max((i for i, b in enumerate(blocks) if _is_content(b)), default=-1)
    signed = [i for i, b in enumerate(blocks) if isinstance(b, Line) and is_date_line(b.text)]
    after: list[Block] = []
    if signed and any(s < last for s in signed):
        cut = next(s for s in signed if s < last) + 1
        while cut < len(blocks) and isinstance(blocks[cut], Line) and _is_note(blocks[cut]):
            cut += 1
        after, blocks = blocks[cut:], blocks[:cut]
    end = len(blocks)
    while end > 0 and _is_tail(blocks, end - 1):
        end -= 1
    end = _before_attachment_list(blocks, end)
    layout.tail.extend(b.text for b in blocks[end:] if isinstance(b, Line))
    return end, after


def _is_content(block: Block) -> bool:
    return isinstance(block, Table) or leading_number(block.text) is not None


def _is_note(block: Block) -> bool:
    return isinstance(block, Line) and bool(
        _BRACKETED.fullmatch(block.text) or _COPY_TO.match(block.text)
    )


def _is_tail(blocks: list[Block], i: int) -> bool:
    block = blocks[i]
    if not isinstance(block, Line):
        return False
    text = block.text
    if is_date_line(text) or _is_note(block):
        return leading_number(text) is None
    later = (b for b in blocks[i + 1 :] if isinstance(b, Line))
    signs = is_title_like(text) and any(is_date_line(b.text) for b in later)
    return signs and i > 0 and leading_number(text) is None


def _before_attachment_list(blocks: list[Block], end: int) -> int:
    for i in range(end - 1, max(-1, end - 12), -1):
        block = blocks[i]
        if not isinstance(block, Line) or not (
            is_title_like(block.text) or _ATTACHMENT_LIST.match(block.text)
        ):
            return end
        if _ATTACHMENT_LIST.match(block.text):
            return i
    return end
