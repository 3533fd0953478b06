"""Reads an uploaded notice in a process of its own, which a hostile file cannot outlive."""

from __future__ import annotations

import json
import subprocess
import sys

from core.errors import BadNotice
from policy.model import Notice
from policy.reading.formats import LARGEST
from policy.reading.packing import unpacked_notice
from runtime.settings import PROJECT_ROOT

PATIENCE_S = 90
"""Wall seconds; the process's own limit of processor time comes first."""


def read_apart(data: bytes, name: str, patience_s: float = PATIENCE_S) -> Notice:
    """The notice. Raises BadNotice with a reason, also where reading takes too long."""
    if len(data) > LARGEST:
        raise BadNotice("too large", reason="too_large")
    command = [sys.executable, "-W", "ignore", "-m", "policy.reading", name[:200] or "upload"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the name is one argument
            command, input=data, capture_output=True, timeout=patience_s, cwd=PROJECT_ROOT
        )
    except subprocess.TimeoutExpired:
        raise BadNotice("reading takes too long", reason="slow") from None
    if done.returncode == 0:
        return unpacked_notice(done.stdout.decode())
    try:
        reason = str(json.loads(done.stdout)["refused"])
    except (ValueError, KeyError):
        # Ended by a limit, or by a fault of ours that the file found.
        reason = "slow" if done.returncode < 0 else "damaged"
    raise BadNotice(f"{reason} ({done.returncode})", reason=reason)
