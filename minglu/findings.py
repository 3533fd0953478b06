"""How a check-up ends: one line for each finding, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from bot.inbox.finding import Finding


def report(findings: Sequence[Finding]) -> NoReturn:
    """Exits with 0 where all is good, else with 1."""
    for finding in findings:
        click.echo(("ok   " if finding.good else "BAD  ") + finding.text)
    sys.exit(0 if all(finding.good for finding in findings) else 1)
