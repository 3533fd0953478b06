"""How this terminal speaks, remembered between uses: rate, volume, tones."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

log = logging.getLogger(__name__)

RATE_STEP = 0.15
SLOWEST, FASTEST = 0.55, 2.2
VOLUME_STEP = 1.4
SOFTEST, LOUDEST = 0.2, 2.8
PAUSE_STEP = 1.5
LEAST_PATIENT_S, MOST_PATIENT_S = 0.45, 3.5
"""Seconds of quiet that end an utterance: nobody is cut off sooner, nobody waits longer."""


@dataclass(frozen=True)
class Preferences:
    rate: float = 1.0
    """Times the voice's usual rate."""
    volume: float = 1.0
    """Linear gain."""
    tones: bool = True
    pause_s: float = 0.7
    """Patience after an open question, seconds."""

    def faster(self) -> Preferences:
        return replace(self, rate=min(FASTEST, round(self.rate + RATE_STEP, 2)))

    def slower(self) -> Preferences:
        return replace(self, rate=max(SLOWEST, round(self.rate - RATE_STEP, 2)))

    def louder(self) -> Preferences:
        return replace(self, volume=min(LOUDEST, round(self.volume * VOLUME_STEP, 3)))

    def softer(self) -> Preferences:
        return replace(self, volume=max(SOFTEST, round(self.volume / VOLUME_STEP, 3)))

    def patienter(self) -> Preferences:
        return replace(self, pause_s=min(MOST_PATIENT_S, round(self.pause_s * PAUSE_STEP, 2)))

    def brisker(self) -> Preferences:
        return replace(self, pause_s=max(LEAST_PATIENT_S, round(self.pause_s / PAUSE_STEP, 2)))


def load_preferences(file: Path) -> Preferences:
    """The defaults where there is no file, or one that cannot be read."""
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        return replace(
            Preferences(), **{k: v for k, v in body.items() if k in asdict(Preferences())}
        )
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.warning("preferences unreadable error=%s", type(error).__name__)
        return Preferences()


def save_preferences(file: Path, preferences: Preferences) -> bool:
    """Whether it could be kept; a full disk is no reason to stop talking."""
    new = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(asdict(preferences)), encoding="utf-8")
        os.replace(new, file)
    except OSError as error:
        log.warning("preferences not kept error=%s", type(error).__name__)
        return False
    return True
