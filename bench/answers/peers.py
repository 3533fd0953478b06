"""Simpler ways to answer from the same notice: the best sentence by a stock method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

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
