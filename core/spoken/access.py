"""What somebody needs to take part, in everyday words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.spoken.pinyin import folded

_NEEDS = {
    "手语翻译": r"(?:会|懂|给我)?打手语的?|手语(?:翻译|老师|员)?|手译|哑语|手势语|打手势的?"
    r""
    r"|(?:会|懂|能|用手|给我|帮我|给俺|帮俺|跟我|有人|找人|来人|要人|得人)(?:给我|帮我)?(?:打)?比[划画](?:着[说讲])?的?|比[划画]的(?:人|老师)?",
    "轮椅通道": r"轮椅(?:通道|坡道|位)?|坡道|无障碍通道|无障碍(?:设施|厕所|卫生间)|电梯"
    r"|无障碍(?:的|地方|环境|入口)?(?!材料|格式|阅读|网)"
    r"|(?:没|没有|别有|不要|不带|无|少)(?:台阶|楼梯|门槛)(?:的|儿)?|平地(?:能进|进)的?|(?:推|手|助行)[着个]*(?:推车|助行器)"
    r"|(?:上|爬|下)楼(?:梯)?(?:我|俺)?(?:费劲|困难|吃力|不方便|够呛)|楼上?(?:我|俺)?(?:上|爬)不(?:了|去|上去|动)|门槛[^，,。]{0,3}(?:我|俺)?(?:进|过)不(?:去|来|了)"
    r"|(?:带)?[轱轂]辘的?(?:椅子?|车)|手?推着?的?椅子?"
    r"|台阶[^，,。]{0,3}(?:我|俺)?(?:上|爬|走|迈)不(?:了|去|上去|动)|(?:得|要|有)(?:有)?(?:个)?坡(?:道)?$"
    r"|(?:上|爬|走)不(?:了|上去|动)(?:楼梯?|台阶)|(?:楼梯?|台阶)(?:我|俺)?(?:上|爬|走)不(?:了|去|动)",
    "盲文材料": r"盲文(?:材料|资料|教材|版)?|点字"
    r"|(?:用?手)?摸着?(?:念|读|看|认)?的(?:那种)?(?:字|书|材料|资料)"
    r"|(?:用?手|能|可以|[，,\s]|^)摸(?:着|出来?)?(?:的)?字|(?:凸|[凸鼓](?:起来?|出来?)的)小?(?:字|点儿?)",
    "大字材料": r"大字(?:的|材料|资料|版|号|体)*|大号(?:的)?字"
    r"|放大(?:的)?(?:版|材料|资料|字|讲义)|字(?:体|号)大一?号"
    r"|(?:印|打|弄|整|写)(?:得)?大(?:一?点|一?些|号)儿?(?!声)"
    r"|大(?:一?点儿?|一?些)的?(?:那种)?字"
    r"|字(?:儿|体|号)?(?:要|得|能)再?大(?:一?点|一?些|号)儿?|字(?:儿|体|号)?(?:要|得|能不能|能)?(?:给我|给俺|帮我)?(?:印|打|弄|整|写|放|调)?[得的]?[要再]?(?:大(?:一?点|一?些|号)|放大)儿?"
    r"|(?:看|瞅|瞧)不(?:清|见|着|了)(?:楚)?(?:太|那么|这么)?小(?:的)?字儿?"
    r"|(?:小的?字|字(?:儿)?(?:太|忒)?小)了?(?:的话)?[，,]?(?:我|俺)?(?:就|都)?(?:看|瞅|瞧)不(?:清|见|着|了)楚?",
    "引导陪同": r"志愿者(?:陪同?|帮忙|引导)?|引导员|陪同引导"
    r"|(?:到|去|在)?(?:门口|车站|大门|楼下|站点)(?:得|要|能)?(?:有|来|派)?(?:个)?人?(?:来|出来)?接(?:一?下)?(?:我|俺|$)|有人(?:领|带)路",
    "实时字幕": r"(?:实时|语音转)?字幕|速录|(?:把)?(?:说的)?话(?:能)?(?:打|变|转)成字",
    "导盲犬": r"导盲犬|导盲狗",
    "读屏软件": r"读屏(?:软件)?|屏幕朗读",
    "安静场地": r"安静(?:的|点的)?(?:地方|场地|房间|教室)",
}
KNOWN_NEEDS: tuple[str, ...] = tuple(_NEEDS)
"""What people ask for most, by the names that venues give it."""
_PATTERNS = tuple((need, re.compile(pattern)) for need, pattern in _NEEDS.items())
_NOT = r"(?:不用|不要|不需要|不需|不必|用不着|没有?|甭|别|无需|免)"
_REFUSED = re.compile(rf"{_NOT}(?:给我|给俺|再|有|来)*[^，。, 要得给来换就]{{0,4}}$")
_REFUSED_AFTER = re.compile(
    rf"(?P<others>[^，,。；;]*?)(?P<all>[都全]|什么的)?(?:的|翻译|材料|通道|那个|这个|这项|那项|老师)*(?:我|就|也|先|暂时|可以)*"
    rf"(?:{_NOT}|取消|去掉|划掉|拿掉|撤了|删|算了|拉倒)(?!看|见|清|懂|错|问题)"
)
# 没有手语我听不懂: what is missing is what is needed.
_ELSE_CANNOT = re.compile(r"没有?[^，。, ]{0,4}$")
_CANNOT = re.compile(r"[^。；;]{0,10}(?:不(?:了|懂|见|清|去|上|来|动|着|行|成)|没法)")


@dataclass(frozen=True)
class AccessNeed:
    need: str
    """One of the product's words: 手语翻译, 轮椅通道, 盲文材料, 大字材料, …"""
    start: int
    end: int


def find_access_needs(text: str) -> tuple[AccessNeed, ...]:
    """Needs that are asked for, each once; those refused (不用手语) are left out."""
    return tuple(need for need, refused in _mentions(text) if not refused)


_BY_SOUND = {"盲文": "盲文材料", "手语": "手语翻译", "轮椅": "轮椅通道", "大字": "大字材料"}


def needs_by_sound(text: str) -> tuple[AccessNeed, ...]:
    """Needs whose word only sounds so, as a recogniser or a hasty hand writes it: 忙文材料.

    For an answer to the question for them; elsewhere the sound alone says too little.
    """
    if find_access_needs(text) or refused_needs(text):
        return ()
    sounds, found = [folded(char) for char in text], []
    for word, need in _BY_SOUND.items():
        wanted = [folded(char) for char in word]
        starts = (at for at in range(len(text)) if sounds[at : at + len(wanted)] == wanted)
        found += [AccessNeed(need, at, at + len(wanted)) for at in starts]
    return tuple(n for n in found if not _is_refused(text, n.start, n.end))


def refused_needs(text: str) -> tuple[str, ...]:
    """Needs named only to say that they are not wanted: 手语就不用了."""
    wanted = {need.need for need in find_access_needs(text)}
    refused = dict.fromkeys(need.need for need, no in _mentions(text) if no)
    return tuple(need for need in refused if need not in wanted)


def _mentions(text: str) -> list[tuple[AccessNeed, bool]]:
    """Each need once, by its place, and whether it is refused; wanted somewhere is wanted."""
    found: dict[str, tuple[AccessNeed, bool]] = {}
    for need, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            refused = _is_refused(text, *match.span())
            if need not in found or (found[need][1] and not refused):
                found[need] = AccessNeed(need, *match.span()), refused
    return sorted(found.values(), key=lambda mention: mention[0].start)


def _is_refused(text: str, start: int, end: int) -> bool:
    before, after = text[:start], text[end:]
    if _REFUSED.search(before):
        return not (_ELSE_CANNOT.search(before) and _CANNOT.match(after))
    match = _REFUSED_AFTER.match(after)
    if re.match(r"(?:的|通道|翻译|材料)?(?:我|俺)?(?:要(?!是|不)|需要|得有)(?!不)", after):
        return False
    # 手语、轮椅都不用 speaks of both; 要轮椅的，手语不用 only of the last.
    return match is not None and (not match["others"] or bool(match["all"]))
