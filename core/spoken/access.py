"""What somebody needs to take part, and whether somebody comes along."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEEDS = {
    "手语翻译": r"(?:会|懂|给我)?打手语的?|手语(?:翻译|老师|员)?|手译|哑语|手势语|打手势的?"
    r"|(?:会|懂|能|用手|给我|帮我|给俺|帮俺|跟我)(?:打)?比[划画](?:着说)?的?|比[划画]的(?:人|老师)",
    "轮椅通道": r"轮椅(?:通道|坡道|位)?|坡道|无障碍通道|无障碍(?:设施|厕所|卫生间)|电梯"
    r"|(?:没|没有|别有|不要|不带|无|少)台阶(?:的|儿)?"
    r"|(?:带)?[轱轂]辘的?(?:椅子?|车)|手?推着?的?椅子?"
    r"|台阶[^，,。]{0,3}(?:我|俺)?(?:上|爬|走)不(?:了|去|上去|动)|(?:得|要|有)(?:有)?(?:个)?坡(?:道)?$"
    r"|(?:上|爬|走)不(?:了|上去|动)(?:楼梯?|台阶)|(?:楼梯?|台阶)(?:我|俺)?(?:上|爬|走)不(?:了|去|动)",
    "盲文材料": r"盲文(?:材料|资料|教材|版)?|点字"
    r"|(?:用?手)?摸着?(?:念|读|看|认)?的(?:那种)?(?:字|书|材料|资料)"
    r"|(?:用?手|能|可以)摸(?:着|出来?)?(?:的)?字|(?:凸|[凸鼓](?:起来?|出来?)的)小?(?:字|点儿?)",
    "大字材料": r"大字(?:的|材料|资料|版|号|体)*|大号(?:的)?字|大(?:一?点儿?|一?些)的?(?:那种)?字"
    r"|字(?:儿|体|号)?(?:要|得|能不能|能)?(?:给我|给俺|帮我)?(?:印|打|弄|整|写|放|调)?[得的]?[要再]?(?:大(?:一?点|一?些|号)|放大)儿?"
    r"|(?:看|瞅|瞧)不(?:清|见|着|了)(?:楚)?(?:太|那么|这么)?小(?:的)?字儿?"
    r"|(?:小的?字|字(?:儿)?(?:太|忒)?小)了?(?:的话)?[，,]?(?:我|俺)?(?:就|都)?(?:看|瞅|瞧)不(?:清|见|着|了)楚?",
    "引导陪同": r"志愿者(?:陪同?|帮忙|引导)?|引导员|陪同引导"
    r"|(?:到|去)?(?:门口|车站)接(?:一下)?我|有人(?:领|带)路",
    "实时字幕": r"(?:实时|语音转)?字幕|速录|(?:把)?(?:说的)?话(?:能)?(?:打|变|转)成字",
    "导盲犬": r"导盲犬|导盲狗",
    "读屏软件": r"读屏(?:软件)?|屏幕朗读",
    "安静场地": r"安静(?:的|点的)?(?:地方|场地|房间|教室)",
}
KNOWN_NEEDS: tuple[str, ...] = tuple(_NEEDS)
"""What people ask for most, by the names that venues give it."""
_PATTERNS = tuple((need, re.compile(pattern)) for need, pattern in _NEEDS.items())
_REFUSED = re.compile(r"(?:不用|不要|不需要|用不着|没有|别|无需)[^，。, ]{0,4}$")
_ALONE = re.compile(
    r"(?:我|他|她)?(?:自己|一个人|自个儿?|单独)(?:一个人)?(?:去|来|上|到|报|就行)"
    r"|没人陪|不用(?:别?人)?陪|没有?(?:人)?陪同?|不带人|没人跟|不需要(?:人)?陪同?"
)
_KIN = (
    "妈妈?|爸爸?|老伴|爱人|媳妇|老婆|老公|丈夫|妻子|家属|家里人|家人|儿子|闺女|女儿|孩子|姐姐?|妹妹?|哥哥?|弟弟?"
    "|朋友|护工|对象|邻居|孙子|孙女|嫂子|姑爷|儿媳妇?|同学"
)
_TOGETHER = re.compile(
    r"(?:有|带|让|找|和|跟|领)(?:着)?(?:我|个|一个|他|她)?(?:妈妈?|爸爸?|老伴|爱人|媳妇|老公|家属|家里人|家人|儿子|闺女|女儿|"
    r"孩子|姐姐?|妹妹?|哥哥?|弟弟?|陪同(?:人员|的)?|人|朋友|护工|对象)"
    r"(?:陪(?:我|着|同)?|一起|一块儿?|跟着|同去|去|来)+|陪同人员|有陪同|需要陪同|有人陪|[两俩]个?人一起"
    # Who comes stands before it (老伴儿陪我), or speaks (我跟着他去).
    rf"|(?:{_KIN})(?:儿|也|会|能|要|可以|得)*(?:陪|跟|带|领|送|伺候)(?:着|我|他|她|孩子)*"
    r"|(?:我|俺)(?:也|会|能|要|可以|得)*(?:陪|跟|带|领|推|扶|背)(?:着|我)*"
    r"(?:他|她|孩子|儿子|闺女|老人|我妈|我爸)|有(?:我|俺)陪|(?:我|俺)(?:陪着|跟着|也去|一起去|一块儿?去)"
)


@dataclass(frozen=True)
class AccessNeed:
    need: str
    """One of the product's words: 手语翻译, 轮椅通道, 盲文材料, 大字材料, …"""
    start: int
    end: int


@dataclass(frozen=True)
class Companion:
    comes: bool
    """Whether somebody comes along."""
    start: int
    end: int


def find_access_needs(text: str) -> tuple[AccessNeed, ...]:
    """Needs that are asked for, each once; those refused (不用手语) are left out."""
    found: list[AccessNeed] = []
    for need, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not _REFUSED.search(text[: match.start()]):
                found.append(AccessNeed(need, *match.span()))
                break
    return tuple(sorted(found, key=lambda n: n.start))


def find_companion(text: str) -> Companion | None:
    """Whether the person says that somebody comes along, or nobody; None: not said."""
    alone = _ALONE.search(text)
    if alone:
        return Companion(False, *alone.span())
    together = _TOGETHER.search(text)
    return Companion(True, *together.span()) if together else None
