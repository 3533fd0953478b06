"""What the desk needs from outside; `bot/wiring.py` builds it, tests bring fakes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.web.desk.cards import Libraries
from bot.web.desk.managing.services import ManagingServices
from core.eligibility import Screening
from core.handovers import HandOvers
from core.orders import WorkOrders
from core.ports import Clock, Outbox, Tickets, TrainingPlaces, VoiceService
from core.staff import Staff


@dataclass(frozen=True)
class DeskServices:
    """Calls block: handlers that use them are plain functions, which run in a thread."""

    staff: Staff
    clock: Clock
    libraries: Libraries
    screening: Screening
    places: TrainingPlaces
    tickets: Tickets
    handovers: HandOvers
    orders: WorkOrders
    outbox: Outbox
    managing: ManagingServices
    voice: VoiceService | None = None
    """None: calls are not listened to."""
