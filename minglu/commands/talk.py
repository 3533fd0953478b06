"""`minglu talk`: by voice, with a microphone or with files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from core.errors import DialogueUnavailable, VoiceUnavailable
from minglu.parts import action_server, dialogue_server
from minglu.preparation import prepare_store
from minglu.training import train_if_changed
from runtime.dialogue_pool import dialogue_of
from runtime.settings import Settings
from runtime.sight import begin
from runtime.supervisor import Supervisor
from voice.audio import read_sound, write_sound
from voice.events import Started
from voice.keyboard import Keyboard
from voice.phrases import load_phrases
from voice.recording import SpokenAnswer, answer_recording
from voice.wiring import (
    build_ears,
    build_mouth,
    build_pool,
    build_speaker,
    build_terminal,
    check_ears,
)

_STEP_S = 0.01


@click.command()
@click.option("--in", "question", type=click.Path(path_type=Path), help="A recorded question.")
@click.option("--out", "answer", type=click.Path(path_type=Path), help="Where the answer goes.")
@click.option("--text", is_flag=True, help="Type the questions and hear the answers.")
@click.option("--full-duplex", is_flag=True, help="Listen while speaking: with a headset only.")
@click.option("--kiosk", is_flag=True, help="Start anew after every person instead of ending.")
@click.option("--open-place", is_flag=True, help="Others listen: phone numbers by their last four.")
@click.option(
    "--listening",
    type=click.Choice(["open", "push", "wake"]),
    help="At every turn, after the key t, or after its name; else MINGLU_LISTENING.",
)
def command(
    question: Path | None,
    answer: Path | None,
    text: bool,
    full_duplex: bool,
    kiosk: bool,
    open_place: bool,
    listening: str | None,
) -> None:
    """Talk by voice. Uses a running `make run`, or starts the dialogue by itself.

    With --in and --out a recording is answered by a recording (WAV, FLAC or OGG/Opus).
    """
    settings = Settings.from_env(os.environ)
    begin("terminal", settings)
    console = Console(stderr=True, highlight=False)
    if question is not None:
        _talk_by_file(settings, question, answer, console)
        return
    if answer is not None:
        raise click.UsageError("--out needs --in")
    _talk_live(settings, console, text, full_duplex, kiosk, open_place)


def _talk_by_file(
    settings: Settings, question: Path, answer: Path | None, console: Console
) -> None:
    sound = read_sound(question)
    ears = build_ears(build_pool(settings))
    speaker = build_speaker(settings)
    try:
        mouth = build_mouth(settings, speaker)
        phrases = load_phrases(settings.voice_language)

        async def converse() -> SpokenAnswer:
            dialogue = dialogue_of(settings)
            try:
                name = f"voice-{uuid.uuid4().hex}"
                return await answer_recording(sound, ears, dialogue, mouth, phrases, name)
            finally:
                await dialogue.close()

        with dialogue_at_hand(settings, console):
            spoken = asyncio.run(converse())
    finally:
        speaker.close()
    click.echo(spoken.readings[0] if spoken.readings else "")
    for reply in spoken.replies:
        click.echo(reply.text)
    if answer is not None:
        write_sound(answer, spoken.sound)
        console.print(f"{answer}: {spoken.sound.duration_s:.1f} s")


def _talk_live(
    settings: Settings,
    console: Console,
    text: bool,
    full_duplex: bool,
    kiosk: bool,
    open_place: bool,
) -> None:
    build = partial(
        build_terminal,
        settings,
        dialogue_of(settings),
        full_duplex=full_duplex,
        kiosk=kiosk,
        mask_phones=open_place,
    )
    try:
        if not text:
            check_ears(settings)
        terminal = build(text=text)
    except VoiceUnavailable as error:
        if text:
            raise
        # Without ears one can still type and hear; the cause and the mend are said.
        console.print(f"minglu: {error}")
        text = True
        terminal = build(text=True)
    with contextlib.ExitStack() as stack:
        stack.callback(terminal.close)
        # A missing loudspeaker ends it here, before a minute goes into starting the dialogue.
        # A box in a hall has nobody to start it again: it waits for its loudspeaker.
        microphone = terminal.start(time.monotonic(), wait=kiosk)
        if not microphone and not text:
            console.print("minglu: no microphone was found; type, and the answers are spoken")
        stack.enter_context(dialogue_at_hand(settings, console))
        keyboard = Keyboard(terminal.inbox, lines=not (microphone or kiosk))
        stack.enter_context(keyboard.reading())
        terminal.inbox.put(Started(microphone=microphone, keypad=kiosk))
        while not terminal.over:
            terminal.step(time.monotonic())
            time.sleep(_STEP_S)


@contextlib.contextmanager
def dialogue_at_hand(settings: Settings, console: Console) -> Iterator[None]:
    """A dialogue that answers: the running one, or one of our own for as long as we talk.

    Raises DialogueUnavailable where MINGLU_DIALOGUE_URL names one that does not answer.
    """
    if asyncio.run(_reachable(settings)):
        yield
        return
    if settings.dialogue_url:
        raise DialogueUnavailable(
            f"the dialogue server at {settings.dialogue_base} does not answer; "
            "start it there with `make run`, or unset MINGLU_DIALOGUE_URL"
        )
    prepare_store(settings, console)
    model = train_if_changed(settings, console)
    parts = [action_server(settings), dialogue_server(settings, model)]
    supervisor = Supervisor(parts, settings.data_dir / "logs", console.print)
    try:
        with console.status("Starting the dialogue …"):
            supervisor.start()
        yield
    finally:
        supervisor.stop()


async def _reachable(settings: Settings) -> bool:
    dialogue = dialogue_of(settings)
    try:
        return await dialogue.ready()
    finally:
        await dialogue.close()
