"""The training data and the sentences that measure it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from runtime.settings import PROJECT_ROOT

NLU_DATA = PROJECT_ROOT / "nlu_data"
SENTENCES = PROJECT_ROOT / "bench" / "sentences"


@dataclass(frozen=True)
class Labelled:
    text: str
    intent: str


def training_sentences(folder: Path = NLU_DATA) -> list[Labelled]:
    """Every example of every intent, in the order of the files."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = (line.strip() for line in block["examples"].splitlines())
                found += [Labelled(x[1:].strip(), block["intent"]) for x in lines if x[:1] == "-"]
    return found


def test_sentences(name: str = "intents_test.jsonl") -> list[Labelled]:
    lines = (SENTENCES / name).read_text(encoding="utf-8").splitlines()
    return [Labelled(b["text"], b["intent"]) for line in lines if line and (b := json.loads(line))]


def unseen(sentences: list[Labelled], training: list[Labelled]) -> list[Labelled]:
    """Those that do not stand in the training data word for word (对 and 再说一遍 do)."""
    known = {sentence.text for sentence in training}
    return [sentence for sentence in sentences if sentence.text not in known]


def scope_sentences(number: str = "") -> tuple[list[str], list[str]]:
    """In scope and out of it; "2" for the set that nothing was settled on."""
    inside, outside = (
        (SENTENCES / name).read_text(encoding="utf-8").splitlines()
        for name in (f"scope_in{number}.txt", f"scope_out{number}.txt")
    )
    return [x for x in inside if x.strip()], [x for x in outside if x.strip()]
