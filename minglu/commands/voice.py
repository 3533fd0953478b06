"""`minglu voice`: fetch, check and list what the voice needs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from core.errors import VoiceUnavailable
from runtime.settings import PROJECT_ROOT, Settings
from runtime.sight import begin
from runtime.supervisor import require_free_port
from voice.checkup import checkup, speak_checkup
from voice.download import download, sha256_of
from voice.graph.domain import domain_graph, in_words
from voice.graph.overlay import make_overlay
from voice.model_install import install_model
from voice.models import (
    ModelSource,
    adapted_home,
    find_model,
    model_home,
    model_source,
    model_sources,
)


@click.group()
def command() -> None:
    """Fetch and check what the voice needs."""


@command.command("get")
@click.argument("language", default="zh")
@click.option(
    "--from",
    "local",
    type=click.Path(exists=True, path_type=Path),
    help="A zip or folder on this machine instead of the download.",
)
@click.option("--url", default="", help="A mirror to fetch the zip from.")
@click.option("--accept-hash", default="", help="Accept a file with this SHA-256.")
@click.option("--again", is_flag=True, help="Throw away what an earlier download left.")
def get(language: str, local: Path | None, url: str, accept_hash: str, again: bool) -> None:
    """Fetch the recogniser's model for LANGUAGE (zh, ko). A broken download is resumed."""
    settings = Settings.from_env(os.environ)
    source = model_source(language)
    console = Console(stderr=True, highlight=False)
    home = model_home(settings.data_dir, language)
    if local is None:
        if source.sha256 is None and not (url or accept_hash) and _already(settings, language):
            console.print(f"A model for {language} is installed: {find_model(settings, language)}")
            return
        local = _fetched(source, url or source.url, settings.data_dir, again, console)
        _confirm_hash(source, local, accept_hash, console)
        install_model(local, home)
        local.unlink()
        local.with_name(local.name + ".etag").unlink(missing_ok=True)
    else:
        if local.is_file() and (accept_hash or local.name == Path(source.url).name):
            _confirm_hash(source, local, accept_hash, console)
        install_model(local, home)
    console.print(f"The model is in {home}. Try it: make talk")


def _already(settings: Settings, language: str) -> bool:
    try:
        find_model(settings, language)
    except VoiceUnavailable:
        return False
    return True


def _fetched(source: ModelSource, url: str, data_dir: Path, again: bool, console: Console) -> Path:
    part = data_dir / "models" / "download" / f"{source.name}.zip.part"
    if again:
        part.unlink(missing_ok=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(source.name, total=source.size_bytes)

        def show(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total or source.size_bytes)

        download(url, part, show)
    return part


def _confirm_hash(source: ModelSource, file: Path, accepted: str, console: Console) -> None:
    """Lets the operator decide where the file is not the known one. Raises VoiceUnavailable."""
    found, size = sha256_of(file), file.stat().st_size
    if accepted:
        if found != accepted.strip().lower():
            raise VoiceUnavailable(
                f"the file's SHA-256 is {found}, not the accepted one; nothing was installed. "
                "Fetch it anew with --again"
            )
        return
    if source.sha256 is None:
        console.print(f"Nobody publishes a checksum for {source.name}; this file has {found}.")
    elif found == source.sha256 and source.size_bytes in (None, size):
        return
    else:
        console.print(
            f"The file is not the one that is known:\n"
            f"  size     {size}, known {source.size_bytes}\n"
            f"  SHA-256  {found}\n  known    {source.sha256}\n"
            f"The known checksum comes from {source.hash_from}. The file may be broken, "
            "replaced by a newer one, or not be from them."
        )
    if sys.stdin.isatty() and click.confirm("Install it all the same?", default=False, err=True):
        return
    raise VoiceUnavailable(
        "nothing was installed. To fetch it anew: --again. "
        f"To install this file: --accept-hash {found}"
    )


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_models(as_json: bool) -> None:
    """The models that are known, and where they are."""
    settings = Settings.from_env(os.environ)
    rows = []
    for language, source in sorted(model_sources().items()):
        try:
            where = str(find_model(settings, language))
        except VoiceUnavailable:
            where = ""
        rows.append({"language": language, "name": source.name, "folder": where})
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['language']}  {row['name']}  {row['folder'] or 'not fetched'}")


@command.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines; nothing is spoken.")
@click.option("--quiet", is_flag=True, help="Do not speak, only print.")
def check(as_json: bool, quiet: bool) -> None:
    """Walk through microphone, loudspeaker, model and voice, by speech. Status 2: not all work."""
    settings = Settings.from_env(os.environ)
    findings = checkup(settings)
    if as_json:
        click.echo(json.dumps([vars(f) for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.works else 'FAIL'}  {finding.part}: {finding.detail}")
        if not quiet:
            speak_checkup(settings, findings)
    sys.exit(0 if all(f.works for f in findings) else 2)


@command.command("adapt")
@click.argument("texts", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--undo", is_flag=True, help="Hear with the model as its makers made it again.")
def adapt(texts: tuple[Path, ...], undo: bool) -> None:
    """Teach a small model the subject's words: TEXTS, or the notices, places and what people say.

    Nothing is copied: a folder of links with one graph of its own. Not measured in Mandarin yet:
    compare before you keep it.
    """
    settings = Settings.from_env(os.environ)
    home = adapted_home(settings.data_dir, settings.voice_language)
    if undo:
        shutil.rmtree(home, ignore_errors=True)
        click.echo("The model is heard with as its makers made it.")
        return
    model = find_model(settings, adapted=False)
    text = "\n".join(file.read_text(encoding="utf-8") for file in texts or subject_texts())
    home.parent.mkdir(parents=True, exist_ok=True)
    make_overlay(model, home, lambda words: domain_graph(in_words(text, words), words))
    click.echo(f"The adapted model is in {home} and is used from the next start; --undo ends it.")


def subject_texts() -> list[Path]:
    """The notices that ship with the product, its places, and what people say to it."""
    folders = (("policy/data", "*.txt"), ("nlu_data", "**/*.yml"), ("voice/data", "phrases.zh.yml"))
    return [file for folder, form in folders for file in sorted((PROJECT_ROOT / folder).glob(form))]


@command.command("serve")
def serve() -> None:
    """Ears and mouth for other programs on loopback; `make run` starts this by itself."""
    from voice.service.__main__ import serve as serve_voice

    settings = Settings.from_env(os.environ)
    begin("voice", settings)
    require_free_port(settings.voice_port, "MINGLU_VOICE_PORT")
    click.echo(f"Voice on http://127.0.0.1:{settings.voice_port}; Ctrl-C ends it.", err=True)
    serve_voice(settings)
