"""Tables in Markdown, and any result as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

MOST_ROWS = 40


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    lines += ["| " + " | ".join(shown(cell) for cell in row) + " |" for row in rows]
    return [*lines, ""]


def shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|")


def flat(figures: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure with its path; long lists are left to the JSON."""
    if isinstance(figures, dict):
        for name, value in figures.items():
            yield from flat(value, f"{at} · {name}" if at else str(name))
    elif isinstance(figures, list):
        if len(figures) <= 3 and all(isinstance(v, int | float | str) for v in figures):
            yield at, " to ".join(shown(v) for v in figures)
    else:
        yield at, figures


def any_table(figures: dict[str, Any]) -> list[str]:
    rows = list(flat(figures))
    lines = table(("figure", "value"), rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        lines += [f"{len(rows) - MOST_ROWS} further figures stand in the JSON.", ""]
    return lines
