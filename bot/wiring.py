"""Builds what the channels need. The only file of bot that opens the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.web.desk.cards import Library
from bot.web.desk.managing.reading import read_apart
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.services import DeskServices
from bot.web.services import Services
from core.eligibility import Screening, parse_screening
from core.errors import ConfigurationError
from core.handovers import HandOvers
from core.messaging import MessageBook
from core.ports import Clock, Dialogue, Outbox, VoiceService
from policy.model import Notice
from runtime.dialogue_pool import dialogue_of
from runtime.following import Following
from runtime.probes import action_servers_answer
from runtime.settings import PROJECT_ROOT, Settings, SystemClock
from runtime.tally import Tally
from runtime.voice_client import HttpVoice
from store.dialogues import (
    EVENT_COLUMNS,
    Newest,
    append_events,
    database_may_return,
    newest_event,
    prepare_tracker,
    tracker_engine,
)
from store.messages import SqlMessageBook
from store.notices import SqlNotices, ensure_bundled
from store.opening import Store, open_store
from store.slot_book import SqlSlotBook

__all__ = [
    "EVENT_COLUMNS",
    "MessengerServices",
    "Newest",
    "append_events",
    "database_may_return",
    "messenger_services",
    "newest_event",
    "prepare_tracker",
    "staff_line",
    "tracker_engine",
    "web_services",
]

SCREENING_FILE = PROJECT_ROOT / "policy" / "data" / "eligibility.yml"


def web_services(settings: Settings) -> Services:
    """Services of the gateway, on the real dialogue server and store."""
    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    stored = SqlNotices(store.engine)
    ensure_bundled(stored)
    dialogue = dialogue_of(settings)
    voice = HttpVoice(settings.voice_base)

    async def close() -> None:
        await dialogue.close()
        await voice.close()
        await asyncio.to_thread(store.close)

    async def store_reached() -> bool:
        return await asyncio.to_thread(stored.revision) >= 0

    async def notices_loaded() -> bool:
        return await asyncio.to_thread(stored.revision) > 0

    async def actions_answer() -> bool:
        return await action_servers_answer(settings)

    return Services(
        dialogue=dialogue,
        notices=StoredNotices(stored),
        clock=clock,
        desk=desk_services(store, stored, clock, voice),
        conversations=store.conversations,
        handovers=store.handovers,
        feedback=store.feedback if settings.feedback_days else None,
        voice=voice,
        dialogue_ready=dialogue.ready,
        checks={
            "store": store_reached,
            "notices": notices_loaded,
            "actions": actions_answer,
        },
        close=close,
    )


def desk_services(
    store: Store, notices: SqlNotices, clock: Clock, voice: VoiceService | None = None
) -> DeskServices:
    """What the desk works with; its cards come from an engine in this process."""
    # Imported here: the dialogue server imports this file too, and needs no engine of its own.
    from policy.finding.encoder import installed_encoder
    from policy.several import policy_engine

    def library(day: date) -> Library:
        kept = notices.load_notices(day)
        return Library(policy_engine(kept, today=day, encoder=installed_encoder()), kept)

    libraries = Following(notices.revision, library, clock)
    return DeskServices(
        staff=store.staff,
        clock=clock,
        libraries=libraries,
        screening=load_screening(),
        places=store.places,
        tickets=store.tickets,
        handovers=store.handovers,
        orders=store.orders,
        outbox=store.outbox,
        managing=managing_services(store, notices, clock, libraries),
        voice=voice,
    )


def managing_services(
    store: Store, notices: SqlNotices, clock: Clock, libraries: Following[Library]
) -> ManagingServices:
    """What the managers' pages work with."""
    return ManagingServices(
        clock=clock,
        notices=notices,
        read_notice=read_apart,
        drafts=store.drafts,
        slots=SqlSlotBook(store),
        tickets=store.tickets,
        feedback=store.feedback,
        nearest=lambda question: libraries.current().engine.nearest(question),
        counts=store.counts,
        feedback_days=store.feedback.kept_days,
    )


def staff_line(settings: Settings) -> HandOvers:
    """Who talks in which conversation, for the dialogue's door. Opens the store."""
    return open_store(settings, SystemClock(settings.now)).handovers


def daily_tally(settings: Settings) -> Tally:
    """How messages are answered, by day. The store is opened when there is something to keep."""
    clock = SystemClock(settings.now)
    return Tally(lambda: open_store(settings, clock, samples=False).counts, clock)


def load_screening(path: Path = SCREENING_FILE) -> Screening:
    """The screening's questions and rules. Raises ConfigurationError for a broken file."""
    try:
        return parse_screening(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name} cannot be read: {type(error).__name__}") from error


class StoredNotices:
    """Notices for pages, as the store keeps them."""

    def __init__(self, stored: SqlNotices) -> None:
        self._stored = stored

    def all(self) -> tuple[Notice, ...]:
        return self._stored.load_notices()

    def get(self, number: str) -> Notice:
        return self._stored.get(number)


@dataclass(frozen=True)
class MessengerServices:
    """What a messenger works with besides its own platform."""

    dialogue: Dialogue
    book: MessageBook
    outbox: Outbox
    clock: Clock
    close: Callable[[], Awaitable[None]]
    staff_line: HandOvers | None = None
    """What staff write to people; None: nobody does."""


def messenger_services(settings: Settings) -> MessengerServices:
    """On the real dialogue server and store; blocks while the store opens."""
    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    dialogue = dialogue_of(settings)

    async def close() -> None:
        await dialogue.close()
        await asyncio.to_thread(store.close)

    book = SqlMessageBook(store.engine, clock, store.seal)
    return MessengerServices(dialogue, book, store.outbox, clock, close, store.handovers)
