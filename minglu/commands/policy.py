"""`minglu policy`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from core.errors import UnknownNotice
from core.values import Reply
from minglu.opened import opened_store
from policy.model import Clause, Notice, in_force
from policy.reading.differences import ClauseChange, Difference, difference, plain
from policy.reading.files import read_notice_file
from runtime.settings import Settings, SystemClock
from store.notices import Added, Listed, SqlNotices, ensure_bundled


class _Day(click.ParamType):
    """A day such as 2026-03-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            return self.fail(f"{value!r} is no day; write it as 2026-03-01", param, ctx)


_DAY = _Day()


@click.group()
def command() -> None:
    """Add, list, show and ask official notices.

    \b
    Example:
      minglu policy add 通知.docx
      minglu policy ask "盲人按摩机构要达到多少个？"
    """


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
def add(files: tuple[Path, ...]) -> None:
    """Add notices from text, HTML, DOCX, PDF or OFD files; all of them or none.

    The same file again changes nothing; other content under the same number is a new version.

    \b
    Example: minglu policy add 吉政办发2025-16.txt
    """
    with Progress(console=Console(stderr=True), transient=True) as bar:
        read = [_read(path, bar) for path in files]
        with _notices() as repository:
            for path, notice, data in read:
                task = bar.add_task(f"Keeping {path.name}", total=len(notice.clauses))
                added = repository.add(
                    notice,
                    data,
                    path.name,
                    lambda done, total, task=task: bar.update(task, completed=done, total=total),
                )
                bar.console.file.flush()
                click.echo(_said(added))


def _read(path: Path, bar: Progress) -> tuple[Path, Notice, bytes]:
    task = bar.add_task(f"Reading {path.name}", total=None)
    notice, data = read_notice_file(
        path, lambda done, total: bar.update(task, completed=done, total=total)
    )
    return path, notice, data


def _said(added: Added) -> str:
    notice = added.notice
    what = {
        "new": "added",
        "version": f"added as version {notice.version}",
        "same": f"already there as version {notice.version}; nothing was changed",
    }[added.outcome]
    return f"{notice.number}  {notice.title}  {len(notice.clauses)} clauses: {what}"


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON with every field.")
@click.option("--as-of", type=_DAY, help="Say what is in force on this day, not today.")
def list_(as_json: bool, as_of: date | None) -> None:
    """List the notices with their versions and dates.

    \b
    Example: minglu policy list
    """
    with _notices(bundled=True) as repository:
        listed = repository.listed()
        repealed = {n.number: n.repealed for n in repository.load_notices()}
    day = as_of or _today()
    rows = [_listed(item, day, repealed.get(item.notice.number)) for item in listed]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        state = "in force" if row["in_force"] else "not in force"
        version = f"version {row['version']}" + ("" if row["latest"] else ", replaced")
        click.echo(
            f"{row['number']}  {row['title']}  {row['issued'] or 'no date'}  {version}  "
            f"{state}  {row['clauses']} clauses"
        )


def _listed(item: Listed, day: date, repealed: date | None) -> dict[str, Any]:
    record = _head(item.notice)
    ends = [d for d in (item.notice.repealed, repealed) if d is not None]
    record["repealed"] = min(ends).isoformat() if ends else None
    record["in_force"] = (
        item.latest and in_force(item.notice, day) and all(day <= end for end in ends)
    )
    record["latest"] = item.latest
    record["clauses"] = item.clauses
    record["added_at"] = item.added_at.isoformat(timespec="seconds")
    return record


@command.command()
@click.argument("number")
@click.option("--version", type=int, help="A version other than the latest.")
@click.option("--json", "as_json", is_flag=True, help="JSON with clauses and facts.")
def show(number: str, version: int | None, as_json: bool) -> None:
    """Show a notice: its head and its clauses with departments and numbers.

    \b
    Example: minglu policy show 吉政办发〔2025〕16号 --json
    """
    with _notices(bundled=True) as repository:
        notice = repository.get(number, version)
    if as_json:
        record = _head(notice) | {"clauses": [_clause(c) for c in notice.clauses]}
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    click.echo(f"{notice.number}  {notice.title}\n{notice.issuer}  {notice.issued or ''}")
    for clause in notice.clauses:
        click.echo(f"\n{clause.path}  {clause.title}\n{clause.text}")


@command.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="The answer object of the dialogue door.")
@click.option("--as-of", type=_DAY, help="Answer as of this day, not today.")
def ask(question: str, as_json: bool, as_of: date | None) -> None:
    """Ask the notices a question; no dialogue server is needed.

    \b
    Example: minglu policy ask "盲人按摩机构要达到多少个？" --json
    """
    from policy.finding.encoder import installed_encoder
    from policy.several import policy_engine

    day = as_of or _today()
    with _notices(bundled=True) as repository:
        notices = repository.load_notices(as_of)
    reply = policy_engine(notices, today=day, encoder=installed_encoder()).ask(question)
    if as_json:
        body = {"text": reply.text, **reply.custom()}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    click.echo(_answer(reply))


def _answer(reply: Reply) -> str:
    lines = [reply.text]
    for citation in reply.citations:
        lines.append(
            f"\n[{citation.document} {citation.clause} {citation.title}]\n{citation.quote}"
        )
    return "\n".join(lines)


@command.command()
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(number: str, yes: bool) -> None:
    """Remove a notice with all its versions.

    \b
    Example: minglu policy remove 吉政办发〔2025〕16号 --yes
    """
    with _notices() as repository:
        notice = repository.get(number)
        if not yes:
            click.confirm(f"Remove {notice.number} with every version of it?", abort=True)
        count = repository.remove(notice.number)
    click.echo(f"{notice.number}: {count} version{'s' if count != 1 else ''} removed")


@command.command()
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(number: str, yes: bool) -> None:
    """Take the newest version of a notice back; the one before answers again.

    \b
    Example: minglu policy withdraw 吉政办发〔2025〕16号 --yes
    """
    with _notices() as repository:
        notice = repository.get(number)
        if not yes:
            click.confirm(f"Take version {notice.version} of {notice.number} back?", abort=True)
        before = repository.withdraw(notice.number)
    click.echo(f"{before.number}: version {before.version} answers again")


@command.command()
@click.argument("number")
@click.option("--on", "day", type=_DAY, help="Last day in force; the day before today if left out.")
@click.option("--undo", is_flag=True, help="Take the mark back.")
def repeal(number: str, day: date | None, undo: bool) -> None:
    """Mark a notice as repealed; it stays for questions about the time before.

    \b
    Example: minglu policy repeal 吉政办发〔2020〕1号 --on 2025-12-31
    """
    last = None if undo else day or date.fromordinal(_today().toordinal() - 1)
    with _notices() as repository:
        notice = repository.repeal(number, last)
    click.echo(f"{notice.number}: " + (f"in force until {last}" if last else "no longer repealed"))


@command.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="JSON with old and new texts and facts.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Say which clauses and which facts changed between two notices.

    OLD and NEW are numbers (with @1 for a version other than the latest) or files.

    \b
    Example: minglu policy diff 吉政办发〔2025〕16号@1 吉政办发〔2025〕16号
    """
    with _notices(bundled=True) as repository:
        before, after = _named(repository, old), _named(repository, new)
    found = difference(before, after)
    if as_json:
        click.echo(json.dumps(_changes(before, after, found), ensure_ascii=False, indent=2))
        return
    for name, (was, now) in found.head.items():
        click.echo(f"{name}: {_shown(was)} → {_shown(now)}")
    for change in found.clauses:
        click.echo(_change(change))
    if not found.head and not found.clauses:
        click.echo("no difference")


def _named(repository: SqlNotices, name: str) -> Notice:
    number, _, version = name.rpartition("@")
    if number and version.isdigit():
        return repository.get(number, int(version))
    path = Path(name)
    try:
        return repository.get(name)
    except UnknownNotice:
        if path.exists() or path.suffix:
            return read_notice_file(path)[0]
        raise


def _changes(old: Notice, new: Notice, found: Difference) -> dict[str, Any]:
    return {
        "old": {"number": old.number, "version": old.version},
        "new": {"number": new.number, "version": new.version},
        "head": {k: {"old": plain(a), "new": plain(b)} for k, (a, b) in found.head.items()},
        "clauses": [
            {
                "change": c.change,
                "path": c.path,
                "old_path": c.old_path,
                "title": c.title,
                "old_text": c.old_text,
                "new_text": c.new_text,
                "facts": [
                    {"fact": f.fact, "removed": plain(f.removed), "added": plain(f.added)}
                    for f in c.facts
                ],
            }
            for c in found.clauses
        ],
    }


def _change(change: ClauseChange) -> str:
    moved = f" (was {change.old_path})" if change.old_path not in ("", change.path) else ""
    lines = [f"{change.change}: {change.path}{moved} {change.title}".rstrip()]
    for fact in change.facts:
        lines.extend(f"  - {fact.fact}: {_shown(value)}" for value in fact.removed)
        lines.extend(f"  + {fact.fact}: {_shown(value)}" for value in fact.added)
    return "\n".join(lines)


def _shown(value: Any) -> str:
    value = plain(value)
    if isinstance(value, dict):
        return " ".join(
            "、".join(v) if isinstance(v, list) else str(v)
            for k, v in value.items()
            if v and k != "quote"
        )
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _head(notice: Notice) -> dict[str, Any]:
    record: dict[str, Any] = {
        "number": notice.number,
        "title": notice.title,
        "issuer": notice.issuer,
        "issued": plain(notice.issued),
        "region": notice.region,
        "effective": plain(notice.effective),
        "expires": plain(notice.expires),
        "repealed": plain(notice.repealed),
        "abridged": notice.abridged,
        "defers_to": list(notice.defers_to),
        "repeals": list(notice.repeals),
        "version": notice.version,
        "sha256": notice.sha256,
    }
    return record


def _clause(clause: Clause) -> dict[str, Any]:
    record = asdict(clause)
    first = ("path", "title", "text", "departments", "targets", "audiences", "deadline")
    return {name: record[name] for name in first} | {
        name: value for name, value in record.items() if name not in first
    }


def _today() -> date:
    return SystemClock(Settings.from_env(os.environ).now).now().date()


@contextmanager
def _notices(*, bundled: bool = False) -> Iterator[SqlNotices]:
    """The notices of the store; with `bundled`, a store that never had one gets ours first."""
    with opened_store(samples=False) as store:
        repository = SqlNotices(store.engine)
        if bundled and ensure_bundled(repository):
            click.echo(
                "The store was empty: the notice that ships with Minglu was added.", err=True
            )
        yield repository
