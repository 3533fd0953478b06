"""Before anything starts: the tables, the notice that ships with the product, sample courses."""

from __future__ import annotations

from rich.console import Console
from store.opening import open_store

from runtime.settings import Settings


def prepare_store(settings: Settings, console: Console) -> None:
    """Migrates the store and fills an empty one. Safe to repeat. Raises StoreUnavailable."""
    with console.status("Preparing the store …"):
        open_store(settings).close()
