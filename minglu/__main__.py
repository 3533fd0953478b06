"""`minglu`: each subcommand lives in its own file of minglu/commands and loads when called."""

from __future__ import annotations

import importlib
import sys

import click

from core.errors import MingluError

COMMANDS = {
    "run": "Start everything: dialogue, actions and the web page.",
    "train": "Train the dialogue model if its inputs changed.",
    "model": "List, check and choose trained models.",
    "part": "Run one part alone, for several machines.",
    "chat": "Talk in this terminal, in text.",
    "talk": "Talk by voice, with a microphone or with files.",
    "voice": "Fetch and check what the voice needs.",
    "policy": "Add, list, show and ask official notices.",
    "slots": "Load and list training slots.",
    "bookings": "List, import, export and cancel bookings.",
    "people": "Export or erase what is stored of a person.",
    "staff": "Add, list and lock accounts of the hotline's desk.",
    "store": "Set up, migrate, back up and restore the database.",
    "tickets": "List and close requests for a person.",
    "telegram": "Run and check the Telegram channel.",
    "wechat": "Run and check the WeChat channel.",
    "doctor": "Check every part and say what to mend.",
}


class _LazyCommands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"minglu.commands.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minglu")
def cli() -> None:
    """明路 Minglu: what an official notice gives, who is responsible, and training places."""


def main() -> None:
    """Errors that a person can mend end with one line and status 2, not with a traceback."""
    try:
        cli(standalone_mode=True)
    except MingluError as error:
        click.echo(f"minglu: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
