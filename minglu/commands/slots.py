"""`minglu slots`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from core.errors import BadImport
from core.values import TrainingSlot
from minglu.opened import opened_store, show_problems
from store.exchange import cancel_slots, import_slots, list_slots, remove_sample_slots


@click.group()
def command() -> None:
    """Load and list training slots."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add and update slots from a CSV, XLSX or ICS file, by id; all lines or none.

    CSV columns: id, course, city, venue, starts_at, ends_at, capacity, access, audience, and if
    wanted book_by and status. Times are ISO 8601; access and audience are separated by ";".

    Example: minglu slots import courses.csv
    """
    with opened_store(samples=False) as store:
        try:
            counts = import_slots(store, file)
        except BadImport as error:
            show_problems(error)
            raise
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON with every field.")
@click.option("--all", "every", is_flag=True, help="Begun and cancelled ones too.")
def list_(as_json: bool, every: bool) -> None:
    """List the slots that can be booked.

    Example: minglu slots list --json
    """
    with opened_store() as store:
        slots = list_slots(store, every=every)
    if as_json:
        click.echo(json.dumps([_record(slot) for slot in slots], ensure_ascii=False, indent=2))
        return
    for slot in slots:
        click.echo(
            f"{slot.id}  {slot.starts_at:%Y-%m-%d %H:%M}  {slot.course}  {slot.city} {slot.venue}"
            f"  {slot.free}/{slot.capacity} free" + ("" if slot.status == "open" else "  cancelled")
        )


@command.command()
@click.argument("slot_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
def cancel(slot_id: str, yes: bool) -> None:
    """Cancel a date with all its bookings, and tell everyone.

    Example: minglu slots cancel CC-2026-03 --yes
    """
    if not yes:
        click.confirm(f"Cancel {slot_id} and every booking of it?", abort=True)
    with opened_store(samples=False) as store:
        count = cancel_slots(store, slot_id)
    click.echo(f"{count} bookings cancelled")


@command.command("remove-samples")
def remove_samples() -> None:
    """Cancel the sample courses.

    Example: minglu slots remove-samples
    """
    with opened_store(samples=False) as store:
        click.echo(f"{remove_sample_slots(store)} sample slots cancelled")


def _record(slot: TrainingSlot) -> dict[str, Any]:
    return {
        "id": slot.id,
        "course": slot.course,
        "city": slot.city,
        "venue": slot.venue,
        "starts_at": slot.starts_at.isoformat(timespec="seconds"),
        "ends_at": slot.ends_at.isoformat(timespec="seconds"),
        "capacity": slot.capacity,
        "free": slot.free,
        "access": list(slot.access),
        "audience": list(slot.audience),
        "status": slot.status,
        "sample": slot.sample,
    }
