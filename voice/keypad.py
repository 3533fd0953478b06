"""Digits that are being entered on the keypad."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True)
class Entry:
    digits: str = ""

    def with_digit(self, digit: str) -> Entry:
        return Entry(self.digits + digit)

    @property
    def complete(self) -> bool:
        """A whole mobile number needs no #."""
        return _MOBILE.fullmatch(self.digits) is not None
