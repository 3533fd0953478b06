"""Simpler ways to answer from the same notice: the best sentence by a stock method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from bench.answers.measuring import DEVELOPMENT, TRAINING, items_of
from core.values import Citation, Kind, Reply
from policy.finding.bm25 import Bm25
from policy.finding.passages import Passage, passages_of
from policy.model import Notice

Answerer = Callable[[str], Reply]


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


def rasa_response_selector(notice: Notice, chosen: Mapping[str, str]) -> Answerer:
    """The sentences that `python -m bench.answers.rasa_peer` chose, by question."""
    passages = {p.quote: p for p in passages_of([notice])}
    first = next(iter(passages))
    # The turn before a follow-up was not asked there, and its answer is not scored.
    return lambda question: _reply(notice, passages[chosen.get(question, first)])


def taught_classifier(notice: Notice) -> Answerer:
    """Logistic regression over runs of one to three characters, taught our questions.

    Each development and training question is an example of the first sentence that answers it.
    """
    passages = [p for p in passages_of([notice]) if not p.heading]
    asked, answered = [p.quote for p in passages], list(range(len(passages)))
    for item in (i for name in (*DEVELOPMENT, TRAINING) for i in items_of(name)):
        number = _answering(item, passages)
        if number is not None:
            asked.append(item["question"])
            answered.append(number)
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
        LogisticRegression(C=30.0, max_iter=500),
    ).fit(asked, answered)
    return lambda question: _reply(notice, passages[int(model.predict([question])[0])])


def _answering(item: Mapping[str, Any], passages: Sequence[Passage]) -> int | None:
    if not item["answerable"] or item.get("topic") or item.get("clauses_all"):
        return None
    for number, passage in enumerate(passages):
        holds = all(any(w in passage.quote for w in group) for group in item["must"])
        if passage.clause.path in item["clause"] and holds:
            return number
    return None
