"""Names of courses in a text. Courses change with what is imported, so this is generous."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.spoken.pinyin import folded
from core.spoken.spellings import without_spellings

# How people shorten what is on the list: a part of the name that stands for it.
_SHORT = {
    "电脑": "计算机",
    "推拿": "按摩",
    "烘培": "烘焙",
    "烤面包": "烘焙",
    "做面点": "面点",
    "直播带货": "直播",
    "打毛衣": "编织",
    "织毛衣": "编织",
    "钩针": "编织",
    "客服": "客服",
}
# Parts of names that stand for no course: who learns (盲人), how (技能), to what end (就业).
_SAYS_NOTHING = frozenset(
    (
        "盲人 人按 机基 算机 基础 服务 培训 技术 技能 制作 创业 就业 操作 管理 职业 人员 "
        "初级 中级 高级 残疾 课程 入门 实操 提升 专业 应用 知识 学习 工作 项目 岗位 企业 "
        "老师 师傅 实用 能力 政服 音创"
    ).split()
)
_WANTED = re.compile(
    r"(?:想学|要学|学|报|约|订|上|参加|预约)(?:一?个|一下|门|点|名)?"
    r"(?P<what>[\u4e00-\u9fffA-Za-z]{2,8}?)(?:的)?(?:培训班|培训课?|课程?|班)"
)
_WISHED = re.compile(r"(?:想学|要学)(?:一?个|一下|门|点)?(?P<what>[\u4e00-\u9fffA-Za-z]{2,6})$")
_NO_COURSE = re.compile(
    r"^(?:什么|啥|哪|个|一个|这个|那个|手艺|技术|技能|东西|点|免费|培训|职业|没有|有|的|最近|下|上|我|名|能|周|明|今|后)|"
    # Who learns, and the act of signing up, are not what is learnt.
    r"^(?:残疾人|盲人|聋人|残联|你们|他们|咱们|政府|参加|报名|学习|就业)$|"
    r"(?:什么|啥|哪些?|几点|时候|怎么|不|吗|呢)|期间"
)


# 手机幺三九… is no course about telephones.
_OF_A_NUMBER = re.compile(
    r"(?:手机|电话)(?:号码?|号)|(?<!修)(?:手机|电话)(?=[是叫：:，,\s]*[0-9０-９零〇一幺二三四五六七八九])"
    r"|(?:没|没有|[留记打存])(?:个)?(?:手机|电话)(?!维?修|客服|班|课|那)"
    r"|[用写填拨记留打](?:我|俺|他|她|咱)[\u4e00-\u9fff]{0,2}?的?(?:手机|电话)(?!维?修|客服|班|课|那)"
    r"|(?:手机|电话)(?:错|不对|尾号|没有|[后末]|最[后末]|号|(?:就|也)?(?:留|记|写|填|打)(?!课|班))"
    r"|(?:手机|电话)[^，,。]{0,8}(?:错了?|不对|[两俩二三四]位|数字|是)(?=[，,。\s0-9零〇一幺二两三四五六七八九]|$)"
)
_SUFFIX = re.compile(r"(?:（[^（）]*）|\([^()]*\)|技能|职业|培训|课程|课|班)+$")


@dataclass(frozen=True)
class CourseMention:
    name: str
    """The listed course, or the words themselves where none is listed."""
    start: int
    end: int
    known: bool
    """Whether it is on the list that was given."""
    certain: bool = True
    """False where it only sounds so."""


def find_courses(text: str, names: Sequence[str]) -> tuple[CourseMention, ...]:
    """Courses by name, by a part of a name, by sound, and as "想学 X" for unknown ones."""
    return courses_in(text, names) or _unknown(text)


def courses_in(text: str, names: Sequence[str]) -> tuple[CourseMention, ...]:
    """Those of `names` that the text names: whole, by a part of their own, or by their sound."""
    text = _of_courses(text)
    return _written(text, names) or _heard(text, names)


def named_of(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that the text names less 培训 and the like, or by a part of their own;
    longest first."""
    text = _of_courses(text)
    found = [name for name in names if len(stem(name)) > 1 and stem(name) in text]
    if not found:
        stems = {stem(name): name for name in names}
        found = [stems[said.name] for said in courses_in(text, tuple(stems))]
    return tuple(sorted(found, key=len, reverse=True))


def _of_courses(text: str) -> str:
    """The text without words that stand for a number or spell a name; offsets stay."""
    return without_spellings(_OF_A_NUMBER.sub(lambda said: "，" * len(said[0]), text))


def stem(name: str) -> str:
    """盲人按摩培训班（初级） → 盲人按摩."""
    return _SUFFIX.sub("", name.strip()) or name


def _written(text: str, names: Sequence[str]) -> tuple[CourseMention, ...]:
    found: list[CourseMention] = []
    for name in sorted(names, key=len, reverse=True):
        at = text.find(name)
        if at >= 0 and _free(at, at + len(name), found):
            found.append(CourseMention(name, at, at + len(name), True))
    for part, name in _parts(names):
        at = text.find(part)
        if at >= 0 and _free(at, at + len(part), found) and all(f.name != name for f in found):
            found.append(CourseMention(name, at, at + len(part), True))
    return tuple(sorted(found, key=lambda f: f.start))


def _parts(names: Sequence[str]) -> list[tuple[str, str]]:
    """Two-character parts that belong to one course only, and how people say them."""
    owners: dict[str, list[str]] = {}
    for name in names:
        for at in range(0, len(name) - 1):
            owners.setdefault(name[at : at + 2], []).append(name)
        if name.startswith("云"):
            owners.setdefault(name, []).append(name)
    parts = {part: found[0] for part, found in owners.items() if len(found) == 1}
    parts = {p: n for p, n in parts.items() if p not in _SAYS_NOTHING}
    for said, meant in _SHORT.items():
        for name in names:
            if meant in name:
                parts[said] = name
    return sorted(parts.items(), key=lambda item: -len(item[0]))


def _heard(text: str, names: Sequence[str]) -> tuple[CourseMention, ...]:
    sounds = [folded(char) for char in text]
    for name in sorted(names, key=len, reverse=True):
        wanted = [folded(char) for char in name]
        for at in range(len(sounds) - len(wanted) + 1):
            if sounds[at : at + len(wanted)] == wanted:
                return (CourseMention(name, at, at + len(wanted), True, certain=False),)
    return ()


def _unknown(text: str) -> tuple[CourseMention, ...]:
    for pattern in (_WANTED, _WISHED):
        match = pattern.search(text)
        if match and not _NO_COURSE.search(match["what"]):
            return (CourseMention(match["what"], *match.span("what"), known=False),)
    return ()


def _free(start: int, end: int, taken: Sequence[CourseMention]) -> bool:
    return all(end <= other.start or other.end <= start for other in taken)
