"""`minglu model`: which trained model serves, and back to an earlier one."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click

from core.errors import MingluError
from minglu.phrases import load_phrases
from minglu.training import current_model, rasa_environment
from runtime.models import (
    choose_model,
    chosen_model,
    is_whole,
    last_good_model,
    model_named,
    models_in,
)
from runtime.settings import PROJECT_ROOT, ZONE, Settings

CHECK_S = 180.0


class ModelRefused(MingluError):
    """A model that would not serve; nothing was changed."""

    code = "model_refused"


@click.group()
def command() -> None:
    """List trained models, check one, serve another."""


@command.command("list")
def list_models() -> None:
    """Every model here, newest first.

    Example: minglu model list
    """
    settings = Settings.from_env(os.environ)
    folder = current_model(settings).parent
    chosen = chosen_model(folder)
    notes = {
        "chosen": chosen,
        "of today's inputs": current_model(settings),
        "served last": last_good_model(folder),
    }
    for model in models_in(folder):
        made = datetime.fromtimestamp(model.stat().st_mtime, ZONE)
        said = [note for note, named in notes.items() if named == model]
        if not is_whole(model):
            said.append("damaged")
        click.echo(f"{model.name}  {made:%Y-%m-%d %H:%M}  {', '.join(said)}".rstrip())


@command.command()
@click.argument("name", default="")
@click.option("--newest", is_flag=True, help="Serve the model of today's inputs again.")
def use(name: str, newest: bool) -> None:
    """Serve NAME from the next start of each dialogue server on; it is loaded and asked first.

    Restart the dialogue servers one after the other: conversations go on where they were.

    Example: minglu model use minglu-0a1b2c3d4e5f
    """
    folder = current_model(Settings.from_env(os.environ)).parent
    if newest == bool(name):
        raise click.UsageError("give a NAME, or --newest")
    if newest:
        choose_model(folder, None)
        click.echo("the model of today's inputs serves from the next start on")
        return
    model = model_named(folder, name)
    check_model(model)
    choose_model(folder, model)
    click.echo(f"{model.name} serves from the next start of each dialogue server on")


@command.command()
@click.argument("name")
def check(name: str) -> None:
    """Load a model and ask it something; changes nothing.

    Example: minglu model check minglu-0a1b2c3d4e5f
    """
    folder = current_model(Settings.from_env(os.environ)).parent
    model = model_named(folder, name)
    check_model(model)
    click.echo(f"{model.name} loads and understands")


def check_model(model: Path) -> None:
    """Raises ModelRefused where it does not load, or names no intent for a plain question."""
    if not is_whole(model):
        raise ModelRefused(f"{model} is damaged; nothing was changed")
    done = subprocess.run(  # noqa: S603 - our own argument list
        [sys.executable, "-m", "bot.dialogue.trial", str(model), load_phrases().warm_up],
        cwd=PROJECT_ROOT,
        env={**os.environ, **rasa_environment()},
        capture_output=True,
        text=True,
        timeout=CHECK_S,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise ModelRefused(f"{model.name} does not serve ({last}); nothing was changed")
