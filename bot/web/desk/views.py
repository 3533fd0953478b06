"""The desk's templates: the gateway's, with the menu, the session and the desk's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from starlette.responses import Response

from bot.web.desk.guard import DeskRoute
from bot.web.desk.visit import Visit
from bot.web.troubles import is_piece
from bot.web.views import Views

HERE = Path(__file__).parent
PHRASES = (HERE / "phrases.zh.yml", HERE / "managing" / "phrases.zh.yml")


def load_words() -> dict[str, Any]:
    """Sections by name; one that stands in several files is their union. Raises ValueError where
    two files say the same thing."""
    words: dict[str, Any] = {}
    for path in PHRASES:
        for section, found in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            known = words.get(section)
            if known is None:
                words[section] = found
                continue
            twice = set(known) & set(found)
            if twice:
                raise ValueError(f"{path}: {section} is said twice: {sorted(twice)}")
            words[section] = {**known, **found}
    return words


class DeskViews:
    """Renders for a visit. What a template needs everywhere is added here."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self.words = load_words()
        self._menu: tuple[DeskRoute, ...] = ()

    def use_menu(self, table: Sequence[DeskRoute]) -> None:
        self._menu = tuple(line for line in table if line.nav)

    def page(
        self, visit: Visit, template: str, facts: dict[str, Any] | None = None, status: int = 200
    ) -> Response:
        """A template of templates/desk/, or its piece where our script asks for one."""
        context = {
            "desk": visit,
            "menu": [line for line in self._menu if visit.member.role in line.roles],
            "words": self.words,
            "piece": is_piece(visit.request),
            **(facts or {}),
        }
        return self._views.page(visit.request, f"desk/{template}", context, status=status)

    def piece(self, visit: Visit, template: str, facts: dict[str, Any]) -> str:
        """A piece that goes out by a WebSocket."""
        context = {"desk": visit, "words": self.words, "piece": True, **facts}
        return self._views.rendered(f"desk/{template}", context)

    def trouble(self, code: str, **facts: Any) -> str:
        """The sentence for an error's code; the general apology for an unknown one."""
        troubles = self.words["troubles"]
        return str(troubles.get(code, troubles["error"])).format(**facts)
