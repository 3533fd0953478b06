"""`minglu doctor`: every part of the product, and for each that ails what to mend."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import socket
import stat
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import psutil

from bot.wechat.service import account_of
from core.errors import ConfigurationError, MingluError
from minglu.training import current_model
from runtime.dialogue_pool import dialogue_of
from runtime.probes import answers_well
from runtime.settings import Settings, SystemClock
from runtime.supervisor import PortTaken, answers, require_free_port
from store.database import make_engine
from store.migrate import current_revision, head_revision
from store.notices import SqlNotices

OK, WARNING, WRONG = "ok", "warning", "wrong"
LEAST_DISK = 200 * 2**20
"""Bytes below which neither bookings nor logs are safe."""
SPARE_DISK = 2**30
"""Bytes below which a training or a backup may not fit."""
_TOKEN = re.compile(r"\d{5,}:[\w-]{30,}")
_YEARS = range(2025, 2100)


@dataclass(frozen=True)
class Finding:
    part: str
    state: str
    """ok, warning (runs, with a lack) or wrong (must be mended)."""
    detail: str
    """What was found; where something ails, what to do about it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON, for programs.")
def command(as_json: bool) -> None:
    """Check a system, running or not, and say what to mend. Changes nothing.

    Ends with status 1 where something is wrong, with 0 where all works or only warnings are left.
    """
    findings = examine(dict(os.environ))
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8}{finding.part:12}{finding.detail}")
    sys.exit(1 if any(finding.state == WRONG for finding in findings) else 0)


def examine(env: dict[str, str]) -> list[Finding]:
    """All findings, in the order to mend them. Never raises for what ails."""
    try:
        settings = Settings.from_env(env)
    except ConfigurationError as error:
        return [Finding("settings", WRONG, str(error))]
    found = [Finding("settings", OK, f"read; fingerprint {settings.fingerprint}")]
    for part, check in _CHECKS.items():
        try:
            found += [Finding(part, state, detail) for state, detail in check(settings)]
        except (MingluError, OSError) as error:
            found.append(Finding(part, WRONG, str(error) or type(error).__name__))
    return found


Found = Iterator[tuple[str, str]]


def _clock(settings: Settings) -> Found:
    now = SystemClock(settings.now).now()
    if settings.now:
        yield WARNING, f"stands still at {now.isoformat()}; unset MINGLU_NOW for real use"
    elif now.year not in _YEARS:
        yield WRONG, f"shows {now:%Y-%m-%d}; set the machine's clock (timedatectl set-ntp true)"
    else:
        yield OK, now.isoformat(timespec="seconds")


def _disk(settings: Settings) -> Found:
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


def _secret(settings: Settings) -> Found:
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


def _store(settings: Settings) -> Found:
    if _not_yet_made(settings):
        yield WARNING, "no database yet; `minglu store setup` or `make run` makes it"
        return
    if not _database_listens(settings):
        yield WRONG, "the database server of MINGLU_DATABASE_URL does not listen; start it"
        return
    engine = make_engine(settings.sqlalchemy_url)
    try:
        found, newest = current_revision(engine), head_revision()
    finally:
        engine.dispose()
    if found == newest:
        yield OK, f"reached; schema {newest}"
    else:
        yield WRONG, f"schema {found or 'none'}, not {newest}: run `minglu store migrate`"


def _notices(settings: Settings) -> Found:
    if _not_yet_made(settings):
        yield WARNING, "none yet; the first start adds the one that ships with the product"
        return
    if not _database_listens(settings):
        yield WARNING, "not counted while the database is away"
        return
    engine = make_engine(settings.sqlalchemy_url)
    try:
        if current_revision(engine) != head_revision():
            yield WARNING, "not counted while the schema is old"
            return
        held = SqlNotices(engine).load_notices(SystemClock(settings.now).now().date())
    finally:
        engine.dispose()
    if held:
        clauses = sum(len(notice.clauses) for notice in held)
        yield OK, f"{len(held)} held, {clauses} clauses"
    else:
        yield WRONG, "none: every question stays open; add one with `minglu policy add FILE`"


def _database_listens(settings: Settings) -> bool:
    """Asked first: the store itself waits long for a server that may be restarting."""
    url = urlsplit(settings.sqlalchemy_url)
    return not url.hostname or answers(url.port or 5432, url.hostname)


def _not_yet_made(settings: Settings) -> bool:
    """Looking must not make an empty SQLite file."""
    url = settings.sqlalchemy_url
    return url.startswith("sqlite:///") and not Path(url[len("sqlite:///") :]).exists()


def _model(settings: Settings) -> Found:
    model = current_model(settings)
    if not model.exists():
        others = len(list(model.parent.glob("minglu-*.tar.gz")))
        old = f"; {others} of older inputs lie beside it" if others else ""
        yield WRONG, f"{model.name} is not trained{old}: run `minglu train`"
        return
    try:
        _read_through(model)
        with tarfile.open(model, "r:gz") as archive:
            names = archive.getnames()
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        yield WRONG, f"{model} is damaged ({type(error).__name__}): run `minglu train --force`"
        return
    if not any(name.endswith("metadata.json") for name in names):
        yield WRONG, f"{model} is no model of Rasa: run `minglu train --force`"
        return
    yield OK, f"{model.name}, of today's inputs, {model.stat().st_size >> 10} KB"


def _read_through(file: Path) -> None:
    """To the end: only there stands the sum that a damaged or cut file fails."""
    with gzip.open(file) as stream:
        while stream.read(1 << 20):
            continue


def _dialogue(settings: Settings) -> Found:
    async def up() -> bool:
        pool = dialogue_of(settings)
        try:
            return await pool.ready()
        finally:
            await pool.close()

    yield _server(asyncio.run(up()), settings.dialogue_base, "MINGLU_RASA_PORT", "dialogue.log")


def _actions(settings: Settings) -> Found:
    for url in settings.action_health_urls:
        up = asyncio.run(answers_well(url))
        yield _server(up, url, "MINGLU_ACTION_PORT", "actions.log")


def _web(settings: Settings) -> Found:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    url = f"http://{host}:{settings.port}/healthz"
    yield _server(asyncio.run(answers_well(url)), url, "MINGLU_PORT", "web.log")


def _server(up: bool, url: str, setting: str, log: str) -> tuple[str, str]:
    if up:
        return OK, f"answers at {url}"
    parts = urlsplit(url.split(",")[0])
    if parts.hostname in ("127.0.0.1", "localhost") and parts.port:
        try:
            require_free_port(parts.port, setting)
        except PortTaken as taken:
            return WRONG, f"no answer at {url}: {taken}"
    elif not _resolves(parts.hostname or ""):
        return WRONG, f"the name {parts.hostname} is unknown here; mend {url}"
    return WRONG, f"no answer at {url}; start it with `make run`, or look into logs/{log}"


def _resolves(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False


def _voice(settings: Settings) -> Found:
    from voice.models import find_model

    try:
        yield OK, f"model {find_model(settings).name}; `minglu voice check` tries the sound"
    except MingluError as error:
        # A system without a terminal by voice is whole.
        yield WARNING, str(error)


def _telegram(settings: Settings) -> Found:
    if not settings.telegram_token:
        yield OK, "off; MINGLU_TELEGRAM_TOKEN is not set"
    elif not _TOKEN.fullmatch(settings.telegram_token):
        yield WRONG, "MINGLU_TELEGRAM_TOKEN has not the form of a token; copy it from @BotFather"
    elif settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        yield WRONG, "MINGLU_TELEGRAM_WEBHOOK_SECRET is not set: anybody could post as Telegram"
    else:
        yield OK, "token set; `minglu telegram check` asks Telegram about it"


def _wechat(settings: Settings) -> Found:
    if not settings.wechat_id:
        yield OK, "off; MINGLU_WECHAT_ID is not set"
        return
    try:
        account_of(settings)
        yield OK, "account set; `minglu wechat check` asks WeChat about it"
    except MingluError as error:
        yield WRONG, str(error)


_CHECKS: dict[str, Callable[[Settings], Found]] = {
    "clock": _clock,
    "disk": _disk,
    "secret": _secret,
    "store": _store,
    "notices": _notices,
    "model": _model,
    "actions": _actions,
    "dialogue": _dialogue,
    "web": _web,
    "voice": _voice,
    "telegram": _telegram,
    "wechat": _wechat,
}
