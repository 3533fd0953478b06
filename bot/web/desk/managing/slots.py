"""Dates of courses: listed, added, changed and imported after a look at what would happen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.managing.slot_rows import (
    BOOKING_COLUMNS,
    COLUMNS,
    FIELDS,
    booking_row,
    slot_fields,
)
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import BadImport, UnknownSlot
from core.managing import (
    LARGEST_SLOT_FILE,
    Affected,
    ManagedSlot,
    PlanChanged,
    SlotPlan,
    UnknownDraft,
)

HOME = "/desk/slots"
A_PAGE = 50
MOST_SHOWN = 300
"""Changes and bad lines on one page."""


class ManagedSlots:
    def __init__(self, services: ManagingServices, views: DeskViews) -> None:
        self._book = services.slots
        self._drafts = services.drafts
        self._clock = services.clock
        self._views = views

    # -- the list and one date

    def listed(self, visit: Visit) -> Response:
        return self._list(visit)

    def export(self, visit: Visit) -> Response:
        rows = [
            slot_fields(one)
            | {"state": one.state(self._clock.now()), "waiting": one.affected.waiting}
            | {"confirmed": one.affected.confirmed, "held": one.affected.held}
            for one in self._wanted(visit, self._book.all())
        ]
        return exported(visit.request.path_params["ending"], "slots", rows, COLUMNS)

    def show(self, visit: Visit) -> Response:
        return self._one(visit, visit.asked("slot"))

    def bookings(self, visit: Visit) -> Response:
        """Names and phones go out: the trail says of which date."""
        slot_id = visit.asked("slot")
        visit.about(slot_id)
        rows = list(map(booking_row, self._book.bookings(slot_id)))
        return exported(visit.request.path_params["ending"], "bookings", rows, BOOKING_COLUMNS)

    # -- changing one or many: first what would happen, then it happens

    def new(self, visit: Visit) -> Response:
        return self._form(visit, {"status": "open"})

    def edit(self, visit: Visit) -> Response:
        try:
            one = self._book.get(visit.asked("slot"))
        except UnknownSlot as error:
            return self._list(visit, error.code, status=404)
        return self._form(visit, slot_fields(one), known=True)

    def check(self, visit: Visit) -> Response:
        typed = {name: visit.text(name, 300) for name in FIELDS}
        try:
            packed = self._book.read_fields(typed)
        except BadImport as error:
            return self._form(visit, typed, known=visit.text("known") == "1", error=error)
        visit.about(typed["id"])
        return self._aside(visit, "", b"", packed)

    def upload(self, visit: Visit) -> Response:
        given = visit.file("file")
        if given is None:
            return self._list(visit, "no_file")
        name = PurePath((given.filename or "").replace("\\", "/")).name[:200]
        data = given.file.read(LARGEST_SLOT_FILE + 1)
        try:
            packed = self._book.read_file(name, data)
        except BadImport as error:
            return self._list(visit, error=error)
        return self._aside(visit, name, data, packed)

    def preview(self, visit: Visit) -> Response:
        return self._preview(visit, visit.request.path_params["draft"])

    def save(self, visit: Visit) -> Response:
        draft_id = visit.text("draft")
        try:
            draft = self._drafts.get(visit.member.name, "slots", draft_id)
            plan = self._book.carry_out(draft.content, visit.text("fingerprint"))
        except UnknownDraft as error:
            return self._list(visit, error.code)
        except (PlanChanged, BadImport):
            return self._preview(visit, draft_id, "plan_changed")
        self._drafts.drop(visit.member.name, draft_id)
        changed = [c.id for c in plan.changes if c.outcome != "unchanged"]
        visit.about(changed[0] if len(changed) == 1 else f"{len(changed)}")
        return RedirectResponse(f"{HOME}?done=slots_saved", 303)

    def discard(self, visit: Visit) -> Response:
        self._drafts.drop(visit.member.name, visit.text("draft"))
        return RedirectResponse(f"{HOME}?done=discarded", 303)

    def close(self, visit: Visit) -> Response:
        slot_id = visit.text("slot")
        try:
            self._book.close(slot_id)
        except UnknownSlot as error:
            return self._list(visit, error.code, status=404)
        visit.about(slot_id)
        return RedirectResponse(f"{HOME}?done=slot_closed", 303)

    def cancel(self, visit: Visit) -> Response:
        slot_id = visit.text("slot")
        if visit.text("sure") != "1":
            return self._one(visit, slot_id, "not_confirmed")
        try:
            self._book.cancel(slot_id, _seen(visit))
        except UnknownSlot as error:
            return self._list(visit, error.code, status=404)
        except PlanChanged as error:
            return self._one(visit, slot_id, error.code)
        visit.about(slot_id)
        return RedirectResponse(f"{HOME}?done=slot_cancelled", 303)

    # -- pages

    def _list(
        self, visit: Visit, trouble: str = "", error: BadImport | None = None, status: int = 422
    ) -> Response:
        every = self._book.all()
        found = self._wanted(visit, every)
        asked = visit.request.query_params
        pages = max(1, -(-len(found) // A_PAGE))
        page = min(max(visit.asked_number("page"), 1), pages)
        query = {k: asked[k] for k in ("course", "city", "state", "text") if asked.get(k)}
        facts = {
            "found": found[(page - 1) * A_PAGE : page * A_PAGE],
            "count": len(found),
            "page": page,
            "pages": pages,
            "query": query,
            "asked": urlencode(query),
            "courses": sorted({one.slot.course for one in every}),
            "cities": sorted({one.slot.city for one in every}),
            "now": self._clock.now(),
            "most_bytes": LARGEST_SLOT_FILE,
            "most_mb": LARGEST_SLOT_FILE // 2**20,
            "done": asked.get("done", ""),
            **self._refused(error),
        }
        if trouble:
            facts["trouble"] = self._views.trouble(trouble)
        status = status if trouble or error else 200
        return self._views.page(visit, "managing/slots.html", facts, status)

    def _one(self, visit: Visit, slot_id: str, trouble: str = "") -> Response:
        try:
            one = self._book.get(slot_id)
        except UnknownSlot as error:
            return self._list(visit, error.code, status=404)
        facts = {
            "one": one,
            "fields": slot_fields(one),
            "state": one.state(self._clock.now()),
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        return self._views.page(visit, "managing/slot.html", facts, 409 if trouble else 200)

    def _form(
        self,
        visit: Visit,
        typed: Mapping[str, str],
        *,
        known: bool = False,
        error: BadImport | None = None,
    ) -> Response:
        facts = {
            "typed": typed,
            "known": known,
            "names": FIELDS,
            "courses": sorted({one.slot.course for one in self._book.all()}),
            **self._refused(error),
        }
        return self._views.page(visit, "managing/slot_form.html", facts, 422 if error else 200)

    def _aside(self, visit: Visit, name: str, data: bytes, packed: str) -> Response:
        draft = self._drafts.keep(visit.member.name, "slots", name, data, packed)
        return RedirectResponse(f"{HOME}/draft/{draft}", 303)

    def _preview(self, visit: Visit, draft_id: str, trouble: str = "") -> Response:
        try:
            draft = self._drafts.get(visit.member.name, "slots", draft_id)
        except UnknownDraft as error:
            return self._list(visit, error.code)
        plan = self._book.plan(draft.content)
        facts = {
            "draft": draft,
            "plan": plan,
            "shown": _telling(plan)[:MOST_SHOWN],
            "more": max(0, len(_telling(plan)) - MOST_SHOWN),
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        return self._views.page(visit, "managing/slot_plan.html", facts, 409 if trouble else 200)

    def _refused(self, error: BadImport | None) -> dict[str, Any]:
        """What is wrong with a file or a form, line by line, in the desk's words."""
        if error is None:
            return {"trouble": "", "lines": []}
        reason, words = error.details.get("reason", ""), self._views.words
        code = f"bad_import_{reason}" if reason else "bad_import"
        facts = {"fields": self._labels(error.details.get("fields", ()))}
        lines = [
            (line, words["import_problems"][problem].format(**self._labelled(facts_of)))
            for line, problem, facts_of in error.details.get("codes", ())[:MOST_SHOWN]
        ]
        return {"trouble": self._views.trouble(code, **facts), "lines": lines}

    def _labelled(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {**facts, "fields": self._labels(facts.get("fields", ()))}

    def _labels(self, names: Any) -> str:
        return "、".join(self._views.words["slot_fields"].get(name, name) for name in names)

    def _wanted(self, visit: Visit, every: tuple[ManagedSlot, ...]) -> list[ManagedSlot]:
        asked, now = visit.request.query_params, self._clock.now()
        course, city, state = (asked.get(name, "") for name in ("course", "city", "state"))
        text = asked.get("text", "").strip().lower()
        return [
            one
            for one in every
            if course in ("", one.slot.course)
            and city in ("", one.slot.city)
            and state in ("", one.state(now))
            and text in f"{one.slot.id} {one.slot.course} {one.slot.venue}".lower()
        ]


def _telling(plan: SlotPlan) -> list[Any]:
    """Changes, those that need a look first."""
    order = ("too_small", "cancelled", "updated", "added")
    told = (change for change in plan.changes if change.outcome in order)
    return sorted(told, key=lambda change: order.index(change.outcome))


def _seen(visit: Visit) -> Affected:
    """Whom the page that was confirmed said it would touch."""
    names = ("confirmed", "held", "waiting", "messaged")
    values = (visit.text(name, 9) for name in names)
    return Affected(*(int(value) if value.isdecimal() else -1 for value in values))
