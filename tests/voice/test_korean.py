"""Every command by voice, in Korean: espeak-ng speaks, silero and Vosk hear it, pyttsx3 answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.values import Choice, Reply, Utterance
from runtime.settings import Settings
from tests.voice.korean import KO, KoreanBox, overlay_home, spoken
from voice.audio import EAR_RATE, silence
from voice.ears import Ears
from voice.graph.overlay import closed_model
from voice.models import packaged_model
from voice.preferences import Preferences
from voice.recogniser import RecogniserPool, load_model
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.wiring import build_terminal_ears

pytestmark = pytest.mark.slow
ANSWER = "全省盲人按摩机构达到400个以上。盲人从业人员稳定在1500人左右。由省残联等部门负责。"


@pytest.fixture(scope="module")
def ears(tmp_path_factory: pytest.TempPathFactory) -> Ears:
    folder = tmp_path_factory.mktemp("korean")
    return build_terminal_ears(Settings(data_dir=folder, voice_language="ko"), KO)


@pytest.fixture(scope="module")
def person() -> Iterator[PyttsxSpeaker]:
    made = PyttsxSpeaker()
    yield made
    made.close()


@pytest.fixture
def mouth() -> Iterator[PyttsxSpeaker]:
    made = PyttsxSpeaker(Voice("ko", 160), Voice("cmn+f3", 180))
    made.start()
    yield made
    made.close()


def box(
    person: PyttsxSpeaker, mouth: PyttsxSpeaker, ears: Ears, choices: tuple[Choice, ...] = ()
) -> KoreanBox:
    def answer(_: Utterance) -> list[Reply]:
        return [Reply(ANSWER, choices=choices)]

    return KoreanBox(person, mouth, ears, answer)


def test_every_command_is_understood_by_voice_and_none_needs_the_server(
    person: PyttsxSpeaker, mouth: PyttsxSpeaker, ears: Ears
) -> None:
    made = box(person, mouth, ears)
    made.speak("안마 정책")
    assert [u.text for u in made.asker.asked] == ["盲人按摩有什么扶持"]
    made.run_until_waiting()
    first, last = made.said[1], made.said[3]

    def after(phrase: str) -> list[str]:
        made.said.clear()
        made.speak(phrase)
        made.run_until_waiting(300)
        return list(made.said)

    assert after("다시 말해 주세요")[0] == first
    assert after("이전 문장")[0] == last
    assert first in after("다시")
    assert after("다음 문장")[0] == KO.say("nothing_more")
    assert after("한 글자씩")[:2] == ["由", "省"]
    assert after("여기 어디") == [KO.say("where_waiting")]
    assert KO.say("help") in after("도움말")
    assert KO.say("nothing_more") in after("계속해")
    for phrase, field, grows in (
        ("더 천천히 말해 주세요", "rate", False),
        ("더 빨리 말해 주세요", "rate", True),
        ("더 크게 말해 주세요", "volume", True),
        ("더 작게 말해 주세요", "volume", False),
        ("더 기다려 주세요", "pause_s", True),
    ):
        before = made.terminal.preferences
        after(phrase)
        changed = getattr(made.kept[-1], field) - getattr(before, field)
        assert (changed > 0) is grows and changed != 0, phrase
    assert len(made.asker.asked) == 1
    assert after("종료")[-1] == KO.say("farewell")
    assert made.terminal.over


def test_speaking_stops_it_and_it_goes_on_at_the_sentence(
    person: PyttsxSpeaker, mouth: PyttsxSpeaker, ears: Ears
) -> None:
    made = KoreanBox(person, mouth, ears, lambda _: [Reply(ANSWER)], full_duplex=True)
    made.speak("안마 정책")
    made.run(1.0)
    cut = made.said[-1]
    assert made.microphone is not None and made.loudspeaker.waiting_s() > 0
    made.microphone.say(spoken(person, "멈춰"))
    made.run(2.0)
    assert made.loudspeaker.waiting_s() == 0
    made.said.clear()
    made.speak("계속해")
    made.run_until_waiting()
    assert made.said[0] == cut


def test_one_of_several_is_picked_by_voice(
    person: PyttsxSpeaker, mouth: PyttsxSpeaker, ears: Ears
) -> None:
    made = box(person, mouth, ears, (Choice("一", "/pick{1}"), Choice("二", "/pick{2}")))
    made.speak("교육 신청")
    made.speak("두 번째")
    assert [u.text for u in made.asker.asked] == ["我要报名培训", "/pick{2}"]


def test_whole_sentences_are_told_apart_where_a_word_grammar_mixes_them(
    person: PyttsxSpeaker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = packaged_model("ko")
    assert folder is not None
    home = overlay_home(tmp_path_factory.mktemp("closed"))
    model = closed_model(folder, KO.grammar(), home)
    assert closed_model(folder, KO.grammar(), home) == model
    recogniser = RecogniserPool(load_model(model)).take()
    right, phrases = 0, KO.grammar()[::3]
    for phrase in phrases:
        recogniser.feed(silence(0.3, EAR_RATE) + spoken(person, phrase) + silence(0.3, EAR_RATE))
        right += list(recogniser.result())[:1] == [phrase]
    # Vosk's own grammar gets a third of them.
    assert right > 0.7 * len(phrases)


def test_patience_grows_within_bounds() -> None:
    most = Preferences()
    for _ in range(20):
        most = most.patienter()
    assert most.patienter() == most
