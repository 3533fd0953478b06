"""`python -m bench.answers.rasa_peer`: what stock Rasa answers from the notice, in a process apart.

Trains a ResponseSelector (JiebaTokenizer, CountVectors of words and of characters, the stock 300
epochs) with one retrieval intent for each sentence of the notice. An intent's examples are the
sentence, the sentence after its clause's title, and each of its stretches between commas: the
notice is all that a system knows of a new notice. Then it asks every question of the sets, clean
and misheard, and writes var/bench/rasa_peer.json, which `python -m bench.answers` reads.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.answers.homophones import misheard
from bench.answers.measuring import DEVELOPMENT, NOISE, SEEDS, items_of
from bench.record import write_result
from policy.finding.passages import Passage, passages_of
from policy.reading import bundled_notice

EPOCHS = 300
"""Stock."""
SHORTEST = 4
"""Characters of a stretch that is an example by itself."""


def examples_of(passage: Passage) -> list[str]:
    """What the notice itself offers as ways to ask for one of its sentences."""
    stretches = [s for s in re.split("[，,；。、（）]", passage.quote) if len(s) >= SHORTEST]
    found = [passage.quote, passage.clause.title + passage.quote, *stretches]
    return list(dict.fromkeys(re.sub(r"[\[\]{}\n]", "", text).strip() for text in found))


def trained(passages: Sequence[Passage], epochs: int) -> Callable[[str], int]:
    """Question to the position of the passage chosen."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # Rasa logs every message it reads.
    logging.disable(logging.INFO)
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    folder = Path(tempfile.mkdtemp())
    pipeline: list[dict[str, Any]] = [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True,
         "random_seed": 1},
    ]  # fmt: skip
    nlu = [
        {"intent": f"notice/s{i}", "examples": "".join(f"- {e}\n" for e in examples_of(p))}
        for i, p in enumerate(passages)
    ]
    responses = {f"utter_notice/s{i}": [{"text": p.quote}] for i, p in enumerate(passages)}
    files = {
        "config": {"recipe": "default.v1", "language": "zh", "assistant_id": "peer",
                   "pipeline": pipeline, "policies": []},
        "data": {"version": "3.1", "nlu": nlu, "responses": responses},
        "domain": {"version": "3.1", "intents": ["notice"], "responses": responses},
    }  # fmt: skip
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True))
    model = train_nlu(str(folder / "config.yml"), str(folder / "data.yml"), str(folder),
                      domain=str(folder / "domain.yml"))  # fmt: skip
    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()

    def chosen(question: str) -> int:
        parsed = loop.run_until_complete(agent.parse_message(question))
        key = parsed["response_selector"]["default"]["response"]["intent_response_key"] or ""
        number = key.rpartition("/s")[2]
        return int(number) if number.isdigit() else 0

    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join(DEVELOPMENT))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    passages = [p for p in passages_of([bundled_notice()]) if not p.heading]
    start = time.perf_counter()
    choose = trained(passages, options.epochs)
    took = time.perf_counter() - start
    recalled = sum(passages[choose(p.quote)].quote == p.quote for p in passages)
    answers: dict[str, str] = {}
    waits = []
    for item in (i for name in options.sets.split(",") for i in items_of(name)):
        for share in NOISE:
            for seed in SEEDS if share else SEEDS[:1]:
                asked = item["question"]
                asked = misheard(asked, share, seed=seed) if share else asked
                begun = time.perf_counter()
                answers[asked] = passages[choose(asked)].quote
                waits.append((time.perf_counter() - begun) * 1000)
    waits.sort()
    write_result(
        "rasa_peer",
        {
            "epochs": options.epochs,
            "trained_s": round(took),
            "sentences": len(passages),
            "recalled": recalled,
            "p95_ms": round(waits[int(len(waits) * 0.95)], 1),
            "answers": answers,
        },
    )
    print(f"gives back {recalled} of {len(passages)} sentences after {took:.0f} s of training")


if __name__ == "__main__":
    main()
