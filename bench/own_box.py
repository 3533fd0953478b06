"""One box for a benchmark alone: a fresh store in its own folder, free ports, today's model."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from minglu.preparation import prepare_store
from minglu.training import train_if_changed
from runtime.settings import Settings

TURNS = (
    "盲人按摩机构要达到多少家？",
    "哪些部门负责？",
    "我想报名学习",
    "第一个",
    "大学生有什么补贴？",
    "不报了",
    "辅助性就业机构什么时候建成？",
    "再说一遍",
)
"""One conversation: questions, a booking begun, interrupted and left; each turn runs an action."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def own_box(console: Console) -> Iterator[tuple[Settings, Path]]:
    """Settings of a prepared box and its model. Nothing runs yet; the folder goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        shared = Settings.from_env(os.environ)
        model = train_if_changed(shared, console)
        settings = replace(
            shared,
            data_dir=Path(folder),
            database_url="",
            port=free_port(),
            rasa_port=free_port(),
            action_port=free_port(),
        )
        prepare_store(settings, console)
        yield settings, model
