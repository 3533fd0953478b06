"""Checks the gold of the question files against the notice itself, and counts what they cover.

The clause texts are cut here by a few lines of their own, not by the product's reader, so that a
mistake in the reader cannot hide a mistake in the gold.

Run: `python -m bench.questions.check_gold [FILE …]`. Exit status 1 when anything is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTICE = HERE.parents[1] / "policy" / "data" / "吉政办发2025-16.txt"
KINDS = {
    "answer",
    "partial",
    "abstain",
    "correction",
    "out_of_scope",
    "safety",
    "eligibility",
    "handover",
}
REASONS = {
    "not_in_text",
    "amount_not_stated",
    "abridged",
    "deferred",
    "other_region",
    "not_in_force",
}
CLAUSES = (
    ["文件头", "前言", "一"]
    + [f"二（一）{n}" for n in (1, 2)]
    + [f"二（二）{n}" for n in (3, 4)]
    + [f"二（三）{n}" for n in (5, 6, 7)]
    + [f"二（四）{n}" for n in (8, 9)]
    + ["二（五）10", "三", "四"]
)


def clause_texts(notice: str) -> dict[str, str]:
    """Clause path to its text, spaces and line ends removed."""
    path, section, texts = "文件头", "", dict.fromkeys(CLAUSES, "")
    for line in notice.splitlines():
        line = re.sub(r"\s", "", line)
        if line.startswith("为贯彻落实"):
            path = "前言"
        elif heading := re.match(r"([一二三四])、", line):
            path = heading[1]
        elif heading := re.match(r"（([一二三四五])）", line):
            section = f"二（{heading[1]}）"
            continue
        elif heading := re.match(r"(\d+)\.实施", line):
            path = section + heading[1]
        if path != "二":
            texts[path] += line
    return texts


def mistakes(item: dict[str, Any], texts: dict[str, str]) -> list[str]:
    """What is wrong with one item's gold, in words; empty when it is right."""
    wrong = [f"unknown clause {c}" for c in item["clause"] if c not in texts]
    wrong += [f"unknown kind {k}" for k in item["kind"] if k not in KINDS]
    wrong += [f"unknown reason {r}" for r in item["reason"] or () if r not in REASONS]
    cited = "\n".join(texts.get(c, "") for c in item["clause"])
    for group in item["must"]:
        wrong += [f"not in {item['clause']}: {text}" for text in group if text not in cited]
    wrong += [f"hedge not in {item['clause']}: {h}" for h in item["hedge"] if h not in cited]
    if item["answerable"] and not (item["must"] and item["clause"]):
        wrong.append("answerable without a must or a clause")
    if not item["answerable"] and "answer" in item["kind"]:
        wrong.append("unanswerable, yet an answer is allowed")
    asked = item["question"] if item["answerable"] else ""
    wrong += [f"must_not is in the question: {w}" for w in item["must_not"] if w in asked]
    for clause in item.get("clauses_all", ()):
        if not any(text in texts[clause] for group in item["must"] for text in group):
            wrong.append(f"no must stands in {clause}")
    return wrong


def check(path: Path, texts: dict[str, str], seen: dict[str, str]) -> int:
    """Prints the mistakes and counts of one file and returns the number of mistakes."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = 0
    for item in items:
        problems = mistakes(item, texts)
        for key in (item["id"], re.sub(r"\W", "", item["question"]) + (item["topic"] or "")):
            if key in seen:
                problems.append(f"{key} stands in {seen[key]} too")
            seen[key] = path.name
        found += len(problems)
        for problem in problems:
            print(f"{path.name} {item['id']}: {problem}")
    answerable = [i for i in items if i["answerable"]]
    print(f"{path.name}: {len(answerable)} answerable, {len(items) - len(answerable)} not")
    counts = Counter(c for i in answerable for c in i["clause"])
    print("  clauses:", ", ".join(f"{c} {counts[c]}" for c in CLAUSES))
    print("  askers:", ", ".join(f"{a} {n}" for a, n in Counter(i["asker"] for i in items).items()))
    kinds = Counter("/".join(i["kind"]) for i in items)
    print("  kinds:", ", ".join(f"{k} {n}" for k, n in kinds.items()))
    return found


def main(arguments: list[str]) -> int:
    texts = clause_texts(NOTICE.read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    files = [Path(a) for a in arguments] or sorted(HERE.glob("*.jsonl"))
    return 1 if sum(check(path, texts, seen) for path in files) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
