"""Details of a standing booking put right: whether a sentence does so, and what it changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.booking_draft import Draft, Heard, Note, Question
from core.booking_labels import MOBILE_DIGITS
from core.booking_person import NAME_LATER, bare_name, take_name, take_needs, take_phone
from core.change_draft import Ask, Change
from core.choosing import fitting
from core.plain_answers import agrees, asks, only_agrees, only_states
from core.read_back import calls_wrong
from core.spoken.access import find_access_needs, refused_needs
from core.spoken.company import KIN, find_companion
from core.spoken.name_repairs import mended_name
from core.spoken.phone_repairs import mended_phone
from core.spoken.phones import mended_digits, parse_phone
from core.spoken.wishes import asks_for_place
from core.values import Booking

ANY, NAME, PHONE, NOTHING = "any", "name", "phone", "nothing"
"""What is still to be said of a change of details; NOTHING: all is on record already."""

_OF_THE_PHONE = re.compile(r"电话|手机(?!维?修)|号码|尾号|[位号](?:数|那)|后[两三四2-4]位")
_OF_THE_NAME = re.compile(r"名|姓|叫|字")
_WRONG = re.compile(
    r"错|不对|不是|有误|改|换(?!个?[班课期场天])|更正|应该|反了|漏|(?:写|记|说|报|登记)(?:成|串|岔)"
)
_PUTS_DOWN = re.compile(
    r"(?<!参)[加添]|补(?!贴|助|偿)|记(?:一?下|上|着|好)|备注|注明|写[上明]|登记|标|改|更正|错|不用|不要|甭|用不着|去掉|划掉|拿掉|删|取消|撤"
    r"|预约|[约报订]的|那天|当天|到时候?|上课时?|忘了?(?:说|讲|提)|忘记|没(?:说|讲|提)|还(?:得|要|需要)|陪"
)
"""Says that something is to be put down, or speaks of the day or the booking."""
_REQUEST = re.compile(
    r"(?:能|可以|可否|麻烦|请|帮|给|想|要)[^，,。？?]{0,14}?"
    r"(?:(?<!参)[加添记改换删]|补(?!贴|助|偿)|备注|注明|写上|登记|去掉|划掉|更正|取消)"
)
_HOW = re.compile(r"怎么|咋|多少|哪|为什么|为啥|要不要钱|什么时候")
_WHAT = re.compile(r"(?<!没)(?<!没有)(?<!没说)(?:什么|啥|谁)(?!的)")
_ENDS_ASKING = re.compile(r"(?:有|能|行|让|可以|带)[^，,。]{0,10}(?:不|没有?|么|否)[。！!]?$")
_BOOKED = re.compile(r"登?记|留|预约(?=[上里的单信那这])|(?:约|报|订)(?:好|上|下|过)?了?的")
_ANOTHER = re.compile(
    r"(?:再|另外|也|还(?:想|要|得)?)[^，,。]{0,6}?(?:报(?!错)|约|订|学(?!校))"
    r"|[找看有](?:一)?个?[^，,。]{0,12}的[班课]|有没有|有[什哪]么"
)
_FOR_OTHER = re.compile(
    rf"(?:给|帮|替)(?:我|俺)?(?:她|他|{KIN})[^，,。]{{0,3}}?(?:登记|报|记名|留个?位)"
)
_MOVES = re.compile(
    r"改(?:个|一下)?(?:时间|期|天|日)|换(?:个|一下)?(?:时间|天|日子|日期|期|场|班|课)|挪|推(?:迟|后)|延期|改约"
    r"|[改换](?:到|成)[^，,。]{0,6}?(?:[号日期周天]|星期|礼拜)(?!码|子)"
)
_KIN_STAYS = re.compile(
    rf"(?:{KIN}|人|他|她)[^，,。]{{0,4}}(?:不(?:能|想)?(?:去|来)|[去来]不)(?:了|成)?"
)
_GIVES_UP = re.compile(
    r"不(?:想|能)?(?:去|来|上|参加|报|约|学)了|[去来]不(?:了|成)|(?:不|没法|没空)去(?=[，,。]|$)"
    r"|(?:取消|退|撤|销)(?:掉|了)?(?:这|那|我)?[个的]?(?:预约|报名|班|课)"
    r"|(?:预约|[班课期])[^，,。]{0,3}(?:取消|退|撤|不要)"
)
_NO_COMPANY = re.compile(
    r"(?:取消|去掉|划掉|拿掉|删掉?|不要|不用|不写|没有?)[^，,。轮手盲大]{0,3}陪[同护]"
    r"|陪[同护][^，,。]{0,6}?(?:取消|去掉|划掉|拿掉|删|不来|不去|[来去]不了|不用|不要|没有)"
)
_DROPPED = re.compile(
    r"(?:那|这)?[一个项条]*(?:给我?|都|就|先|也)*(?:划掉|去掉|拿掉|删|抹|取消|撤|不用|不要)"
)
_ELSEWHERE = re.compile(
    r"预约|编号|单号|[约报订](?:好|上|下|过)?(?:了)?的|[约报订](?:好|上|过)?了(?:个|一)"
)
_MEANT = ("date", "city", "course")
_ITS_DAY = re.compile(r"[当那]天|到时候?")
_ASK_OPENLY = frozenset("inform affirm deny skip correct cancel_booking reschedule_booking".split())
"""Intents that need no further word: what they name is told, and not asked for."""


def amends(heard: Heard, own: Sequence[Booking], today: date) -> bool:
    """Whether the sentence puts a detail of a standing booking right, or adds one.

    `own`: the bookings of this conversation that are ahead; where there are none, the sentence
    must speak of a booking itself.
    """
    text = heard.text
    if not may_amend(heard) or not _of_one(heard, own, today):
        return False
    if own:
        return any(_names_detail(heard, booking) for booking in own)
    told = bool(_ELSEWHERE.search(text)) and bool(_PUTS_DOWN.search(text))
    return told and (_of_needs(heard) or of_the_person(text))


def may_amend(heard: Heard) -> bool:
    """Whether the words allow it, whatever is booked: for most sentences they do not."""
    text = heard.text
    named = _OF_THE_PHONE.search(text) or _OF_THE_NAME.search(text) or _WRONG.search(text)
    if not (named or heard.first("name") or _of_needs(heard)):
        return False
    return not (_is_question(text) or _wants_other(text))


def _is_question(text: str) -> bool:
    asked = asks(text) or bool(_ENDS_ASKING.search(text) or _WHAT.search(text))
    return bool(_HOW.search(text)) or (asked and not _REQUEST.search(text))


def _wants_other(text: str) -> bool:
    """Whether it is about another booking, another date, or giving this one up."""
    plain = _BOOKED.sub("", text)
    for_other = _FOR_OTHER.search(text) and "陪" not in text
    if for_other or asks_for_place(plain) or _ANOTHER.search(plain) or _MOVES.search(text):
        return True
    return bool(_GIVES_UP.search(_KIN_STAYS.sub("", text)))


def _of_one(heard: Heard, own: Sequence[Booking], today: date) -> bool:
    """Whether a day, town or course that it names is one of what is booked."""
    named = [e for e in heard.entities if e.kind in _MEANT and not _ITS_DAY.fullmatch(e.value)]
    if not own or not named:
        return True
    return bool(fitting(_ITS_DAY.sub("", heard.text), [b.slot for b in own], today))


def _names_detail(heard: Heard, booking: Booking) -> bool:
    openly = heard.intent in _ASK_OPENLY or bool(_PUTS_DOWN.search(heard.text))
    if openly and _of_needs(heard):
        return True
    if take_details(as_draft(booking), heard) != as_draft(booking):
        return openly or bool(_WRONG.search(heard.text) or re.search("名字|姓名", heard.text))
    return of_the_person(heard.text)


def _of_needs(heard: Heard) -> bool:
    named = bool(heard.first("access_need") or refused_needs(heard.text))
    return named or company_said(heard.text) is not None


def of_the_person(text: str) -> bool:
    """Whether it says that name or number are wrong, right ones told or not."""
    return bool(field_wrong(text))


def field_wrong(text: str) -> str:
    """NAME or PHONE where the sentence calls it wrong, or wants it changed; else empty."""
    if not _WRONG.search(text):
        return ""
    wrong = r"[^，,。]{0,8}?(?:错|不对|有误|改|换|更正)"
    if re.search(rf"(?:电话|手机|号码|尾号){wrong}|改(?:一?下)?(?:电话|手机|号码)", text):
        return PHONE
    if re.search(rf"(?:名字?|姓名?){wrong}|改(?:一?下)?(?:名|姓)", text):
        return NAME
    return ""


def company_said(text: str) -> bool | None:
    """Whether somebody comes along, as the sentence says; None: it says nothing of it."""
    if _NO_COMPANY.search(text):
        return False
    found = find_companion(text)
    return found.comes if found else None


def as_draft(booking: Booking) -> Draft:
    """The booking as one in the making, so that it is put right as one is."""
    return Draft(
        course=booking.slot.course,
        slot_id=booking.slot.id,
        name=booking.name,
        phone=booking.phone,
        companion=booking.companion,
        access_needs=booking.access_needs,
        needs_settled=True,
        booked_by=booking.booked_by,
    )


def take_details(draft: Draft, heard: Heard, notes: list[Note] | None = None) -> Draft:
    """The draft with what the sentence puts right in it."""
    text, before = heard.text, draft
    notes = [] if notes is None else notes
    company = company_said(text)
    draft = replace(take_needs(draft, heard), company_told=False)
    dropped = {need.need for need in find_access_needs(text) if _DROPPED.match(text[need.end :])}
    kept = tuple(need for need in draft.access_needs if need not in dropped)
    draft = replace(draft, access_needs=kept)
    draft = draft if company is None else replace(draft, companion=company)
    draft = _with_name(draft, heard)
    return _with_phone(draft, heard, notes, named=draft.name != before.name)


def _with_phone(draft: Draft, heard: Heard, notes: list[Note], *, named: bool) -> Draft:
    text, number = heard.text, draft.phone
    whole = [e.value for e in heard.all("phone") if len(e.value) == MOBILE_DIGITS]
    if number in whole and _WRONG.search(text):
        return replace(draft, phone=next((w for w in whole[::-1] if w != number), number))
    if draft.asked == Question.PHONE and not mended_phone(number, text, read_back=True):
        # Said anew, perhaps in pieces: the old number is none of them.
        told = take_phone(replace(draft, phone=""), heard, notes)
        return told if told.phone else replace(told, phone=number)
    about = _OF_THE_PHONE.search(text) and (_WRONG.search(text) or mended_phone(number, text))
    said = parse_phone(text)
    instead = said is not None and said.complete and bool(_WRONG.search(text)) and not named
    asked = draft.asked in (Question.CONFIRM, Question.PHONE)
    asked = asked or bool(mended_digits(text))
    mended = asked and mended_phone(number, text, read_back=True)
    return take_phone(draft, heard, notes) if about or mended or instead else draft


def _with_name(draft: Draft, heard: Heard) -> Draft:
    due = draft.asked == Question.NAME
    if draft.name == NAME_LATER and heard.first("name"):
        return take_name(draft, heard)
    mended = mended_name(draft.name, heard.text) if draft.name else ""
    surely = _OF_THE_NAME.search(heard.text) or _WRONG.search(heard.text)
    if mended and surely and not _OF_THE_PHONE.search(heard.text):
        return replace(draft, name=mended)
    if due:
        name = take_name(draft, heard).name
        return replace(draft, name=name if name != draft.name else bare_name(heard) or draft.name)
    named = _OF_THE_NAME.search(heard.text) and _WRONG.search(heard.text)
    return take_name(draft, heard) if named and heard.first("name") else draft


def begin(change: Change, heard: Heard, booking: Booking) -> Change:
    """The change once its booking is known: with what was told, and what is still to be said."""
    before, notes = as_draft(booking), list[Note]()
    wish = take_details(before, heard, notes)
    change = replace(change, wish=wish, version=booking.sequence, told={})
    if _blank(wish) != _blank(before):
        return replace(change, due="")
    return replace(
        change,
        due=field_wrong(heard.text) or (ANY if notes or calls_wrong(heard.text) else NOTHING),
    )


def _blank(draft: Draft) -> Draft:
    return replace(draft, asked="", phone_part="", needs_settled=True)


_LEAVES = re.compile(
    r"算了|拉倒|不(?:用|想|要)?(?:改|动|加|换)了?(?!成|到)|别(?:改|动|加|换)|先不|保持|原来(?:的|那样)|没(?:事|有)了?$"
)
_DOES = re.compile(r"[改加添记换]|去掉|划掉|确定|确认|就这样")


def absorb_amendment(
    change: Change, heard: Heard, booking: Booking
) -> tuple[Change, bool, tuple[Note, ...]]:
    """The change after one sentence, whether it brought anything, and what to tell besides."""
    notes = list[Note]()
    if _MOVES.search(heard.text) and not _LEAVES.search(heard.text):
        return replace(change, kind="reschedule", wish=Draft(), due="", asked=""), True, ()
    if heard.intent == "cancel_booking" and _GIVES_UP.search(_KIN_STAYS.sub("", heard.text)):
        return replace(change, kind="cancel", wish=Draft(), due="", asked=""), True, ()
    asked = _asked(change)
    wish = take_details(replace(change.wish, asked=asked), heard, notes)
    if _blank(wish) != _blank(change.wish):
        return replace(change, wish=replace(wish, asked=""), due=""), True, tuple(notes)
    if notes:
        part = replace(change.wish, phone_part=wish.phone_part)
        return replace(change, wish=part, due=PHONE), True, tuple(notes)
    if _LEAVES.search(heard.text):
        return replace(change, refused=True), True, ()
    wrong = field_wrong(heard.text)
    if wrong and wrong != change.due:
        return replace(change, due=wrong), True, ()
    return _answered(change, heard)


def _answered(change: Change, heard: Heard) -> tuple[Change, bool, tuple[Note, ...]]:
    """A yes or no that names nothing new."""
    says_no = heard.intent in ("deny", "skip", "correct")
    if change.asked == Ask.DETAIL:
        return (replace(change, refused=True), True, ()) if says_no else (change, False, ())
    yes = only_agrees(heard.text) or agrees(heard.text)
    yes = yes or (heard.intent == "affirm" and only_states(heard.text))
    if yes or (_DOES.search(heard.text) and only_states(heard.text)):
        return replace(change, confirmed=True), True, ()
    return (replace(change, due=ANY), True, ()) if says_no else (change, False, ())


_QUESTIONS = {NAME: Question.NAME, PHONE: Question.PHONE}


def _asked(change: Change) -> str:
    if change.asked == Ask.CONFIRM:
        return Question.CONFIRM.value
    due = _QUESTIONS.get(change.due)
    return due.value if due else ""


def differences(booking: Booking, wish: Draft) -> dict[str, Any]:
    """The fields of `TrainingPlaces.amend` that the wish has otherwise than the booking."""
    fields = ("name", "phone", "companion", "access_needs")
    return {f: getattr(wish, f) for f in fields if getattr(wish, f) != getattr(booking, f)}
