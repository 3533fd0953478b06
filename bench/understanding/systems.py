"""What is compared: this product's pipeline and the stock one in Rasa, and a character SVC."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import yaml

from bench.understanding.corpus import Labelled
from bot.nlu.intent_model import OUT_OF_SCOPE
from bot.nlu.scope_gate import FALLBACK, SCOPE_SCORE, scope_of
from runtime.settings import PROJECT_ROOT

STOCK = [
    {"name": "JiebaTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
]


@dataclass(frozen=True)
class Understood:
    intent: str
    """The best intent; where a gate doubted it, the one that it doubted."""
    refused: bool
    """Whether a gate doubted it or an out-of-scope intent won."""
    scope: float
    """More is more surely in scope."""


class System(Protocol):
    name: str
    train_s: float

    def understand(self, text: str, heard: bool) -> Understood:
        """`heard`: the text came from a recogniser."""
        ...


class RasaSystem:
    """A pipeline in the real Rasa, trained with its own command's function."""

    def __init__(self, name: str, pipeline: list[dict[str, Any]]) -> None:
        os.environ["RASA_TELEMETRY_ENABLED"] = "false"
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu

        self.name = name
        folder = Path(tempfile.mkdtemp(prefix="minglu-understanding-"))
        config = {"recipe": "default.v1", "language": "zh", "assistant_id": "bench"}
        body = yaml.safe_dump({**config, "pipeline": pipeline}, allow_unicode=True)
        (folder / "config.yml").write_text(body, encoding="utf-8")
        began = time.monotonic()
        data = str(PROJECT_ROOT / "nlu_data")
        model = train_nlu(str(folder / "config.yml"), data, str(folder))
        self.train_s = time.monotonic() - began
        self._processor = Agent.load(model).processor
        self._loop = asyncio.new_event_loop()

    def understand(self, text: str, heard: bool) -> Understood:
        from rasa.core.channels.channel import UserMessage

        message = UserMessage(text, metadata={"channel": "voice" if heard else "web"})
        parsed = self._loop.run_until_complete(self._processor.parse_message(message))
        ranking = parsed["intent_ranking"]
        best = [r["name"] for r in ranking if r["name"] != FALLBACK]
        refused = ranking[0]["name"] == FALLBACK or best[0].startswith(OUT_OF_SCOPE)
        if SCOPE_SCORE in parsed:
            return Understood(best[0], refused or parsed[SCOPE_SCORE] < 0, parsed[SCOPE_SCORE])
        outside = [r["confidence"] for r in ranking if r["name"].startswith(OUT_OF_SCOPE)]
        inside = [r["confidence"] for r in ranking if not r["name"].startswith(OUT_OF_SCOPE)]
        scope = max(inside, default=0.0) - max(outside, default=0.0)
        return Understood(best[0], refused, scope_of(scope, []))


class CharacterSvc:
    """scikit-learn: LinearSVC on TF-IDF of one to four characters."""

    name = "character SVC"

    def __init__(self, training: list[Labelled]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)
        self._model = make_pipeline(vectoriser, LinearSVC(random_state=0))
        began = time.monotonic()
        self._model.fit([s.text for s in training], [s.intent for s in training])
        self.train_s = time.monotonic() - began
        self._outside = np.array([c.startswith(OUT_OF_SCOPE) for c in self._model.classes_])

    def understand(self, text: str, heard: bool) -> Understood:
        scores = self._model.decision_function([text])[0]
        intent = str(self._model.classes_[scores.argmax()])
        scope = float(scores[~self._outside].max() - scores[self._outside].max())
        return Understood(intent, intent.startswith(OUT_OF_SCOPE), scope)
