"""What a clause gives: money, training, places, services; and on what conditions."""

from __future__ import annotations

import re

from policy.facts.audiences import audiences
from policy.facts.sentences import Span, segments, sentences
from policy.model import Support

_NOUNS = (
    "补贴 补助 奖补 奖励 津贴 资金扶持 扶持政策 扶持 贴息 贷款 税费优惠 税收优惠 优惠政策 "
    "优惠 减免 免收 失业保险金 救助 "
    "就业援助 法律援助 援助 政府优先采购 优先采购 信贷支持 金融支持 免费职业培训 "
    "职业技能培训 技能培训 创业培训 前培训服务 "
    "在岗培训 岗前培训 职业培训 培训服务 培训 运营场所 经营场地 场地支持 场地 就业指导 "
    "就业服务 指导服务 服务 岗位 见习 "
    "医疗保障定点管理 表彰 帮助 照顾 补偿 报销 担保 资助 岗位推介 工作岗位 岗位开发"
).split()
_NOUN = re.compile(
    "“[^”]{2,12}”政策|" + "|".join(sorted(map(re.escape, _NOUNS), key=len, reverse=True))
)
_GIVES = re.compile(
    r"按规定落实(?:好)?|给予|予以|提供|发放|落实好|落实|享受|申请|领取|纳入|返还|减免|免收|奖励|资助|加强|开展|加大|"
    r"支持|扶持|实行|推动|参加|制定|做好|强化"
)
_STRONG = re.compile(
    r"给予|予以|提供|发放|落实|享受|申请|领取|纳入|返还|减免|免收|奖励|资助|扶持|免费|无偿|支持|培训|优先"
)
_CONDITION = re.compile(
    r"按照?(?:有关|国家|国家有关|相关)?规定|依法|符合[^，。；、]{0,24}?(?:条件|标准|要求|规定)的?|"
    r"经[^，。；、]{1,16}?(?:评估|审核|认定|批准|同意|考核)(?:合格)?[^，。；、]{0,16}?(?:的|后)|"
    r"(?<=对)[^，。；、]{2,24}?的(?=[，给予按])|未达到[^，。；、]{2,14}的|超比例[^，。；、]{2,14}?的|同等条件下|"
    r"条件成熟的|鼓励|探索|适当|无偿|免费|(?<![许认])可(?=[纳申享按以予组由])"
)
_TAIL = re.compile(r"(?:等)?(?:相关|有关)?(?:政策措施|政策|措施)$")
_VERB_GIFT = re.compile(r"(?:积极|大力|逐步|优先|认定|重点|给予)?(?:扶持|支持|帮扶|资助)")
_NOUN_AT_END = re.compile(f"(?:{_NOUN.pattern})$")
_LONGEST = 60


def supports(text: str) -> tuple[Support, ...]:
    """Everything the text gives, in order; the quote is the sentence."""
    found: dict[tuple[str, str], Support] = {}
    for sentence in sentences(text):
        groups = audiences(sentence.text)
        for piece in segments(sentence):
            for name in _names(piece.text):
                conditions = _conditions(sentence, piece)
                quote = sentence.text
                found.setdefault((name, quote), Support(name, conditions, groups, quote))
    return tuple(found.values())


def _names(piece: str) -> list[str]:
    if not _STRONG.search(piece) or not _NOUN.search(piece):
        return []
    gives = list(_GIVES.finditer(piece))
    last = list(_NOUN.finditer(piece))[-1]
    opening = [g for g in gives if g.end() <= last.start() + 1]
    begin = _strongest(opening, piece)
    body = piece[begin : last.end()].strip("、 ")
    if not opening or body in ("扶持", "支持", "服务"):
        # The verb itself is the gift: 扶持盲人按摩人员开办医疗按摩所.
        return [piece.strip()] if _VERB_GIFT.match(piece) and len(piece) <= _LONGEST else []
    if not body or len(body) > _LONGEST:
        return [last[0]]
    parts = [p for p in re.split(r"、|以及|及(?!时)", body) if p]
    if len(parts) > 1 and all(_NOUN_AT_END.search(p) for p in parts):
        return [_TAIL.sub("", p) for p in parts]
    return [_TAIL.sub("", body)]


def _strongest(gives: list[re.Match[str]], piece: str) -> int:
    """Where the gift's name begins: behind the last verb that gives."""
    firm = [g for g in gives if _STRONG.fullmatch(g[0]) or g[0].startswith("按规定")]
    chosen = firm or gives
    return chosen[-1].end() if chosen else 0


def _conditions(sentence: Span, piece: Span) -> tuple[str, ...]:
    upto = sentence.text[: piece.end - sentence.begin]
    return tuple(dict.fromkeys(m[0] for m in _CONDITION.finditer(upto)))
