"""Wishes that the words of a sentence settle, whatever a classifier hears in it.

Three kinds of sentences hold two intents, of which only one is meant: anger that ends in a wish
for a person, a 算了 that ends in 继续, and a booking that is told of only to be given up.
"""

from __future__ import annotations

import re

_PART = re.compile(r"[\s，,。.！!；;、…~]+")
_ASKS = re.compile(
    r"[?？]|[吗么嘛]$|怎么|咋|多[少久长]|为什么|为啥|能不能|可不可以|行不行|会不会|啥|什么"
)

_HUMAN = r"(?:真人|活人|人工|客服|坐席|座席|工作人员|管事(?:儿)?的|负责人|领导|接线员|话务员)"
_PERSON = re.compile(
    rf"(?:转|接|叫|找|换|要|来|派|喊|唤|请|上)(?:接|到|来|个|一个|一下|你们|你们的|给我)*{_HUMAN}"
    r"|(?:换|找|叫|来|派|喊|让)(?:个|一个)?(?:别|明白|懂行|能说话|会说话|能听懂)?的?人(?:来|跟我|和我|说|接|听|给我)"
    r"|(?:让|叫)(?:个|一个)?(?:你们)?(?:的)?人(?:来|接|跟我|和我|给我|打|回)"
    r"|(?:跟|和|同)(?:真|活)?人(?:说|讲|唠|谈|聊|通话)"
    r"|人工(?:服务|客服|坐席|座席)?(?:吧|呢|在哪)?$"
)
# Somebody at the venue, or one who takes down a name later, is no wish to talk to a person now.
_OTHER_HELP = re.compile(r"引导|陪|领路|带路|接我|[扶推搀]我|推轮椅|翻译|确认|核实|名字")
_NO_PERSON = re.compile(
    rf"(?:不用|别|不要|不必|甭|不想|用不着)(?:给我|再)?(?:转|接|叫|找|换|来|派|喊)"
    rf"|(?:不用|不要|用不着|没有?){_HUMAN}|不找|不转"
)

_GO_ON = re.compile(
    r"(?:好|行|嗯|那|咱们?|我们?|就|先|还是|你|您|请)*"
    r"(?:继续|接着|接茬)(?:往下|给我)?(?:办|来|说|弄|整|约|报|走|进行|填|订|登记)?(?:下去)?"
    r"(?:就行|得了|吧|呗|了|啊|哈|啦)*"
)
_NOT_ON = re.compile(r"(?:不|别|甭|先不|不想|没法)(?:要|再|用|想)?(?:继续|接着|往下)")

_BOOKED = re.compile(
    r"(?:约|报|定|订|登记|预约|预定|预订|报名|选)(?:好|上|下)?(?:了|过|好的|下的|上的)"
    r"|(?:约|报|定|订)(?:好|上|下)(?=的|[，,。\s]|$)|报(?:过|了|好了?|上了?)名|占了(?:个)?(?:名额|位)"
    r"|(?:我|俺|之前|以前|上次|上回|前[天两])[^，,。]{0,6}(?:约|报|定|订)的"
)
_NOT_GOING = re.compile(
    r"(?:不|没法|没办法|没空|没时间)(?:想|打算|能)?(?:再)?(?:去|来|上|参加|学)(?:上|成)?(?:课|培训)?(?:了|啦)"
    r"|(?:去|来|上|参加|学)不(?:了|成|上|得|去)(?:课)?(?:了|啦)?|没法(?:去|来|上|参加|学)|不去(?:$|了|啦|上课)"
    r"|(?:给我|给俺|帮我|帮俺|想|要|得|就|全)(?:退|撤|销|取消|划|作废)(?:了|掉|吧|一下|$)"
    r"|(?:退|撤|销|取消|划)(?:了|掉)(?:吧|得了)?$|取消(?:$|吧|一下|掉|它)|不要了$"
)
_MOVED = re.compile(
    r"改(?:成|到|天|期|时间|日子|签|约|(?:个|一下|一?个)(?:时间|日子|日期|天|期))|挪(?:到|一下|个|后|前)|推(?:迟|后|到)"
    r"|换(?:到|(?:个|一?个|一下|下)?(?:时间|日子|日期|天|期|场|[上下]午))|延(?:期|后)|串(?:到|个|一下)|往[后前](?:挪|推|串|延)"
    r"|(?:别的|其他|另外的?|下一?)(?:时间|日子|日期|天|期|场).{0,4}(?:行|可以|中|成|吧|有)"
)
_NOT_MOVED = re.compile(
    r"(?<!能)(?:不|别|没)(?:想|打算|用|要|能)?(?:给我)?(?:再)?(?:改|换|挪|推)|(?:没|还没)(?:约|报|定|订)|再(?:约|报|定|订)"
)
_HOW = re.compile(r"怎么|咋|多[少久长]|为什么|为啥|会不会|要不要(?:钱|费)|收费")
_OTHER_WISH = re.compile(
    r"改(?:成|到|天|期|时间|个|一下|签|约)|换(?:成|到|个|一|我|他|她)|挪|推(?:迟|后)|延(?:期|后)|串(?:到|个)"
    r"|别(?:给我)?(?:取消|退|撤)|不(?:想|打算|能)?(?:取消|退|撤)|(?:没|还没)(?:约|报|定|订)|再(?:约|报|定|订)|重新"
)


def plain_wish(text: str) -> str:
    """human_handoff, continue or cancel_booking where the words leave no doubt; else empty."""
    said = text.strip()
    if _goes_on(said):
        return "continue"
    if _wants_person(said):
        return "human_handoff"
    if _moves_booking(said):
        return "reschedule_booking"
    return "cancel_booking" if _gives_up_booking(said) else ""


def _goes_on(text: str) -> bool:
    """Whether it ends in nothing but 继续: the last word counts."""
    parts = [part for part in _PART.split(text) if part]
    return bool(parts and _GO_ON.fullmatch(parts[-1])) and not _NOT_ON.search(text)


def _wants_person(text: str) -> bool:
    """Whether one part of it asks for a person, and does not ask how or whether."""
    if _NO_PERSON.search(text) or _OTHER_HELP.search(text):
        return False
    parts = _PART.split(text)
    return any(_PERSON.search(part) and not _ASKS.search(part) for part in parts)


def tells_of_booking(text: str) -> bool:
    """Whether a booking is told of as made: 我约了…, 上次报的…"""
    return bool(_BOOKED.search(text))


def _moves_booking(text: str) -> bool:
    """Whether a booking is told of as made, and then wished for another time."""
    if not _BOOKED.search(text) or _NOT_MOVED.search(text):
        return False
    return any(_MOVED.search(part) and not _HOW.search(part) for part in _PART.split(text))


def _gives_up_booking(text: str) -> bool:
    """Whether a booking is told of as made, and then as not wanted any more."""
    booked, gone = _BOOKED.search(text), _NOT_GOING.search(text)
    if not booked or not gone or _OTHER_WISH.search(text):
        return False
    return not any(_ASKS.search(part) for part in _PART.split(text))
