"""`minglu train`."""

from __future__ import annotations

import os

import click
from rich.console import Console

from minglu.training import train_if_changed
from runtime.settings import Settings


@click.command()
@click.option("--force", is_flag=True, help="Train even though nothing changed.")
def command(force: bool) -> None:
    """Train the dialogue model if config.yml, nlu_data/ or bot/ changed since the last time."""
    settings = Settings.from_env(os.environ)
    model = train_if_changed(settings, Console(stderr=True), force=force)
    click.echo(str(model))
