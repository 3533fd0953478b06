"""Work orders: drafted while the call goes on, edited, saved, listed, exported."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from starlette.responses import RedirectResponse, Response

from bot.web.desk.cards import CardMaker
from bot.web.desk.home import topic_of
from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import InvalidDetails
from core.orders import MOST_TEXT, OrderNote, WorkOrder
from core.staff import Role

COLUMNS = (
    "reference", "status", "staff", "created_at", "updated_at", "caller", "phone", "summary",
    "questions", "answers", "clauses", "departments", "bookings", "follow_up",
)  # fmt: skip
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Orders:
    def __init__(self, services: DeskServices, views: DeskViews, cards: CardMaker) -> None:
        self._orders = services.orders
        self._views = views
        self._cards = cards

    def listed(self, visit: Visit) -> Response:
        facts = {"orders": self._orders.listed(_whose(visit)), "everybodys": _whose(visit) is None}
        return self._views.page(visit, "orders.html", facts)

    def note(self, visit: Visit) -> Response:
        """Puts the card into the order. The card is made anew: nobody else's words get in."""
        card = self._cards.card(visit.text("question", 200), topic_of(visit))
        if card is None:
            return RedirectResponse("/desk", 303)
        first = card.clauses[0].citation if card.clauses else None
        note = OrderNote(
            question=card.question,
            said=card.reply.text,
            document=first.document if first else "",
            clause=first.clause if first else "",
            departments=card.departments,
        )
        order = self._orders.note(visit.member.name, note)
        visit.about(order.reference)
        if visit.request.headers.get("x-piece") == "1":
            return self._views.page(visit, "piece_draft.html", {"draft": order})
        return RedirectResponse("/desk#call", 303)

    def show(self, visit: Visit) -> Response:
        return self._page(visit, self._named(visit))

    def save(self, visit: Visit) -> Response:
        order = self._named(visit)
        visit.about(order.reference)
        fields: dict[str, Any] = {
            name: visit.text(name, MOST_TEXT)
            for name in ("caller", "phone", "summary", "follow_up")
        }
        kept = set(visit.texts("keep"))
        fields["notes"] = tuple(n for i, n in enumerate(order.notes) if str(i) in kept)
        status = visit.text("status")
        try:
            self._orders.edit(order.reference, _whose(visit), status=status, **fields)
        except InvalidDetails as error:
            trouble = self._views.trouble(f"invalid_{error.details.get('field')}")
            return self._page(visit, order, trouble, fields, 422)
        where = "/desk/orders" if status != "draft" else f"/desk/orders/{order.reference}#saved"
        return RedirectResponse(where, 303)

    def discard(self, visit: Visit) -> Response:
        reference = visit.request.path_params["reference"]
        visit.about(reference)
        self._orders.discard(reference, visit.member.name)
        return RedirectResponse("/desk", 303)

    def as_csv(self, visit: Visit) -> Response:
        out = io.StringIO()
        sheet = csv.DictWriter(out, COLUMNS)
        sheet.writeheader()
        for record in self._records(visit):
            sheet.writerow({name: _cell(record[name]) for name in COLUMNS})
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        return _download("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", "csv")

    def as_json(self, visit: Visit) -> Response:
        body = json.dumps(list(self._records(visit)), ensure_ascii=False, indent=1)
        return _download(body, "application/json", "json")

    def _records(self, visit: Visit) -> Iterator[dict[str, Any]]:
        for order in self._orders.listed(_whose(visit), limit=5000):
            yield _record(order)

    def _named(self, visit: Visit) -> WorkOrder:
        """Raises UnknownOrder, also for another agent's: then no page is there."""
        return self._orders.get(visit.request.path_params["reference"], _whose(visit))

    def _page(
        self,
        visit: Visit,
        order: WorkOrder,
        trouble: str = "",
        typed: dict[str, Any] | None = None,
        status: int = 200,
    ) -> Response:
        texts = ("caller", "phone", "summary", "follow_up")
        fields = typed or {name: getattr(order, name) for name in texts}
        facts = {"order": order, "fields": fields, "trouble": trouble}
        return self._views.page(visit, "order.html", facts, status)


def _whose(visit: Visit) -> str | None:
    """An agent sees their own orders, a manager everybody's."""
    return None if visit.member.role is Role.MANAGER else visit.member.name


def _record(order: WorkOrder) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "status": order.status,
        "staff": order.staff,
        "created_at": order.created_at.isoformat(timespec="seconds"),
        "updated_at": order.updated_at.isoformat(timespec="seconds"),
        "caller": order.caller,
        "phone": order.phone,
        "summary": order.summary,
        "questions": [note.question for note in order.notes],
        "answers": [note.said for note in order.notes],
        "clauses": [f"{n.document} {n.clause}".strip() for n in order.notes if n.clause],
        "departments": list(order.departments),
        "bookings": list(order.bookings),
        "follow_up": order.follow_up,
    }


def _cell(value: Any) -> str:
    """As one cell. What a caller said must not become a formula of somebody's spreadsheet."""
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _download(body: str, kind: str, ending: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="work-orders.{ending}"'}
    return Response(body, media_type=kind, headers=headers)
