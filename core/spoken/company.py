"""Whether somebody comes along: 我外甥领我去, 用不着人陪, 我爱人不去, 娘俩一块儿.

People say several things about it and mend them, so every stretch that says something is read, and
the last one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

KIN = (
    r"(?:(?:外|表|堂|大|小|老|二|三)?(?:外甥女?|侄[子女儿]?|孙[子女]|甥女?|姑爷?|姑姑|舅舅?|舅妈|舅母|姨妈?|姨夫|叔叔?|婶子?|大爷|大娘"
    r"|大伯|伯[父母]|姐夫?|姐姐|妹夫?|妹妹|哥哥?|弟弟?|弟妹|弟媳|嫂子?))"
    r"|老(?:爸|妈|头子|头儿?|太太)|娃娃?"
    r"|妈妈?|爸爸?|爹|娘(?!俩)|母亲|父亲|爸妈|父母|老伴|爱人|媳妇|老婆|老公|丈夫|妻子|对象|男朋友|女朋友|家属|家里人|家里头|家人|家长"
    r"|儿子|儿媳妇?|闺女|女儿|姑娘|女婿|孩子|小孩|小子|丫头|姥姥|姥爷|爷爷|奶奶|公公|婆婆|丈母娘|丈人|岳[父母]"
    r"|那口子|亲戚|朋友|邻居|护工|保姆|护理(?:员|工)?(?!补|费|级)|陪护|助理|同学|同事|工友|老乡|发小|监护人|伙伴|战友|同伴|伴(?=儿|$)"
)
_ME = r"(?:我|俺|咱|他|她|孩子|老人|本人)"
_NO = r"(?:不用|不要|不需要|不需|不必|用不着|不愿意|不想|不让|不带|不找|没有?|甭|别|无需|无|免)"
_ENOUGH = r"(?=[，,。；;！!、\s]|$)"
_STOPS = r"[^，,。；;！!？?、\s]"
# 陪 and 领 say it of anybody; 送 and 带 only with the one who is brought.
_BRINGS = (
    rf"(?:陪|领(?!取|到|补|钱|证|多少|不(?:了|$|[，,。?？])|吗|啥|什么|[?？])|搀|扶|推|背|牵|驮|拽|伺候|照看|照应|照料|看护|护送|接送|一起|一块儿?|一道|一同|同去|跟着?(?:{_ME}|去|来|过去|着|$)"
    rf"|跟随|[送带拉载](?:着|上)?(?:{_ME}|{_ENOUGH})|照顾{_ME})"
)
_ALONE_WORD = r"(?:自己个?儿?|自个儿?|独自|单独|一个人|一人|独个儿?|单个儿?)"
_GOES = r"(?:去|来|到|走|上课|过去|过来|能去|能来|就行|就中|就成|能行|可以|行|就够|够)"
_ALONE = re.compile(
    rf"{_ALONE_WORD}(?:一个人|就|能|可以|也|都|坐车|打车|开车|走着?|摸着|慢慢|[会要])*{_GOES}(?!不|没|[的]话)"
    rf"|就(?:是)?{_ME}(?:自己|自个儿?|一个人?|一人){_ENOUGH}|(?:^|[，,。\s])(?:上课|听课|到时候?)?{_ME}?(?:就|是)?{_ALONE_WORD}{_ENOUGH}"
)
_UNABLE = re.compile(
    rf"(?:不(?:能|敢|想|方便|放心)?|没法|没办法|不好)(?:让)?{_ME}?$|(?:要|如果)是?{_ME}?$"
)
_NOT_ALONE = re.compile(rf"(?:不是|不光|不止|不只)(?:是)?{_ME}?$")
_NOBODY = re.compile(
    rf"{_NO}(?:什么|啥|任何|别|其他|其它|旁|安排|找|让|带|有|再|特意|专门|个|谁|{KIN}|儿)*人?(?:来|给|去|{_ME})*(?:陪|领|搀|扶|推|跟|照顾|伺候|送|带(?={_ME}|$|[，。]))"
    rf"|(?:不带|没带|别带)(?:别的|其他|什么|啥|任何)?(?:人|{KIN})|无陪同?|陪(?:的|同|我)?的?人?(?:员|的)?(?:没有?|无)(?!关系|事)|没(?:有)?(?:个)?伴儿?{_ENOUGH}|没(?:有)?人(?:跟|同)"
    r"|谁(?:也|都)(?:不|没)(?:用|让)?(?:带|陪|跟|领|找)|没(?:有)?别人|(?:就|只)(?:有)?(?:我|俺)(?:一个|自己)"
)
_STAYS = re.compile(
    rf"(?:{KIN})儿?(?:就|也|都|又|这回|那天|到时候?|可能|[她他])*"
    r"(?:不(?:跟|陪|去|来|用去|用来|用陪|能去|能来|能陪)|没空|没时间|没工夫|走不开|脱不开"
    rf"|(?:去|来|陪|跟|送)不(?:了|成|上)(?:{_ME})?)"
)
_COMES = re.compile(
    rf"(?:{KIN})儿?(?:[^，,。；;！!？?、\s不没别]{{0,5}}?){_BRINGS}|(?:{KIN})儿?(?:也|会)+(?:去|来|过去|到)"
    rf"|(?:有|得|要|需要|找|来|带|领|让|叫|请|派)(?:着|上|有|个|一个|了|{_ME})*人(?:来|给|去|在|能|会|要)*{_BRINGS}(?!路)"
    rf"|(?:带|领)(?:着|上)?(?:个|一个|一位|{_ME})*(?:人(?!员?民|事)|{KIN}|陪同)|(?:有|需要|要|得|带)(?:个|有)?(?:陪同|陪护|伴儿?)"
    rf"|(?:跟|和|同|与|随|让|找|叫|喊|请)(?:着)?{_ME}?(?:{KIN}|他|她|人|个人)儿?(?:们|[两俩]个?人?|都)*(?:一起|一块儿?|一道|一同|同去|结伴|搭伴|陪|去|来|过去)"
    rf"|(?:我|俺|他|她)(?:也|会|能|要|可以|得|来|去|自己|全程|一直|到时候?|肯定|指定|亲自|都|就)*(?:陪|跟着?|带着?|领着?|推着?|搀着?|扶着?|背着?|牵着?|送)"
    rf"(?:着)?(?:他|她|孩子|老人|我|俺|{KIN})|(?:由|有)(?:我|俺)(?:陪|跟|领|带|照顾)"
    r"|(?:我|俺)(?:陪着|跟着|也去|也跟|一起去|一块儿?去|一道去)"
    r"|(?:陪|领|搀|扶|推|背|牵|驮|拉|带|送)着?(?:我|俺)(?:去|来|过去|过来|上课|到|一起|一块)"
    r"|[两俩三]个?人(?:一起|一块儿?|一道|都去|去|来)|(?:我们|俺们|咱|我)[两俩](?:个)?(?:人)?(?:一起|一块儿?|一道|都|去|来)"
    r"|(?:娘|爷|姐|哥|母女|母子|父子|夫妻|祖孙)[俩两](?:个)?(?:儿)?|老?两口子?|陪同(?:人员|的是)|有陪同|陪同(?:人)?[：:\s]*(?:其|由|本人)?(?:妻|夫|子|女|母|父|兄|姐|弟|妹)|其(?:妻|夫|子|女|母|父|兄|姐|弟|妹)[^，,。]{0,4}陪|[搭结做作]个?伴"
)
_DENIED = re.compile(rf"(?:{_NO}|不是)(?:{_STOPS}{{0,5}})$|[不没]$")
_OF_THE_VENUE = re.compile(r"谁|哪个人|志愿者|工作人员|你们|引导|培训中心|残联的?人")
# 我弟弟在家陪我呢: somebody is there now, and nobody comes along.
_NOW = re.compile(
    rf"在(?:家|屋|医院|炕)里?{_STOPS}{{0,2}}陪|(?:现在|这会儿|眼下){_STOPS}{{0,8}}陪"
    rf"|在(?:旁边|身边|跟前儿?|边上){_STOPS}{{0,2}}陪(?:着)?{_ME}?呢"
)
_BARE_KIN = re.compile(
    rf"(?:^|[，,。\s])(?:有(?:人|的)?[，,\s]*)?(?:我|俺|咱|他|她)?(?:的|家)?(?:{KIN})儿?(?:去|来|吧|呗|啊|跟)?{_ENOUGH}"
)
_BARE_ANSWER = re.compile(r"(?:^|[，,。\s])(?P<no>没|没有)?(?:有)?人(?:的)?(?=[，,。；;！!\s]|$)")


@dataclass(frozen=True)
class Companion:
    comes: bool
    """Whether somebody comes along."""
    start: int
    end: int


def find_companion(text: str, *, asked: bool = False) -> Companion | None:
    """Whether the person says that somebody comes along, or nobody; None: not said.

    `asked`: in answer to whether somebody comes, naming one (我儿子) or 有人 is enough.
    """
    said = list(_said(text))
    if not said and " " in text:
        # Deaf writers set blanks between words: 我 姐姐 陪同.
        told = list(_said(re.sub(r"\s+", "", text)))
        # Only its first character is marked: what else stands there is told as well.
        said = [Companion(c.comes, 0, 1) for c in told[-1:]]
    if not said and asked:
        said = list(_answered(text))
    return max(said, key=lambda c: (c.end, -c.start)) if said else None


def _said(text: str) -> Iterator[Companion]:
    for match in _ALONE.finditer(text):
        if _NOT_ALONE.search(text[: match.start()]):
            yield Companion(True, *match.span())
        elif not _UNABLE.search(text[: match.start()]):
            yield Companion(False, *match.span())
    for pattern in (_NOBODY, _STAYS):
        for match in pattern.finditer(text):
            yield Companion(False, *match.span())
    for match in _COMES.finditer(text):
        around = text[max(0, match.start() - 6) : match.end()]
        if not _OF_THE_VENUE.search(around) and not _NOW.search(around + text[match.end() :][:4]):
            unable = re.match(r"不(?:了|成|上|动)", text[match.end() :])
            denied = unable or _DENIED.search(text[: match.start()])
            yield Companion(not denied, *match.span())


def _answered(text: str) -> Iterator[Companion]:
    for match in _BARE_KIN.finditer(text):
        yield Companion(True, *match.span())
    for match in _BARE_ANSWER.finditer(text):
        yield Companion(not match["no"], *match.span())
