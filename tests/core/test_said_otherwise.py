"""Sentences of real callers that say a known thing in another way: yes, names, needs, numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from core.booking_draft import Draft, Heard, Question
from core.booking_person import take_needs, take_phone
from core.choosing import choose, fitting
from core.plain_answers import agrees, in_context
from core.spoken.access import find_access_needs, needs_by_sound
from core.spoken.company import find_companion
from core.spoken.courses import named_of
from core.spoken.dates import find_dates
from core.spoken.days_away import without_days_away
from core.spoken.entities import EntityRules
from core.spoken.name_repairs import mended_name
from core.spoken.names import parse_name
from core.spoken.phone_repairs import mended_phone
from core.spoken.phones import digit_runs
from core.spoken.spellings import without_spellings
from core.values import TrainingSlot

TODAY = date(2026, 9, 10)


def heard(text: str, intent: str = "inform") -> Heard:
    return Heard(text, intent, EntityRules().find(text, TODAY))


def slot(name: str, course: str, month: int, day: int, hour: int = 9) -> TrainingSlot:
    at = datetime(2026, month, day, hour, tzinfo=timezone(timedelta(hours=8)))
    return TrainingSlot(name, course, "吉林", "培训中心", at, at + timedelta(hours=2), 5, 5)


@pytest.mark.parametrize(
    "text",
    ["对，就是二十三号那期", "对 就退话务客服那个",
     "好 刚才那个信息都对 给我报上", "嗯，没错，订吧",
     "姓名电话都没错 订上", "没有不对的地方，办吧", "错 没有 确认", "均一致，登记即可"],
)  # fmt: skip
def test_a_yes_may_say_again_what_was_read_out(text: str) -> None:
    assert agrees(text)
    assert in_context(heard(text, "correct"), Draft(asked=Question.CONFIRM)).intent == "affirm"


@pytest.mark.parametrize(
    "text",
    ["对了，我想问个事", "对，不过电话是139", "好，等我拿笔", "对不对", "好像不对",
     "中间那个字错了",
     "好冷啊",
     "对面那个楼", "行动慢点", "是我妈的名字", "对，名字改成王芳", "行不行啊", "中午那场"],
)  # fmt: skip
def test_a_yes_that_takes_something_back_is_none(text: str) -> None:
    assert not agrees(text)


def test_what_a_yes_names_must_fit_what_was_read_out() -> None:
    proposed = [slot("new", "剪纸", 9, 23), slot("old", "剪纸", 9, 16)]
    assert 0 in fitting("对，换到23号", proposed, TODAY)
    assert 0 not in fitting("对，16号", proposed, TODAY)


@pytest.mark.parametrize(
    ("text", "name"),
    [("宿春艳，住宿的宿，春天的春，鲜艳的艳", "宿春艳"), ("许文斌 言午许", "许文斌"),
     ("来电人退课 下周四 名车玉兰 手机尾号6031", "车玉兰"),
     ("闺女叫佳怡，姓迟，迟到的迟", "迟佳怡"),
     ("我是前郭的蒙古族，没有姓，就叫乌云其木格", "乌云其木格"), ("学员叫庄永福", "庄永福"),
     ("我老叔叫修振江", "修振江"), ("报名的人叫葛洪生", "葛洪生"),
     ("十六号上午那场，写她名字，林淑清", "林淑清")],
)  # fmt: skip
def test_names_are_heard_however_they_are_told(text: str, name: str) -> None:
    found = parse_name(text)
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    ("text", "day"),
    [("下个月头一个礼拜一", (10, 5)), ("这个月最后一个周六", (9, 26)),
     ("十月第二个星期三", (10, 14))],
)  # fmt: skip
def test_a_weekday_is_counted_within_a_month(text: str, day: tuple[int, int]) -> None:
    (found,) = find_dates(text, TODAY)
    assert found.single_day == date(2026, *day)


def test_a_telephone_that_is_left_names_no_course() -> None:
    assert named_of("我妈叫谢桂琴，电话留我的吧，18643465207。", ["电话客服"]) == ()
    assert named_of("我想学电话客服", ["电话客服"]) == ("电话客服",)


def test_a_telephone_that_is_put_right_names_no_course() -> None:
    told = "不对，手机最后两位我说错了，是幺幺，不是七七"
    assert named_of(told, ["手机维修"]) == ()
    assert mended_phone("13804475577", told) == "13804475511"


@pytest.mark.parametrize(
    "text", ["来电人手机13843116570", "叫个车", "救命啊快叫救护车", "本人同意登记姓名和电话"]
)
def test_who_calls_is_no_name(text: str) -> None:
    assert parse_name(text) is None


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [("柴雨桐", "等下 报名的名字不对 柴雨桐是我 要写我爸的 柴国梁", "柴国梁"),
     ("佟桂芳", "名儿不对，不是桂芳，是桂芬，芬芳的芬", "佟桂芬"),
     ("肖立新", "姓氏更正：邵，召耳邵，非肖。其余无误", "邵立新"),
     ("章玉兰", "更正一下，姓错了，她姓张，弓长张，叫张玉梅。", "张玉梅"),
     ("梁秀英", "一三九零四三六，不对，最后那个是七，二五幺八", ""),
     ("柴雨桐", "电话不对", "")],
)  # fmt: skip
def test_a_name_is_put_right_by_what_is_told_of_it(old: str, text: str, new: str) -> None:
    assert mended_name(old, text) == new


def test_words_that_spell_a_name_name_no_course_and_no_town() -> None:
    told = "不是钢琴的琴，是芹菜的芹，长春的春"
    assert "钢琴" not in without_spellings(told) and len(without_spellings(told)) == len(told)
    assert not heard(told).first("city")
    assert without_spellings("我要报短视频的视频班") == "我要报短视频的视频班"


def test_company_told_unasked_leaves_the_question_for_needs_open() -> None:
    told = take_needs(Draft(asked=Question.NAME), heard("我闺女陪我去"))
    assert told.companion and told.company_told and not told.needs_settled
    asked = take_needs(Draft(asked=Question.NEEDS), heard("我闺女陪我去"))
    assert asked.companion and asked.needs_settled
    assert take_needs(Draft(), heard("啥也不用，就我自己去")).needs_settled


@pytest.mark.parametrize(
    ("text", "comes"),
    [
        ("我 姐姐 陪同", True),
        ("我全程陪着她", True),
        ("护理补贴她能领不，没人陪", False),
        ("陪 人 没有", False),
        ("陪同：其妻；需求：大字材料", True),
    ],
)
def test_company_is_heard_in_the_words_of_deaf_writers_and_of_staff(text: str, comes: bool) -> None:
    found = find_companion(text, asked=True)
    assert found is not None and found.comes is comes


def test_needs_are_heard_by_their_sound_where_they_were_asked_for() -> None:
    assert [n.need for n in needs_by_sound("忙文材料要一份")] == ["盲文材料"]
    assert needs_by_sound("不用手语") == ()
    asked = take_needs(Draft(asked=Question.NEEDS), heard("忙文材料要一份"))
    assert asked.access_needs == ("盲文材料",)
    assert take_needs(Draft(asked=Question.PHONE), heard("忙文材料要一份")).access_needs == ()


@pytest.mark.parametrize(
    ("text", "needs"),
    [("别的没啥就是字要大点", ["大字材料"]), ("轮椅通道要手语那些都不用", ["轮椅通道"]),
     ("妈妈 陪 我 一起 去 手语 翻译 要", ["手语翻译"])],
)  # fmt: skip
def test_needs_stand_beside_what_is_refused_and_who_comes(text: str, needs: list[str]) -> None:
    assert [n.need for n in find_access_needs(text)] == needs
    assert [e.value for e in heard(text).all("access_need")] == needs


def test_a_date_after_a_tail_is_no_part_of_the_number() -> None:
    assert next(digit_runs("7728，9月22日"))[0] == "7728"
    assert mended_phone("18204347728", "尾号7728，9月22日，均一致") in ("", "18204347728")


@pytest.mark.parametrize(
    ("text", "phone"),
    [("幺八六，四四零二，三个六，再一个幺……哎不对，最后那位是七", "18644026667"),
     ("幺八六，零四三七，五五幺九……不对不对，末尾不是幺九，是九幺，五五九幺", "18604375591")],
)  # fmt: skip
def test_a_number_is_put_right_in_the_same_breath(text: str, phone: str) -> None:
    assert take_phone(Draft(asked=Question.PHONE), heard(text), []).phone == phone


def test_the_last_two_digits_change_places_whatever_else_is_said() -> None:
    said = "电话 最后 两个 数字 反 了 45 对 54 错"
    assert mended_phone("15943126554", said) == "15943126545"


def test_a_weekday_beside_its_date_says_nothing_more() -> None:
    assert [d.text for d in find_dates("要十月九号星期五那个", TODAY)] == ["十月九号"]
    assert [d.text for d in find_dates("下周三或者30号", TODAY)] == ["下周三", "30号"]


@pytest.mark.parametrize(
    ("text", "left"),
    [("改成下午那场我上午赶不过去", "改成下午那场"), ("不是下周一啊，下周一我起土豆", "我起土豆"),
     ("不是15号，是16号", "是16号"), ("下午那场吧，上午起不来", "下午那场吧"),
     ("报后天的，可别报下周四的，下周四我要去复查", "报后天的")],
)  # fmt: skip
def test_days_that_do_not_suit_are_left_out(text: str, left: str) -> None:
    assert without_days_away(text).strip("，我") == left.strip("我")


def test_of_bookings_that_are_only_listed_none_is_meant() -> None:
    booked = (slot("a", "满族刺绣", 9, 15), slot("b", "民宿管家", 9, 16))

    def meant(text: str) -> list[str]:
        left = choose(text, booked, TODAY, leaving=True).left
        return [booked[at].id for at in left]

    assert meant("我报了两个班，一个满族刺绣，一个民宿管家，想把民宿那个") == ["b"]
    assert meant("一个满族刺绣，一个民宿管家，想改一下") == ["a", "b"]
    assert meant("民宿管家退了，刺绣还接着上") == ["b"]
