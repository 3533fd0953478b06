"""The store as the command line opens it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.errors import BadImport
from runtime.settings import Settings, SystemClock
from store.opening import Store, open_store


@contextmanager
def opened_store(*, samples: bool = True) -> Iterator[Store]:
    """The store of the settings, closed at the end."""
    settings = Settings.from_env(os.environ)
    store = open_store(settings, SystemClock(settings.now), samples=samples)
    try:
        yield store
    finally:
        store.close()


def show_problems(error: BadImport) -> None:
    """Each bad line on a line of its own, for who has to mend the file."""
    for line, problem in error.details.get("problems", ()):
        click.echo(f"line {line}: {problem}", err=True)
