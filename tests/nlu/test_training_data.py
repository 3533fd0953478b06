"""What the training data may hold, and that each of its files has a table of test sentences."""

import json

import pytest

from bench.understanding.corpus import NLU_DATA, training_sentences
from runtime.settings import PROJECT_ROOT

TABLES = PROJECT_ROOT / "tests" / "nlu" / "tables"
QUESTIONS = PROJECT_ROOT / "bench" / "questions"


def table_sentences() -> list[tuple[str, str]]:
    rows = []
    for file in sorted(TABLES.glob("*.tsv")):
        lines = file.read_text(encoding="utf-8").splitlines()[1:]
        rows += [(intent, text) for intent, text in (line.split("\t") for line in lines)]
    return rows


def test_no_question_of_the_benchmarks_stands_in_the_training_data():
    known = {sentence.text for sentence in training_sentences()}
    # policy_train.jsonl is learnt from as well, and measures nothing.
    files = sorted(set(QUESTIONS.glob("*.jsonl")) - {QUESTIONS / "policy_train.jsonl"})
    assert files
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        asked = {str(value) for line in lines if line for value in json.loads(line).values()
                 if isinstance(value, str)}  # fmt: skip
        assert not asked & known, file.name


def test_no_sentence_is_trained_with_two_intents_or_twice():
    texts = [sentence.text for sentence in training_sentences()]
    assert len(texts) == len(set(texts))


def test_every_file_of_intents_has_its_table_and_every_intent_stands_in_one():
    files = {file.stem for file in NLU_DATA.glob("*.yml")} - {"lookups"}
    assert files == {file.stem for file in TABLES.glob("*.tsv")}
    tested = {intent for intent, _ in table_sentences()}
    assert tested == {sentence.intent for sentence in training_sentences()}


def test_no_table_sentence_was_trained():
    known = {sentence.text for sentence in training_sentences()}
    short = {"再说一遍吧"}
    repeated = [text for _, text in table_sentences() if text in known and text not in short]
    # Some answers have one wording only (我要候补): most of a table must be new.
    assert len(repeated) <= len(table_sentences()) * 0.15


@pytest.mark.parametrize("intent", sorted({s.intent for s in training_sentences()}))
def test_every_intent_has_thirty_unique_phrasings(intent):
    assert sum(sentence.intent == intent for sentence in training_sentences()) >= 30
