"""Notices: what is in force, a new one looked at before it holds, published, ended, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from starlette.responses import RedirectResponse, Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.managing.marking import changed_clauses, fact_rows, head_rows
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import BadNotice, UnknownNotice
from core.managing import UnknownDraft
from policy.model import Notice, begins, in_force
from policy.reading.differences import difference
from policy.reading.formats import LARGEST
from policy.reading.packing import packed_notice, unpacked_notice

HOME = "/desk/notices"
COLUMNS = "number title issuer issued version latest state last_day clauses added_at"


@dataclass(frozen=True)
class Row:
    """One version in the list."""

    notice: Notice
    state: str
    """in_force, replaced, not_yet or ended."""
    last_day: date | None
    clauses: int
    latest: bool
    added_at: Any


class ManagedNotices:
    def __init__(self, services: ManagingServices, views: DeskViews) -> None:
        self._shelf = services.notices
        self._read = services.read_notice
        self._drafts = services.drafts
        self._clock = services.clock
        self._views = views

    # -- the list

    def show(self, visit: Visit) -> Response:
        return self._list(visit)

    def export(self, visit: Visit) -> Response:
        rows = [
            {
                name: getattr(row.notice, name)
                for name in "number title issuer issued version".split()
            }
            | {"latest": row.latest, "state": row.state, "last_day": row.last_day}
            | {"clauses": row.clauses, "added_at": row.added_at.isoformat(timespec="seconds")}
            for row in self._rows()
        ]
        return exported(visit.request.path_params["ending"], "notices", rows, COLUMNS)

    def facts(self, visit: Visit) -> Response:
        """A notice that is there, with every fact that was read from it. Raises UnknownNotice."""
        number = visit.request.path_params["number"]
        notice = self._shelf.get(number, visit.asked_number("version") or None)
        return self._views.page(visit, "managing/notice_facts.html", self._shown(notice))

    # -- a new one

    def upload(self, visit: Visit) -> Response:
        """Reads a file and keeps it aside; nothing that anybody asks changes by it."""
        given = visit.file("file")
        if given is None:
            return self._list(visit, trouble="no_file")
        name = PurePath((given.filename or "").replace("\\", "/")).name[:200]
        data = given.file.read(LARGEST + 1)
        try:
            notice = self._read(data, name)
        except BadNotice as error:
            return self._list(visit, trouble=f"bad_notice_{error.details.get('reason')}")
        draft = self._drafts.keep(visit.member.name, "notice", name, data, packed_notice(notice))
        visit.about(notice.number)
        return RedirectResponse(f"{HOME}/draft/{draft}", 303)

    def preview(self, visit: Visit) -> Response:
        return self._preview(visit, visit.request.path_params["draft"])

    def publish(self, visit: Visit) -> Response:
        draft_id = visit.text("draft")
        try:
            draft = self._drafts.get(visit.member.name, "notice", draft_id)
        except UnknownDraft as error:
            return self._list(visit, trouble=error.code)
        notice = unpacked_notice(draft.content)
        if visit.text("against") != str(self._version(notice.number)):
            return self._preview(visit, draft_id, trouble="plan_changed")
        self._shelf.add(notice, draft.source, draft.file_name)
        self._drafts.drop(visit.member.name, draft_id)
        visit.about(notice.number)
        return RedirectResponse(f"{HOME}?done=published", 303)

    def discard(self, visit: Visit) -> Response:
        self._drafts.drop(visit.member.name, visit.text("draft"))
        return RedirectResponse(f"{HOME}?done=discarded", 303)

    # -- an old one

    def withdraw(self, visit: Visit) -> Response:
        """Asks first, and says what would follow. Raises UnknownNotice."""
        return self._withdrawal(visit, visit.request.path_params["number"])

    def repeal(self, visit: Visit) -> Response:
        number = visit.text("number")
        day = _day(visit.text("last_day"))
        if day is None:
            return self._withdrawal(visit, number, trouble="no_day")
        visit.about(self._shelf.repeal(number, day).number)
        return RedirectResponse(f"{HOME}?done=repealed", 303)

    def restore(self, visit: Visit) -> Response:
        visit.about(self._shelf.repeal(visit.text("number"), None).number)
        return RedirectResponse(f"{HOME}?done=restored", 303)

    def remove(self, visit: Visit) -> Response:
        number = visit.text("number")
        if visit.text("sure") != "1":
            return self._withdrawal(visit, number, trouble="not_confirmed")
        self._shelf.remove(number)
        visit.about(number)
        return RedirectResponse(f"{HOME}?done=removed", 303)

    # -- pages

    def _list(self, visit: Visit, trouble: str = "") -> Response:
        facts = {
            "rows": self._rows(),
            "most_mb": LARGEST // 2**20,
            "most_bytes": LARGEST,
            "done": visit.request.query_params.get("done", ""),
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        return self._views.page(visit, "managing/notices.html", facts, 422 if trouble else 200)

    def _preview(self, visit: Visit, draft_id: str, trouble: str = "") -> Response:
        try:
            draft = self._drafts.get(visit.member.name, "notice", draft_id)
        except UnknownDraft as error:
            return self._list(visit, trouble=error.code)
        notice = unpacked_notice(draft.content)
        version = self._version(notice.number)
        facts = {
            **self._shown(notice),
            "draft": draft,
            "against": version,
            "doubts": self._doubts(notice),
            "ends": self._ended_by(notice),
            "same": False,
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        if version:
            found = difference(self._shelf.get(notice.number), notice)
            # A file never says that it was repealed: that is kept from version to version.
            head = {name: pair for name, pair in found.head.items() if name != "repealed"}
            facts["head_changes"] = head_rows(head)
            facts["changes"] = changed_clauses(found.clauses)
            facts["same"] = not (head or found.clauses)
        status = 409 if trouble else 200
        return self._views.page(visit, "managing/notice_draft.html", facts, status)

    def _shown(self, notice: Notice) -> dict[str, Any]:
        return {
            "notice": notice,
            "clauses": [(clause, fact_rows(clause)) for clause in notice.clauses],
            "binding": in_force(notice, self._today()),
        }

    def _withdrawal(self, visit: Visit, number: str, trouble: str = "") -> Response:
        notice = next((n for n in self._shelf.load_notices() if n.number == number), None)
        if notice is None:
            raise UnknownNotice(number)
        others = [n for n in self._shelf.load_notices() if n.number != number]
        facts = {
            "notice": notice,
            "marked": self._shelf.get(number).repealed,
            "binding": in_force(notice, self._today()),
            "today": self._today(),
            "left": sum(in_force(n, self._today()) for n in others),
            "versions": self._version(number),
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        status = 422 if trouble else 200
        return self._views.page(visit, "managing/notice_withdrawal.html", facts, status)

    # -- what the pages say

    def _rows(self) -> list[Row]:
        """Every version, with the day on which it ends by whatever rule."""
        day = self._today()
        repealed = {n.number: n.repealed for n in self._shelf.load_notices()}
        rows = []
        for item in self._shelf.listed():
            notice = item.notice
            ends = (notice.expires, notice.repealed, repealed.get(notice.number))
            last_day = min((end for end in ends if end), default=None)
            state = _state(notice, item.latest, last_day, day)
            rows.append(Row(notice, state, last_day, item.clauses, item.latest, item.added_at))
        return rows

    def _version(self, number: str) -> int:
        """The latest one that is there; 0 where none is."""
        versions = (i.notice.version for i in self._shelf.listed() if i.notice.number == number)
        return max(versions, default=0)

    def _ended_by(self, notice: Notice) -> list[Notice]:
        """Notices in force that this one's text repeals."""
        return [
            other
            for other in self._shelf.load_notices()
            if (other.number in notice.repeals or other.title in notice.repeals)
            and in_force(other, self._today())
        ]

    def _doubts(self, notice: Notice) -> list[str]:
        """Codes of what somebody should look at twice: nothing is guessed, some may be missed."""
        found = {
            "no_number": notice.number.startswith("《"),
            "no_issuer": not notice.issuer,
            "no_date": begins(notice) == date.min,
            "no_region": not notice.region,
            "no_departments": not any(c.departments for c in notice.clauses),
            "few_clauses": len(notice.clauses) < 4,
            "not_in_force": not in_force(notice, self._today()),
            "abridged": notice.abridged,
        }
        return [code for code, holds in found.items() if holds]

    def _today(self) -> date:
        return self._clock.now().date()


def _state(notice: Notice, latest: bool, last_day: date | None, day: date) -> str:
    if not latest:
        return "replaced"
    if day < begins(notice):
        return "not_yet"
    return "ended" if last_day is not None and day > last_day else "in_force"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
