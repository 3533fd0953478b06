"""Spoken figures back to written ones, where they name something: a phone, an ID, a reference."""

from __future__ import annotations

import re

_SPOKEN = dict(zip("零〇幺一二三四五六七八九", "001123456789", strict=True))
_RUN = re.compile(r"[零〇幺一二三四五六七八九\d]{3,}")
_GAP = re.compile(r"(?<=[零〇幺一二三四五六七八九\d])[\s,，、-]+(?=[零〇幺一二三四五六七八九\d])")


def with_figures(text: str) -> str:
    """Runs of three and more digits as figures: 幺三八零零一三八零零零 as 13800138000.

    Quantities (一千五百) and short words (一下, 五一) stay as they are.
    """
    without_gaps = _GAP.sub("", text)
    joined = without_gaps if _RUN.search(without_gaps) else text
    return _RUN.sub(lambda run: "".join(_SPOKEN.get(d, d) for d in run.group(0)), joined)
