"""What is kept: schema, notices, referral list, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from minglu.checkup.state import OK, WARNING, WRONG, Found
from policy.answering.referrals import checked_on
from runtime.settings import Settings, SystemClock
from runtime.supervisor import answers
from store.database import make_engine
from store.migrate import current_revision, head_revision
from store.notices import SqlNotices
from store.queues import holds_overdue, queue_lengths_of

OLD_REFERRALS = timedelta(days=180)
LATE = timedelta(minutes=10)
"""An ended hold that is still kept by then: nobody looks after the store."""
_NOBODY_LOOKS_AFTER_IT = (
    "nobody looks after the store: start `make run`, or `minglu part upkeep` on one machine"
)
_WAITING = {
    "tickets_urgent": (WRONG, "in need wait for a person: `minglu tickets list`, or the desk"),
    "outbox_staff": (WARNING, "reminders or offers could not be delivered: telephone these people"),
    "inbox": (WARNING, "messages wait for an answer; does the channel run?"),
}


def store(settings: Settings) -> Found:
    if not_yet_made(settings):
        yield WARNING, "no database yet; `minglu store setup` or `make run` makes it"
        return
    if not database_listens(settings):
        yield WRONG, "the database server of MINGLU_DATABASE_URL does not listen; start it"
        return
    with _engine(settings) as engine:
        found, newest = current_revision(engine), head_revision()
    if found == newest:
        yield OK, f"reached; schema {newest}"
    else:
        yield WRONG, f"schema {found or 'none'}, not {newest}: run `minglu store migrate`"


def notices(settings: Settings) -> Found:
    if not_yet_made(settings):
        yield WARNING, "none yet; the first start adds the one that ships with the product"
        return
    if not database_listens(settings):
        yield WARNING, "not counted while the database is away"
        return
    with _engine(settings) as engine:
        if current_revision(engine) != head_revision():
            yield WARNING, "not counted while the schema is old"
            return
        held = SqlNotices(engine).load_notices(SystemClock(settings.now).now().date())
    if held:
        clauses = sum(len(notice.clauses) for notice in held)
        yield OK, f"{len(held)} held, {clauses} clauses"
    else:
        yield WRONG, "none: every question stays open; add one with `minglu policy add FILE`"


def referrals(settings: Settings) -> Found:
    """Numbers that people are given where a notice is silent: somebody has to look at them."""
    checked: date = checked_on()
    age = SystemClock(settings.now).now().date() - checked
    mend = "ring each number of policy/data/referrals.yml and set `checked`"
    if age > OLD_REFERRALS:
        yield WARNING, f"last checked {checked}, {age.days} days ago; {mend}"
    else:
        yield OK, f"last checked {checked}"


def waiting(settings: Settings) -> Found:
    """What lies there for too long."""
    if not_yet_made(settings) or not database_listens(settings):
        return
    now = SystemClock(settings.now).now()
    with _engine(settings) as engine:
        if current_revision(engine) != head_revision():
            return
        lengths = queue_lengths_of(engine, now)
        late = holds_overdue(engine, now - LATE)
    if late:
        yield WRONG, f"{late} places are kept beyond their time; {_NOBODY_LOOKS_AFTER_IT}"
    for queue, (state, mend) in _WAITING.items():
        if lengths[queue]:
            yield state, f"{lengths[queue]} {mend}"
    if not late and not any(lengths[queue] for queue in _WAITING):
        yield OK, f"nothing overdue; {lengths['tickets']} tickets, {lengths['waitlist']} in line"


@contextmanager
def _engine(settings: Settings) -> Iterator[Any]:
    engine = make_engine(settings.sqlalchemy_url)
    try:
        yield engine
    finally:
        engine.dispose()


def database_listens(settings: Settings) -> bool:
    """Asked first: the store itself waits long for a server that may be restarting."""
    url = urlsplit(settings.sqlalchemy_url)
    return not url.hostname or answers(url.port or 5432, url.hostname)


def not_yet_made(settings: Settings) -> bool:
    """Looking must not make an empty SQLite file."""
    url = settings.sqlalchemy_url
    return url.startswith("sqlite:///") and not Path(url[len("sqlite:///") :]).exists()
