"""Builds what the actions use, once, when the first action needs it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import yaml

from actions.notices_in_force import FollowingPolicies, Policies
from core.eligibility import Screening, parse_screening
from core.errors import ConfigurationError
from core.ports import Clock, FeedbackBook, Tickets, TrainingPlaces
from runtime.settings import PROJECT_ROOT, Settings, SystemClock
from runtime.watching import WRITES, Watched

SCREENING_FILE = PROJECT_ROOT / "policy" / "data" / "eligibility.yml"


@dataclass(frozen=True)
class Services:
    """Everything an action may use; tests build their own with fakes."""

    policies: Policies
    places: TrainingPlaces
    tickets: Tickets
    clock: Clock
    screening: Screening
    feedback: FeedbackBook | None = None
    """None: no question is kept."""
    referral: str = ""
    """Whom a person may turn to, as the operator wrote it; empty: nobody is named."""


_lock = threading.Lock()
_services: list[Services] = []


def current_services() -> Services:
    """The process's services, built on first use. Raises StoreUnavailable, ConfigurationError."""
    with _lock:
        if not _services:
            _services.append(build_services(Settings.from_env(os.environ)))
        return _services[0]


def build_services(settings: Settings) -> Services:
    """Real parts: the SQL store and an engine that follows the notices in it."""
    # Imported here: rasa_sdk imports this file to look for actions, and that must cost nothing.
    from policy.finding.encoder import installed_encoder
    from policy.several import policy_engine
    from store.notices import SqlNotices, ensure_bundled
    from store.opening import open_store

    clock = SystemClock(settings.now)
    store = open_store(settings, clock)
    notices = SqlNotices(store.engine)
    ensure_bundled(notices)
    policies = FollowingPolicies(
        notices.revision,
        lambda day: policy_engine(
            notices.load_notices(day), today=day, encoder=installed_encoder()
        ),
        clock,
    )
    return Services(
        policies=Watched(policies, "policy"),
        places=Watched(store.places, "store", WRITES),
        tickets=Watched(store.tickets, "store", WRITES),
        clock=clock,
        screening=load_screening(),
        feedback=store.feedback,
        referral=settings.referral,
    )


def load_screening(path: Path = SCREENING_FILE) -> Screening:
    """The screening's questions and rules. Raises ConfigurationError for a broken file."""
    try:
        return parse_screening(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name} cannot be read: {type(error).__name__}") from error
