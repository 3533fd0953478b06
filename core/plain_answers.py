"""Short answers whose meaning lies in what was asked: 就这期, 报吧, 没啥需要, 核对无误.

A classifier that sees the sentence alone takes these for anything. Where a question stands open and
nothing else was said, the words themselves settle it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from core.booking_draft import Draft, Heard, Question
from core.spoken.access import find_access_needs
from core.spoken.company import find_companion
from core.spoken.entities import Entity
from core.spoken.surnames import holds_a_place
from core.spoken.wishes import asks_for_place

_FILLERS = (
    "嗯哪 嗯呐 嗯 呃 啊 哦 噢 唉 哎 欸 那个 那就 那 就 都 也 吧 呗 呀 哈 嘛 的 "
    "了 我 俺 呢 这回 这下 这次 这样 现在 终于 给我 帮我 给俺 谢谢 麻烦 您 你 先 行了 "
    "他说 她说 他们说 人家说 本人说 孩子说 来电人说"
).split()
_AGREES = (
    "好的 好嘞 好 行 可以 中 成 妥妥 妥 得嘞 对头 对 是 没错 没毛病 没问题 没有问题 "
    "没有错 一点没错 核对无误 无误 确认 确定 本人同意 已同意 已经同意 已征得本人同意 "
    "已征得同意 征得同意 同意登记 同意保存 同意 愿意 就这样 就这么着 就这么办 就这么定 "
    "就它 就这个 就这一期 就这期 就这班 就这场 就那个 就那期 这个 这一期 这期 报这个 "
    "报这期 报上 报名 报 约上 约 要 办 定 登记 必须的 ok OK Ok 存 订"
).split()
_NEEDS_NOTHING = (
    "不用 不需要 不要 没有 没啥 没什么 没 无 不 啥也 啥 什么 特殊 特别 需要 需求 "
    "要求 照顾 用 要 别的 其他 其它 陪同 陪 人 有 她 他 孩子 自己 自个儿 一个人 去 "
    "能 行 可以 这些 那些 方便 暂时 目前 现在 好 全 正常 东西 这个 那个 得"
).split()
_NEGATES = re.compile(r"[不没无]")
_ASKS = re.compile(
    r"[?？]|吗|(?<!着)呢$|什么时候|怎么|咋|多少|哪|为什么|为啥|几[个家人]|能不能|有没有"
)


def asks(text: str) -> bool:
    """Whether the sentence is a question by its words."""
    return bool(_ASKS.search(text))


def _made_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.compile(r"(?:{}|[\s，。,.！!、…~]+)+".format("|".join(map(re.escape, longest_first))))


_ONLY_AGREES = _made_of(_FILLERS + _AGREES)
_ONLY_FILLERS = _made_of(_FILLERS)
_ONLY_NEEDS_NOTHING = _made_of(_FILLERS + _NEEDS_NOTHING)


def only_agrees(text: str) -> bool:
    """Whether the sentence says yes and nothing else, in whatever words."""
    return bool(_ONLY_AGREES.fullmatch(text)) and not _ONLY_FILLERS.fullmatch(text)


_YES = re.compile(
    r"(?:嗯+哪?呐?|呃|啊|哦|噢|哎|欸|那|都|就|这回|这下|现在|全)*"
    r"(?:对+(?!了[，,。\s]*(?:我|还|再|问|那|顺|想|俺)|象|不对|面|方|比|于|待)|是(?!不|我|他|她|俺|[谁啥哪])|行(?!不|动|李|程|业)|好(?=的|嘞|吧|呀|啊|了|哒|呗|就|给|报|约|订|办|刚才|[，,。！!\s]|$)|没错|没毛病|没问题|[中成妥](?=[，,。！!\s吧啊呗就的了]|$)|可以(?!不)|确认|确定|同意|"
    r"(?:ok|OK|Ok))"
)
_YES_ANYWHERE = re.compile(
    r"(?:都|全|信息|核对)[^，,。]{0,3}(?:对|没错|没毛病|没问题|无误)|没错|没毛病|没问题"
)
_YES_BUT = re.compile(
    r"不(?!用|需|变|客气)|别(?!的)|没(?!错|毛病|问题|有?(?:别的)?(?:问题|意见|要改))|错(?<!没错)|等(?:等|会|一|我|下)|算了|拉倒|再(?:想|看|等|考虑)|先|但|可是|就是(?=[^，,。]{0,6}(?:得|要)改)|[改换]一?下|改成|哪|几点|问|要是|如果"
)


_NOTHING_WRONG = re.compile(
    r"没有?(?:什么|啥|哪里|哪儿|任何)?(?:地方)?(?:不对|要改|用改|可改|问题|毛病|错|差)(?:的(?:地方)?)?|(?:错|不对|问题|毛病)的?(?:地方)?\s*(?:没有|没)|不(?:用|需要?)(?:再)?改"
    r"|[均都]?(?:一致|属实)"
)


def agrees(text: str) -> bool:
    """Whether it opens with a yes, or calls all of it right, and takes nothing of it back.

    What else it names (对，就23号那期) has to be held against what was read out.
    """
    said = _NOTHING_WRONG.sub("没错", text.strip())
    if asks(said) or _YES_BUT.search(said):
        return False
    return bool(_YES.match(said) or _YES_ANYWHERE.search(said))


def only_states(text: str) -> bool:
    """Whether it asks nothing and takes nothing back."""
    return not asks(text) and not _YES_BUT.search(text)


def needs_nothing(text: str) -> bool:
    """Whether the sentence, or a part of it, says that no help is needed: 啥也不要, 都不用."""
    if asks(text) or find_access_needs(text) or find_companion(text) is not None:
        return False
    return says_no_need(text)


def says_no_need(text: str) -> bool:
    """Whether a part of it says that no help is needed, whatever the others say."""
    parts = [text, *re.split(r"[\s，。,.！!；;]+", text)]
    return any(_ONLY_NEEDS_NOTHING.fullmatch(p) and _NEGATES.search(p) for p in parts)


def with_place_as_name(heard: Heard) -> Heard:
    """Asked for a name, 辛长春 is one and no town."""
    text = re.sub(r"[，。,.！!\s]|[吧啊呀]$", "", heard.text)
    if not holds_a_place(text):
        return heard
    return replace(heard, entities=(Entity("name", 0, len(heard.text), text),))


def in_context(heard: Heard, draft: Draft) -> Heard:
    """The sentence with the intent that it has as an answer to the open question."""
    text, asked = heard.text.strip(), draft.asked
    if asked == Question.NAME:
        heard = with_place_as_name(heard)
    if asked == Question.NEEDS and needs_nothing(text):
        return replace(heard, intent="deny")
    one_date = asked == Question.SLOT and len(draft.offered) == 1
    if asked in (Question.CONFIRM, Question.CONSENT) and (only_agrees(text) or agrees(text)):
        return replace(heard, intent="affirm")
    if one_date and (only_agrees(text) or asks_for_place(text)):
        return replace(heard, intent="affirm")
    return heard
