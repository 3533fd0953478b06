"""A no to what was read back: which field it is about, or the question what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace

from core.booking_draft import Draft, Heard, Note, Question

_FIELD = (
    r"^(?:不[是对])?(?:是|就是|那个)?(?:我的?)?(?:{})(?:那[项个儿]|这[个项])?"
    r"(?:写|说|记|弄|念|听|好像|有点)?(?:不对|错了?|有问题|有误|要改|改一下|得改|改改|不是这个)了?$"
)
_FIELDS = {
    "phone": re.compile(_FIELD.format("电话|手机|号码|手机号|电话号|手机号码|电话号码")),
    "name": re.compile(_FIELD.format("名字|姓名|名|名儿")),
    "slot": re.compile(_FIELD.format("时间|日期|日子|地点|地方|班次|场次|哪一期")),
    "needs": re.compile(_FIELD.format("陪同|陪同和需要|无障碍|需要")),
    "course": re.compile(_FIELD.format("课程|课|班|培训班")),
}
_BLANK: dict[str, dict[str, object]] = {
    "phone": {"phone": "", "phone_part": "", "phone_refused": False},
    "name": {"name": ""},
    "slot": {"slot_id": "", "day_from": "", "day_to": "", "part_of_day": "", "city": ""},
    "needs": {
        "needs_settled": False,
        "companion": False,
        "company_told": False,
        "access_needs": (),
    },
    "course": {"course": "", "slot_id": "", "day_from": "", "day_to": "", "part_of_day": ""},
}
_SURE = 0.6
"""Confidence over which a no needs no such word."""
_NO = re.compile(r"[不没别错改换]|差|重")
_PARTS = re.compile(r"[\s，,。.！!；;、]+")


def take_bare_no(draft: Draft, before: Draft, heard: Heard, notes: list[Note]) -> Draft:
    """At the read-back, a no that put nothing right.

    A field that is only named (电话不对) is asked for again; else it is asked what is wrong.
    """
    if before.asked != Question.CONFIRM or heard.entities or notes:
        return draft
    if draft != replace(before, disputed=False):
        return draft
    parts = _PARTS.split(heard.text)
    named = next((f for f, said in _FIELDS.items() if any(map(said.match, parts))), None)
    if named:
        return replace(draft, confirmed=False, **_BLANK[named])  # type: ignore[arg-type]
    says_no = heard.intent in ("deny", "correct")
    if not says_no or (heard.confidence < _SURE and not _NO.search(heard.text)):
        return draft
    notes.append(Note("what_is_wrong", {}))
    return replace(draft, disputed=True)


_ALL_WRONG = re.compile(
    r"(?:哎呀?|啊|呀|等等|等会儿?|等一?下|那个|好像|[，,。\s])*"
    r"(?:不对|不是这样|[记写说弄听登报搞]*错|有(?:一?个)?地方不对|有错)(?:了|吧|啊|呀|[，,。！!\s])*"
)


def calls_wrong(text: str) -> bool:
    """Whether it says that something is wrong, and nothing else: 哎，不对, 写错了."""
    return bool(_ALL_WRONG.fullmatch(text))
