"""The rooms and who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("core", "policy", "store", "runtime", "voice", "actions", "bot", "minglu")
MAY_IMPORT = {
    "core": set(),
    "policy": {"core"},
    "store": {"core", "policy"},
    "runtime": {"core"},
    "voice": {"core", "runtime"},
    "actions": {"core", "policy", "runtime"},
    "bot": {"core", "policy", "runtime"},
    "minglu": set(ROOMS),
}
HOMES = {
    "vosk": ("voice/",),
    "pyttsx3": ("voice/",),
    "faster_whisper": ("voice/",),
    "telegram": ("bot/telegram/",),
    "rasa_sdk": ("actions/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "rasa": ("bot/nlu/", "bot/dialogue/"),
    "redis": ("bot/dialogue/",),
    "starlette": ("bot/web/", "bot/wechat/", "voice/service/"),
    "prometheus_client": ("runtime/metrics.py",),
}
WIRING = ("actions/wiring.py", "bot/wiring.py")


def source_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written from the room's name"
            yield node.module or ""


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_the_rooms_it_may(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    room = name.split("/")[0]
    allowed = MAY_IMPORT[room] | {room}
    if name in WIRING:
        allowed = allowed | {"store"}
    for module in imported(path):
        first = module.split(".")[0]
        assert first not in ROOMS or first in allowed, f"{name} must not import {module}"


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_library_is_imported_only_at_its_home(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    for module in imported(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or name.startswith(homes), f"{name} must not import {module}"


def test_the_pure_rooms_import_no_clock_file_or_network() -> None:
    forbidden = {"time", "socket", "subprocess", "threading", "httpx", "requests", "urllib.request"}
    for room in ("core", "policy"):
        for path in (ROOT / room).rglob("*.py"):
            found = forbidden & set(imported(path))
            assert not found, f"{path.relative_to(ROOT)} imports {found}"


@pytest.mark.slow
def test_importing_a_room_does_nothing() -> None:
    """No import opens a database, a model or a port: they all work in an empty folder."""
    modules = [
        path.relative_to(ROOT)
        .with_suffix("")
        .as_posix()
        .replace("/", ".")
        .removesuffix(".__init__")
        for path in source_files()
        if path.name != "__main__.py"
        and not path.relative_to(ROOT).as_posix().startswith(("bot/nlu", "bot/dialogue"))
        and "migrations" not in path.parts
    ]
    check = (
        "import importlib, os, sys\nbefore = set(os.listdir('.'))\n"
        + "\n".join(f"importlib.import_module({module!r})" for module in modules)
        + "\nassert set(os.listdir('.')) == before"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", check],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "MINGLU_DATA_DIR": "/nonexistent"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
