"""`minglu tickets`."""

from __future__ import annotations

import json

import click

from minglu.opened import opened_store


@click.group()
def command() -> None:
    """List and close requests for a person."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON with every field.")
def list_(as_json: bool) -> None:
    """List who waits for a person: urgent ones first, then the oldest.

    Example: minglu tickets list
    """
    with opened_store() as store:
        waiting = store.tickets.waiting()
    records = [
        {
            "id": ticket.id,
            "topic": ticket.topic,
            "urgent": ticket.urgent,
            "status": ticket.status,
            "channel": ticket.channel,
            "conversation": ticket.conversation,
            "created_at": ticket.created_at.isoformat(timespec="seconds"),
            "summary": ticket.summary,
        }
        for ticket in waiting
    ]
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        mark = "!" if record["urgent"] else " "
        click.echo(f"{mark} {record['id']}  {record['created_at']}  {record['summary']}")


@command.command()
@click.argument("ticket_id")
def take(ticket_id: str) -> None:
    """Say that somebody looks after it.

    Example: minglu tickets take T-ID
    """
    with opened_store() as store:
        click.echo(store.tickets.take(ticket_id).status)


@command.command()
@click.argument("ticket_id")
def close(ticket_id: str) -> None:
    """Close a request that was answered.

    Example: minglu tickets close T-ID
    """
    with opened_store() as store:
        click.echo(store.tickets.close(ticket_id).status)
