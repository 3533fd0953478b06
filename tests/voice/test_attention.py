"""When the terminal listens: at every turn, after a key, or once it was called by its name."""

from __future__ import annotations

import pytest

from core.values import Reply
from tests.voice.fakes import Box, SlateSpeaker
from tests.voice.test_voice_loop import ANSWER, VOICE, ZH, Ear, Loudness, said
from voice.attention import Attention, Listening
from voice.ears import Ears
from voice.events import Expecting, Heard, Key, Started
from voice.loop import Manners
from voice.preferences import MOST_PATIENT_S, Preferences


def box(listening: Listening, **manners: float) -> tuple[Box, Ear]:
    ear = Ear()
    made = Box(
        ZH,
        SlateSpeaker(),
        lambda _: [Reply(ANSWER)],
        ears=Ears(ear, Loudness()),
        manners=Manners(listening=listening, **manners),  # type: ignore[arg-type]
    )
    made.put(Started(microphone=True))
    made.run_until_waiting()
    made.run(0.5)
    return made, ear


def speak(made: Box, ear: Ear, *readings: str) -> None:
    assert made.microphone is not None
    ear.next = [readings]
    made.microphone.say(bytes(8_000) + VOICE * 20)
    made.run(2.5)
    ear.next.clear()


def test_with_push_to_talk_nothing_is_heard_before_the_key() -> None:
    made, ear = box(Listening.PUSH)
    speak(made, ear, "盲人按摩")
    assert made.asker.asked == []
    made.put(Key("talk"))
    made.run(0.3)
    speak(made, ear, "盲人按摩")
    assert [u.text for u in made.asker.asked] == ["盲人按摩"]


def test_the_talk_key_pressed_again_ends_the_sentence_at_once() -> None:
    made, ear = box(Listening.PUSH)
    made.put(Key("talk"))
    made.run(0.3)
    assert made.microphone is not None
    ear.next = [("盲人按摩",)]
    made.microphone.say(VOICE * 10)
    made.run(0.32)
    made.put(Key("talk"))
    made.run(0.04)
    assert [u.text for u in made.asker.asked] == ["盲人按摩"]


def test_the_talk_key_silences_an_answer_and_listens() -> None:
    made, ear = box(Listening.PUSH)
    made.put(Key("talk"))
    made.run(0.3)
    speak(made, ear, "问")
    made.run(0.5)
    assert made.loudspeaker.waiting_s() > 0
    made.put(Key("talk"))
    made.run(0.5)
    speak(made, ear, "再问")
    assert [u.text for u in made.asker.asked] == ["问", "再问"]


def test_asleep_it_takes_in_nothing_but_its_name() -> None:
    made, ear = box(Listening.WAKE, sleep_s=5)
    made.run(6)
    made.run_until_waiting()
    assert said(made)[-1] == ZH.say("asleep")
    made.run(1)
    speak(made, ear, "盲人按摩有多少家")
    assert made.asker.asked == []
    speak(made, ear, "你好名录")
    made.run_until_waiting()
    assert ZH.say("awake") in said(made)
    made.run(0.5)
    speak(made, ear, "盲人按摩有多少家")
    assert [u.text for u in made.asker.asked] == ["盲人按摩有多少家"]


def test_what_follows_its_name_is_the_question() -> None:
    made, ear = box(Listening.WAKE, sleep_s=5)
    made.run(6)
    made.run_until_waiting()
    made.run(1)
    speak(made, ear, "你好明路，我要报名")
    assert [u.text for u in made.asker.asked] == ["我要报名"]


def test_a_key_wakes_it_too_and_how_to_call_it_is_said_once() -> None:
    made, ear = box(Listening.WAKE, sleep_s=5)
    made.run(6)
    made.run_until_waiting()
    made.put(Key("where"))
    made.run_until_waiting()
    made.run(1)
    speak(made, ear, "盲人按摩")
    assert len(made.asker.asked) == 1
    made.run_until_waiting()
    made.run(8)
    made.run_until_waiting()
    assert "".join(said(made)).count("我先歇着") == 1


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ("你好明路", ""),
        ("您好名录", ""),
        ("那个你好明路帮我查一下", "帮我查一下"),
        ("你好", None),
        ("明天的路不好走", None),
        ("我要报名", None),
    ],
)
def test_its_name_is_known_despite_homophones(heard: str, rest: str | None) -> None:
    assert Attention(ZH, Listening.WAKE).called([heard]) == rest


def test_asking_for_patience_by_voice_is_kept_and_used() -> None:
    made, ear = box(Listening.OPEN)
    speak(made, ear, "等我久一点")
    made.run_until_waiting()
    assert made.kept[-1].pause_s > Preferences().pause_s
    made.run(0.5)
    assert made.microphone is not None
    ear.next = [("盲人按摩",)]
    # A breath of 0.9 s in the middle would have ended it before.
    made.microphone.say(VOICE * 20 + bytes(2 * 14_400) + VOICE * 20)
    made.run(2.1)
    assert made.asker.asked == []
    made.run(1.5)
    assert [u.text for u in made.asker.asked] == ["盲人按摩"]
    most = Preferences()
    for _ in range(20):
        most = most.patienter()
    assert most.pause_s == MOST_PATIENT_S


def test_a_special_recogniser_hears_the_answer_it_is_for() -> None:
    usual, digits = Ear(), Ear()
    ears = Ears(usual, Loudness(), {Expecting.DIGITS: digits})
    made = Box(ZH, SlateSpeaker(), lambda _: [Reply("请说您的手机号。")], ears=ears)
    made.put(Started(microphone=True))
    made.run_until_waiting()
    made.put(Heard(("我要报名",)))
    made.run_until_waiting()
    made.run(0.5)
    digits.next = [("13800138000",)]
    assert made.microphone is not None
    made.microphone.say(bytes(8_000) + VOICE * 20)
    made.run(3.5)
    assert [u.text for u in made.asker.asked] == ["我要报名", "13800138000"]
