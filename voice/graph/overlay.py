"""A model with another language model: a folder of links, and one graph of its own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import VoiceUnavailable
from voice.graph.closed import closed_graph
from voice.graph.openfst import State, Words, read_words, write_acceptor

_FORM = "2"
"""Counts up with what an overlay is made like, so that an older one is made anew."""
_GRAPH = Path("graph") / "Gr.fst"


def has_dynamic_graph(model: Path) -> bool:
    """Whether the language model is a file of its own; big models have one static graph."""
    return (model / _GRAPH).is_file()


def closed_model(model: Path, phrases: Sequence[str], home: Path) -> Path:
    """`model` that hears nothing but `phrases`, made in `home` once. Raises VoiceUnavailable."""
    made_of = "\n".join([_FORM, str(model), *phrases])
    seal = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    folder = home / f"closed-{seal}"
    if not (folder / _GRAPH).is_file():
        make_overlay(model, folder, lambda words: closed_graph(phrases, words))
    return folder


def make_overlay(model: Path, folder: Path, graph: Callable[[Words], Sequence[State]]) -> None:
    """Writes `folder`, in place of what it held. Raises VoiceUnavailable."""
    if not has_dynamic_graph(model):
        raise VoiceUnavailable(
            f"{model} has no language model of its own to replace; take a small model"
        )
    words = read_words(model / _GRAPH)
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        _link(model, new)
        write_acceptor(new / _GRAPH, graph(words), words)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(new, folder)
    except OSError as error:
        raise VoiceUnavailable(
            f"{folder} cannot be written ({type(error).__name__}); is the disk full?"
        ) from error


def _link(model: Path, new: Path) -> None:
    (new / "graph").mkdir(parents=True)
    (new / "conf").mkdir()
    for part in model.iterdir():
        if part.name not in ("graph", "conf"):
            (new / part.name).symlink_to(part)
    for part in (model / "graph").iterdir():
        if part.name != _GRAPH.name:
            (new / "graph" / part.name).symlink_to(part)
    for part in (model / "conf").iterdir():
        text = _settled(part.name, part.read_text(encoding="utf-8"))
        (new / "conf" / part.name).write_text(text, encoding="utf-8")


def _settled(name: str, conf: str) -> str:
    lines = conf.rstrip("\n").split("\n")
    if name == "mfcc.conf" and "--dither" not in conf:
        # Noise that Kaldi adds by chance would make one sound two words on two days.
        lines.append("--dither=0")
    if name == "model.conf":
        # When an utterance ends is for our end-pointer to say; cut in two it fits no phrase.
        lines = [line for line in lines if not re.match(r"--endpoint\.rule[234]\.", line)]
        lines += [f"--endpoint.rule{n}.min-trailing-silence=60" for n in (2, 3, 4)]
    return "\n".join(lines) + "\n"
