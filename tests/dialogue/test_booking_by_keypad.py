"""A whole booking with digits alone, by what is announced: nobody speaks, nobody sees a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dialogue.conftest import Assistant
from tests.voice.fakes import Box
from tests.voice.korean import NotingMouth
from voice.events import Key, Started
from voice.phrases import load_phrases
from voice.speaker.process import PyttsxSpeaker, Voice

pytestmark = pytest.mark.slow
ZH = load_phrases("zh")


class KeypadBox(Box):
    """The real mouth and the real dialogue; the person has ten digits, # and *."""

    def __init__(self, speaker: PyttsxSpeaker, assistant: Assistant, name: str) -> None:
        mouth = NotingMouth(speaker)
        self.said = mouth.said
        super().__init__(ZH, speaker, assistant.answer, mouth=mouth, new_conversation=lambda: name)
        self.put(Started(microphone=False))
        self.run_until_waiting()

    def press(self, keys: str) -> None:
        for key in keys:
            self.put(Key(key))
            self.run(0.1)
        self.run_until_waiting(300)

    def hear_out(self) -> None:
        """# as long as it asks whether to go on."""
        while self.said[-1] == ZH.say("go_on"):
            self.press("#")

    def choose(self, label: str) -> None:
        """Presses what was announced for it since the last choice."""
        self.hear_out()
        told = re.split(r"按(?=[零一二三四五六七八九]，)", "".join(self.said))
        found = [re.match(rf"(.)，(再按井号，)?.*{label}", offer) for offer in told[1:]]
        offers = [offer for offer in found if offer]
        assert offers, f"{label} was not offered: {self.said}"
        self.said.clear()
        self.press(str(ZH.digits.index(offers[-1][1])) + ("#" if offers[-1][2] else ""))


@pytest.fixture
def speaker() -> Iterator[PyttsxSpeaker]:
    made = PyttsxSpeaker(Voice("cmn+f3", 300))
    yield made
    made.close()


def book(terminal: KeypadBox, name: Callable[[], None], phone: str) -> None:
    terminal.press("0")
    for label in ("报名培训", "电商直播", "四平"):
        terminal.choose(label)
    name()
    terminal.hear_out()
    if phone:
        terminal.press(phone)
    else:
        terminal.choose("没有电话")
    terminal.choose("不需要")
    terminal.choose("对，就这样")
    terminal.hear_out()


@pytest.mark.parametrize("phone", ["13900001234", ""])
def test_a_place_is_booked_by_keypad_alone_and_staff_take_the_name(
    assistant: Assistant, speaker: PyttsxSpeaker, tmp_path: Path, phone: str
) -> None:
    name = f"keypad-{tmp_path.name}"
    terminal = KeypadBox(speaker, assistant, name)
    book(terminal, lambda: terminal.choose("名字以后再说"), phone)

    (booking,) = assistant.store.places.bookings_of(conversation=name)
    assert (booking.slot.id, booking.name, booking.phone) == ("ds-2", "待确认", phone)
    (ticket,) = [t for t in assistant.store.tickets.waiting() if t.conversation == name]
    assert (ticket.topic, booking.reference in ticket.summary) == ("name_later", True)
    told = "".join(terminal.said)
    assert ("打您留的电话" if phone else "上课那天") in told


def test_a_place_is_booked_by_keypad_alone_under_a_name_that_is_spelt(
    assistant: Assistant, speaker: PyttsxSpeaker, tmp_path: Path
) -> None:
    name = f"keypad-{tmp_path.name}"
    terminal = KeypadBox(speaker, assistant, name)

    def spell() -> None:
        terminal.choose("用数字键拼名字")
        for keys, character in (("9264#", "木易杨"), ("6464#", "明显的明")):
            terminal.press(keys)
            terminal.choose(character)
        terminal.press("#")

    book(terminal, spell, "13900005678")
    (booking,) = assistant.store.places.bookings_of(conversation=name)
    assert (booking.slot.id, booking.name, booking.phone) == ("ds-2", "杨明", "13900005678")


def test_a_booking_is_moved_and_cancelled_and_policies_are_matched_by_keypad_alone(
    assistant: Assistant, speaker: PyttsxSpeaker, tmp_path: Path
) -> None:
    name = f"keypad-{tmp_path.name}"
    terminal = KeypadBox(speaker, assistant, name)
    book(terminal, lambda: terminal.choose("名字以后再说"), "13900007777")

    def booked() -> list[tuple[str, str]]:
        found = assistant.store.places.bookings_of(conversation=name)
        return [(booking.slot.id, booking.status.value) for booking in found]

    terminal.press("0")
    for label in ("改报名时间", "三月十七日", "对，换过去"):
        terminal.choose(label)
    assert booked() == [("ds-3", "confirmed")]
    terminal.press("0")
    for label in ("取消报名", "确定取消"):
        terminal.choose(label)
    assert booked() in ([], [("ds-3", "cancelled")])
    terminal.press("0")
    for label in ("看我符合哪些政策", "找工作", "视力", "农村", "", "都不是", ""):
        terminal.choose(label)
    terminal.hear_out()
    assert "以当地残联核定为准" in "".join(terminal.said)
