"""A language model of the subject in the graph of a small model, made without Kaldi's tools."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import VoiceUnavailable
from minglu.commands.voice import adapt, subject_texts
from runtime.settings import Settings
from voice.audio import EAR_RATE, Pcm, silence
from voice.graph.closed import closed_graph
from voice.graph.domain import domain_graph, in_words
from voice.graph.openfst import Words, read_words, write_acceptor
from voice.graph.overlay import make_overlay
from voice.models import adapted_home, find_model, packaged_model
from voice.recogniser import VoskRecogniser, load_model
from voice.speaker.process import PyttsxSpeaker, Voice

_NAMES = ("<eps>", "辅助性", "就业", "辅助", "性", "盲人", "按摩", "#0", "<UNK>")
WORDS = Words({word: number for number, word in enumerate(_NAMES)}, b"")


def test_a_text_is_cut_into_the_longest_words_that_the_model_knows() -> None:
    assert in_words("辅助性就业，盲人很按摩。", WORDS) == [["辅助性", "就业"], ["盲人", "按摩"]]


def test_probabilities_of_what_may_follow_add_up_to_one() -> None:
    states = domain_graph(in_words("辅助性就业。辅助性按摩。盲人按摩。", WORDS), WORDS)
    for state in states:
        parts = [math.exp(-cost) for _, cost, _ in state.arcs]
        total = sum(parts) + (math.exp(-state.final) if state.final is not None else 0.0)
        assert 0.8 < total < 1.05
    begin = {word: cost for word, cost, _ in states[0].arcs}
    assert begin[WORDS.numbers["辅助性"]] < begin[WORDS.numbers["盲人"]]
    assert {word for word, _, _ in states[1].arcs} == {1, 2, 3, 4, 5, 6}


def test_a_graph_that_was_written_gives_its_words_back(tmp_path: Path) -> None:
    folder = packaged_model("ko")
    assert folder is not None
    words = read_words(folder / "graph" / "Gr.fst")
    write_acceptor(tmp_path / "Gr.fst", closed_graph(["도움말"], words), words)
    assert read_words(tmp_path / "Gr.fst").numbers == words.numbers


def test_a_model_with_one_static_graph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    with pytest.raises(VoiceUnavailable, match="small model"):
        make_overlay(tmp_path / "big", tmp_path / "out", lambda words: [])


@pytest.mark.slow
def test_sentences_of_the_subject_are_heard_better_than_by_the_model_alone(tmp_path: Path) -> None:
    folder = packaged_model("ko")
    assert folder is not None
    phrases = ("다시 말해 주세요", "더 기다려 주세요", "전화 없어요", "다음 문장", "필요 없어요")
    made = tmp_path / "adapted"
    text = ". ".join(phrases)
    make_overlay(folder, made, lambda words: domain_graph(in_words(text, words), words))
    speaker = PyttsxSpeaker(Voice("ko+f2", 120))
    sounds = [
        Pcm(b"".join(speaker.synthesise(phrase)), speaker.rate).at(EAR_RATE).data
        for phrase in phrases
    ]
    speaker.close()
    right = []
    for model in (folder, made):
        recogniser = VoskRecogniser(load_model(model))
        words = 0
        for phrase, sound in zip(phrases, sounds, strict=True):
            recogniser.feed(silence(0.3, EAR_RATE) + sound + silence(0.3, EAR_RATE))
            words += len(set(phrase.split()) & set("".join(recogniser.result()[:1]).split()))
        right.append(words)
    assert right[1] >= right[0] + 4


@pytest.mark.slow
def test_the_command_makes_a_model_that_is_used_until_it_is_undone(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("다시 말해 주세요", encoding="utf-8")
    settings = Settings(data_dir=tmp_path, voice_language="ko")
    env = {"MINGLU_DATA_DIR": str(tmp_path), "MINGLU_VOICE_LANGUAGE": "ko"}
    assert CliRunner().invoke(adapt, [str(text)], env=env).exit_code == 0
    assert find_model(settings) == adapted_home(tmp_path, "ko")
    assert find_model(settings, adapted=False) == packaged_model("ko")
    assert CliRunner().invoke(adapt, ["--undo"], env=env).exit_code == 0
    assert find_model(settings) == packaged_model("ko")


def test_the_subject_is_the_notices_and_what_people_say() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in subject_texts())
    assert "辅助性就业" in text and "再说一遍" in text and "延边" in text
