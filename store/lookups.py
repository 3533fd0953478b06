"""Finding bookings by reference and phone or by phone and name, with the guesses counted."""

from __future__ import annotations

import zlib
from datetime import timedelta

from sqlalchemy import func, or_, select, text

from core.booking import parse_phone, phone_matches
from core.errors import TooManyAttempts
from core.reference import parse_reference
from core.spoken.pinyin import syllables
from core.values import Booking, BookingStatus
from store.people import phone_hashes
from store.records import Work, load_bookings
from store.tables.booking import attempts, bookings, people


def find(work: Work, reference: str, *, phone: str, attempt_by: str) -> Booking | None:
    """The booking, or None: then the guess is counted, so the transaction must be kept.

    Raises TooManyAttempts before anything is looked at. A reference that fails its own check
    digit is a slip of the tongue and counts for nothing.
    """
    parsed = parse_reference(reference)
    if parsed is None:
        return None
    asker, named = work.seal.hash("asker", attempt_by), work.seal.hash("reference", parsed)
    _one_at_a_time(work, asker, named)
    # By every key, so that a new one gives no new guesses.
    _check(
        work,
        attempts.c.asker_hash.in_(work.seal.hashes("asker", attempt_by)),
        work.rules.attempts,
        work.rules.attempts_window,
    )
    _check(
        work,
        attempts.c.reference_hash.in_(work.seal.hashes("reference", parsed)),
        work.rules.reference_attempts,
        work.rules.reference_window,
    )
    for booking in load_bookings(work, bookings.c.reference == parsed):
        if phone_matches(booking.phone, phone):
            return booking
    work.connection.execute(
        attempts.insert().values(asker_hash=asker, reference_hash=named, at=work.now)
    )
    return None


def find_by_person(work: Work, name: str, *, phone: str, attempt_by: str) -> tuple[Booking, ...]:
    """Live bookings of that number under that name or one that sounds like it; empty: the guess is
    counted.

    Raises TooManyAttempts before anything is looked at, InvalidDetails for what is no number.
    """
    number = parse_phone(phone)
    asker, named = work.seal.hash("asker", attempt_by), work.seal.hash("reference", number)
    _one_at_a_time(work, asker, named)
    rules, mine = work.rules, attempts.c
    by_asker = mine.asker_hash.in_(work.seal.hashes("asker", attempt_by))
    by_number = mine.reference_hash.in_(work.seal.hashes("reference", number))
    _check(work, by_asker, rules.attempts, rules.attempts_window)
    _check(work, by_number, rules.reference_attempts, rules.reference_window)
    live = load_bookings(
        work,
        people.c.phone_hash.in_(phone_hashes(work, number)),
        bookings.c.status != BookingStatus.CANCELLED.value,
        or_(bookings.c.held_until.is_(None), bookings.c.held_until > work.now),
    )
    found = tuple(b for b in live if _sounds_alike(b.name, name) and b.slot.starts_at > work.now)
    if number and found:
        return found
    work.connection.execute(
        attempts.insert().values(asker_hash=asker, reference_hash=named, at=work.now)
    )
    return ()


def _sounds_alike(kept: str, said: str) -> bool:
    """A recogniser writes 孙小梅 for 孙晓梅."""
    return kept == said.strip() or (bool(syllables(kept)) and syllables(kept) == syllables(said))


def _check(work: Work, mine: object, limit: int, window: timedelta) -> None:
    row = work.one(
        select(func.count().label("made"), func.min(attempts.c.at).label("first")).where(
            mine, attempts.c.at > work.now - window
        )
    )
    if row is None or row["made"] < limit:
        return
    wait = max(int((row["first"] + window - work.now).total_seconds()), 1)
    raise TooManyAttempts("too many wrong look-ups", retry_after_s=wait)


def _one_at_a_time(work: Work, *hashes: str) -> None:
    """Guesses at once must count each other. SQLite writers are alone anyway."""
    if work.connection.dialect.name != "postgresql":
        return
    for number in sorted(zlib.crc32(value.encode()) for value in hashes):
        work.connection.execute(text("SELECT pg_advisory_xact_lock(7301, :n)"), {"n": number >> 1})
