"""Opens the store: migrated, with samples where it is empty, ready for many processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import Connection, Engine

from core.booking import BookingRules
from core.ports import Clock
from store.conversations import SqlConversations
from store.counts import SqlDailyCounts
from store.database import ZONE, make_engine
from store.drafts import SqlDrafts
from store.feedback import SqlFeedback
from store.handovers import SqlHandOvers
from store.migrate import alone, current_revision, head_revision, upgrade
from store.orders import SqlWorkOrders
from store.outbox import SqlOutbox
from store.places import SqlTrainingPlaces
from store.records import Work
from store.samples import load_samples, samples_wanted
from store.sealing import Seal, load_seal
from store.staff import SqlStaff
from store.tickets import SqlTickets


class StoreSettings(Protocol):
    """What of runtime.settings.Settings the store reads."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def sqlalchemy_url(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def now(self) -> datetime | None: ...
    @property
    def hold_minutes(self) -> int: ...
    @property
    def offer_hours(self) -> int: ...
    @property
    def deadline_hours(self) -> int: ...
    @property
    def quiet_hours(self) -> tuple[time, time]: ...
    @property
    def retention_days(self) -> int: ...
    @property
    def feedback_days(self) -> int: ...
    @property
    def desk_idle_minutes(self) -> int: ...


@dataclass(frozen=True)
class _SettingsClock:
    fixed: datetime | None

    def now(self) -> datetime:
        return self.fixed or datetime.now(ZONE)


@dataclass(frozen=True)
class Store:
    """Everything that is kept, behind the ports of core."""

    engine: Engine
    clock: Clock
    seal: Seal
    rules: BookingRules
    places: SqlTrainingPlaces
    tickets: SqlTickets
    outbox: SqlOutbox
    conversations: SqlConversations
    feedback: SqlFeedback
    staff: SqlStaff
    handovers: SqlHandOvers
    orders: SqlWorkOrders
    drafts: SqlDrafts
    counts: SqlDailyCounts

    def work(self, connection: Connection) -> Work:
        """What the operations of this room need, for one transaction."""
        return Work(connection, self.clock.now(), self.rules, self.seal)

    def close(self) -> None:
        self.conversations.close()
        self.engine.dispose()


def booking_rules(settings: StoreSettings) -> BookingRules:
    """The rules with what the settings say of them."""
    return BookingRules(
        hold=timedelta(minutes=settings.hold_minutes),
        offer=timedelta(hours=settings.offer_hours),
        deadline=timedelta(hours=settings.deadline_hours),
        quiet_from=settings.quiet_hours[0],
        quiet_until=settings.quiet_hours[1],
        retention=timedelta(days=settings.retention_days),
    )


def open_store(
    settings: StoreSettings,
    clock: Clock | None = None,
    *,
    rules: BookingRules | None = None,
    samples: bool = True,
) -> Store:
    """Migrates to the newest schema and loads sample courses into an empty store.

    Several processes may do so at once: one works, the others wait. Raises ConfigurationError for
    a missing key, StoreUnavailable when the database is away.
    """
    clock = clock or _SettingsClock(settings.now)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    seal = load_seal(settings.secret_key, settings.data_dir)
    engine = make_engine(settings.sqlalchemy_url)
    rules = rules or booking_rules(settings)
    if current_revision(engine) != head_revision():
        upgrade(engine)
    if samples and samples_wanted(engine, clock):
        alone(engine, lambda: load_samples(engine, clock))
    tickets = SqlTickets(engine, clock, seal)
    # Bookings are worth a wait for the disk; what a page shows, or one may learn from, is not.
    swift = settings.sqlalchemy_url.startswith("sqlite:///")
    shown = make_engine(settings.sqlalchemy_url, durable=False) if swift else engine
    conversations = SqlConversations(shown, clock, seal)
    return Store(
        engine=engine,
        clock=clock,
        seal=seal,
        rules=rules,
        places=SqlTrainingPlaces(engine, clock, seal, rules),
        tickets=tickets,
        outbox=SqlOutbox(engine, clock, seal, rules),
        conversations=conversations,
        feedback=SqlFeedback(shown, clock, seal, kept=timedelta(days=settings.feedback_days)),
        staff=SqlStaff(engine, clock, seal, timedelta(minutes=settings.desk_idle_minutes)),
        handovers=SqlHandOvers(engine, clock, seal, tickets, conversations),
        orders=SqlWorkOrders(engine, clock, seal),
        drafts=SqlDrafts(engine, clock),
        counts=SqlDailyCounts(engine),
    )
