"""`minglu people`."""

from __future__ import annotations

import json

import click

from minglu.opened import opened_store
from store.erasure import export_person, forget_person


@click.group()
def command() -> None:
    """Export or erase what is stored of a person."""


@command.command()
@click.argument("phone", default="")
@click.option("--reference", default="", help="Of one of their bookings, where there is no phone.")
def export(phone: str, reference: str) -> None:
    """Print everything stored of a person as JSON."""
    with opened_store() as store:
        found = export_person(store, phone=phone, reference=reference)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@command.command()
@click.argument("phone", default="")
@click.option("--reference", default="", help="Of one of their bookings, where there is no phone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(phone: str, reference: str, yes: bool) -> None:
    """Cancel what is ahead and erase everything that names the person. Cannot be undone."""
    if not yes:
        click.confirm("Erase this person for good?", abort=True)
    with opened_store() as store:
        count = forget_person(store, phone=phone, reference=reference)
    click.echo(f"{count} erased")
