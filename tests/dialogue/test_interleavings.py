"""Whatever order people say things in: what they were told is what the store holds."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.dialogue.conftest import Assistant, Talker

pytestmark = pytest.mark.slow

REFERENCE = re.compile(r"\d{3}-\d{3}-\d{3}")
_NUMBER = itertools.count(1)

BOOKING = (
    "我想报名", "我想报电商直播", "报个盲人按摩", "我想报3月13号四平的电商直播",
    "面点烘焙还有名额吗，我想学", "第一个", "第二个", "下周三上午的", "我叫王芳",
    "我叫赵小军，电话{phone}", "{phone}", "没有电话", "不需要",
    "要手语翻译", "我坐轮椅", "排候补", "给我儿子报",
)  # fmt: skip
QUESTIONS = (
    "盲人按摩机构要达到多少家？", "那哪个部门管呢", "大学生有什么补贴", "有什么培训班", "我的预约",
    "我能享受哪些政策？", "再说一遍", "详细点", "今天天气怎么样",
)  # fmt: skip
CORRECTIONS = (
    "电话尾号错了，是四四", "名字改成王方", "不是这个，我要长春的", "不对", "返回上一步", "从头来",
    "不报了", "改成第二个",
)  # fmt: skip
CHANGING = ("取消预约", "我想改个时间", "不取消了", "3月17号", "确定")
ASIDES = (
    "转人工",
    "你们太差劲了",
    "谢谢",
    "再见",
    "跳过",
    "继续",
    "……",
    "哈拉少不拉几呜呜",
    "我不想活了",
)
AGREEING = ("对", "确定", "是的", "排候补", "继续")
KINDS = (BOOKING, BOOKING, QUESTIONS, CORRECTIONS, CHANGING, ASIDES, AGREEING, AGREEING)
STEPS = st.lists(st.one_of(*map(st.sampled_from, KINDS)), min_size=4, max_size=14)
BOOKED = ("我想报3月13号四平的电商直播", "我叫王芳，电话{phone}", "不需要", "对")
BEGINNINGS = st.sampled_from(
    [(), BOOKED, BOOKED[:3], ("面点烘焙3月16号的", "我叫王芳，电话{phone}")]
)


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(BEGINNINGS, STEPS)
def test_any_order_of_steps_ends_in_what_the_store_holds(
    assistant: Assistant, beginning: tuple[str, ...], steps: list[str]
) -> None:
    person = assistant.talker()
    phone = f"139{next(_NUMBER):08d}"
    said: list[str] = []
    told: set[str] = set()
    for step in (*beginning, *steps):
        text = step.format(phone=phone)
        before = live(person)
        messages = person.post(text)
        said.append(text)
        answer = "\n".join(message["text"] for message in messages)
        after = live(person)
        assert all(message["text"].strip() for message in messages), said
        assert "出了点问题" not in answer and "出了问题" not in answer, (said, answer)
        told |= set(REFERENCE.findall(answer))
        if booked := after.keys() - before.keys():
            assert booked <= told, (said, answer)
            assert text in AGREEING, (said, "booked without a yes")
        if before.keys() - after.keys():
            assert "取消" in answer or "改" in answer, (said, answer)
        event("bookings", payload=len(after))
    listed = person.say("我的预约")
    assert set(REFERENCE.findall(listed)) == set(live(person)), (said, listed)
    slots = [slot for slot, _ in live(person).values()]
    assert len(slots) == len(set(slots)), said


def live(person: Talker) -> dict[str, tuple[str, str]]:
    """(slot, status) by reference, of what this conversation has booked and not cancelled."""
    found = person.store.places.bookings_of(conversation=person.sender)
    return {booking.reference: (booking.slot.id, booking.status.value) for booking in found}
