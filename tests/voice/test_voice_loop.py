"""What a person at the terminal can do, with no screen, no server and no hurry."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.values import Choice, Reply, Utterance
from tests.voice.fakes import Box, SlateSpeaker
from voice.ears import Ears
from voice.endpointer import FRAME_BYTES
from voice.events import Heard, Key, Started, Tone, Typed
from voice.loop import Manners
from voice.phrases import load_phrases
from voice.preferences import Preferences

ZH = load_phrases("zh")
ANSWER = "全省盲人按摩机构达到400个以上。盲人从业人员稳定在1500人左右。由省残联等部门负责。"
SPOKEN = (
    "全省盲人按摩机构达到四百个以上。",
    "盲人从业人员稳定在一千五百人左右。",
    "由省残联等部门负责。",
)


class Ear:
    """A recogniser that hears what the test says it heard."""

    rate = 16_000

    def __init__(self) -> None:
        self.next: list[tuple[str, ...]] = []
        self.fed = 0
        self.broken = False

    def feed(self, pcm: bytes) -> None:
        self.fed += len(pcm)

    def partial(self) -> str:
        return ""

    def result(self) -> Sequence[str]:
        return self.next.pop(0) if self.next else ()


class Loudness:
    def probability(self, frame: bytes) -> float:
        return 1.0 if any(frame) else 0.0

    def reset(self) -> None:
        return None


def box(answer: str = ANSWER, choices: tuple[Choice, ...] = (), **parts: object) -> Box:
    made = Box(ZH, SlateSpeaker(), lambda _: [Reply(answer, choices=choices)], **parts)  # type: ignore[arg-type]
    made.put(Started(microphone=made.microphone is not None))
    made.run_until_waiting()
    made.mouth._speaker.said.clear()  # type: ignore[attr-defined]
    return made


def said(made: Box) -> list[str]:
    return made.mouth._speaker.said  # type: ignore[attr-defined,no-any-return]


def asked(made: Box, text: str = "盲人按摩机构要多少家") -> Box:
    made.put(Typed(text))
    made.run_until_waiting()
    return made


def test_an_answer_is_read_sentence_by_sentence_for_the_ear() -> None:
    made = asked(box())
    assert tuple(said(made)) == SPOKEN


def test_any_key_silences_it_at_once() -> None:
    made = box()
    made.put(Typed("问"))
    made.run(0.5)
    assert made.loudspeaker.waiting_s() > 0
    made.put(Key("*"))
    made.terminal.step(made.now_s)
    assert made.loudspeaker.waiting_s() == 0 or said(made)[-1] not in SPOKEN


def test_stop_and_go_on_take_up_the_sentence_that_was_cut() -> None:
    made = box()
    made.put(Typed("问"))
    made.run(2.5)
    assert said(made) == [*SPOKEN[:2]]
    made.put(Key("stop"))
    made.run_until_waiting()
    made.put(Heard(("继续",)))
    made.run_until_waiting()
    assert tuple(said(made)[2:]) == SPOKEN[1:]


@pytest.mark.parametrize("words", ["再说一遍", "请再说一遍", "在说一变", "再说一遍吧"])
def test_repeat_reads_the_whole_answer_again_however_it_was_misheard(words: str) -> None:
    made = asked(box())
    said(made).clear()
    made.put(Heard((words,)))
    made.run_until_waiting()
    assert tuple(said(made)) == SPOKEN
    assert len(made.asker.asked) == 1


def test_back_and_next_walk_through_the_sentences() -> None:
    made = asked(box())
    said(made).clear()
    made.put(Heard(("上一句",)))
    made.run_until_waiting()
    assert said(made) == [SPOKEN[2]]
    said(made).clear()
    made.put(Heard(("再说一遍",)))
    made.run(0.3)
    made.put(Key("next"))
    made.run_until_waiting()
    assert said(made) == [SPOKEN[0], SPOKEN[1], SPOKEN[2]]


@pytest.mark.parametrize(
    ("words", "field", "grows"),
    [
        ("快一点", "rate", True),
        ("慢一点", "rate", False),
        ("大声点", "volume", True),
        ("小声点", "volume", False),
    ],
)
def test_rate_and_volume_change_and_are_kept(words: str, field: str, grows: bool) -> None:
    made = box()
    made.put(Heard((words,)))
    made.run_until_waiting()
    changed = getattr(made.kept[-1], field)
    assert (changed > getattr(Preferences(), field)) is grows
    assert made.asker.asked == []


def test_spelling_says_the_sentence_character_by_character() -> None:
    made = asked(box("张丽。"))
    said(made).clear()
    made.put(Heard(("拼一下",)))
    made.run_until_waiting()
    assert said(made)[:2] == ["张", "丽"]


def test_where_am_i_tells_the_sentence_and_goes_on() -> None:
    made = box()
    made.put(Typed("问"))
    made.run(0.5)
    made.put(Key("where"))
    made.run_until_waiting()
    assert ZH.say("where_speaking", at=1, of=3) in said(made)
    assert tuple(said(made)[-3:]) == SPOKEN


def test_help_names_every_command() -> None:
    made = box()
    made.put(Heard(("帮助",)))
    made.run_until_waiting()
    spoken = "".join(said(made))
    for word in (
        "停",
        "继续",
        "再说一遍",
        "慢一点",
        "上一句",
        "下一句",
        "拼一下",
        "我在哪儿",
        "退出",
    ):
        assert word in spoken


def test_leaving_forgets_the_conversation_and_says_so() -> None:
    made = asked(box())
    made.put(Heard(("退出",)))
    made.run_until_waiting()
    assert made.terminal.over
    assert made.names == 2
    assert "清空" in said(made)[-1]


def test_a_kiosk_begins_anew_with_another_name() -> None:
    made = asked(box(manners=Manners(kiosk=True)))
    made.put(Heard(("退出",)))
    made.run_until_waiting()
    asked(made)
    assert not made.terminal.over
    assert made.asker.asked[0].conversation != made.asker.asked[1].conversation


def test_after_a_long_absence_everything_is_forgotten_aloud() -> None:
    made = asked(box(manners=Manners(away_s=30, forget_s=10)))
    said(made).clear()
    made.run(60)
    assert said(made) == [ZH.say("away"), ZH.say("forgotten")]
    assert made.names == 2
    assert made.conversation.script.sentences == ()


def test_a_long_answer_asks_within_twenty_seconds_whether_to_go_on() -> None:
    made = box("这是很长的回答里面的一句话。" * 40)
    made.put(Typed("问"))
    made.run(21.5)
    assert said(made)[-1] == ZH.say("go_on")
    made.run_until_waiting()
    count = len(said(made))
    made.put(Heard(("要",)))
    made.run(3)
    assert len(said(made)) > count
    assert len(made.asker.asked) == 1


def test_no_ends_the_reading() -> None:
    made = box("这是很长的回答里面的一句话。" * 40)
    made.put(Typed("问"))
    made.run_until_waiting()
    said(made).clear()
    made.put(Heard(("不用了",)))
    made.run_until_waiting()
    assert said(made) == []
    assert len(made.asker.asked) == 1


def test_not_heard_is_said_only_after_the_second_try_and_then_the_keypad_is_offered() -> None:
    made = box()
    made.put(Heard(()))
    made.run_until_waiting()
    assert said(made) == []
    made.put(Heard(()))
    made.run_until_waiting()
    assert said(made) == list(made.mouth.sentences(ZH.say("not_heard")))[:1] or said(made)
    said(made).clear()
    made.put(Heard(()))
    made.run_until_waiting()
    assert "数字键" in "".join(said(made))


CHOICES = (Choice("保健按摩", "/pick{1}"), Choice("电子商务", "/pick{2}"))


@pytest.mark.parametrize("event", [Key("2"), Heard(("第二个",)), Typed("2"), Heard(("二",))])
def test_a_choice_is_picked_by_key_by_number_or_by_voice(event: object) -> None:
    made = asked(box("请选课程。", CHOICES))
    assert "按二，电子商务。" in said(made)
    made.put(event)
    made.run_until_waiting()
    assert made.asker.asked[-1].text == "/pick{2}"


def test_a_phone_number_is_entered_and_announced_digit_by_digit() -> None:
    made = asked(box("请告诉我手机号。"))
    said(made).clear()
    for digit in "13800138000":
        made.put(Key(digit))
        made.run(0.5)
    assert made.asker.asked[-1].text == "13800138000"
    assert said(made)[:3] == ["一", "三", "八"]


def test_hash_says_yes_and_star_says_no_to_a_question() -> None:
    made = asked(box("您要报名保健按摩，对吗？"))
    made.put(Key("#"))
    made.run_until_waiting()
    made.put(Key("*"))
    made.run_until_waiting()
    assert [u.text for u in made.asker.asked[1:]] == [ZH.agree_text, ZH.refuse_text]


def test_the_menu_reaches_every_task_by_one_digit() -> None:
    made = box()
    made.put(Key("0"))
    made.run_until_waiting()
    assert all(any(item.label in s for s in said(made)) for item in ZH.menu)
    made.put(Key("2"))
    made.run_until_waiting()
    assert made.asker.asked[-1].text == "我要报名培训"


@pytest.mark.parametrize(
    "told",
    [
        "换好了。编号是366027368。",
        "名字还没有登记。您没有留电话，上课那天请把编号和名字告诉工作人员。",
        "现在可以报的班有电商直播。想报哪个，直接说名字。",
    ],
)
def test_a_number_or_a_name_that_is_only_spoken_of_does_not_take_the_keypad(told: str) -> None:
    made = asked(box(told))
    assert ZH.say("spell_by_keys") not in "".join(said(made))
    made.put(Key("0"))
    made.run_until_waiting()
    assert ZH.say("menu") in said(made)


def test_a_choice_is_read_like_an_answer() -> None:
    made = asked(box("您要第几个？", (Choice("3月17日13:30", "第一个"),)))
    assert "按一，三月十七日下午一点半。" in said(made)


def test_a_server_that_is_down_is_told_and_the_next_question_works() -> None:
    down = [True]

    def answer(_: Utterance) -> list[Reply] | None:
        return None if down[0] else [Reply(ANSWER)]

    made = Box(ZH, SlateSpeaker(), answer)
    made.put(Started(microphone=False))
    made.run_until_waiting()
    asked(made)
    assert ZH.say("no_dialogue").split("。")[0] in "".join(said(made))
    down[0] = False
    said(made).clear()
    asked(made)
    assert tuple(said(made)) == SPOKEN


def test_a_disk_that_is_full_is_told_and_nothing_stops() -> None:
    made = box(keep=lambda preferences: False)
    made.put(Heard(("慢一点",)))
    made.run_until_waiting()
    assert ZH.say("settings_not_kept") in "".join(said(made))
    assert tuple(said(asked(made))[-3:]) == SPOKEN


def test_thinking_is_heard_after_six_hundred_milliseconds() -> None:
    made = box()
    made.asker.ask = lambda utterance: None  # type: ignore[method-assign]
    made.put(Typed("问"))
    made.run(0.5)
    quiet = made.loudspeaker.tape[-2000:]
    made.run(0.3)
    assert not any(quiet)
    assert any(made.loudspeaker.tape[-4000:])


def listening_box(ear: Ear, **parts: object) -> Box:
    return box(ears=Ears(ear, Loudness()), **parts)


VOICE = b"\x00\x20" * (FRAME_BYTES // 2)


def test_speech_ends_after_the_patience_and_becomes_a_question() -> None:
    ear = Ear()
    made = listening_box(ear)
    ear.next = [("盲人按摩", "盲人暗摸")]
    assert made.microphone is not None
    made.microphone.say(bytes(16_000) + VOICE * 30)
    made.run(2.5)
    assert made.asker.asked[0].text == "盲人按摩"
    assert made.asker.asked[0].alternatives == ("盲人暗摸",)


def test_it_does_not_hear_itself_while_it_speaks() -> None:
    ear = Ear()
    made = listening_box(ear)
    fed = ear.fed
    made.put(Typed("问"))
    assert made.microphone is not None
    made.run(0.2)
    made.microphone.say(VOICE * 40)
    made.run(1.2)
    assert ear.fed == fed
    assert made.loudspeaker.waiting_s() > 0


def test_with_a_headset_speaking_stops_it() -> None:
    ear = Ear()
    made = listening_box(ear, full_duplex=True)
    made.put(Typed("问"))
    made.run(0.5)
    ear.next = [("停",)]
    assert made.microphone is not None
    made.microphone.say(VOICE * 12)
    made.run(0.5)
    assert said(made) == [SPOKEN[0]]
    assert made.loudspeaker.waiting_s() == 0


def test_a_slow_speaker_is_not_cut_off_while_dictating_a_number() -> None:
    ear = Ear()
    made = listening_box(ear)
    made.asker.answer = lambda _: [Reply("请说您的手机号。")]
    asked(made)
    ear.next = [("13800138000",)]
    assert made.microphone is not None
    made.microphone.say(bytes(16_000) + VOICE * 20 + bytes(2 * 16_000) + VOICE * 20)
    made.run(3.2)
    assert len(made.asker.asked) == 1
    made.run(3)
    assert made.asker.asked[1].text == "13800138000"


def test_an_unplugged_microphone_is_told_and_heard_again_once_it_is_back() -> None:
    ear = Ear()
    made = listening_box(ear)
    assert made.microphone is not None
    made.microphone.plugged = False
    made.run(8)
    assert ZH.say("microphone_lost").split("。")[0] in "".join(said(made))
    made.microphone.plugged = True
    made.run(8)
    assert ZH.say("microphone_back").split("。")[0] in "".join(said(made))
    made.run_until_waiting()
    ear.next = [("盲人按摩",)]
    made.microphone.say(bytes(20_000) + VOICE * 30)
    made.run(2.5)
    assert made.asker.asked[0].text == "盲人按摩"


def test_what_a_lost_loudspeaker_swallowed_is_said_again() -> None:
    made = box()
    made.put(Typed("问"))
    made.run(0.3)
    made.loudspeaker.plugged = False
    made.run(1)
    made.loudspeaker.plugged = True
    made.run_until_waiting()
    assert said(made).count(SPOKEN[0]) == 2
    assert said(made)[-1] == SPOKEN[-1]


def test_tones_can_be_turned_off() -> None:
    made = box()
    made.terminal.preferences = Preferences(tones=False)
    made.put(Heard(()))
    made.run(0.4)
    assert not any(made.loudspeaker.tape[-4000:])
    assert {Tone.LISTENING, Tone.ERROR} <= set(Tone)
