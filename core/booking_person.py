"""Who comes and what they need: name, phone, companion, access, and who speaks for whom."""

from __future__ import annotations

import re
from dataclasses import replace

from core.booking import parse_name, parse_phone
from core.booking_draft import Draft, Heard, Note, Question
from core.booking_labels import MOBILE_DIGITS
from core.errors import InvalidDetails
from core.plain_answers import asks, says_no_need
from core.spoken.access import needs_by_sound, refused_needs
from core.spoken.company import KIN, find_companion
from core.spoken.name_repairs import mended_name
from core.spoken.phone_repairs import mended_phone
from core.spoken.phones import MOBILE, digit_runs, said_digits
from core.spoken.phones import parse_phone as hear_phone
from core.spoken.surnames import is_surname, looks_like_name

_MINE = r"(?:我|俺|咱)?(?:的|家)?"
_FAMILY = re.compile(
    rf"(?:给|替|帮|为){_MINE}(?:{KIN})|不是(?:我|俺)(?:自己|本人)?[^，,。]{{0,3}}[，,\s]*(?:而?是){_MINE}(?:{KIN})"
)
_STAFF = re.compile(
    r"来电人|来电者|求助人|代来电|群众.{0,4}(?:要|想)?(?:预约|报名)|来电的"
    r"|(?:我(?:这边)?|这里|这边|本人)是[^，,。]{0,6}(?:热线|[座坐]席|话务|接线)|热线[座坐]席|[座坐]席(?:代|替|帮|给)"
)


def take_person(draft: Draft, heard: Heard) -> Draft:
    """For oneself, for one of the family, or by staff for a caller, who must have agreed."""
    if _STAFF.search(heard.text) and draft.booked_by != "staff":
        agreed = bool(re.search(r"同意", heard.text)) and "不同意" not in heard.text
        return replace(draft, booked_by="staff", consent=agreed)
    if _FAMILY.search(heard.text) and draft.booked_by == "self":
        return replace(draft, booked_by="family")
    return draft


def take_phone(draft: Draft, heard: Heard, notes: list[Note]) -> Draft:
    """A whole number, a piece of one, or a new tail for the one that was said before."""
    if refuses_phone(heard) and not draft.phone:
        return replace(draft, phone_refused=True, phone_part="")
    mended = phone_put_right(draft, heard)
    if mended:
        return replace(draft, phone=mended, phone_part="")
    in_one_breath = _mended_at_once(heard)
    if in_one_breath:
        return replace(draft, phone=in_one_breath, phone_part="", phone_refused=False)
    asked = _awaits_number(draft) or bool(_ABOUT_PHONE.search(heard.text))
    if not heard.first("phone") and not asked:
        return draft
    digits = _digits_said(heard)
    whole = _mobile(digits)
    if whole:
        return replace(draft, phone=whole, phone_part="", phone_refused=False)
    if not digits:
        return draft
    if draft.phone and len(digits) <= 4:
        mends = heard.intent == "correct"
        return replace(draft, phone=draft.phone[: -len(digits)] + digits) if mends else draft
    joined = _joined(draft, heard, digits) if asked else digits
    if _mobile(joined):
        return replace(draft, phone=joined, phone_part="", phone_refused=False)
    if not asked and len(digits) < 7:
        return draft
    if len(joined) < MOBILE_DIGITS:
        notes.append(Note("phone_goes_on", {"digits": " ".join(joined), "count": str(len(joined))}))
        return replace(draft, phone_part=joined)
    landline = hear_phone(heard.text)
    is_landline = landline is not None and landline.form == "landline"
    event = "phone_landline" if is_landline else "phone_wrong"
    notes.append(Note(event, {"count": str(len(joined))}))
    return replace(draft, phone_part="")


def _mended_at_once(heard: Heard) -> str:
    """A whole number and, after it, what of it was wrong: ……六六六一，哎不对，最后那位是七."""
    whole = hear_phone(heard.text)
    if whole is None or whole.form != "mobile":
        runs = [run for run in digit_runs(heard.text) if MOBILE.fullmatch(run[0])]
        if not runs:
            return ""
        digits, _, end = runs[0]
    else:
        digits, end = whole.digits, whole.end
    rest = heard.text[end:]
    return mended_phone(digits, rest, read_back=True) if _MENDED_AFTER.search(rest) else ""


def _awaits_number(draft: Draft) -> bool:
    """Whether digits are a piece of the number: when asked for it, or once it was begun."""
    begun = bool(draft.phone_part) and draft.asked == Question.NAME
    return draft.asked == Question.PHONE or begun


def _joined(draft: Draft, heard: Heard, digits: str) -> str:
    """A piece put behind those heard before, or in the place of the last of them."""
    _, mends = said_digits(heard.text)
    if mends and draft.phone_part:
        return draft.phone_part[: -len(digits)] + digits
    return draft.phone_part + digits


def phone_put_right(draft: Draft, heard: Heard) -> str:
    """The number told before with other digits in it; empty where nothing said fits it."""
    return mended_phone(draft.phone, heard.text, read_back=draft.asked == Question.CONFIRM)


_DIGITS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_ONLY_DIGITS = re.compile(r"[\s,，.。\-]*(?:\d[\s,，.。\-]*)+")
_ABOUT_PHONE = re.compile(r"电话|手机|号码")
_NO_PHONE = re.compile(
    r"(?:没有?|哪有)(?:什么|啥)?(?:手机|电话|号码)(?!通知|号码?[错对])|(?:手机|电话)(?:我)?没有"
    r"|不(?:想|能|愿意)?(?:留|给|说|告诉)(?:你们?|您)?(?:手机|电话|号码)"
    r"|(?:手机|电话|号码|号)(?:我|俺)?(?:就)?(?:不(?:想|能|愿意|方便)?(?:给|留|说|告诉)|保密)"
)
_SHORTEST_PIECE = 3
"""Digits in a row that are a piece of a number and not a word like 一下."""


def refuses_phone(heard: Heard) -> bool:
    """Whether the person says that there is no number, whatever was asked."""
    asked_back = re.search(r"[?？]|吗|有没有", heard.text)
    return bool(_NO_PHONE.search(heard.text)) and not asked_back and not heard.first("phone")


def _digits_said(heard: Heard) -> str:
    """Digits of the number told, as they were left when the speaker mended them."""
    whole = hear_phone(heard.text)
    if whole and whole.complete and not _MENDED_AFTER.search(heard.text[whole.end :]):
        return whole.digits
    if heard.first("date") or heard.first("reference") or heard.first("age"):
        return whole.digits if whole else ""
    plain = heard.text.translate(_DIGITS)
    if _ONLY_DIGITS.fullmatch(plain):
        return re.sub(r"\D", "", plain)
    said, _ = said_digits(heard.text)
    return said if len(said) >= _SHORTEST_PIECE else ""


_MENDED_AFTER = re.compile(r"不对|错|重说")


def _mobile(digits: str) -> str:
    try:
        return parse_phone(digits)
    except InvalidDetails:
        return ""


def companion_said(heard: Heard, *, asked: bool = False) -> bool | None:
    """Whether somebody comes along, as the sentence says; None: it says nothing of it."""
    found = find_companion(heard.text, asked=asked)
    if found is not None:
        return found.comes
    mended = heard.first("companion")
    return mended.value == "true" if mended else None


def needs_said(heard: Heard, *, asked: bool = False) -> bool:
    """Whether the sentence says who comes along, or names an access need."""
    named = bool(heard.first("access_need") or refused_needs(heard.text))
    named = named or (asked and bool(needs_by_sound(heard.text)))
    return named or companion_said(heard, asked=asked) is not None


def take_needs(draft: Draft, heard: Heard) -> Draft:
    """A companion and what the venue must have; said once, it is not asked again.

    Who says unasked that somebody comes along has not said yet what the venue must have.
    """
    asked = draft.asked == Question.NEEDS
    comes = companion_said(heard, asked=asked)
    if comes is not None:
        settled = draft.needs_settled or asked or says_no_need(heard.text)
        draft = replace(draft, companion=comes, company_told=True, needs_settled=settled)
    said, refused = [e.value for e in heard.all("access_need")], refused_needs(heard.text)
    if asked and not said:
        said = [need.need for need in needs_by_sound(heard.text)]
    if said or refused:
        needs = (n for n in dict.fromkeys((*draft.access_needs, *said)) if n not in refused)
        draft = replace(draft, access_needs=tuple(needs), needs_settled=True)
    return draft


_SAME = re.compile(r"还是|刚才|方才|上次|前面|原来|一样|老样子|照旧|没变|同一个")


def take_same_person(draft: Draft, heard: Heard) -> Draft:
    """Name and number of the booking before, where the person says that they are the same."""
    if draft.asked not in (Question.NAME, Question.PHONE) or not _SAME.search(heard.text):
        return draft
    if asks(heard.text) or not draft.last_name:
        return draft
    name = draft.name or draft.last_name
    same = name == draft.last_name or draft.asked == Question.PHONE
    phone = draft.phone or (draft.last_phone if same else "")
    return replace(draft, name=name, phone=phone)


# What no name holds, unless it begins with a surname.
_NOT_IN_NAMES = re.compile(
    r"[?？\d的那这就了期班课个吗呢吧啊呀嘛不没是我你他她在哪谁说听看等会咋啥喂咳]|什么|怎么|多少|为啥|干啥|电话|预约|报名"
    r"|[早晚]点|上午|下午|以后|回头|随便|都行|有人|一下|^[零〇一幺二两三四五六七八九十百俩]+$"
)
_NOT_A_NAME = re.compile(
    r"[?？\d]|[吗呢吧啊呀嘛的]$|什么|怎么|多少|为啥|干啥|电话|预约|报名|那就|^等|不是|没有|知道"
    r"|[早晚]点|上午|下午|都行|以后|^[零〇一幺二两三四五六七八九十百俩]+$"
)
_NAME_ANSWER = re.compile(
    r"^(?:(?:我|俺|咱)?(?:叫|是|姓名|名字)[是叫]?|他?她?叫)?([\u4e00-\u9fff·]{2,8})$"
)
_AROUND_NAME = re.compile(
    r"^(?:嗯+|呃|啊|哦|那个|还是|就?写|登记|来电人|孩子|本人)+|(?:这个?名字?|就行|[两三四]个字)$"
)
_MANCHU = re.compile(r"那(?![个天期场班边里儿种时么些样就块次年月周趟一是不有我你]).{1,2}$")
_NAME_PARTS = re.compile(r"[\s，。,.!！、…；;]+")
_FILLERS = re.compile(r"(?:嗯+|呃|啊|哦|哎|唉|那个|那啥|好|行|对|是)+")


NAME_LATER = "待确认"
"""Stands for a name that a person of the staff takes later: nobody is sent away for it."""
_NAME_LATER = re.compile(
    r"(?:名字?|姓名)(?:我)?(?:以后|稍后|回头|晚点|过后|到时候?)"
    r"|(?:以后|稍后|回头|晚点|到时候?)(?:再|跟|和|对)?.{0,6}(?:名字|姓名)"
    r"|(?:跟|和|对)(?:工作人员|你们|人工|志愿者).{0,4}(?:说|报|讲)"
    r"|(?:工作人员|你们).{0,6}(?:问|确认|核实)"
)


def take_name(draft: Draft, heard: Heard) -> Draft:
    """The name put right, one that was marked as such, or a bare answer to the question for it."""
    mended = mended_name(draft.name, heard.text) if draft.name else ""
    if mended:
        return replace(draft, name=mended)
    said = heard.first("name")
    if said is not None:
        return replace(draft, name=said.value)
    if draft.asked != Question.NAME or draft.name or heard.entities:
        return draft
    if _NAME_LATER.search(heard.text):
        return replace(draft, name=NAME_LATER)
    name = bare_name(heard)
    return replace(draft, name=name) if name else draft


def bare_name(heard: Heard) -> str:
    """Asked for a name, a few characters that are nothing else are the name."""
    if heard.intent in _NEVER_NAMES:
        return ""
    parts = [p for p in _NAME_PARTS.split(heard.text) if p and not _FILLERS.fullmatch(p)]
    names = [part for part in parts if looks_like_name(part)]
    bare = names[-1] if names else _AROUND_NAME.sub("", parts[0]) if len(parts) == 1 else ""
    match = _NAME_ANSWER.match(bare)
    if match is None:
        return ""
    of_the_list = (
        (is_surname(match[1][:1]) and len(match[1]) <= 3)
        or is_surname(match[1][:2])
        or bool(_MANCHU.match(match[1]))
    )
    if (_NOT_A_NAME if of_the_list else _NOT_IN_NAMES).search(match[1]):
        return ""
    try:
        return parse_name(match[1])
    except InvalidDetails:
        return ""


_NEVER_NAMES = frozenset(
    "affirm deny skip why_asked repeat slower go_back restart continue greet goodbye thanks help"
    " complain human_handoff crisis cancel_booking".split()
)
