"""`minglu run`: everything on one box, under one supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from dataclasses import replace

import click
from filelock import FileLock, Timeout
from rich.console import Console

from core.errors import DialogueUnavailable, MingluError
from core.values import Reply, Utterance
from minglu.housekeeping import Housekeeping
from minglu.parts import (
    action_server,
    dialogue_server,
    reachable_host,
    telegram_channel,
    voice_service,
    web_gateway,
    wechat_channel,
)
from minglu.phrases import load_phrases
from minglu.preparation import prepare_store
from minglu.training import model_to_serve
from runtime.dialogue_client import HttpDialogue
from runtime.metrics import show_parts
from runtime.settings import Settings, SystemClock
from runtime.sight import begin
from runtime.supervisor import Supervisor, free_port_for, require_free_port
from store.opening import open_store


@click.command()
@click.option("--check", is_flag=True, help="Start, answer one question, say so and end.")
def command(check: bool) -> None:
    """Start the dialogue, the actions and the web page; Ctrl-C ends them all.

    Ports, folders and the database come from settings: MINGLU_PORT, MINGLU_DATA_DIR and others,
    all listed in docs/settings.md.
    """
    settings = Settings.from_env(os.environ)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(settings.data_dir / "run.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise MingluError(
            f"another `make run` works in {settings.data_dir}; end it first, or give this one a "
            "folder of its own with MINGLU_DATA_DIR"
        ) from None
    with lock:
        _run(settings, console, check)


def _run(settings: Settings, console: Console, check: bool) -> None:
    began = time.monotonic()
    begin("run", settings)
    require_free_port(settings.port, "MINGLU_PORT", settings.host)
    require_free_port(settings.rasa_port, "MINGLU_RASA_PORT")
    require_free_port(settings.action_port, "MINGLU_ACTION_PORT")
    if not settings.voice_url:
        settings = replace(settings, voice_port=free_port_for(settings.voice_port))
    prepare_store(settings, console)
    model = model_to_serve(settings, console)
    parts = [action_server(settings), dialogue_server(settings, model), web_gateway(settings)]
    if not settings.voice_url:
        parts.append(voice_service(settings))
    if settings.telegram_token:
        parts.append(telegram_channel(settings))
    if settings.wechat_id:
        require_free_port(settings.wechat_port, "MINGLU_WECHAT_PORT")
        parts.append(wechat_channel(settings))
    supervisor = Supervisor(parts, settings.data_dir / "logs", console.print, settings.log_format)
    show_parts(supervisor.states)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.request_stop())
    try:
        with console.status("Starting …") as status:
            supervisor.start(lambda name: status.update(f"Starting {name} …"))
            status.update("Asking a first question …")
            reply = asyncio.run(_first_answer(settings))
        _tell(settings, console, reply, time.monotonic() - began)
        if not check:
            _watch(settings, supervisor)
            console.print("\nStopping …")
    finally:
        supervisor.stop()
    console.print("Everything is stopped.")


def _watch(settings: Settings, supervisor: Supervisor) -> None:
    store = open_store(settings, SystemClock(settings.now))
    housekeeping = Housekeeping(store, settings.tracker_sqlalchemy_url)
    housekeeping.start()
    try:
        supervisor.watch()
    finally:
        housekeeping.stop()


async def _first_answer(settings: Settings) -> Reply | None:
    """The warm-up question's reply; None where the dialogue stayed mute."""
    dialogue = HttpDialogue(settings.dialogue_base, timeout_s=60, token=settings.part_token)
    utterance = Utterance(load_phrases().warm_up, "warm-up", "terminal")
    try:
        for _ in range(3):
            with suppress(DialogueUnavailable):
                replies = await dialogue.send(utterance)
                answered = next((reply for reply in replies if reply.citations), None)
                if answered is not None:
                    return answered
            await asyncio.sleep(1)
        return None
    finally:
        await dialogue.close()


def _tell(settings: Settings, console: Console, reply: Reply | None, seconds: float) -> None:
    phrases = load_phrases()
    if reply is None:
        console.print(
            "The assistant runs, but its first answer did not come; "
            f"look into {settings.data_dir / 'logs'}."
        )
    else:
        cited = reply.citations[0]
        console.print(
            f"\n  {phrases.warm_up}\n  {reply.text}\n  （{cited.document} {cited.clause}）\n"
        )
    console.print(
        f"明路 is ready after {seconds:.0f} s:  http://{reachable_host(settings)}:{settings.port}/"
    )
    console.print("Try, on that page or with `make chat` in another terminal:")
    for example in phrases.examples:
        console.print(f"  {example}")
    console.print("Ctrl-C ends it.")
