"""Work orders: what calls were about, sealed, found by the caller's phone to erase them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from core.booking import parse_phone
from core.errors import InvalidDetails, UnknownOrder
from core.orders import MOST_NOTES, MOST_TEXT, OrderNote, WorkOrder
from core.ports import Clock
from core.reference import CAPACITY, make_reference
from store.database import read, write
from store.records import insert_new
from store.sealing import Seal
from store.tables.staff import work_orders

PURPOSE = "work order"
STATUSES = ("draft", "saved", "done")
_TEXTS = ("caller", "phone", "summary", "follow_up")


class SqlWorkOrders:
    """Obeys core.orders.WorkOrders."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal) -> None:
        self._engine = engine
        self._clock = clock
        self._seal = seal

    def draft(self, staff: str) -> WorkOrder | None:
        return read(self._engine, lambda c: self._draft(c, staff))

    def note(self, staff: str, note: OrderNote) -> WorkOrder:
        def add(order: WorkOrder) -> WorkOrder:
            notes = order.notes if note in order.notes else (*order.notes, note)
            return replace(order, notes=notes[-MOST_NOTES:])

        return self._change_draft(staff, add)

    def add_booking(self, staff: str, reference: str) -> WorkOrder:
        def add(order: WorkOrder) -> WorkOrder:
            return replace(order, bookings=tuple(dict.fromkeys((*order.bookings, reference))))

        return self._change_draft(staff, add)

    def edit(self, reference: str, staff: str | None, *, status: str, **fields: Any) -> WorkOrder:
        if status not in STATUSES:
            raise InvalidDetails("an order is a draft, saved or done", field="status")
        texts: dict[str, Any] = {
            k: str(v).strip()[:MOST_TEXT] for k, v in fields.items() if k in _TEXTS
        }
        if "phone" in texts:
            texts["phone"] = parse_phone(texts["phone"])

        def work(connection: Connection) -> WorkOrder:
            order = self._get(connection, reference, staff, lock=True)
            order = replace(order, status=status, updated_at=self._clock.now(), **texts)
            if "notes" in fields:
                order = replace(order, notes=tuple(fields["notes"])[:MOST_NOTES])
            self._keep(connection, order)
            return order

        return write(self._engine, work)

    def discard(self, reference: str, staff: str) -> None:
        def work(connection: Connection) -> None:
            order = self._get(connection, reference, staff, lock=True)
            if order.status != "draft":
                raise UnknownOrder("only a draft is thrown away")
            gone = work_orders.delete().where(work_orders.c.reference == reference)
            connection.execute(gone)

        write(self._engine, work)

    def get(self, reference: str, staff: str | None) -> WorkOrder:
        return read(self._engine, lambda c: self._get(c, reference, staff))

    def listed(self, staff: str | None, *, limit: int = 200) -> tuple[WorkOrder, ...]:
        query = select(work_orders).order_by(work_orders.c.id.desc()).limit(limit)
        if staff is not None:
            query = query.where(work_orders.c.staff == staff)
        rows = read(self._engine, lambda c: c.execute(query).mappings().all())
        return tuple(self._order(row) for row in rows)

    def forget_before(self, moment: datetime) -> int:
        """Erases orders that nobody has touched since; how many."""
        old = work_orders.delete().where(work_orders.c.updated_at < moment)
        return write(self._engine, lambda c: int(c.execute(old).rowcount))

    def _change_draft(self, staff: str, change: Callable[[WorkOrder], WorkOrder]) -> WorkOrder:
        def work(connection: Connection) -> WorkOrder:
            order = self._draft(connection, staff, lock=True) or self._new(connection, staff)
            order = replace(change(order), updated_at=self._clock.now())
            self._keep(connection, order)
            return order

        return write(self._engine, work)

    def _new(self, connection: Connection, staff: str) -> WorkOrder:
        now = self._clock.now()
        for _ in range(5):
            reference = make_reference(secrets.randbelow(CAPACITY))
            order = WorkOrder(reference, staff, "draft", now, now)
            row = {
                "reference": reference,
                "staff": staff,
                "status": "draft",
                "body_sealed": self._sealed(order),
                "created_at": now,
                "updated_at": now,
            }
            if insert_new(connection, work_orders, row):
                return order
        raise LookupError("no free reference for a work order")

    def _keep(self, connection: Connection, order: WorkOrder) -> None:
        connection.execute(
            work_orders.update()
            .where(work_orders.c.reference == order.reference)
            .values(
                status=order.status,
                phone_hash=self._seal.hash("phone", order.phone) if order.phone else "",
                body_sealed=self._sealed(order),
                updated_at=order.updated_at,
            )
        )

    def _draft(self, connection: Connection, staff: str, *, lock: bool = False) -> WorkOrder | None:
        query = (
            select(work_orders)
            .where(work_orders.c.staff == staff, work_orders.c.status == "draft")
            .order_by(work_orders.c.id.desc())
            .limit(1)
        )
        row = connection.execute(query.with_for_update() if lock else query).mappings().first()
        return None if row is None else self._order(row)

    def _get(
        self, connection: Connection, reference: str, staff: str | None, *, lock: bool = False
    ) -> WorkOrder:
        query = select(work_orders).where(work_orders.c.reference == reference)
        row = connection.execute(query.with_for_update() if lock else query).mappings().first()
        if row is None or staff not in (None, row["staff"]):
            raise UnknownOrder(f"no work order {reference}")
        return self._order(row)

    def _sealed(self, order: WorkOrder) -> str:
        body = {
            **{name: getattr(order, name) for name in _TEXTS},
            "notes": [vars(note) for note in order.notes],
            "bookings": order.bookings,
        }
        return self._seal.seal(json.dumps(body, ensure_ascii=False), PURPOSE)

    def _order(self, row: Any) -> WorkOrder:
        return order_from(row, self._seal)


def order_from(row: Any, seal: Seal) -> WorkOrder:
    body = json.loads(seal.open(row["body_sealed"], PURPOSE))
    notes = tuple(
        OrderNote(**{**note, "departments": tuple(note["departments"])})
        for note in body.pop("notes")
    )
    return WorkOrder(
        row["reference"],
        row["staff"],
        row["status"],
        row["created_at"],
        row["updated_at"],
        notes=notes,
        bookings=tuple(body.pop("bookings")),
        **body,
    )
