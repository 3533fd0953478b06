"""`minglu bookings`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from uuid import uuid4

import click

from core.errors import BadImport
from core.values import BookingStatus
from minglu.opened import opened_store, show_problems
from store.exchange import booking_record, import_bookings


@click.group()
def command() -> None:
    """List, import, export and cancel bookings."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON with every field.")
def list_(as_json: bool) -> None:
    """List every booking, cancelled ones too.

    Example: minglu bookings list --json
    """
    with opened_store() as store:
        records = [booking_record(booking) for booking in store.places.all_bookings()]
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        click.echo("  ".join(str(record[n]) for n in ("reference", "status", "slot_id", "name")))


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Book the people of a CSV (slot_id, name, phone); all lines or none.

    Example: minglu bookings import people.csv
    """
    with opened_store(samples=False) as store:
        try:
            counts = import_bookings(store, file)
        except BadImport as error:
            show_problems(error)
            raise
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()))


@command.command()
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="A file.")
def export(target: Path | None) -> None:
    """Write every booking as CSV, to standard output or to a file of mode 0600.

    Example: minglu bookings export --to bookings.csv
    """
    with opened_store() as store:
        records = [booking_record(booking) for booking in store.places.all_bookings()]
    columns = "reference slot_id name phone status companion access_needs channel created_at"
    if target is not None:
        target.touch(mode=0o600)
        target.chmod(0o600)
    # Excel takes UTF-8 for what it is only with the mark at the head.
    stream = target.open("w", encoding="utf-8-sig", newline="") if target else sys.stdout
    try:
        writer = csv.DictWriter(stream, columns.split())
        writer.writeheader()
        for record in records:
            writer.writerow({**record, "access_needs": ";".join(record["access_needs"])})
    finally:
        if target is not None:
            stream.close()


@command.command()
@click.argument("reference", required=False)
@click.option("--all", "every", is_flag=True, help="Every live booking.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel(reference: str | None, every: bool, yes: bool) -> None:
    """Cancel one booking by its reference, or all of them.

    Example: minglu bookings cancel 235-078-623
    """
    if bool(reference) == every:
        raise click.UsageError("Give one reference, or --all.")
    if not yes and every:
        click.confirm("Cancel every live booking?", abort=True)
    with opened_store(samples=False) as store:
        places = store.places
        chosen = places.all_bookings() if every else (places.by_reference(reference or ""),)
        live = [b for b in chosen if b.status is not BookingStatus.CANCELLED]
        # The end of a line first, so that no place is offered on its way out.
        for booking in sorted(live, key=lambda b: b.waitlist_position or 0, reverse=True):
            places.cancel(booking.reference, key=f"operator:{uuid4()}", by="staff")
    click.echo(f"{len(live)} cancelled")
