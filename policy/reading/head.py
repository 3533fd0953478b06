"""Title, number, issuer, dates, region: what the head and the end of a notice tell about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from policy.reading.layout import METADATA, Layout, is_date_line, is_title_like
from policy.reading.numerals import DATE, first_date, match_date, to_int

NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,14})(?P<sep>[〔\[（(【﹝［])\s*(?P<year>(?:19|20)\d{2})\s*"
    r"[〕\]）)】﹞］]\s*第?\s*(?P<no>\d{1,4})\s*号"
)
_ORDER = re.compile(
    r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,20}?令\s*[（(]?\s*第?\s*[\d一二三四五六七八九十百零〇]+\s*号[）)]?"
)
_ANNOUNCEMENT = re.compile(r"[\u4e00-\u9fff]{2,20}公告\s*(?:\d{4}\s*年)?\s*第\s*\d+\s*号")
_KINDS = (
    "意见|通知|办法|规定|条例|方案|决定|公告|通告|批复|函|细则|规划|纲要|规则|措施|计划|法|章程|"
    "目录|清单|指南|标准|政策|要点|通报|解释|制度|举措|答复"
)
_TITLE_END = re.compile(
    rf"(?:{_KINDS})(?:[（(][^（）()]*[）)])*[》”]?(?:的通知|的通告|的公告|的函)?$"
)
_PASSED_BY = re.compile(
    r"日\s*(?:第[一二三四五六七八九十]+届)?(?P<who>[\u4e00-\u9fff]*?人民代表大会(?:常务委员会)?)第"
)
_RED_HEAD = re.compile(r"[\u4e00-\u9fff\s]{2,40}文\s*件$")
_ISSUER_IN_TITLE = re.compile(r"^(?P<who>[\u4e00-\u9fff、\s]{2,60}?)(?=关于|印发|转发)")
_PROVINCES = (
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 "
    "福建省 江西省 "
    "山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 "
    "内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区"
).split()
_NATIONAL = re.compile(
    r"^(?:国务院|中共中央|中央|全国|国家|中国|中华人民共和国|最高人民|财政部|教育部|民政部|公安部|司法部|商务部|"
    r"人力资源社会保障部|人力资源和社会保障部|农业农村部|退役军人事务部|住房城乡建设部|工业和信息化部|交通运输部|"
    r"科技部|文化和旅游部|税务总局)"
)
_ABRIDGED = re.compile(r"[（(【\[][^（）()]{0,12}(?:删减|节录|节选|摘录)[^（）()]{0,8}[）)】\]]")
_IN_FORCE = re.compile(r"自\s*(?P<when>[^。；，自]{2,30}?)\s*起\s*(?:施行|实施|执行|生效)")
_UNTIL = re.compile(
    r"(?:有效期|执行期限?|实施期限?)[^。；]{0,20}?至\s*(?P<when>[^。；，]{6,16}?日)"
)
_YEARS = re.compile(r"有效期(?:限)?(?:为)?\s*(?P<n>\d+|[一二三四五六七八九十]+)\s*年")
_PLAN_YEARS = re.compile(
    r"[（(]?(?:19|20)\d{2}\s*年?\s*[-—–－~～至到]+\s*(?P<end>(?:19|20)\d{2})\s*年?[）)]?"
)


@dataclass(frozen=True)
class Head:
    title: str
    number: str
    issuer: str
    issued: date | None
    effective: date | None
    expires: date | None
    region: str
    abridged: bool


def read_head(layout: Layout, text: str) -> Head:
    """What head, sign-off and closing articles say; empty or None where they say nothing."""
    head = layout.head
    meta = _metadata(head)
    number = _number(head, meta, layout.tail)
    title = meta.get("title") or _title(head)
    if not title:
        title = "".join(layout.title_lines) or (head[0] if head else text.split("\n", 1)[0][:60])
    issued = _issued(head, layout.tail, meta)
    effective = _effective(head, meta, text, issued)
    issuer = _issuer(title, head, layout.tail, meta, number)
    return Head(
        title=title,
        number=number or f"《{title.strip('《》')}》",
        issuer=issuer,
        issued=issued,
        effective=effective,
        expires=_expires(text, title, issued, effective, meta),
        region=_region(issuer, title, number),
        abridged=_ABRIDGED.search(text) is not None,
    )


def normal_number(match: re.Match[str]) -> str:
    """国办发[2025]23号 and 国办发〔2025〕 23 号 are one: 国办发〔2025〕23号."""
    return f"{match['who']}〔{match['year']}〕{match['no']}号"


def _metadata(lines: list[str]) -> dict[str, str]:
    """Key-value lines that a government site puts above a text."""
    names = (
        ("number", r"发文字号|文\s*号"),
        ("issuer", r"发文机关|发布机构|制发机关|制定机关"),
        ("issued", r"成文日期|印发日期|公布日期|发布日期"),
        ("effective", r"施行日期|生效日期|实施日期"),
        ("expires", r"失效日期"),
        ("title", r"标\s*题|名\s*称"),
    )
    found: dict[str, str] = {}
    for line in lines:
        for key, pattern in names:
            match = re.search(rf"(?:^|\s)(?:{pattern})\s*[：:]\s*(\S+(?:\s*\d+\s*号)?)", line)
            if match and METADATA.search(line):
                found.setdefault(key, match[1])
    return found


def _number(head: list[str], meta: dict[str, str], tail: list[str]) -> str:
    for line in [meta.get("number", ""), *head]:
        match = NUMBER.search(line)
        if match and (match.end() - match.start() > len(line.strip("（）()")) * 0.6):
            return normal_number(match)
    for line in head[:12]:
        for pattern in (_ORDER, _ANNOUNCEMENT):
            match = pattern.search(line)
            if match and ("公布" in line or "发布" in line or is_title_like(line)):
                return re.sub(r"[\s（）()]|^.*日(?=中华)", "", match[0])
    return ""


def _title(head: list[str]) -> str:
    lines: list[str] = []
    for line in head:
        skip = (
            NUMBER.fullmatch(line.strip("（）()"))
            or METADATA.match(line)
            or _RED_HEAD.fullmatch(line)
            or _ORDER.fullmatch(line)
            or _ANNOUNCEMENT.fullmatch(line)
            or is_date_line(line)
        )
        if skip:
            if lines and _TITLE_END.search("".join(lines)):
                break
            continue
        if not is_title_like(line) or (DATE.search(line) and lines):
            break
        if lines and re.match(r"[（(]\s*(?:19|20)\d{2}\s*年\s*\d", line):
            break
        lines.append(line)
        if _TITLE_END.search("".join(lines)) and "".join(lines).count("《") == "".join(lines).count(
            "》"
        ):
            break
    return "".join(lines)


def _issued(head: list[str], tail: list[str], meta: dict[str, str]) -> date | None:
    if "issued" in meta:
        found = first_date(meta["issued"], numeric=True)
        if found:
            return found
    for line in reversed(head + tail):
        if is_date_line(line):
            return first_date(line)
    for line in head:
        for match in reversed(list(DATE.finditer(line))):
            if re.match(r"[^，；　 ]{0,3}[　 ]?[^，；]{0,30}?(?:公布|发布)", line[match.end() :]):
                return match_date(match)
    dated = [line for line in head + tail if DATE.search(line)]
    return first_date(dated[0]) if dated else None


def _issuer(title: str, head: list[str], tail: list[str], meta: dict[str, str], number: str) -> str:
    if meta.get("issuer"):
        return meta["issuer"]
    named = _ISSUER_IN_TITLE.match(title)
    if named:
        return named["who"].strip()
    for lines in (head, tail):
        for before, line in pairwise(lines):
            if is_date_line(line) and is_title_like(before) and not NUMBER.search(before):
                return re.sub(r"\s+", "", before) if len(before) < 12 else before
    order = re.match(r"(?:中华人民共和国)?(?P<who>[\u4e00-\u9fff]+?)令", number)
    if order:
        passed = _PASSED_BY.search("".join(head))
        return passed["who"] if passed else order["who"]
    red = next((line for line in head if _RED_HEAD.fullmatch(line)), "")
    return re.sub(r"\s|文\s*件$", "", red)


def _effective(
    head: list[str], meta: dict[str, str], text: str, issued: date | None
) -> date | None:
    if "effective" in meta:
        return first_date(meta["effective"], numeric=True)
    for line in head:
        for match in DATE.finditer(line):
            if re.match(r"\s*起?(?:施行|实施|生效)", line[match.end() :]):
                return match_date(match)
    own = [m for m in _IN_FORCE.finditer(text) if re.search(r"本[^，。]{1,10}$", text[: m.start()])]
    for match in own:
        found = first_date(match["when"])
        if found:
            return found
        if re.search(r"(?:印发|发布|公布|发文)之日", match["when"]):
            return issued
    return None


def _expires(
    text: str, title: str, issued: date | None, effective: date | None, meta: dict[str, str]
) -> date | None:
    if "expires" in meta:
        return first_date(meta["expires"], numeric=True)
    until = _UNTIL.search(text)
    if until:
        return first_date(until["when"])
    years = _YEARS.search(text)
    first = effective or issued
    if years and first:
        # 29 February has no anniversary in most years: 28 February is the last day then.
        day = first - timedelta(days=1)
        last = 28 if (day.month, day.day) == (2, 29) else day.day
        return day.replace(year=day.year + to_int(years["n"]), day=last)
    plan = _PLAN_YEARS.search(title)
    return date(int(plan["end"]), 12, 31) if plan else None


def _region(issuer: str, title: str, number: str) -> str:
    for where in (issuer, title):
        for province in _PROVINCES:
            short = province[:3] if province[:3] in ("内蒙古", "黑龙江") else province[:2]
            if where.startswith(province):
                return province
            if where.startswith((short + "壮", short + "回", short + "维")):
                return province
        if _NATIONAL.match(where):
            return "全国"
        place = re.match(r"(?P<place>[\u4e00-\u9fff]{1,8}?(?:自治州|自治县|市|州|县|区|旗))", where)
        if place and not where.startswith(("市场", "县级", "区域")):
            return place["place"]
    if number.startswith("国"):
        return "全国"
    return ""
