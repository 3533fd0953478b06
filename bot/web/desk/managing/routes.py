"""The managers' part of the table of routes."""

from __future__ import annotations

from bot.web.desk.guard import ADMINS, MANAGERS, DeskRoute, Handler
from bot.web.desk.managing.feedback import Feedback
from bot.web.desk.managing.notices import ManagedNotices
from bot.web.desk.managing.numbers import Numbers
from bot.web.desk.managing.requests import Requests
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.managing.slots import ManagedSlots
from bot.web.desk.managing.trail import TrailPages
from bot.web.desk.views import DeskViews
from core.managing import LARGEST_SLOT_FILE
from core.staff import Staff
from policy.reading.formats import LARGEST

FORM = 64 * 1024
"""Bytes of a form around its file."""


def managing_table(services: ManagingServices, views: DeskViews) -> tuple[DeskRoute, ...]:
    return (
        *_notices(ManagedNotices(services, views)),
        *_slots(ManagedSlots(services, views)),
        *_requests(Requests(services, views)),
        *_feedback(Feedback(services, views)),
        *_numbers(Numbers(services, views)),
    )


def trail_table(staff: Staff, views: DeskViews) -> tuple[DeskRoute, ...]:
    """What was done at the desk, for whoever looks after its accounts."""
    pages = TrailPages(staff, views)
    return (
        DeskRoute("/desk/trail", pages.show, ADMINS, nav="trail"),
        DeskRoute("/desk/trail/export.{ending}", pages.export, ADMINS, event="trail_exported"),
    )


def _notices(pages: ManagedNotices) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/notices", pages.show, nav="notices"),
        _seen("/desk/notices/facts/{number:path}", pages.facts),
        _seen("/desk/notices/draft/{draft}", pages.preview),
        _seen("/desk/notices/withdraw/{number:path}", pages.withdraw),
        _seen("/desk/notices/export.{ending}", pages.export, "notices_exported"),
        _uploaded("/desk/notices/upload", pages.upload, "notice_read", LARGEST),
        _done("/desk/notices/publish", pages.publish, "notice_published"),
        _done("/desk/notices/discard", pages.discard),
        _done("/desk/notices/repeal", pages.repeal, "notice_repealed"),
        _done("/desk/notices/restore", pages.restore, "notice_restored"),
        _done("/desk/notices/remove", pages.remove, "notice_removed"),
    )


def _slots(pages: ManagedSlots) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/slots", pages.listed, nav="slots"),
        _seen("/desk/slots/show", pages.show),
        _seen("/desk/slots/new", pages.new),
        _seen("/desk/slots/edit", pages.edit),
        _seen("/desk/slots/draft/{draft}", pages.preview),
        _seen("/desk/slots/export.{ending}", pages.export, "slots_exported"),
        _seen("/desk/slots/bookings.{ending}", pages.bookings, "bookings_exported"),
        _done("/desk/slots/check", pages.check),
        _uploaded("/desk/slots/upload", pages.upload, "slots_read", LARGEST_SLOT_FILE),
        _done("/desk/slots/save", pages.save, "slots_saved"),
        _done("/desk/slots/discard", pages.discard),
        _done("/desk/slots/close", pages.close, "slot_closed"),
        _done("/desk/slots/cancel", pages.cancel, "slot_cancelled"),
    )


def _requests(pages: Requests) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/requests", pages.listed, nav="requests"),
        _seen("/desk/requests/export.{ending}", pages.export, "requests_exported"),
        _done("/desk/requests/close", pages.close, "request_closed"),
    )


def _feedback(pages: Feedback) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/feedback", pages.show, nav="feedback"),
        _seen("/desk/feedback/questions.{ending}", pages.questions, "feedback_exported"),
        _seen("/desk/feedback/ratings.{ending}", pages.ratings, "feedback_exported"),
        _done("/desk/feedback/questions/delete", pages.delete_questions, "questions_deleted"),
        _done("/desk/feedback/ratings/delete", pages.delete_ratings, "ratings_deleted"),
    )


def _numbers(pages: Numbers) -> tuple[DeskRoute, ...]:
    return (
        _seen("/desk/numbers", pages.show, nav="numbers"),
        _seen("/desk/numbers/{table}.{ending}", pages.export, "numbers_exported"),
    )


def _seen(path: str, handler: Handler, event: str = "", nav: str = "") -> DeskRoute:
    return DeskRoute(path, handler, MANAGERS, event=event, nav=nav)


def _done(path: str, handler: Handler, event: str = "") -> DeskRoute:
    return DeskRoute(path, handler, MANAGERS, "POST", event)


def _uploaded(path: str, handler: Handler, event: str, most: int) -> DeskRoute:
    return DeskRoute(path, handler, MANAGERS, "POST", event, most_files=1, most_bytes=most + FORM)
