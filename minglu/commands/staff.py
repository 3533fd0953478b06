"""`minglu staff`: accounts of the hotline's desk."""

from __future__ import annotations

import json

import click

from bot.web.desk.accounts import one_time_password
from core.staff import Role
from minglu.opened import opened_store

OPERATOR = "operator"
"""Who did it, in the trail: whoever may use this command line."""


@click.group()
def command() -> None:
    """Add, list and lock accounts of the hotline's desk."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--ask", is_flag=True, help="Ask for a password instead of making a one-time one.")
def add(name: str, role: str, ask: bool) -> None:
    """Add an account. Prints a password that is good for one sign-in: the person then sets theirs.

    agent: answers callers. manager: that, and notices, slots, tickets and numbers.
    admin: accounts and the trail of what was done.

    Example: minglu staff add li.na --role agent
    """
    password = _asked() if ask else one_time_password()
    with opened_store() as store:
        member = store.staff.add(name, Role(role), password, by=OPERATOR, one_time=not ask)
    click.echo(f"{member.name}  {member.role.value}")
    if not ask:
        click.echo(f"one-time password: {password}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON with every field.")
def list_(as_json: bool) -> None:
    """List the accounts.

    Example: minglu staff list
    """
    with opened_store() as store:
        members = store.staff.members()
    records = [
        {
            "name": member.name,
            "role": member.role.value,
            "locked": member.locked,
            "must_change_password": member.must_change,
            "created_at": member.created_at.isoformat(timespec="seconds"),
        }
        for member in members
    ]
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        mark = "locked" if record["locked"] else ""
        click.echo(f"{record['name']:20}  {record['role']:8}  {record['created_at']}  {mark}")


@command.command()
@click.argument("name")
@click.option("--unlock", is_flag=True, help="Let them in again.")
def lock(name: str, unlock: bool) -> None:
    """Lock an account and end its sessions at once; nothing that it did is lost.

    Example: minglu staff lock li.na
    """
    with opened_store() as store:
        member = store.staff.lock(name, not unlock, by=OPERATOR)
    click.echo(f"{member.name}  {'locked' if member.locked else 'open'}")


@command.command()
@click.argument("name")
@click.option("--ask", is_flag=True, help="Ask for a password instead of making a one-time one.")
def password(name: str, ask: bool) -> None:
    """Give an account a new password and end its sessions; a wait after wrong tries ends too.

    Example: minglu staff password li.na
    """
    chosen = _asked() if ask else one_time_password()
    with opened_store() as store:
        store.staff.set_password(name, chosen, by=OPERATOR, one_time=not ask)
    click.echo("changed" if ask else f"one-time password: {chosen}")


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
