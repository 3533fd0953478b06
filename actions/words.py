"""Words that are put into the domain's sentences, from words.zh.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("words.zh.yml")


def word(name: str, **values: str) -> str:
    """The word by its name, with its values. Raises KeyError for one that is not in the file."""
    return _words()[name].format(**values)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded
