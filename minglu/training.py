"""The dialogue model: trained again exactly when something that shapes it changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import MingluError
from runtime.models import chosen_model, last_good_model, models_in
from runtime.settings import PROJECT_ROOT, Settings

INPUTS = ("config.yml", "nlu_data", "bot/dialogue", "bot/nlu", "core/spoken")
KEPT_MODELS = 3
# What Rasa says along the way, and how far it is then.
_STEPS = ("Starting to train component", "Finished training component", "Restored component")


class TrainingFailed(MingluError):
    """Rasa did not make a model; the message carries its last lines."""

    code = "training_failed"


def inputs_hash(root: Path = PROJECT_ROOT) -> str:
    """Twelve hex digits over every file that shapes the model, and Rasa's version."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in _input_files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _input_files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        top = root / name
        paths = [top] if top.is_file() else sorted(top.rglob("*"))
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def current_model(settings: Settings, root: Path = PROJECT_ROOT) -> Path:
    """Where the model of today's inputs lies, trained or not."""
    return settings.models / f"minglu-{inputs_hash(root)}.tar.gz"


def train_if_changed(
    settings: Settings, console: Console, *, force: bool = False, root: Path = PROJECT_ROOT
) -> Path:
    """The model's path, trained now where it was missing. Raises TrainingFailed."""
    model = current_model(settings, root)
    if model.exists() and not force:
        return model
    model.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(model.parent / "training.lock")):
        if model.exists() and not force:
            return model
        _train(model, console, root)
    _drop_old_models(model)
    return model


def model_to_serve(settings: Settings, console: Console, root: Path = PROJECT_ROOT) -> Path:
    """The model that `minglu model use` chose, else today's, trained now where it is missing.

    Where training fails, the one that served last. Raises TrainingFailed where there is none.
    """
    folder = current_model(settings, root).parent
    chosen = chosen_model(folder)
    if chosen is not None:
        console.print(f"Serving the chosen model {chosen.name} (`minglu model list`).")
        return chosen
    try:
        return train_if_changed(settings, console, root=root)
    except TrainingFailed as error:
        before = last_good_model(folder)
        if before is None:
            raise
        console.print(f"{error}\nServing {before.name}, which served last.")
        return before


def _train(model: Path, console: Console, root: Path) -> None:
    began = time.monotonic()
    staged = model.parent / f"staged-{os.getpid()}"
    argv = [
        sys.executable, "-m", "rasa", "train",
        "--config", "config.yml",
        "--domain", "bot/dialogue/domain",
        "--data", "nlu_data", "bot/dialogue/rules",
        "--out", str(staged),
        "--fixed-model-name", model.name.removesuffix(".tar.gz"),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - our own argument list, no shell
        argv,
        cwd=root,
        env={**os.environ, **rasa_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = _follow(process, console)
    made = staged / model.name
    if process.wait() != 0 or not made.exists():
        last = "\n".join(f"    {line}" for line in lines)
        raise TrainingFailed(f"the dialogue model could not be trained. Rasa's last lines:\n{last}")
    made.replace(model)
    staged.rmdir()
    console.print(f"The dialogue model is trained ({time.monotonic() - began:.0f} s).")


def _follow(process: subprocess.Popen[str], console: Console) -> deque[str]:
    """Shows a bar while the process speaks; its last lines when it ends."""
    lines: deque[str] = deque(maxlen=20)
    progress = Progress(
        TextColumn("Training the dialogue model"),
        BarColumn(),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with progress:
        task = progress.add_task("train", total=24, step="loading Rasa")

        def read() -> None:
            assert process.stdout is not None  # noqa: S101 - PIPE in _train
            with process.stdout as said:
                for line in said:
                    lines.append(line.rstrip())
                    if any(step in line for step in _STEPS):
                        step = line.split("component")[-1].strip(" '.\n")
                        progress.update(task, advance=1, step=step[:40])

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        reader.join()
    return lines


def rasa_environment() -> dict[str, str]:
    """What every Rasa process of ours needs in its environment."""
    return {
        "PYTHONPATH": str(PROJECT_ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        # One thread each: the products here are small and two cores are shared.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _drop_old_models(keep: Path) -> None:
    needed = (keep, chosen_model(keep.parent), last_good_model(keep.parent))
    for path in models_in(keep.parent)[KEPT_MODELS:]:
        if path not in needed:
            path.unlink(missing_ok=True)
