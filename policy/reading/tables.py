"""A table's rows as clauses: what each row is called and who answers for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policy.facts.departments import split_names
from policy.reading.blocks import Table, row_text

_ORDINAL = re.compile(r"^(?:序\s*号|编\s*号|项\s*次|No\.?)$", re.I)
_RESPONSIBLE = re.compile(
    r"部门|责任单位|牵头单位|配合单位|指导单位|承办单位|实施单位|主管|责任主体"
)
_NAME = re.compile(r"名称|事项|举措|措施|项目|任务|内容|指标|岗位|类别|材料")


@dataclass(frozen=True)
class TableRow:
    label: str
    """序号10 where the table numbers its rows, 第3行 where it does not."""
    title: str
    text: str
    """Verbatim, cells separated by tabs."""
    departments: tuple[str, ...]
    departments_quote: str


def read_table(table: Table) -> list[TableRow]:
    """Data rows in order; the header and rows that only name a category are none."""
    rows = [r for r in table.rows if any(r)]
    if len(rows) < 2:
        return []
    at = next((i for i, r in enumerate(rows) if _distinct(r) > 1), 0)
    header = [re.sub(r"\s", "", cell) for cell in rows[at]]
    ordinal = next((i for i, h in enumerate(header) if _ORDINAL.match(h)), None)
    found: list[TableRow] = []
    for row in rows[at + 1 :]:
        if _distinct(row) < 2 or [re.sub(r"\s", "", c) for c in row] == header:
            continue
        found.append(_row(row, header, ordinal, len(found) + 1))
    return found


def _distinct(row: tuple[str, ...]) -> int:
    return len({cell for cell in row if cell})


def _row(row: tuple[str, ...], header: list[str], ordinal: int | None, n: int) -> TableRow:
    number = row[ordinal].strip() if ordinal is not None and ordinal < len(row) else ""
    label = f"序号{number}" if number and len(number) <= 6 else f"第{n}行"
    names: list[str] = []
    quotes: list[str] = []
    for i, cell in enumerate(row):
        if i < len(header) and _RESPONSIBLE.search(header[i]) and cell:
            names.extend(x for x in split_names(cell.replace("\n", "、")) if x not in names)
            quotes.append(cell)
    quote = quotes[0] if quotes else ""
    return TableRow(label, _title(row, header, ordinal), row_text(row), tuple(names), quote)


def _title(row: tuple[str, ...], header: list[str], ordinal: int | None) -> str:
    named = [i for i, h in enumerate(header) if _NAME.search(h) and i != ordinal]
    order = named + [i for i in range(len(row)) if i != ordinal]
    return next((row[i] for i in order if i < len(row) and row[i]), "")
