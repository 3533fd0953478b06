"""Who works at the desk: accounts, what each may do, and the trail of what they did."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from core.errors import InvalidAccount, MingluError


class Role(str, Enum):
    """One account has one role. None contains another: routes name the roles that they serve."""

    AGENT = "agent"
    """Answers callers."""
    MANAGER = "manager"
    """Answers callers, and looks after notices, slots, tickets and numbers."""
    ADMIN = "admin"
    """Looks after accounts and reads the trail; sees nobody's call."""


LEAST_PASSWORD, MOST_PASSWORD = 10, 200
"""Characters. Length is what counts; no rule forces signs that are hard to type or to say."""
MOST_NAME = 40
FREE_TRIES = 5
"""Wrong passwords in a row that cost no waiting."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)
"""However busy somebody is: a shift ends."""


class WrongPassword(MingluError):
    """Name and password do not belong together; says no more than that."""

    code = "wrong_password"


class LockedOut(MingluError):
    """Too many wrong tries; `details["retry_after_s"]` seconds to wait."""

    code = "locked_out"


class UnknownStaff(MingluError):
    code = "unknown_staff"


class StaffExists(MingluError):
    code = "staff_exists"


@dataclass(frozen=True)
class StaffMember:
    name: str
    role: Role
    locked: bool
    """Cannot sign in, and is signed in nowhere."""
    must_change: bool
    """Has a one-time password, which opens nothing but the page to choose another."""
    created_at: datetime


@dataclass(frozen=True)
class Trace:
    """A line of the trail: who did what, when. Never what somebody said, nor whose it was."""

    at: datetime
    who: str
    event: str
    subject: str
    """The id of what it was done to: a ticket, a booking's reference, an account."""
    id: int = 0
    """Ascending in time."""


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many wrong passwords in a row: nothing, then ever longer."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def parse_account_name(text: str) -> str:
    """Tidied and in small letters. Raises InvalidAccount."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not re.fullmatch(r"[\w.\-]+", name) or len(name) > MOST_NAME:
        raise InvalidAccount("an account's name has letters, digits, . - and _, at most 40")
    return name


def check_password(password: str, name: str) -> None:
    """Raises InvalidAccount for one that is too short, too long or holds the name."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise InvalidAccount(f"a password has {LEAST_PASSWORD} characters or more")
    if name in password.lower() or len(set(password)) < 5:
        raise InvalidAccount("a password holds neither the name nor one sign again and again")


class Staff(Protocol):
    """Accounts, sessions and the trail. Every call may raise StoreUnavailable."""

    def sign_in(self, name: str, password: str) -> tuple[str, StaffMember]:
        """A token that nobody can guess, and whose it is. Raises WrongPassword, LockedOut."""
        ...

    def signed_in(self, token: str, *, active: bool = True) -> tuple[StaffMember, datetime] | None:
        """Whose session it is and when it will end; None where it is over.

        `active` puts the end off; what a page asks by itself does not.
        """
        ...

    def sign_out(self, token: str) -> None: ...

    def change_password(self, name: str, old: str, new: str) -> None:
        """Ends every session of the account. Raises WrongPassword, LockedOut, InvalidAccount."""
        ...

    def record(self, who: str, event: str, subject: str = "") -> None:
        """Adds a line to the trail."""
        ...

    def trail(
        self, *, limit: int = 200, before: int | None = None, who: str = "", event: str = ""
    ) -> tuple[Trace, ...]:
        """The newest lines first; of one account, of one event, older than the line `before`."""
        ...

    def members(self) -> tuple[StaffMember, ...]:
        """Every account, by name."""
        ...

    def add(self, name: str, role: Role, password: str, *, by: str, one_time: bool) -> StaffMember:
        """Raises StaffExists, InvalidAccount."""
        ...

    def lock(self, name: str, locked: bool, *, by: str) -> StaffMember:
        """Locking ends every session of the account. Raises UnknownStaff."""
        ...

    def set_password(self, name: str, password: str, *, by: str, one_time: bool) -> None:
        """Ends every session of the account. Raises UnknownStaff, InvalidAccount."""
        ...
