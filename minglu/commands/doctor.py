"""`minglu doctor`: every part of the product, and for each that ails what to mend."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version

import click

from core.errors import ConfigurationError, MingluError
from minglu.checkup import channels, kept, machine, servers
from minglu.checkup.state import OK, WRONG, Check, Found
from runtime.settings import Settings
from runtime.sight import own_version


@dataclass(frozen=True)
class Finding:
    part: str
    state: str
    """ok, warning (runs, with a lack) or wrong (must be mended)."""
    detail: str
    """What was found; where something ails, what to do about it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON, for programs.")
def command(as_json: bool) -> None:
    """Check a system, running or not, and say what to mend. Changes nothing.

    Ends with status 1 where something is wrong, with 0 where all works or only warnings are left.
    """
    findings = examine(dict(os.environ))
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8}{finding.part:12}{finding.detail}")
    sys.exit(1 if any(finding.state == WRONG for finding in findings) else 0)


def examine(env: dict[str, str]) -> list[Finding]:
    """All findings, in the order to mend them. Never raises for what ails."""
    try:
        settings = Settings.from_env(env)
    except ConfigurationError as error:
        return [Finding("settings", WRONG, str(error))]
    found = [Finding("settings", OK, f"read; fingerprint {settings.fingerprint}")]
    for part, check in CHECKS.items():
        try:
            found += [Finding(part, state, detail) for state, detail in check(settings)]
        except (MingluError, OSError) as error:
            found.append(Finding(part, WRONG, str(error) or type(error).__name__))
    return found


def _versions(_settings: Settings) -> Found:
    yield OK, f"Minglu {own_version()}, Rasa {version('rasa')}, Python {platform.python_version()}"


CHECKS: dict[str, Check] = {
    "version": _versions,
    "clock": machine.clock,
    "disk": machine.disk,
    "secret": machine.secret,
    "store": kept.store,
    "skew": machine.skew,
    "backup": machine.backup,
    "notices": kept.notices,
    "referrals": kept.referrals,
    "model": servers.model,
    "locks": servers.locks,
    "actions": servers.actions,
    "dialogue": servers.dialogue,
    "web": servers.web,
    "transport": machine.transport,
    "waiting": kept.waiting,
    "voice": channels.voice,
    "telegram": channels.telegram,
    "wechat": channels.wechat,
}
