"""How a process of the product begins to be seen: its logs and, where wanted, its metrics."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from runtime.logs import set_up_logging
from runtime.metrics import serve_metrics
from runtime.settings import Settings


def begin(part: str, settings: Settings) -> None:
    """Once at the start of each process. Raises ConfigurationError where the port is taken."""
    set_up_logging(settings.log_level, settings.log_format, part)
    if settings.metrics_port:
        serve_metrics(settings.metrics_port, part, own_version())


def own_version() -> str:
    try:
        return version("minglu")
    except PackageNotFoundError:
        return "unknown"
