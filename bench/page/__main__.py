"""`python -m bench.page`: docs/benchmarks.md from the results in docs/results and var/bench.

Runs nothing. Of each benchmark the newest result counts; a missing one is said to be missing.
Writes all results into var/bench/benchmarks.json; --keep copies new ones to docs/results.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.page.charts import Charts
from bench.page.drawings import plain
from bench.page.results import Result, collect, keep, write_all
from bench.page.sections import SECTIONS, Section
from runtime.settings import PROJECT_ROOT

HEAD = """# Benchmarks

Made by `python -m bench.page`; `make bench` runs every benchmark first. Peers were measured in the
same run as ours, on the same machine. Each section names machine, commit and date: they were not
all measured at once. Wall times come from a shared machine; trust ratios over milliseconds.
"""


def page(results: dict[str, Result], charts: Charts) -> str:
    lines = [HEAD]
    known = {section.name for section in SECTIONS}
    missing = [section for section in SECTIONS if section.name not in results]
    if missing:
        named = ", ".join(f"{section.title} (`{section.command}`)" for section in missing)
        lines += [f"**Not measured yet:** {named}.", ""]
    for section in SECTIONS:
        if section.name in results:
            lines += _section(section, results[section.name], charts)
    for name in sorted(set(results) - known):
        title = name.replace("_", " ").capitalize()
        other = Section(name, title, "", f"python -m bench.{name}", plain)
        lines += _section(other, results[name], charts)
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(section: Section, result: Result, charts: Charts) -> list[str]:
    lines = [f"## {section.title}", ""]
    if section.asks:
        lines += [section.asks, ""]
    lines += [f"    {section.command}", ""]
    try:
        lines += section.render(result.figures, charts)
    except (LookupError, TypeError, ValueError, StopIteration, ArithmeticError) as error:
        print(f"{result.path}: not of the form that the page reads ({error!r})", file=sys.stderr)
        lines += plain(result.figures, charts)
    return [*lines, f"*{result.provenance}.*", ""]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, default=PROJECT_ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--keep", action="store_true", help="copy new results to docs/results")
    chosen = parser.parse_args()
    results = collect()
    if chosen.keep:
        print("kept: " + (", ".join(keep(results)) or "nothing new"))
    chosen.page.write_text(
        page(results, Charts(chosen.page.parent / "images", chosen.page)), encoding="utf-8"
    )
    print(chosen.page, write_all(results), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
