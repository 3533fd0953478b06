"""Two wishes in one sentence: the words settle which is meant."""

from __future__ import annotations

import pytest

from bench.understanding.corpus import training_sentences
from core.spoken.wishes import (
    asks_for_place,
    asks_what_is_free,
    lets_be,
    likely_wish,
    never_booked,
    only_sounds_like_change,
    plain_wish,
    says_same_class,
    speaks_of_change,
)


@pytest.mark.parametrize(
    "text",
    ["磨叽死了，半天听不懂人话，转人工", "有啥用啊，叫个活人来", "气死我了 给我找个真人",
     "烦不烦，人工！", "说八遍了还错，换个明白人跟我说", "别推来推去的，算了，转人工"],
)  # fmt: skip
def test_anger_that_asks_for_a_person_is_a_wish_for_a_person(text: str) -> None:
    assert plain_wish(text) == "human_handoff"


@pytest.mark.parametrize(
    "text",
    ["磨叽死了，半天听不懂人话", "不用转人工了", "转人工要多久", "找个人陪我去", "请工作人员引导",
     "让工作人员确认名字", "叫我妈来", "转成大字"],
)  # fmt: skip
def test_nobody_is_handed_over_who_asked_for_no_person(text: str) -> None:
    assert plain_wish(text) == ""


@pytest.mark.parametrize(
    "text", ["算了没人就算了，继续", "没人拉倒，咱接着办", "行吧 那就继续吧", "不找了，继续填"]
)
def test_the_last_word_go_on_wins_over_never_mind(text: str) -> None:
    assert plain_wish(text) == "continue"


@pytest.mark.parametrize(
    "text", ["不继续了", "残疾证还能继续用吗", "算了，先不继续", "我想继续教育培训"]
)
def test_going_on_is_not_heard_in_other_uses_of_the_word(text: str) -> None:
    assert plain_wish(text) == ""


@pytest.mark.parametrize(
    "text",
    ["我叫应龙，约了盲人按摩，号码15844390077，编号早忘了，不去了",
     "预约过18号的家政，家里有事去不了，名儿是李四光", "前天报过名，电商那个，去不成了",
     "定了个面点课，参加不了了", "报了按摩班，给我退了吧", "我有个班不想上了",
     "我那个班去不了了，取消"],
)  # fmt: skip
def test_a_booking_told_of_and_given_up_is_cancelled_not_made(text: str) -> None:
    assert plain_wish(text) == "cancel_booking"


@pytest.mark.parametrize(
    "text",
    ["先不报了，我再寻思寻思", "约了课去不了怎么办", "报了名，不想退", "我约了按摩，几点去",
     "没报名，不去了", "我想约按摩", "报了名不去会罚钱吗"],
)  # fmt: skip
def test_a_question_a_move_or_no_booking_cancels_nothing(text: str) -> None:
    assert plain_wish(text) == ""


@pytest.mark.parametrize(
    "text",
    ["约了11号的，去不了，改到18号", "我约了长春的短视频剪辑，那天去不了，想改期，编号没记",
     "上回报的烘焙班，那天有事，能不能给我挪到下周", "我报过名了，就是想换个时间",
     "刺绣那个不动，把客服话务那个改成大安三十号的，编号我没记"],
)  # fmt: skip
def test_a_booking_told_of_and_wished_for_another_day_is_moved(text: str) -> None:
    assert plain_wish(text) == "reschedule_booking"


@pytest.mark.parametrize(
    "text",
    [
        "把我那个电话改成幺三八",
        "我想约按摩，改天再说",
        "约了课怎么改期",
        "我约好了，不改时间",
        "换个班报行不行",
    ],
)
def test_moving_needs_a_booking_and_a_wish(text: str) -> None:
    assert plain_wish(text) != "reschedule_booking"


@pytest.mark.parametrize(
    "text",
    ["把我下周四剪纸那个取消了，再给我报磐石的面点", "云客服我报重了，取消一个，我是任秋菊"],
)  # fmt: skip
def test_what_is_cancelled_is_heard_before_what_is_booked(text: str) -> None:
    assert plain_wish(text) == "cancel_booking"


@pytest.mark.parametrize(
    "text",
    ["退：鲍国栋/尾号8509/通化剪纸22", "取消手工编织 延吉 12号", "来电人退课 许桂兰 电商直播",
     "只退剪纸，编织别给我动", "208-880-570退了，另一个别动", "有个课退一下",
     "烘焙我报重了，16号23号各一个",
     "我妈那个编织班不去了，她住院了", "客服那个给我退喽，直播我还上呢"],
)  # fmt: skip
def test_giving_up_a_booking_needs_no_word_of_having_booked(text: str) -> None:
    assert plain_wish(text) == "cancel_booking"


@pytest.mark.parametrize(
    "text",
    ["按摩改29号，声音的别碰", "延吉编织12号改28号", "办公软件 16号 不能 换 30号 家政 不变",
     "等一下，还是23号吧，帮我改过去", "哎不对，我记错了，给我换28号的", "改30号那期吧",
     "去不了了下周四的直播，24号不是还有吗，给我换那个", "候补不等了，给我报月底那期",
     "16号白城的办公软件改成通化23号的", "我报了俩班，泡菜那个我有事，想提前到这礼拜五"],
)  # fmt: skip
def test_another_day_in_the_place_of_one_is_a_wish_to_move(text: str) -> None:
    assert plain_wish(text) == "reschedule_booking"


@pytest.mark.parametrize(
    "text",
    ["退休了还能领补贴吗", "找到工作就要退出低保吗", "换下一条", "电话改成13812345678",
     "改天再说吧",
     "残疾证怎么换新的", "改成大字的行吗", "长春那几期我去不了，22号吉林的正好，报上"],
)  # fmt: skip
def test_words_of_changing_that_change_no_booking(text: str) -> None:
    assert plain_wish(text) not in ("cancel_booking", "reschedule_booking")


@pytest.mark.parametrize(
    ("text", "asks"),
    [("我要报园艺养花，都有哪几天的？", True), ("我 报名 面点制作", True),
     ("我要报销医药费", False),
     ("热线坐席代来电人报通化10月24号下午的手机维修", True), ("我要报警", False),
     ("是不是有教修手机的？给我报一个呗", True),
     ("再给我媳妇也报一个，跟我同一个班", True), ("报松原西点烘焙23号，无特殊需求", True)],
)  # fmt: skip
def test_a_place_is_asked_for_in_courses_of_any_name(text: str, asks: bool) -> None:
    assert asks_for_place(text) is asks


def test_a_guess_of_a_change_needs_a_word_of_one() -> None:
    assert not speaks_of_change("数据标注，通化那个，下周三后晌的，头午我走不开")
    assert not speaks_of_change("十月十号的，满了就给我排上候补，别给我换日子")
    assert speaks_of_change("下周三那个我去不了")


def test_the_class_booked_before_is_meant_by_its_likeness() -> None:
    assert says_same_class("我家那口子也要来，跟我一个班") and says_same_class(
        "还有我姐，也是这个班"
    )
    assert not says_same_class("我想报个班")


@pytest.mark.parametrize(
    ("text", "wish"),
    [("有没有无人机的班，我想去", "book_course"), ("头一期我不赶趟，给我报后一期", "book_course"),
     ("培训要不要钱啊，不要钱的话给我报辽源的陶艺", "book_course"),
     ("最早的一期是哪天，我就报最早的", "book_course"), ("喂喂？咋没声儿了", "repeat"),
     ("你刚才说啥来着，再念一遍", "repeat"), ("我想报名要什么条件", ""), ("帮我报警", ""),
     ("给我留个候补的位", ""), ("我报的那个班几点", "")],
)  # fmt: skip
def test_words_that_speak_for_a_wish_where_nothing_is_surer(text: str, wish: str) -> None:
    assert likely_wish(text) == wish


@pytest.mark.parametrize(
    ("text", "alone"),
    [("没念书，早不念了", True), ("早退休了", True), ("考不上，没念了", True),
     ("那个班我不去了", False), ("换个日子", False), ("给我退了吧", False),
     ("我报的那个不上了", False)],
)  # fmt: skip
def test_a_change_needs_a_word_of_a_booking_or_of_changing(text: str, alone: bool) -> None:
    assert only_sounds_like_change(text, "cancel_booking") is alone
    assert not only_sounds_like_change(text, "deny")


def test_a_booking_told_by_its_number_and_not_kept_is_given_up() -> None:
    told = "我预约号是002-372-838，原来订的通化十七号上午修手机，那天家里来人，去不了。"
    assert plain_wish(told) == "cancel_booking"


@pytest.mark.parametrize(
    ("text", "asks"),
    [("公主岭四月十七号那个面点还有地方没？我只能去公主岭", True), ("面点还有名额吗", True),
     ("那个班满没满", True), ("面点班满了没", True), ("你们有地方停车吗", False),
     ("上课地方在哪", False), ("我没有地方住", False)],
)  # fmt: skip
def test_a_question_for_a_free_place_is_known_by_its_words(text: str, asks: bool) -> None:
    assert asks_what_is_free(text) is asks


@pytest.mark.parametrize(
    ("text", "just_asked", "lets"),
    [("那就不报了啊，麻烦你了", False, True), ("算了，不报了", True, True), ("不报了", True, True),
     ("不报了", False, False), ("我报的那个班不报了", True, False),
     ("草编不报了，改学家政", True, False)],
)  # fmt: skip
def test_nothing_is_cancelled_where_nothing_was_to_be_booked(
    text: str, just_asked: bool, lets: bool
) -> None:
    assert lets_be(text, just_asked=just_asked) is lets


@pytest.mark.parametrize(
    ("text", "never"),
    [("我没报过班啊", True), ("我还没约呢", True), ("我不是要取消", True), ("编号没有了", False),
     ("没记住号", False), ("我没报上名的那个", True), ("我不是要退，是要改期", False)],
)  # fmt: skip
def test_who_never_booked_has_nothing_to_change(text: str, never: bool) -> None:
    assert never_booked(text) is never


def test_no_wish_contradicts_a_sentence_of_the_training_data() -> None:
    wrong = [s for s in training_sentences() if plain_wish(s.text) not in ("", s.intent)]
    assert not wrong
