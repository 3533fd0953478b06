"""The machine: its clock, its disk, the key and the backup that lie on it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import psutil

from minglu.checkup.state import OK, WARNING, WRONG, Found
from minglu.parts import reachable_host
from runtime.probes import PROBE_S
from runtime.settings import ZONE, Settings, SystemClock
from store.backup import last_backup
from store.database import database_clock, make_engine

LEAST_DISK = 200 * 2**20
"""Bytes below which neither bookings nor logs are safe."""
SPARE_DISK = 2**30
"""Bytes below which a training or a backup may not fit."""
SKEW, FAR_SKEW = timedelta(seconds=5), timedelta(seconds=60)
"""From here on clocks differ; from here on holds, offers and signatures go wrong."""
OLD_BACKUP = timedelta(days=7)
_YEARS = range(2025, 2100)


def clock(settings: Settings) -> Found:
    now = SystemClock(settings.now).now()
    if settings.now:
        yield WARNING, f"stands still at {now.isoformat()}; unset MINGLU_NOW for real use"
    elif now.year not in _YEARS:
        yield WRONG, f"shows {now:%Y-%m-%d}; set the machine's clock (timedatectl set-ntp true)"
    else:
        yield OK, now.isoformat(timespec="seconds")


def skew(settings: Settings) -> Found:
    """Other clocks than this machine's: the database's and the gateway's."""
    others = list(_other_clocks(settings))
    for whose, theirs in others:
        apart = abs(datetime.now(ZONE) - theirs)
        told = f"{whose} is {apart.total_seconds():.0f} s away from this machine's clock"
        if apart < SKEW:
            yield OK, told
        else:
            mend = "run `timedatectl set-ntp true` on both machines"
            yield WRONG if apart >= FAR_SKEW else WARNING, f"{told}; {mend}"
    if not others:
        yield OK, "no other machine's clock to compare with"


def _other_clocks(settings: Settings) -> Iterator[tuple[str, datetime]]:
    if not settings.sqlalchemy_url.startswith("sqlite"):
        engine = make_engine(settings.sqlalchemy_url)
        try:
            yield "the database's", database_clock(engine)
        finally:
            engine.dispose()
    try:
        url = f"http://{reachable_host(settings)}:{settings.port}/healthz"
        date = httpx.get(url, timeout=PROBE_S, trust_env=False).headers.get("date", "")
        yield "the gateway's", parsedate_to_datetime(date)
    except (httpx.HTTPError, TypeError, ValueError):
        return


def disk(settings: Settings) -> Found:
    folder = _nearest(settings.data_dir)
    if not os.access(folder, os.W_OK):
        yield WRONG, f"{folder} cannot be written; give it to this user or set MINGLU_DATA_DIR"
        return
    free = psutil.disk_usage(str(folder)).free
    if free < LEAST_DISK:
        yield WRONG, f"{free >> 20} MB free at {folder}; bookings need room: free some at once"
    elif free < SPARE_DISK:
        yield WARNING, f"{free >> 20} MB free at {folder}; a training or a backup may not fit"
    else:
        yield OK, f"{free >> 30} GB free at {folder}"


def _nearest(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def secret(settings: Settings) -> Found:
    file = settings.data_dir / "secret.keys"
    if settings.secret_key:
        yield OK, "the key for names and phones comes from MINGLU_SECRET_KEY"
    elif settings.database_url and not settings.database_url.startswith("sqlite"):
        yield WRONG, "several machines share one database: give all the same MINGLU_SECRET_KEY"
    elif not file.exists():
        yield WARNING, "no key file yet; the first start makes it: back it up with the database"
    elif stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield WRONG, f"others on this machine may read {file}: chmod 600 {file}"
    else:
        yield OK, f"{file}, closed to others"


def backup(settings: Settings) -> Found:
    at = last_backup(settings.data_dir)
    mend = "make one with `minglu store backup FILE` and keep it on another machine"
    if at is None:
        yield WARNING, f"none made from this folder; {mend}"
        return
    age = SystemClock(settings.now).now() - at
    if age > OLD_BACKUP:
        yield WARNING, f"the last one is {age.days} days old; {mend}"
    else:
        yield OK, f"the last one was made {at:%Y-%m-%d %H:%M}; whether it still lies there is yours"


def transport(settings: Settings) -> Found:
    """Certificates are the proxy's; what can be seen from here is whether one must be there."""
    if reachable_host(settings) in ("127.0.0.1", "localhost", "::1") and settings.host not in (
        "0.0.0.0",  # noqa: S104 - compared
        "::",
    ):
        yield OK, "the gateway listens on loopback; TLS and its certificate are the proxy's"
    else:
        yield (
            WARNING,
            (
                f"the gateway listens on {settings.host} without TLS; let only the proxy reach it, "
                "and look at that one's certificate"
            ),
        )
