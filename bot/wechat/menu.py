"""The account's menu, in the form of the platform's interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def menu_buttons() -> list[dict[str, Any]]:
    """At most three titles with at most five entries each; a press says a sentence."""
    text = (Path(__file__).parent / "menu.zh.yml").read_text(encoding="utf-8")
    return [
        {
            "name": title,
            "sub_button": [
                {"type": "click", "name": name, "key": sentence} for name, sentence in entries
            ],
        }
        for title, entries in yaml.safe_load(text).items()
    ]
