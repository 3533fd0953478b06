"""Putting a model in its place: a zip is distrusted, a broken one changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from core.errors import VoiceUnavailable
from voice.recogniser import check_model

_LARGEST_BYTES = 8 << 30
"""Unpacked bytes that no Vosk model reaches."""


class BadModel(VoiceUnavailable):
    """Not a model, or a zip that must not be unpacked; what was there before is untouched."""


def install_model(source: Path, home: Path) -> None:
    """Places the model of a zip or a folder at `home` in one step, in place of an older one.

    Raises BadModel, or VoiceUnavailable where there is no room.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".model-", dir=home.parent) as workshop:
        unpacked = Path(workshop) / "new"
        try:
            if source.is_dir():
                shutil.copytree(source, unpacked)
            else:
                _unzip(source, unpacked)
        except (OSError, shutil.Error) as error:
            raise VoiceUnavailable(
                f"the model cannot be put into {home.parent} ({type(error).__name__}); "
                "is the disk full?"
            ) from error
        model = _root(unpacked)
        old = Path(workshop) / "old"
        if home.exists():
            os.replace(home, old)
        os.replace(model, home)


def _unzip(archive: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = zipped.infolist()
            for member in members:
                _check_member(member)
            size = sum(member.file_size for member in members)
            free = shutil.disk_usage(into.parent).free
            if size > _LARGEST_BYTES:
                raise BadModel(f"{archive.name} would unpack to {size >> 30} GB: not a model")
            if size > free:
                raise VoiceUnavailable(
                    f"{size >> 20} MB are needed in {into.parent.parent} and {free >> 20} are free"
                )
            zipped.extractall(into)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadModel(f"{archive.name} is broken or no zip; fetch it again") from error


def _check_member(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1]
    link = stat.S_ISLNK(member.external_attr >> 16)
    if outside or link:
        raise BadModel(f"the zip holds {member.filename!r}, which would leave its folder")


def _root(unpacked: Path) -> Path:
    """The model's folder: the unpacked one, or the single one inside it."""
    inner = [p for p in unpacked.iterdir() if p.is_dir()] if unpacked.is_dir() else []
    candidates = [unpacked, *inner] if len(inner) == 1 or (unpacked / "am").exists() else [unpacked]
    for candidate in candidates:
        try:
            check_model(candidate)
        except VoiceUnavailable:
            continue
        return candidate
    raise BadModel("there is no Vosk model in it (am/final.mdl, conf and graph are looked for)")
