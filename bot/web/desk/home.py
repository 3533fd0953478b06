"""The page on which a shift is spent."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit


class Home:
    def __init__(self, views: DeskViews) -> None:
        self._views = views

    def show(self, visit: Visit) -> Response:
        return self._views.page(visit, "home.html")
