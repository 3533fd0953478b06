"""`minglu store`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from minglu.opened import opened_store
from runtime.settings import Settings
from store.backup import back_up, note_backup, restore
from store.database import make_engine
from store.dialogues import forget_idle_dialogues
from store.migrate import current_revision, downgrade, head_revision, upgrade
from store.rotation import old_rows, reseal
from store.sealing import add_key, keep_newest_key
from store.upkeep import run_upkeep


@click.group()
def command() -> None:
    """Set up, migrate, back up and restore the database."""


@command.command()
def setup() -> None:
    """Make or migrate the database and load samples where it is empty.

    Example: minglu store setup
    """
    with opened_store() as store:
        click.echo(f"revision {current_revision(store.engine)}, key {store.seal.key_id}")


@command.command()
@click.argument("revision", default="head")
@click.option("--down", is_flag=True, help="Go back to the revision; newer columns are lost.")
def migrate(revision: str, down: bool) -> None:
    """Migrate to a revision, the newest by default.

    Example: minglu store migrate
    """
    settings = Settings.from_env(os.environ)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.sqlalchemy_url)
    (downgrade if down else upgrade)(engine, revision)
    click.echo(f"revision {current_revision(engine)} of {head_revision()}")


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--logical", is_flag=True, help="JSON lines, to move from SQLite to PostgreSQL.")
def backup(file: Path, logical: bool) -> None:
    """Back up while the assistant runs. The key is not in it: keep secret.keys elsewhere.

    Example: minglu store backup minglu.backup
    """
    with opened_store(samples=False) as store:
        size = back_up(store.engine, file, logical=logical)
        note_backup(Settings.from_env(os.environ).data_dir, store.clock.now())
    click.echo(f"{file}: {size} bytes; keep the key (secret.keys or MINGLU_SECRET_KEY) elsewhere")


@command.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore_(file: Path, yes: bool) -> None:
    """Replace everything that is stored by a backup.

    Example: minglu store restore minglu.backup
    """
    if not yes:
        click.confirm("Replace everything that is stored?", abort=True)
    with opened_store(samples=False) as store:
        revision = restore(store.engine, file)
        count = len(store.places.all_bookings())
    click.echo(f"restored revision {revision}: {count} bookings")


@command.command("rotate-key")
@click.option("--finish", is_flag=True, help="Drop the older keys once no row needs them.")
def rotate_key(finish: bool) -> None:
    """Seal names and phones with a new key, while the assistant runs.

    With MINGLU_SECRET_KEY, put the new key before the old one, separated by a comma, restart, run
    this, and take the old one away. With the key file: run this, and a day later with --finish.

    Example: minglu store rotate-key
    """
    settings = Settings.from_env(os.environ)
    with opened_store(samples=False) as store:
        if not settings.secret_key and not finish:
            add_key(settings.data_dir)
        counts = reseal(store)
        left = old_rows(store)
        if finish and not settings.secret_key and not left:
            keep_newest_key(settings.data_dir)
        key = store.seal.key_id
    shown = ", ".join(f"{count} {what}" for what, count in counts.items())
    click.echo(f"key {key}: {shown} sealed anew; {left} rows need an older key")


@command.command()
def upkeep() -> None:
    """Give on ended holds, make reminders, erase what is kept no longer. For cron, too.

    Example: minglu store upkeep
    """
    with opened_store() as store:
        counts = run_upkeep(store)
        tracker = Settings.from_env(os.environ).tracker_sqlalchemy_url
        counts["said"] = forget_idle_dialogues(tracker, store.clock.now())
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()))


@command.command()
def messages() -> None:
    """List what people were not told yet, so that somebody can telephone.

    Example: minglu store messages
    """
    with opened_store() as store:
        pending = store.outbox.pending()
    for message in pending:
        booking = message.booking
        click.echo(
            f"{message.kind}  {booking.reference}  {booking.name}  {booking.phone}"
            f"  {message.channel}  {booking.slot.course} {booking.slot.starts_at:%Y-%m-%d %H:%M}"
        )
