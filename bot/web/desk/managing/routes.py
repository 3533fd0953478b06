"""The managers' part of the table of routes."""

from __future__ import annotations

from bot.web.desk.guard import MANAGERS, DeskRoute, Handler
from bot.web.desk.managing.notices import ManagedNotices
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.views import DeskViews
from policy.reading.formats import LARGEST

FORM = 64 * 1024
"""Bytes of a form around its file."""


def managing_table(services: ManagingServices, views: DeskViews) -> tuple[DeskRoute, ...]:
    return (*_notices(ManagedNotices(services, views)),)


def _notices(pages: ManagedNotices) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/notices", pages.show, nav="notices"),
        _seen("/desk/notices/facts/{number:path}", pages.facts),
        _seen("/desk/notices/draft/{draft}", pages.preview),
        _seen("/desk/notices/withdraw/{number:path}", pages.withdraw),
        _seen("/desk/notices/export.{ending}", pages.export, "notices_exported"),
        DeskRoute(
            "/desk/notices/upload",
            pages.upload,
            MANAGERS,
            "POST",
            "notice_read",
            most_files=1,
            most_bytes=LARGEST + FORM,
        ),
        _done("/desk/notices/publish", pages.publish, "notice_published"),
        _done("/desk/notices/discard", pages.discard),
        _done("/desk/notices/repeal", pages.repeal, "notice_repealed"),
        _done("/desk/notices/restore", pages.restore, "notice_restored"),
        _done("/desk/notices/remove", pages.remove, "notice_removed"),
    )


def _seen(path: str, handler: Handler, event: str = "", nav: str = "") -> DeskRoute:
    return DeskRoute(path, handler, MANAGERS, event=event, nav=nav)


def _done(path: str, handler: Handler, event: str = "") -> DeskRoute:
    return DeskRoute(path, handler, MANAGERS, "POST", event)
