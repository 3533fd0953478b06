"""Where a process shows its metrics."""

from __future__ import annotations

import socket

import httpx
import pytest

from runtime.settings import Settings
from runtime.sight import begin
from tests.logged import logged_at


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("listen", "shown_at"),
    [("127.0.0.1", "127.0.0.1"), ("127.0.0.77", "127.0.0.77"), ("0.0.0.0", "127.0.0.1")],  # noqa: S104
)
def test_metrics_stay_on_loopback_wherever_the_part_listens(listen: str, shown_at: str) -> None:
    port = free_port(shown_at)
    with logged_at("INFO"):
        begin("web", Settings(listen=listen, metrics_port=port))
    assert "minglu_info" in httpx.get(f"http://{shown_at}:{port}/metrics", trust_env=False).text
    with socket.socket() as other:
        # Nothing of ours holds that port at an address beside it.
        other.bind(("127.0.0.88", port))


def test_without_the_setting_nothing_listens() -> None:
    with logged_at("INFO"):
        begin("web", Settings())
    assert Settings.from_env({}).metrics_port == 0
