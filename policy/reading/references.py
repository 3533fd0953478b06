"""Which other notices a notice leans on for what it does not settle itself."""

from __future__ import annotations

import re

from policy.reading.head import NUMBER, normal_number

_ALIAS = re.compile(r"以下(?:简|统)称[《“\"]?(?P<alias>[^》”\"）)]{2,20})[》”\"]?")
_FALLBACK = re.compile(
    r"[^。；\n]*(?:未(?:明确|尽|作|做)?(?:规定|尽|明确)?的?(?:内容|事项|事宜)|没有规定|未作规定)[^。；\n]*"
)
_BASIS = re.compile(r"(?:根据|依据|按照|依照|贯彻落实|落实)[^。；\n]{0,80}$")
_REPEALS = re.compile(r"[^。\n]*(?:同时|予以|一并|即行|自行)\s*废止|[^。\n]*废止(?=[。；]|$)", re.M)
_REPEALED = re.compile(
    r"《(?P<name>(?:[^《》]|《[^《》]*》)+)》(?:\s*[（(][^《》，。；]{0,40}?号[）)])?"
)
_NAMED = re.compile(r"《(?P<name>[^《》]{2,60})》")


def defers_to(text: str, own: str) -> tuple[str, ...]:
    """Numbers of the notices it is based on, then those that fill its gaps, each once."""
    numbers: list[str] = []
    aliases: dict[str, str] = {}
    for match in NUMBER.finditer(text):
        number = _trimmed(normal_number(match))
        if number == own or own.endswith(number):
            continue
        before, after = text[: match.start()], text[match.end() : match.end() + 60]
        if _BASIS.search(before) and re.search(
            r"制定本|提出(?:以下|如下)|结合", _sentence(text, match)
        ):
            numbers.append(number)
        alias = _ALIAS.search(after.split("。")[0])
        if alias:
            aliases[alias["alias"]] = number
    for sentence in _FALLBACK.findall(text):
        for named in _NAMED.finditer(sentence):
            if named["name"] in aliases:
                numbers.append(aliases[named["name"]])
    return tuple(dict.fromkeys(numbers))


def repeals(text: str, own: str) -> tuple[str, ...]:
    """Numbers, or titles without one, of what the text repeals (同时废止), each once."""
    found: list[str] = []
    for sentence in _REPEALS.findall(text):
        rest = sentence
        for match in _REPEALED.finditer(sentence):
            number = NUMBER.search(match[0])
            if number and _trimmed(normal_number(number)) != own:
                found.append(_trimmed(normal_number(number)))
            elif not number:
                found.append(match["name"])
            rest = rest.replace(match[0], "")
        for number in NUMBER.finditer(rest):
            found.append(_trimmed(normal_number(number)))
    return tuple(n for n in dict.fromkeys(found) if n != own)


def _sentence(text: str, match: re.Match[str]) -> str:
    begin = max(text.rfind("。", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    end = text.find("。", match.end())
    return text[begin : end if end > 0 else len(text)]


def _trimmed(number: str) -> str:
    return re.sub(r"^(?:根据|按照|依据|依照|落实|印发|和|与|及|以及|见)+", "", number)
