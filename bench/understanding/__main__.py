"""Intents clean and misheard, and what is refused: ours beside a character SVC and stock Rasa.

Usage: python -m bench.understanding [--stock] [--quick]

--stock trains JiebaTokenizer, CountVectors and DIET (100 epochs) too: about eight minutes.
--quick leaves out all noise but one seed of 24 %. Writes var/bench/understanding.json.
"""

from __future__ import annotations

import os

# Before numpy loads its BLAS: one sentence at a time gains nothing from threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import argparse
import logging
import time
import warnings
from collections import defaultdict
from typing import Any

import numpy as np
import yaml

from bench.record import write_result
from bench.understanding.corpus import (
    Labelled,
    scope_sentences,
    test_sentences,
    training_sentences,
    unseen,
)
from bench.understanding.homophones import mishear
from runtime.settings import PROJECT_ROOT

RATES = (0.10, 0.24, 0.40)
SEEDS = (1, 2, 3)
KEPT = 0.95
"""Share of in-scope sentences that the measured threshold keeps."""


def accuracy(system: Any, sentences: list[Labelled], rate: float, seed: int) -> float:
    """Per cent of `sentences` with the right intent, misheard at `rate`."""
    right = sum(
        system.understand(mishear(s.text, rate, seed), rate > 0).intent == s.intent
        for s in sentences
    )
    return 100 * right / len(sentences)


def understanding(system: Any, sentences: list[Labelled], rates: tuple[float, ...],
                  seeds: tuple[int, ...]) -> dict[str, Any]:  # fmt: skip
    """Accuracy clean and at each rate of noise: mean over the seeds, and their range."""
    result: dict[str, Any] = {"clean": round(accuracy(system, sentences, 0.0, 0), 1)}
    for rate in rates:
        runs = [accuracy(system, sentences, rate, seed) for seed in seeds]
        spread = [round(min(runs), 1), round(max(runs), 1)]
        result[f"noise_{rate:.0%}"] = {"mean": round(float(np.mean(runs)), 1), "range": spread}
    return result


def scope(system: Any, inside: list[str], outside: list[str], rate: float) -> dict[str, float]:
    """AUROC, and what is refused at the threshold that keeps 95 % of in-scope sentences."""
    kept = [system.understand(mishear(t, rate, 1), rate > 0) for t in inside]
    other = [system.understand(mishear(t, rate, 1), rate > 0) for t in outside]
    a, b = np.array([u.scope for u in kept]), np.array([u.scope for u in other])
    wins = (a[:, None] > b[None, :]).mean() + 0.5 * (a[:, None] == b[None, :]).mean()
    threshold = np.quantile(a, 1 - KEPT)
    return {
        "auroc": round(float(wins), 3),
        "refused_at_95_kept": round(float((b < threshold).mean()), 3),
        "as_configured_in_refused": round(float(np.mean([u.refused for u in kept])), 3),
        "as_configured_out_refused": round(float(np.mean([u.refused for u in other])), 3),
    }


def scope_at(system: Any, number: str) -> dict[str, Any]:
    """`scope` on one of the sets, clean and misheard."""
    inside, outside = scope_sentences(number)
    return {
        "n": [len(inside), len(outside)],
        "clean": scope(system, inside, outside, 0.0),
        "noise_24%": scope(system, inside, outside, 0.24),
    }


def latency_ms(system: Any, sentences: list[Labelled]) -> dict[str, float]:
    """Milliseconds of one parse, warm."""
    for sentence in sentences[:20]:
        system.understand(sentence.text, True)
    times = []
    for sentence in sentences:
        began = time.perf_counter()
        system.understand(sentence.text, True)
        times.append(1000 * (time.perf_counter() - began))
    return {"p50": round(float(np.median(times)), 1), "p95": round(np.percentile(times, 95), 1)}


def weakest(system: Any, sentences: list[Labelled]) -> dict[str, float]:
    """The eight intents with the lowest accuracy, clean."""
    hits: defaultdict[str, list[bool]] = defaultdict(list)
    for s in sentences:
        hits[s.intent].append(system.understand(s.text, False).intent == s.intent)
    shares = {intent: round(float(np.mean(right)), 2) for intent, right in hits.items()}
    return dict(sorted(shares.items(), key=lambda item: item[1])[:8])


def measure(system: Any, sets: dict[str, list[Labelled]], rates: tuple[float, ...],
            seeds: tuple[int, ...]) -> dict[str, Any]:  # fmt: skip
    result = {
        "train_s": round(system.train_s, 1),
        "accuracy": understanding(system, sets["unseen"], rates, seeds),
        "accuracy_with_seen_clean": round(accuracy(system, sets["all"], 0.0, 0), 1),
        "weakest": weakest(system, sets["unseen"]),
        "scope": scope_at(system, ""),
        "scope, another set": scope_at(system, "2"),
        "parse_ms": latency_ms(system, sets["unseen"][:300]),
    }
    print(system.name, result, flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    _quiet_rasa()
    from bench.understanding.systems import STOCK, CharacterSvc, RasaSystem

    training, test = training_sentences(), test_sentences()
    sets = {"all": test, "unseen": unseen(test, training)}
    rates, seeds = ((0.24,), (1,)) if chosen.quick else (RATES, SEEDS)
    ours = yaml.safe_load((PROJECT_ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    systems = {}
    for make in (
        lambda: RasaSystem("minglu", ours),
        lambda: CharacterSvc(training),
        *([lambda: RasaSystem("stock", STOCK)] if chosen.stock else []),
    ):
        system = make()
        systems[system.name] = measure(system, sets, rates, seeds)
    result = {
        "n": {"training": len(training), "test": len(test), "unseen": len(sets["unseen"]),
              "intents": len({s.intent for s in training})},
        "noise_seeds": list(seeds),
        "systems": systems,
    }  # fmt: skip
    print(write_result("understanding", result))


def _quiet_rasa() -> None:
    """Rasa's debug lines quote what was said; none of it belongs in a benchmark's output."""
    import structlog

    level = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=level)


if __name__ == "__main__":
    main()
