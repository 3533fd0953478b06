"""A system to be examined, on ports and in a folder of its own."""

from __future__ import annotations

import socket

from minglu.commands.doctor import examine


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def of(env: dict[str, str], part: str) -> tuple[str, str]:
    found = next(finding for finding in examine(env) if finding.part == part)
    return found.state, found.detail
