"""Which notice a question names: by its number or by words of its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from policy.model import Notice

_SIGNS = re.compile(r"[^0-9a-z\u4e00-\u9fff]")
_KIND = re.compile("条例|规定|办法|方案|意见|通知|文件|举措|细则|决定|号文|这部法|法里")
"""A question that names no kind of document speaks of a matter, not of a title."""
_LEAST = 4
"""Characters of a title that tell a notice from what is merely said in passing."""


def named_notice(question: str, notices: Sequence[Notice]) -> Notice | None:
    """The one notice that the question names; None where it names none, or several alike."""
    said = _plain(question)
    by_number = [n for n in notices if n.number and _stands(_plain(n.number), said)]
    if len(by_number) == 1:
        return by_number[0]
    if not _KIND.search(question):
        return None
    shared = sorted(((_shared(said, _plain(n.title)), i) for i, n in enumerate(notices)))[::-1]
    if not shared or shared[0][0] < _LEAST:
        return None
    if len(shared) > 1 and shared[1][0] == shared[0][0]:
        return None
    return notices[shared[0][1]]


def _plain(text: str) -> str:
    return _SIGNS.sub("", text.lower())


def _stands(number: str, said: str) -> bool:
    """The number as a whole, or as people shorten it: without its year's brackets or 第…号."""
    short = number.replace("中华人民共和国", "")
    return number in said or short in said or short.removesuffix("号") in said


def _shared(said: str, title: str) -> int:
    """Length of the longest stretch that both hold."""
    return SequenceMatcher(None, said, title, autojunk=False).find_longest_match().size
