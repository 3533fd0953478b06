"""`python -m bench.answers`: the answers measured, clean and misheard, next to their peers.

Writes a JSON result and docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from bench.answers.measuring import DEVELOPMENT, NOISE, SEEDS, Ask, items_of, measure
from bench.answers.peers import (
    bm25_words,
    rasa_response_selector,
    taught_classifier,
    tfidf_characters,
)
from bench.record import write_result
from policy.engine import PolicyEngine
from policy.finding.encoder import installed_encoder
from policy.model import Notice
from policy.reading import bundled_notice

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "var" / "bench"
RASA = "Rasa ResponseSelector + JiebaTokenizer"
TAUGHT = "TF-IDF characters 1-3 + logistic regression, taught our questions"
_HEADER = (
    "| system | noise | clause % | content % | hedges % | unanswerable % | inventions | p95 ms |"
)


def _systems(notice: Notice, *, rasa: bool, encoder: bool) -> dict[str, Ask]:
    today = notice.issued or date(2025, 11, 24)
    engine = PolicyEngine([notice], today=today, encoder=installed_encoder())
    systems: dict[str, Ask] = {"minglu": lambda q, t: engine.ask(q, topic=t)}
    if encoder:
        without = PolicyEngine([notice], today=today)
        systems["minglu without encoder"] = lambda q, t: without.ask(q, topic=t)
    peers = {
        "BM25 over jieba words": bm25_words,
        "TF-IDF characters 1-3": tfidf_characters,
        TAUGHT: taught_classifier,
    }
    if rasa:
        chosen = _rasa()["answers"]
        peers[RASA] = lambda notice: rasa_response_selector(notice, chosen)
    for name, build in peers.items():
        answer = build(notice)
        systems[name] = lambda q, t, answer=answer: answer(q)  # type: ignore[misc]
    return systems


def _rasa() -> dict[str, Any]:
    """What `python -m bench.answers.rasa_peer` wrote."""
    body = json.loads((RESULTS / "rasa_peer.json").read_text(encoding="utf-8"))
    result: dict[str, Any] = body["result"]
    return result


def _page(result: dict[str, Any]) -> str:
    machine = result["machine"]
    changed = " with changes not committed" if result["changed_since"] else ""
    lines = [
        "# Evaluation of the answers",
        "",
        "Made by `make eval` (`python -m bench.answers`). Scores are deterministic: clause cited,",
        "gold strings in the text, hedges among right answers, acceptable kind for what the",
        "notice leaves out, figures or departments that no cited quote holds. Noise replaces that",
        "share of the characters by homophones (three seeds).",
        "",
        "policy_test (100 + 60), policy_test2 (200 + 60) and policy_heldout (100 + 60) are",
        "of different writers apart; nobody who tuned has read them, and they are measured as a",
        "whole only. policy_heldout is older and friendlier. The policy_dev sets were tuned on:",
        "their figures are kind. Before they were opened, policy_dev5 gave clause 90.2, content",
        "81.4, and policy_dev6, written to be harder, 80.0 and 68.3; what was mended since then,",
        "and learning to find from 1,500 questions (policy_train), is why the tests give more.",
        "",
        "One peer has learnt from the same questions: logistic regression over characters, taught",
        "which sentence answers each question of policy_dev and policy_train.",
        "",
        *_rasa_words(result),
        f"Machine: {machine['processor']}, {machine['cores']} cores, Python {machine['python']}. "
        f"Commit {result['commit']}{changed}, {result['at'][:10]}.",
        "",
    ]
    for name, table in result["result"]["sets"].items():
        lines += [f"## {name}", "", _HEADER, "| --- " * 8 + "|"]
        for system, rows in table.items():
            for share, row in rows.items():
                wait = "-" if system == RASA else row["p95_ms"]
                lines.append(
                    f"| {system} | {share} | {row['clause']} | {row['content']} | {row['hedge']} | "
                    f"{row['unanswerable']} | {row['inventions']:.0f} | {wait} |"
                )
        lines.append("")
    lines += _held_out(RESULTS / "answers_held_out.json")
    return "\n".join(lines + _latency(RESULTS / "answers_latency.json"))


def _rasa_words(result: dict[str, Any]) -> list[str]:
    """How the Rasa peer was trained; empty where it did not run."""
    if not any(RASA in table for table in result["result"]["sets"].values()):
        return []
    peer = _rasa()
    return [
        "The Rasa peer was trained apart (`python -m bench.answers.rasa_peer`): "
        f"{peer['epochs']} epochs, which is stock, on",
        "each sentence of the notice, the sentence after its clause's title, and its stretches. It",
        f"gives back {peer['recalled']} of the {peer['sentences']} sentences. Its answers are",
        f"looked up in that run's result; its p95 there was {peer['p95_ms']} ms (shared machine).",
        "",
    ]


def _held_out(path: Path) -> list[str]:
    """Each set with weights of silence fitted without it; empty before fit_silence ran."""
    if not path.exists():
        return []
    sets = json.loads(path.read_text(encoding="utf-8"))["result"]["sets"]
    lines = [
        "## Weights fitted without the set they are measured on",
        "",
        "From `python -m bench.answers.fit_silence`. Only the weights of the model of silence are",
        "held out: cues and thesaurus were mended with every set in view, so these are kind too.",
        "Needless: answerable questions told that something is left out, besides the quote.",
        "",
        "| set | noise | clause % | content % | unanswerable % | needless % |",
        "| --- " * 6 + "|",
    ]
    for name, rows in sets.items():
        for share, row in rows.items():
            lines.append(
                f"| {name} | {share} | {row['clause']} | {row['content']} | "
                f"{row['unanswerable']} | {row['needless']} |"
            )
    return [*lines, ""]


def _latency(path: Path) -> list[str]:
    """The section on time, from the last `python -m bench.answers.latency`; empty without one."""
    if not path.exists():
        return []
    body = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        "## How long an answer takes",
        "",
        "Made by `python -m bench.answers.latency`: in-process, one question at a time, beside",
        "BM25 over jieba words (bm25s), which only searches. The larger notices mix the",
        f"real one's sentences. Commit {body['commit']}, {body['machine']['processor']}, shared by",
        "other work while it ran.",
        "",
        "| clauses | passages | build s | p50 ms | p95 ms | n | peer build s | peer p95 | ratio |",
        "| --- " * 9 + "|",
    ]
    for size in body["result"]["sizes"]:
        own, peer = size["minglu"], size["bm25s over jieba words"]
        lines.append(
            f"| {size['clauses']:,} | {size['passages']:,} | {own['build_s']} | {own['p50_ms']} | "
            f"{own['p95_ms']} | {own['n']} | {peer['build_s']} | {peer['p95_ms']} | "
            f"{size['p95_ratio']} |"
        )
    return [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join(DEVELOPMENT))
    parser.add_argument("--noise", default=",".join(map(str, NOISE)), help="shares misheard")
    parser.add_argument("--no-rasa", action="store_true", help="leave the slow peer out")
    parser.add_argument("--no-encoder", action="store_true", help="leave out ours without it")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench" / "answers.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "evaluation.md")
    options = parser.parse_args()
    notice = bundled_notice()
    systems = _systems(notice, rasa=not options.no_rasa, encoder=not options.no_encoder)
    shares = [float(share) for share in options.noise.split(",")]
    sets: dict[str, Any] = {}
    for name in options.sets.split(","):
        items = items_of(name)
        sets[name] = {
            system: {f"{share:.0%}": measure(ask, items, share, notice) for share in shares}
            for system, ask in systems.items()
        }
    path = write_result(options.output.stem, {"seeds": SEEDS, "sets": sets}, options.output.parent)
    result = json.loads(path.read_text(encoding="utf-8"))
    options.page.write_text(_page(result), encoding="utf-8")
    print(_page(result))


if __name__ == "__main__":
    main()
