"""`minglu people`."""

from __future__ import annotations

import json
import os

import click

from minglu.opened import opened_store
from runtime.settings import Settings
from store.dialogues import forget_dialogues, read_dialogues
from store.erasure import conversations_of, export_person, forget_person


@click.group()
def command() -> None:
    """Export or erase what is stored of a person."""


@command.command()
@click.argument("phone", default="")
@click.option("--reference", default="", help="Of one of their bookings, where there is no phone.")
def export(phone: str, reference: str) -> None:
    """Print everything stored of a person as JSON.

    Example: minglu people export 13900000000
    """
    with opened_store() as store:
        found = export_person(store, phone=phone, reference=reference)
        said = conversations_of(store, phone=phone, reference=reference)
    found["said"] = read_dialogues(_tracker(), said)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@command.command()
@click.argument("phone", default="")
@click.option("--reference", default="", help="Of one of their bookings, where there is no phone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(phone: str, reference: str, yes: bool) -> None:
    """Cancel what is ahead and erase everything that names the person. Cannot be undone.

    Example: minglu people forget 13900000000 --yes
    """
    if not yes:
        click.confirm("Erase this person for good?", abort=True)
    with opened_store() as store:
        # First what was said: should the erasure break off, it can be asked for again.
        said = conversations_of(store, phone=phone, reference=reference)
        forget_dialogues(_tracker(), said)
        count = forget_person(store, phone=phone, reference=reference)
    click.echo(f"{count} erased")


def _tracker() -> str:
    return Settings.from_env(os.environ).tracker_sqlalchemy_url
