"""Simpler ways to answer from the same notice: the best sentence by a stock method."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer

from core.values import Citation, Kind, Reply
from policy.finding.bm25 import Bm25
from policy.finding.passages import Passage, passages_of
from policy.model import Notice

Answerer = Callable[[str], Reply]
RASA_EPOCHS = 40
"""Of 300 that are stock, so that a run ends in minutes."""


def _reply(notice: Notice, passage: Passage) -> Reply:
    clause = passage.clause
    citation = Citation(notice.number, clause.path, clause.title, passage.quote)
    return Reply(passage.quote, Kind.ANSWER, citations=(citation,))


def bm25_words(notice: Notice) -> Answerer:
    """Okapi BM25 over jieba words."""
    passages = passages_of([notice])
    index = Bm25.of([Counter(jieba.cut(p.quote)) for p in passages], b=0.75)

    def answer(question: str) -> Reply:
        return _reply(notice, passages[int(index.scores(Counter(jieba.cut(question))).argmax())])

    return answer


def tfidf_characters(notice: Notice) -> Answerer:
    """TF-IDF over runs of one to three characters, cosine."""
    passages = passages_of([notice])
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    matrix = vectoriser.fit_transform([p.quote for p in passages])

    def answer(question: str) -> Reply:
        scores = (matrix @ vectoriser.transform([question]).T).toarray().ravel()
        return _reply(notice, passages[int(np.argmax(scores))])

    return answer


def rasa_response_selector(notice: Notice, epochs: int = RASA_EPOCHS) -> Answerer:
    """Stock Rasa: JiebaTokenizer, CountVectors, ResponseSelector; an intent for each sentence.

    Each sentence is trained on itself, with and without its clause's title: the notice is all
    that is known of it.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    # Rasa logs every message it reads.
    logging.disable(logging.INFO)
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    passages = [p for p in passages_of([notice]) if not p.heading]
    folder = Path(tempfile.mkdtemp())
    pipeline: list[dict[str, Any]] = [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "ResponseSelector", "epochs": epochs, "random_seed": 1},
    ]
    config = {"recipe": "default.v1", "language": "zh", "assistant_id": "peer",
              "pipeline": pipeline, "policies": []}  # fmt: skip
    examples = [
        {"intent": f"notice/s{i}", "examples": f"- {p.quote}\n- {p.clause.title}{p.quote}\n"}
        for i, p in enumerate(passages)
    ]
    responses = {f"utter_notice/s{i}": [{"text": p.quote}] for i, p in enumerate(passages)}
    files = {"config": config, "data": {"version": "3.1", "nlu": examples},
             "domain": {"version": "3.1", "intents": ["notice"],
                        "responses": responses}}  # fmt: skip
    data = {"version": "3.1", "nlu": examples, "responses": responses}
    files["data"] = data
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True))
    model = train_nlu(
        str(folder / "config.yml"), str(folder / "data.yml"), str(folder),
        domain=str(folder / "domain.yml"),
    )  # fmt: skip
    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()

    def answer(question: str) -> Reply:
        parsed = loop.run_until_complete(agent.parse_message(question))
        key = parsed["response_selector"]["default"]["response"]["intent_response_key"] or ""
        number = key.rpartition("/s")[2]
        return _reply(notice, passages[int(number) if number.isdigit() else 0])

    return answer
