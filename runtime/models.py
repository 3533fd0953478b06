"""Which trained model serves: the chosen one, else the newest; and which one served last."""

from __future__ import annotations

import gzip
import logging
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from core.errors import MingluError

log = logging.getLogger(__name__)

IN_USE, LAST_GOOD = "in-use", "last-good"
PATTERN = "minglu-*.tar.gz"


class UnknownModel(MingluError):
    """No model of that name lies in the folder of models."""

    code = "unknown_model"


def models_in(folder: Path) -> list[Path]:
    """Every model, newest first."""
    # Another start may drop one meanwhile, and a link may lead nowhere.
    found = (path for path in folder.glob(PATTERN) if path.exists())
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def model_named(folder: Path, name: str) -> Path:
    """Raises UnknownModel. `name` may lack its ending and its beginning."""
    for model in models_in(folder):
        short = model.name.removesuffix(".tar.gz")
        if name in (model.name, short, short.removeprefix("minglu-")):
            return model
    raise UnknownModel(f"no model {name!r} in {folder}; `minglu model list` names those there")


def chosen_model(folder: Path) -> Path | None:
    """The model that `minglu model use` named; None where none is, or it is gone."""
    return _named_in(folder / IN_USE)


def choose_model(folder: Path, model: Path | None) -> None:
    """Serves `model` from the next start on; None: the newest."""
    if model is None:
        (folder / IN_USE).unlink(missing_ok=True)
    else:
        _write(folder / IN_USE, model.name)


def remember_good(model: Path) -> None:
    """This one loaded. A folder that cannot be written is no reason not to serve."""
    try:
        _write(model.parent / LAST_GOOD, model.name)
    except OSError as error:
        log.warning("the last good model could not be noted: %s", type(error).__name__)


def last_good_model(folder: Path) -> Path | None:
    return _named_in(folder / LAST_GOOD)


def models_to_try(wanted: Path) -> Iterator[Path]:
    """`wanted`, the one that served last, then the others from the newest; whole files only."""
    seen: set[Path] = set()
    for model in (wanted, last_good_model(wanted.parent), *models_in(wanted.parent)):
        if model is None or model in seen:
            continue
        seen.add(model)
        if is_whole(model):
            yield model
        else:
            log.error("the model %s is damaged or missing", model.name)


def is_whole(model: Path) -> bool:
    """Read to the end: only there stands the sum that a damaged or cut file fails."""
    try:
        with gzip.open(model) as stream:
            while stream.read(1 << 20):
                continue
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _named_in(note: Path) -> Path | None:
    try:
        model = note.parent / note.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return model if model.is_file() else None


def _write(note: Path, name: str) -> None:
    draft = note.with_name(f"{note.name}.{os.getpid()}")
    draft.write_text(name + "\n", encoding="utf-8")
    draft.replace(note)
