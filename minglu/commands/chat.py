"""`minglu chat`: the terminal, in text."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid

import click
from rich.console import Console

from core.errors import DialogueUnavailable
from core.values import Reply, Utterance
from minglu.parts import action_server, dialogue_server
from minglu.phrases import load_phrases
from minglu.preparation import prepare_store
from minglu.training import train_if_changed
from runtime.dialogue_pool import dialogue_of
from runtime.settings import Settings
from runtime.supervisor import Supervisor


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a reply, for machines.")
def command(as_json: bool) -> None:
    """Talk in this terminal. Uses a running `make run`, or starts the dialogue by itself."""
    settings = Settings.from_env(os.environ)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    supervisor = None
    if not asyncio.run(_reachable(settings)):
        prepare_store(settings, console)
        model = train_if_changed(settings, console)
        parts = [action_server(settings), dialogue_server(settings, model)]
        supervisor = Supervisor(parts, settings.data_dir / "logs", console.print)
    try:
        if supervisor is not None:
            with console.status("Starting the dialogue …"):
                supervisor.start()
        asyncio.run(_converse(settings, as_json))
    finally:
        if supervisor is not None:
            supervisor.stop()


async def _reachable(settings: Settings) -> bool:
    dialogue = dialogue_of(settings)
    try:
        return await dialogue.ready()
    finally:
        await dialogue.close()


async def _converse(settings: Settings, as_json: bool) -> None:
    phrases = load_phrases()
    dialogue = dialogue_of(settings)
    conversation = f"terminal-{uuid.uuid4().hex}"
    if not as_json:
        click.echo(phrases.greeting)
    choices: tuple[str, ...] = ()
    while True:
        text = await asyncio.to_thread(_read_line, sys.stdin.isatty() and not as_json)
        if text is None or text in phrases.exit_words:
            break
        if not text:
            continue
        if text.isdigit() and 1 <= int(text) <= len(choices):
            text = choices[int(text) - 1]
        try:
            replies = await dialogue.send(Utterance(text, conversation, "terminal"))
        except DialogueUnavailable:
            click.echo(phrases.apology)
            continue
        for reply in replies:
            _show(reply, as_json)
        choices = tuple(choice.payload for reply in replies for choice in reply.choices)
    if not as_json:
        click.echo(phrases.farewell)
    await dialogue.close()


def _read_line(prompt: bool) -> str | None:
    """The next line without its end; None at the end of input."""
    if prompt:
        click.echo("> ", nl=False)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _show(reply: Reply, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"text": reply.text, "custom": reply.custom()}, ensure_ascii=False))
        return
    click.echo(reply.text)
    for citation in reply.citations:
        click.echo(f"  ——{citation.document} {citation.clause} {citation.title}")
    for number, choice in enumerate(reply.choices, 1):
        click.echo(f"  {number}. {choice.label}")
