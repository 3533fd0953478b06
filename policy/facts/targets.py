"""Numbers that a clause sets: what is counted, how many of which unit, how firmly, by when."""

from __future__ import annotations

import re

from policy.facts.sentences import Span, segments, sentences
from policy.facts.times import DEADLINE
from policy.model import Target

_UNITS = (
    "个百分点 个工作日 个自然日 人次 人日 周岁 平方米 个月 工作日 学时 课时 小时 分钟 公里 "
    "公斤 百分点 "
    "万元 亿元 元 人 名 个 家 所 次 场 户 项 处 件 套 张 台 辆 亩 岁 倍 年 日 天 期 批 类 "
    "种 座 位 间 份 例 "
    "部 只 支 头 吨 篇 门 轮 届 条 级 % ％ ‰"
).split()
_ARABIC = re.compile(
    r"(?<![\d.第〔\[（(年-])(?P<n>\d+(?:\.\d+)?(?:\s*[-—–~～至]\s*\d+(?:\.\d+)?)?(?:\s*[万亿千百])?(?:多|余)?)"
    rf"\s*(?P<u>{'|'.join(_UNITS)})(?!号)"
)
_SPOKEN = re.compile(
    r"(?<![第一二两三四五六七八九十百千万每进统逐同之])"
    r"(?P<n>百分之[一二三四五六七八九十百点]+|[一二三四五六七八九十]+分之[一二三四五六七八九十]+|"
    r"[一二两三四五六七八九十百千万]+)"
    r"(?P<u>人次|周岁|个月|个工作日|工作日|日|名|次(?!性)|场|所|家|倍|年(?=以上|以下|内|以内|至)|元|)"
)
_CALENDAR = re.compile(
    r"(?:19|20)\d{2}\s*年?\s*[-—–~～至]+\s*(?:19|20)\d{2}\s*年|(?:19|20)\d{2}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?|"
    r"(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*日|第\s*\d+\s*[次届条章号批期]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|〔\d{4}〕\s*\d+\s*号"
)
_BEFORE = re.compile(
    r"(?:最高)?不(?:得)?(?:超过|高于|低于|少于|大于|小于|短于)|每人每年|每人每月|每人每次|每户每年|每学年|每学期|每季度|每半年|"
    r"每年|每月|每周|每日|每天|每人|每户|每次|每学时|力争|争取|至少|最少|最多|最高|最低|原则上|一般|平均|累计|大约|约|近|"
    r"超过|高于|低于|少于|多于|确保|按月|按年|上浮|下浮"
)
_AFTER = re.compile(
    r"\s*(?:\(含\)|（含）|\([^()]{0,8}\)|（[^（）]{0,8}）)?\s*"
    r"(?P<h>及?以上|及?以下|以内|之内|左右|上下|不等|封顶|为限|内|起|多|余)"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年")
_WEAK = {"确保"}
"""Words that bind rather than soften: they end a subject but are no hedge."""
_COMPARES = re.compile(r"不(?:得)?(?:超过|高于|低于|少于|大于|小于|短于)|超过|高于|低于|少于|多于")
_VERB_END = re.compile(
    r"(?:应当|应|要|可以|可|须|将|能)?(?:稳定)?(?:达到|达|增至|提高到|提高至|控制在|稳定在|保持在|扩大到|扩大至|"
    r"放宽至|延长至|发展到|增加到|为|占|至|到|在|有|共|是|的|计|按|按照)$"
)
_VERB_BEGIN = re.compile(
    r"^(?:(?:积极|大力|持续|稳步|进一步|深入|全面|着力|加快|逐步|探索|推动|推进|支持|鼓励|引导|组织|实施|"
    r"培育|建设|建立|打造|发展|稳定发展|开发|新建|举办|开展|认定|扶持|完成|实现|提供|安排|对|由|给予|培养|选树|"
    r"应当|应|要|可|须|将|并|且|其中|同时|从|向|以|按照|按))+"
)
_NEEDS_SUBJECT = re.compile(
    r"^(?:并|且|应当|应|要|可|须|占|达到|不得|不低于|不超过|不少于|至少|最高|给予|按)"
)
_DISTRIBUTES = re.compile(
    r"^(?:全省|全市|全县|全国|全区|各地|(?:各|每个?)(?:省|市|州|县|区|乡|镇|街道|社区|村|级|、|（[^（）]*）)+)?"
    r"(?:稳定发展|发展|建立|建成|建设|培育|打造|设立|开发|新建|认定|完成|达到|有|，)*$"
)
_POST_END = re.compile(
    r"(?:按照?(?:有关|国家)?规定|给予|予以|享受|计算|确定).*$|(?:就业增收|增收)$"
)
_PREPOSITION = re.compile(r"(?:对|由|为|给|向|从|以|按|其中|可|申请|可申请)+")
_GENERIC = re.compile(
    r"(?P<place>全[省市县国区]|各地|(?:各|每个?)(?:[省市州县区、]|（[^（）]*）)+)?(?P<noun>机构|基地|单位|企业|项目|人数|数量|规模|总数)"
)
_QUOTED = re.compile(r"“[^”]{2,20}”")
_ACTOR = re.compile(
    r"机关、事业单位|机关、团体、企业、事业单位[^，。]{0,10}|党政机关|机关|事业单位|国有企业|用人单位|企业|单位|机构|高校|"
    r"残疾人|人员|家庭|劳动者|毕业生|个人"
)


def targets(text: str) -> tuple[Target, ...]:
    """Every counted quantity of the text, in order; calendar dates and ordinals are none."""
    found: list[Target] = []
    for sentence in sentences(text):
        in_sentence: list[Target] = []
        pieces = segments(sentence)
        for i, piece in enumerate(pieces):
            done = 0
            for match in _quantities(piece.text):
                target, done = _target(text, sentence, pieces, i, match, done, in_sentence)
                in_sentence.append(target)
        found.extend(in_sentence)
    return tuple(found)


def _quantities(text: str) -> list[re.Match[str]]:
    masked = _CALENDAR.sub(lambda m: "□" * len(m[0]), text)
    found = list(_ARABIC.finditer(masked))
    taken = [m.span() for m in found]
    for match in _SPOKEN.finditer(masked):
        exact = "分之" in match["n"]
        if not match["u"] and not exact:
            continue
        if all(match.end() <= a or match.start() >= b for a, b in taken):
            found.append(match)
    return sorted(found, key=lambda m: m.start())


def _target(
    text: str,
    sentence: Span,
    pieces: list[Span],
    i: int,
    match: re.Match[str],
    done: int,
    earlier: list[Target],
) -> tuple[Target, int]:
    piece = pieces[i]
    before, after = piece.text[done : match.start()], piece.text[match.end() :]
    hedges = [h[0] for h in _BEFORE.finditer(before) if h[0] not in _WEAK]
    trailing = _AFTER.match(after)
    end = match.end()
    if trailing:
        hedges.append(trailing["h"])
        end += trailing.end()
        after = after[trailing.end() :]
    number, unit = match["n"].strip(), match["u"]
    if unit in ("万元", "亿元"):
        number, unit = number + unit[0], "元"
    subject, begin = _subject(before, after, pieces, i, earlier)
    deadline, due_at = _deadline(sentence, piece, piece.begin + match.start())
    begin = min(begin, due_at)
    return (
        Target(
            subject=subject,
            number=number,
            unit=unit,
            hedge=tuple(hedges),
            deadline=deadline,
            quote=text[begin : piece.end],
        ),
        end,
    )


def _deadline(sentence: Span, piece: Span, at: int) -> tuple[str, int]:
    """The nearest deadline before the number in its sentence, else one that follows it there."""
    own = list(_YEAR.finditer(piece.text, 0, at - piece.begin))
    if own and not DEADLINE.search(piece.text[: at - piece.begin]):
        return own[-1][0], piece.begin
    inside = [m for m in DEADLINE.finditer(sentence.text)]
    spans = [(sentence.begin + m.start(), sentence.begin + m.end(), m[0]) for m in inside]
    before = [s for s in spans if s[1] <= at]
    if before:
        return before[-1][2], before[-1][0]
    after = [s for s in spans if at < s[0] < piece.end]
    return (after[0][2], piece.begin) if after else ("", piece.begin)


def _subject(
    before: str, after: str, pieces: list[Span], i: int, earlier: list[Target]
) -> tuple[str, int]:
    """What is counted, and where the quote must begin so that it says so."""
    begin = pieces[i].begin
    left = _left(before)
    right = _right(after)
    previous = pieces[i - 1] if i else None
    if previous and previous.text.endswith("的") and not left.strip("应当可要须安排"):
        actor = _ACTOR.search("".join(p.text for p in pieces[: i - 1]))
        head = previous.text + (actor[0] if actor else "")
        first = pieces[0].begin if actor else previous.begin
        return _joined(head + left, right), first
    if previous and _NEEDS_SUBJECT.match(before.strip()) and not right:
        return _joined(_VERB_BEGIN.sub("", previous.text) + left, right), previous.begin
    if not right and _DISTRIBUTES.match(left) and earlier:
        place = re.match(r"(?:全|各|每)[^发稳建培打设开新认完达有]*", left)
        source = next(
            (t for t in reversed(earlier) if not t.subject.startswith(("各", "每"))), None
        )
        if source:
            at = pieces[0].begin
            return _joined(place[0] if place else "", source.subject), at
    if not left and not right and previous:
        return _VERB_BEGIN.sub("", previous.text), previous.begin
    generic = _GENERIC.fullmatch(left)
    if generic and not right:
        return _spelled_out(generic, pieces, i, earlier)
    return _joined(left, right), begin


def _spelled_out(
    generic: re.Match[str], pieces: list[Span], i: int, earlier: list[Target]
) -> tuple[str, int]:
    """全省机构 after “美丽工坊” means its own: the name from earlier in the sentence."""
    place, noun = generic["place"] or "", generic["noun"]
    for target in reversed(earlier):
        if target.subject.endswith(noun):
            full = re.sub(
                r"^(?:全|各|每)[^培建发打设]*(?:培育|建立|建设|发展|打造|设立)?", "", target.subject
            )
            return place + full, pieces[i].begin
    for piece in reversed(pieces[:i]):
        quoted = _QUOTED.search(piece.text)
        if quoted:
            return place + quoted[0] + noun, piece.begin
    return place + noun, pieces[i].begin


def _left(before: str) -> str:
    compares = _COMPARES.search(before)
    if compares:
        before = before[: compares.start()]
    before = _YEAR.sub("", DEADLINE.sub("", before))
    before = _BEFORE.sub("", before)
    before = re.sub(r"[（(][^（）()]*$", "", before)
    previous = ""
    while previous != before:
        previous = before
        before = _VERB_END.sub("", before.strip(" 、"))
    if _PREPOSITION.fullmatch(before):
        return ""
    # A relative clause (安排…的企业) keeps its verb: without it the noun means somebody else.
    stripped = re.sub("^对", "", before) if "的" in before else _VERB_BEGIN.sub("", before)
    return stripped if len(stripped) > 1 else before


def _right(after: str) -> str:
    after = after.split("、")[0] if after.startswith("、") else after
    after = re.sub(r"^的", "", after.strip(" 。；）)"))
    cut = _POST_END.sub("", after)
    return cut if len(cut) > 1 else (after if len(after) <= 20 else "")


def _joined(left: str, right: str) -> str:
    return (left + right).strip("，、 ")
