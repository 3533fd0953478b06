"""How a process of the product begins to be seen: its logs and, where wanted, its metrics."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from runtime.logs import set_up_logging
from runtime.metrics import LOOPBACK, serve_metrics
from runtime.settings import Settings, is_loopback


def begin(part: str, settings: Settings) -> None:
    """Once at the start of each process. Raises ConfigurationError where the port is taken."""
    set_up_logging(settings.log_level, settings.log_format, part)
    if settings.metrics_port:
        # Parts that share a machine by addresses of its loopback keep to their own.
        host = settings.listen if is_loopback(settings.listen) else LOOPBACK
        serve_metrics(settings.metrics_port, part, own_version(), host)


def own_version() -> str:
    try:
        return version("minglu")
    except PackageNotFoundError:
        return "unknown"
