"""Wishes that the words of a sentence settle, whatever a classifier hears in it.

Some sentences hold two intents, of which only one is meant: anger that ends in a wish for a person,
a 算了 that ends in 继续, a booking that is told of only to be moved or given up, a question about
dates that ends in 给我报上.
"""

from __future__ import annotations

import re

from core.spoken.company import KIN

_PART = re.compile(r"[\s，,。.！!；;、…~]+|(?<=[?？])")
_ASKS = re.compile(
    r"[?？]|[吗么嘛]$|怎么|咋|多[少久长]|为什么|为啥|能不能|可不可以|行不行|会不会|啥|什么"
)

_HUMAN = (
    r"(?:真人|活人|人工|客服|坐席|座席|工作人员|管事(?:儿)?的|负责人|领导|接线员|话务员)"
    r"(?![那这话]|的?[班课])"
)
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
    r"(?:我|俺)(?:有|那|的)一?[个节门][^，,。]{0,8}(?:班|课|培训|预约)"
    r"|(?<![不没别])(?:约|报|订)(?:重|多|错|岔)了|(?<![不没别])(?:约|报|定|订|登记|预约|预定|预订|报名|选)(?:好|上|下)?(?:了|过|好的|下的|上的)"
    r"|(?:约|报|定|订)(?:好|下)(?=的|[，,。\s]|$)|(?:约|报|定|订)上(?=的)|报(?:过|了|好了?|上了?)名|占了(?:个)?(?:名额|位)"
    r"|(?:我|俺|之前|以前|上次|上回|前[天两]|原[来先]|本来)[^，,。]{0,6}(?:约|报|定|订)的"
    r"|(?:预约|编|单)号(?:码)?[是叫：:\s]*[0-9０-９零〇二两三五六七八洞拐]{2}"
)
_NOT_GOING = re.compile(
    r"(?:不|没法|没办法|没空|没时间)(?:想|打算|能)?(?:再)?(?:去|来|上|参加|学)(?:上|成)?(?:课|培训)?(?:了|啦)"
    r"|(?:去|来|上|参加|学)不(?:了|成|上|得|去)(?:课)?(?:了|啦)?|没法(?:去|来|上|参加|学)|不去(?:$|了|啦|上课)"
    r"|(?:给我|给俺|帮我|帮俺|想|要|得|就|全)(?:退|撤|销|取消|划|作废)(?:了|掉|吧|一下|$)"
    r"|(?:退|撤|销|取消|划)(?:了|掉|喽|一下)(?:吧|得了)?(?=[，,。\s]|$)|取消(?:$|吧|一下|掉|它)|不要了$"
    r"|(?:取消|退|撤|销)(?:掉|了)?(?:其中|里头)?(?:的|那|这)?一个"
)
_CANCELS = re.compile(
    r"(?:把|将)[^，,。]{1,20}?(?:取消|退|撤|销|划)(?:了|掉|吧|一下)|(?:取消|退掉|退了)(?:我|俺)(?:的|那|约|报)"
)
_ONE = r"(?:班|课|培训|期|场|[那这]个|的)"
_GIVEN_UP = re.compile(
    r"(?:^|来电人?|求助人|本人|(?:我|俺)?(?:想|要|得)|[帮给替](?:我|俺|忙)|请|麻烦|只|就|光|先)(?:把)?"
    r"(?:取消|退(?=课|班|掉|订|报名|名额|[：:]|[\u4e00-\u9fff]{2,}))(?!一[条步]|[下回到上]|休|伍|役|学|税|钱|款|费|出|低保|补贴|资格|证)"
    rf"|{_ONE}(?:给我|给俺|我|俺|都|就|先|全|也|想)*(?:退|撤|取消|销)(?:了|掉|喽|一下|吧)"
    rf"|{_ONE}(?:我|俺|她|他|就|都|也|先|想)*(?:不|没法|没空)(?:想|能)?(?:再)?(?:去|来|上|学|参加)(?:成)?(?:了|啦|喽)"
    r"|[\d〇零一二三四五六七八九幺]{3}[那个这\s]*(?:给我|我)?(?:退|取消|撤)(?:了|掉|喽|吧|一下)|报(?:重|多|岔)了"
    rf"|(?:有|我那|那)(?:一)?[个节门](?:班|课|培训)[^，,。]{{0,4}}(?:退|取消|不去|不上)"
)
_OF_MONEY = re.compile(r"退休|退伍|退役|退税|退钱|退款|低保|补贴|资格|残疾人?证")
_DAY = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十廿]{1,3}[号日月])"
_PUT_OFF = re.compile(
    rf"(?:改|换|挪|串|推|移|调)(?:到|成|在|为|至)?(?:个)?(?:下(?=周|个?月|礼拜|星期)|这|本|月|周|星期|礼拜|后天|明天|大后天|最[早晚]|{_DAY}|[上下]午|早上|[下前后]一?[期场班])"
    rf"|(?:[帮给替](?:我|俺)|就|想|要|得)(?:改|换|挪|串|推)(?:到|成|个|过去|过来|[那这]个|别的|另)"
    rf"|往[前后](?:提|推|挪|串|改|调|移|延)|[提](?:前|到){_DAY}|(?:改|换|挪)(?:到|成)?[\u4e00-\u9fff]{{2,4}}的?(?:{_DAY}|下一?期|那[个期场])"
)
_OF_A_FIELD = re.compile(r"电话|手机(?!维?修)|号码|尾号|名字?|姓|[条遍]|材料|轮椅|手语|陪")
_ASKS_TO_MOVE = re.compile(rf"[帮给替](?:我|俺)(?:改|换|挪|串|推)|{_BOOKED.pattern}")
_MENDS = re.compile(r"不对|说错|弄错|不是(?!还)")
_TRADES = re.compile(
    r"(?:候补|排队|排着|等位)[^，,。]{0,4}(?:不|别|甭)(?:再)?(?:等|排|要|用)|(?:不|别|甭)(?:再)?(?:等|排)(?:候补|队|位)|候补[^，,。]{0,4}(?:撤|拿掉|取消|退|不要)"
)
_TO_BOOK = r"(?:报|预约|预订|约|订|登记|记|占|留)"
_BOOKS = re.compile(
    rf"(?:给|帮|替|代|为)(?:我|俺|咱|他|她|孩子|来电人|求助人|群众|{KIN})(?:们|妈|爸|家|那口子|也|再|都|就|先|{KIN})*{_TO_BOOK}"
    r"(?!警|案|销|告|个?警|错|成|账|仇|答|复|考|税|废|失|料|刊|道|社)"
    r"|(?:我|俺|咱)(?:就|想|要|也|来|还|得|打算|寻思)*(?:报|预约|约)(?![的了过])(?=上|个|一|名|那|这|最|第|下|后|前|头|[\u4e00-\u9fff]{2,8}(?:班|课|期|场|的)|(?!考|销|案|税|废|失|料|刊|道|社|仇|答|告|复|账|过)[\u4e00-\u9fff]{2,16}(?:$|[\d])|$)"
    r"(?!名费|下了|上了|名了|过|个?警)"
    r"|(?:报|约)(?:上)?(?:一)?个(?:名)?(?:吧|呗|$)|算(?:我|俺)一个|^(?:来电人|求助人)?(?:要|想|就)?报(?!名|的|了|过|考|销|警|案|税|废|失|料|刊|道|社|仇|答|告|复|账|到|纸|表|价|团)[\u4e00-\u9fff]{2,}|就报(?!了|名费|警|销)"
    r"|(?:我|俺|咱)(?:也|就|还|都)*(?:想|要|得)(?:去|上|参加|学)(?:$|吧$|呢$)"
)
_NO_BOOKING = re.compile(
    rf"{_ASKS.pattern}|候补|排队|[查看]一?[下看]|作数|[报约订留记]的$|没有$|别|不(?:想|要|用|能)?(?:报|约|订)|个?数$|不是"
)
_AGAIN = re.compile(
    r"(?:再|重新?)(?:给我|跟我)?(?:说|念|讲|读|来)(?:一|两)?(?:遍|次|下)|你?(?:刚才|刚刚|方才)(?:说|念|问)(?:的)?(?:到)?(?:啥|什么|哪儿?)(?:来着|了)?"
    r"|^喂+[，,。？?！!\s]*(?:喂*|咋|怎么)?(?:没声|听不[见着清]|听得[见着])|没声[儿了]|听不(?:清|着|见)(?:你)?(?:说|了|啊|$)"
)
_MOVED = re.compile(
    r"改(?:成|到|天|期|时间|日子|签|约|(?:个|一下|一?个)(?:时间|日子|日期|天|期))|挪(?:到|一下|个|后|前)|推(?:迟|后|到)"
    r"|换(?:到|(?:个|一?个|一下|下)?(?:时间|日子|日期|天|期|场|[上下]午))|提(?:前)?(?:到|至)|提前(?=一?[期天周])|延(?:期|后)|串(?:到|个|一下)|往[后前](?:挪|推|串|延)"
    r"|(?:别的|其他|另外的?|下一?)(?:时间|日子|日期|天|期|场).{0,4}(?:行|可以|中|成|吧|有)"
)
_PUTS = re.compile(
    r"把(?![^，,。]*(?:电话|手机|号码|名|姓|陪|轮椅|材料|手语|翻译|字))[^，,。]{2,15}(?:那|班|课|场|期)[^，,。]{0,3}?"
    r"(?:改|换|挪|串|推)(?:成|到|个|一下|至)"
)
_KEPT = re.compile(
    r"别(?:给我)?(?:取消|退|撤)|不(?:想|打算|能|用)?(?:取消|退|撤)|怎么|咋|能不能|可以"
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
    if _moves_booking(said) or _puts_off(said):
        return "reschedule_booking"
    return "cancel_booking" if _gives_up_booking(said) else ""


def likely_wish(text: str) -> str:
    """repeat, reschedule_booking, book_course or my_bookings where the words speak for it.

    They count if nothing else is surer; empty where they speak for none.
    """
    said = text.strip()
    if len(said) <= _LONGEST_AGAIN and _AGAIN.search(said):
        return "repeat"
    if _names_another_day(said) and not _KEPT.search(said):
        return "reschedule_booking"
    if _books(said):
        return "book_course"
    # 我在你们那儿报了俩班: told of as made, and not yet said what for.
    return "my_bookings" if tells_of_booking(said) and not _OF_TIME.search(said) else ""


_OF_A_CHANGE = re.compile(
    r"取消|退(?![休伍学役耕])|撤|销|作废|改|换|挪|推(?!拿)|延|串|编号|单号|预约|报|约|订|登记|名额"
    r"|(?<!考)(?:不|没法|没空)(?:想|能|打算)?(?:再)?(?:去|来|参加|要|上|学)|(?<!考)(?:去|来|上)不(?:了|成|上)"
)


def only_sounds_like_change(text: str, intent: str) -> bool:
    """Whether a wish to cancel or move a booking is a classifier's word alone: 早不念了."""
    changes = intent in ("cancel_booking", "reschedule_booking")
    return changes and not _OF_A_CHANGE.search(text)


_CHANGES = re.compile(
    r"取消|退(?![休伍学役耕])|撤|销|作废|改|换|挪|推(?!拿)|延|串|编号|单号|(?:不|没法|没空)(?:想|能|打算)?(?:再)?(?:去|来|参加|上(?!.?班)|学)|(?:去|来|上)不(?:了|成|上)"
)


_NO_CHANGE = re.compile(r"(?:别|不用|不要)(?:给我|给俺|再)?(?:换|改|挪|退|取消)[^，,。]*")


def speaks_of_change(text: str) -> bool:
    """Whether any word of it is about giving up or moving what was booked."""
    text = _NO_CHANGE.sub("", text)
    return bool(_CHANGES.search(text)) or tells_of_booking(text)


def asks_for_place(text: str) -> bool:
    """Whether the words ask for a place on a course, and neither how nor whether."""
    return _books(text.strip())


_FREE_PLACE = re.compile(
    r"(?:还|有没)?有(?:没有)?(?:空|多余|富余)?(?:地方|地儿|位置|位子|位|名额|空位|座)(?:了)?(?:没有?|吗|么|不|呢|[?？]|$)"
    r"|有没有(?:空|多余)?(?:地方|地儿|位|名额|座)|满(?:员|了|没满)*(?:没有?|吗|么|[?？])"
    r"|还(?:收|要|招)(?:人|学员)?(?:不|吗|么)|(?:还能|能不能|报得)(?:报|约)?上(?:不|吗|么|[?？])"
    r"|还(?:剩|有)[^，,。]{0,3}(?:位|名额|地方|座)(?:没|吗|么|[?？]|$)"
)


def asks_what_is_free(text: str) -> bool:
    """Whether it asks if a course still has a place: 那个面点还有地方没."""
    return bool(_FREE_PLACE.search(text))


_SAME_CLASS = re.compile(
    r"(?:同|一样的?|同样|[跟和与](?:我|俺|他|她))[^，,。]{0,3}?一?个?(?:班|课|期|场)|(?:也|还)(?:是|报|上|要|学|约)*(?:这|那|刚才那|同)一?个?(?:班|课|期|场)"
)


def says_same_class(text: str) -> bool:
    """Whether the date booked just before is meant: 跟我同一个班, 也是这个班."""
    return bool(_SAME_CLASS.search(text))


_NEVER_BOOKED = re.compile(
    r"(?:没|没有|从来没|从没|压根儿?没|还没|哪)(?:有)?(?:约|报|预约|订|登记)(?:过|名|上|呢|啊|$|[，,。])"
    r"|(?:不是(?:要|想|说)|没(?:想|说|要))(?:要)?(?:取消|退|改)(?!.*(?:是|要|想)(?:取消|退|改|换|挪))"
)


def never_booked(text: str) -> bool:
    """Whether it says that there is no booking, or that none shall be changed."""
    return bool(_NEVER_BOOKED.search(text))


_NOT_TO_BOOK = re.compile(
    r"(?:那|就|算了|还是|先|行|好|我|俺)*不(?:想)?(?:报|约|订|登记)(?:名)?(?:了|啦)(?:吧|啊|呗|哈|呢)*"
)


def lets_be(text: str, *, just_asked: bool) -> bool:
    """Whether it only says that nothing shall be booked: 那就不报了.

    `just_asked`: courses were read out before, so that a bare 不报了 is of these.
    """
    if _BOOKED.search(text):
        return False
    said = [part for part in _PART.split(text) if _NOT_TO_BOOK.fullmatch(part)]
    return any(just_asked or part.startswith(("那", "算了", "就")) for part in said)


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


_OF_TIME = re.compile(rf"{_ASKS.pattern}|几[点号天时]|哪")


def tells_of_booking(text: str) -> bool:
    """Whether a booking is told of as made: 我约了…, 上次报的…"""
    return bool(_BOOKED.search(text))


def _names_another_day(text: str) -> bool:
    """Whether a part of it wishes another day, and asks not how. Blanks may stand anywhere."""
    parts = {*_PART.split(text), *_PART.split(re.sub(r"\s+", "", text))}
    put_off = (part for part in parts if _PUT_OFF.search(part))
    return any(not _HOW.search(part) and not _OF_A_FIELD.search(part) for part in put_off)


def _puts_off(text: str) -> bool:
    """Whether a day is wished in the place of another: 12号改28号; 候补不等了，给我报月底那期."""
    if _names_another_day(text):
        mends_only = _MENDS.search(text) and not _ASKS_TO_MOVE.search(text)
        return not _KEPT.search(text) and not mends_only
    return bool(_TRADES.search(text)) and _books(text)


def _moves_booking(text: str) -> bool:
    """Whether a booking is told of as made, and then wished for another time."""
    if _PUTS.search(text) and not _HOW.search(text):
        return True
    if not _BOOKED.search(text) or _NOT_MOVED.search(text):
        return False
    return any(_MOVED.search(part) and not _HOW.search(part) for part in _PART.split(text))


def _gives_up_booking(text: str) -> bool:
    """Whether a booking is told of as made, and then as not wanted any more."""
    if _CANCELS.search(text) and not _KEPT.search(text):
        return True
    given_up = any(_GIVEN_UP.search(p) and not _ASKS.search(p) for p in _PART.split(text))
    if given_up and not _OF_MONEY.search(text) and not _HOW.search(text):
        return not re.search(r"(?:先|暂时)?(?:别|不)(?:给我)?(?:退|取消)", text)
    booked, gone = _BOOKED.search(text), _NOT_GOING.search(text)
    if not booked or not gone or _OTHER_WISH.search(text):
        return False
    return not any(_ASKS.search(part) for part in _PART.split(text))


def _books(text: str) -> bool:
    """Whether one part of it asks for a place, and neither how nor whether."""
    parts = {*_PART.split(text), *_PART.split(re.sub(r"\s+", "", text))}
    return any(_BOOKS.search(part) and not _NO_BOOKING.search(part) for part in parts)


_LONGEST_AGAIN = 25
"""Characters; a longer sentence tells something else as well."""
