"""`minglu part`: one part of the product, for machines that run only some of them."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable

import click
from rich.console import Console

from core.errors import ConfigurationError, StoreUnavailable
from minglu.housekeeping import Housekeeping
from minglu.parts import (
    action_server,
    dialogue_server,
    telegram_channel,
    web_gateway,
    wechat_channel,
)
from minglu.preparation import prepare_store
from minglu.training import model_to_serve
from runtime.logs import set_up_logging
from runtime.settings import Settings, SystemClock
from runtime.sight import begin
from runtime.supervisor import Part
from runtime.waiting import listens, place_of, wait_for
from store.opening import open_store

log = logging.getLogger(__name__)

SIMPLE: dict[str, Callable[[Settings], Part]] = {
    "actions": action_server,
    "web": web_gateway,
    "telegram": telegram_channel,
    "wechat": wechat_channel,
}


@click.command()
@click.argument("name", type=click.Choice([*SIMPLE, "dialogue", "upkeep"]))
def command(name: str) -> None:
    """Run one part in this terminal until Ctrl-C; docs/scale.md shows all of them together.

    A part waits for the database and says so; what else it needs may come and go.
    """
    settings = Settings.from_env(os.environ)
    if name == "upkeep":
        begin(name, settings)
    else:
        # The part itself begins anew in this process, and takes its own port for metrics.
        set_up_logging(settings.log_level, settings.log_format, name)
    _refuse_own_key(settings)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _wait_for_store(settings, console)
    if name == "upkeep":
        _look_after(settings)
        return
    if name == "dialogue":
        part = dialogue_server(settings, model_to_serve(settings, console))
    else:
        part = SIMPLE[name](settings)
    os.execve(part.argv[0], list(part.argv), {**os.environ, **part.env})  # noqa: S606 - our own argument list


def _refuse_own_key(settings: Settings) -> None:
    """A key of its own on each machine would seal names that no other machine can read."""
    if not settings.secret_key and place_of(settings.sqlalchemy_url, 5432):
        raise ConfigurationError(
            "several machines share one database: give all of them the same MINGLU_SECRET_KEY "
            "(or MINGLU_SECRET_KEY_FILE), such as the output of `openssl rand -base64 32`"
        )


def _wait_for_store(settings: Settings, console: Console) -> None:
    place = place_of(settings.sqlalchemy_url, 5432)

    def prepared() -> bool:
        if place is not None and not listens(place):
            return False
        try:
            prepare_store(settings, console)
        except StoreUnavailable:
            return False
        return True

    name = "the database" if place is None else f"the database at {place[0]}:{place[1]}"
    wait_for(name, prepared, console.print)


def _look_after(settings: Settings) -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    store = open_store(settings, SystemClock(settings.now))
    housekeeping = Housekeeping(store, settings.tracker_sqlalchemy_url)
    housekeeping.start()
    log.info("looking after holds, reminders and retention")
    ended.wait()
    housekeeping.stop()
