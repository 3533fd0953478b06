"""What a screening makes of answers to other questions than the one asked."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Talker

pytestmark = pytest.mark.slow


def test_telling_something_else_is_not_taken_for_a_no(person: Talker) -> None:
    """看不见 answers what ails the person, not that they want no training."""
    assert "学技术" in person.say("我能享受哪些政策？")
    # What was answered with something else is asked again once the others are answered.
    assert "农村" in person.say("看不见")
    assert "学技术" in person.say("农村的", "三十五", "都不是", "不是低保")
    message = person.post("跳过")[-1]
    outcomes = message["custom"]["outcomes"]
    assert outcomes["二（四）9"] == "unstated"
    assert outcomes["二（三）6"] == "fits"


def test_a_screening_that_breaks_a_booking_leads_back_to_it(person: Talker) -> None:
    person.say("我要报家政服务", "长春的那期")
    opened = person.say("哎先问一嘴，像我这种的，能享受啥政策")
    assert "先不说" not in opened
    assert "学技术" in opened
    done = person.say(
        "想在家接点活儿挣俩钱", "听力二级", "城镇户口", "不念书，中专毕业好些年了", "低保没有"
    )
    assert "免费职业培训" in done
    assert "叫什么名字" in done


def test_naming_the_booking_leaves_the_screening_and_tells_what_fits_so_far(person: Talker) -> None:
    person.say("我要报家政服务", "长春的那期", "我能享受哪些政策？", "工作 找 想", "听力 一级")
    left = person.say("懂 了 报名 继续")
    assert "免费职业培训" in left
    assert "叫什么名字" in left


def test_what_is_told_on_leaving_is_taken_into_the_booking(person: Talker) -> None:
    person.say("我能享受哪些政策？", "想学门手艺", "听力二级")
    left = person.say("妥了，记下了。那长春那个家政服务给我报上吧")
    assert "家政服务" in left
    assert "叫什么名字" in left


def test_the_booking_can_be_given_up_from_within_the_screening(person: Talker) -> None:
    person.say("我要报家政服务", "长春的那期", "我能享受哪些政策？", "想找工作", "听力二级")
    assert "什么也没有存" in person.say("哎，那课我今儿先不报了，回去商量商量")


def test_an_answer_not_understood_is_asked_once_in_other_words(person: Talker) -> None:
    person.say("我能享受哪些政策？", "想找工作", "听力二级")
    again = person.say("松原 户口")
    assert "换个说法" in again
    assert "先不说" not in again
    assert "先不说" in person.say("松原 户口")


def test_who_does_not_grasp_a_question_hears_it_in_other_words(person: Talker) -> None:
    again = person.say("我能享受哪些政策？", "想找工作", "啥意思")
    assert "手脚身子" in again
    assert again.count("残疾是哪一类") == 1


def test_an_answer_that_asks_nothing_is_not_answered_from_the_notice(person: Talker) -> None:
    person.say("我能享受哪些政策？", "想找工作", "听力二级", "城镇")
    assert "低保家庭吗" in person.say("上学 没有")


def test_a_question_that_sounds_like_an_answer_is_answered_in_mid_booking(person: Talker) -> None:
    person.say("我要报家政服务", "长春的那期", "浦长顺")
    answer = person.say("我先问个事儿，我吃着低保呢，去学这个，能不能把我低保给掐了")
    assert "低保渐退" in answer
    assert "手机号码" in answer


@pytest.mark.parametrize(
    "asked",
    ["插一句 我残疾证下个月到期 上哪换", "等会儿 我先问一嘴 我那残疾证丢了 上哪儿补去啊"],
)
def test_a_certificate_is_referred_by_its_name_and_begins_no_screening(
    person: Talker, asked: str
) -> None:
    person.say("我要报家政服务", "长春的那期")
    answer = person.say(asked)
    assert "残疾证的事不在这份通知里" in answer
    assert "残联" in answer
    assert "叫什么名字" in answer


def test_once_the_danger_is_over_the_booking_goes_on(person: Talker) -> None:
    person.say("我要报家政服务", "长春的那期")
    assert "110" in person.say("我现在就站在楼顶边上")
    assert "叫什么名字" in person.say("我下来了，人在屋里，安全的，接着报吧")
