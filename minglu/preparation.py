"""Before anything starts: the tables, the notice that ships with the product, sample courses."""

from __future__ import annotations

from rich.console import Console

from runtime.settings import Settings, SystemClock
from store.notices import SqlNotices, ensure_bundled
from store.opening import open_store


def prepare_store(settings: Settings, console: Console) -> None:
    """Migrates the store and fills an empty one. Safe to repeat. Raises StoreUnavailable."""
    with console.status("Preparing the store …"):
        store = open_store(settings, SystemClock(settings.now))
        try:
            ensure_bundled(SqlNotices(store.engine))
        finally:
            store.close()
