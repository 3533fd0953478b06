"""Keeps the parts of the product running: starts, watches, restarts and ends them together."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from core.errors import MingluError
from runtime.logs import json_head
from runtime.redaction import redact

LAST_LINES = 15
STOP_AFTER_S = 10.0
LARGEST_LOG = 64 * 2**20
"""Bytes at which a part's log begins anew; the one before it is kept."""
_PR_SET_PDEATHSIG = 1
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""Rasa paints its warnings, whoever reads them."""


class PartFailed(MingluError):
    """A part did not come up; the message carries its last lines."""

    code = "part_failed"


class PortTaken(MingluError):
    """Somebody else listens on a port that a part needs."""

    code = "port_taken"


@dataclass(frozen=True)
class Part:
    """One child process."""

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool]
    """True once it does its work; called about five times a second."""
    env: Mapping[str, str] = field(default_factory=dict)
    start_within_s: float = 180.0


def require_free_port(port: int, setting: str, host: str = "127.0.0.1") -> None:
    """Raises PortTaken that names who holds the port and the setting that moves ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise PortTaken(
                f"port {port} needs rights this user lacks; set {setting} above 1023"
            ) from None
        except OSError:
            raise PortTaken(
                f"port {port} is already taken{_holder(port)}; "
                f"stop that program or choose another port with {setting}"
            ) from None


def free_port_for(port: int, host: str = "127.0.0.1") -> int:
    """`port`, or any free one where it is taken: for a part that only our own parts call."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            probe.bind((host, 0))
        number: int = probe.getsockname()[1]
        return number


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.laddr and connection.laddr.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _end_with_parent() -> None:
    """Asks the kernel to end the child should the supervisor be killed outright."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Child:
    def __init__(self, part: Part, log_file: Path, log_format: str = "text") -> None:
        self.part = part
        self._log_format = log_format
        self.lines: deque[str] = deque(maxlen=LAST_LINES)
        self._log_file = log_file
        self._log: IO[str] | None = None
        self._reader: threading.Thread | None = None
        self.process: subprocess.Popen[str] | None = None
        self.starts = 0
        self.started_at = 0.0

    def start(self) -> None:
        self.starts += 1
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell
            list(self.part.argv),
            env={**os.environ, **self.part.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        assert self.process.stdout is not None  # noqa: S101 - PIPE above
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        with stream, contextlib.ExitStack() as at_the_end:
            at_the_end.callback(self._close_log)
            for line in stream:
                line = redact(_COLOURS.sub("", line.rstrip("\n")))
                self.lines.append(line)
                try:
                    self._write(line)
                except OSError:
                    # A full disk must not stop the part; its last lines stay in memory.
                    continue

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()

    def _write(self, line: str) -> None:
        if self._log_format == "json" and not line.startswith("{"):
            # A library's own print, or a traceback's line.
            line = json.dumps(
                {**json_head(self.part.name, "info", time.time()), "message": line},
                ensure_ascii=False,
            )
        if self._log is None or self._log.closed:
            self._log = self._log_file.open("a", encoding="utf-8")
        self._log.write(line + "\n")
        self._log.flush()
        if self._log.tell() > LARGEST_LOG:
            self._log.close()
            self._log_file.replace(self._log_file.with_suffix(".log.1"))

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def exit_code(self) -> int | None:
        return None if self.process is None else self.process.poll()

    def last_lines(self) -> str:
        if self._reader is not None and not self.running:
            self._reader.join(timeout=2)
        return "\n".join(f"    {line}" for line in self.lines) or "    (no output)"

    def signal(self, number: int) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


class Supervisor:
    """`start` brings every part up, `watch` keeps them up until `stop`."""

    def __init__(
        self,
        parts: Sequence[Part],
        log_dir: Path,
        say: Callable[[str], None],
        log_format: str = "text",
    ) -> None:
        log_dir.mkdir(parents=True, exist_ok=True)
        self._children = [_Child(part, log_dir / f"{part.name}.log", log_format) for part in parts]
        self._log_dir = log_dir
        self._say = say
        self._stopping = threading.Event()

    def start(self, progress: Callable[[str], None] | None = None) -> None:
        """Starts all parts at once. Raises PartFailed where one ends or stays mute."""
        for child in self._children:
            child.start()
        for child in self._children:
            if progress is not None:
                progress(child.part.name)
            self._wait_until_ready(child)

    def _wait_until_ready(self, child: _Child) -> None:
        deadline = time.monotonic() + child.part.start_within_s
        while not child.part.ready():
            if self._stopping.is_set():
                return
            if not child.running:
                raise PartFailed(
                    f"{child.part.name} ended with status {child.exit_code()} at its start. "
                    f"Its last lines:\n{child.last_lines()}"
                )
            if time.monotonic() > deadline:
                raise PartFailed(
                    f"{child.part.name} did not come up in {child.part.start_within_s:.0f} s. "
                    f"Its last lines:\n{child.last_lines()}"
                )
            time.sleep(0.2)

    def watch(self) -> None:
        """Returns after `stop`. A part that ends is started again, later each time in a row."""
        restart_at: dict[str, float] = {}
        while not self._stopping.wait(0.3):
            for child in self._children:
                if child.running:
                    continue
                name, now = child.part.name, time.monotonic()
                if name not in restart_at:
                    restart_at[name] = now + self._report_end(child)
                elif now >= restart_at[name]:
                    del restart_at[name]
                    child.start()

    def _report_end(self, child: _Child) -> float:
        """Tells of the end; seconds to wait before the next start."""
        if time.monotonic() - child.started_at > 60:
            child.starts = 1
        wait_s = min(30.0, 0.5 * 2.0 ** (child.starts - 1))
        self._say(
            f"{child.part.name} ended with status {child.exit_code()}; starting it again in "
            f"{wait_s:.0f} s. Its last lines (all in {self._log_dir / child.part.name}.log):\n"
            f"{child.last_lines()}"
        )
        return wait_s

    def request_stop(self) -> None:
        """Safe in a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Ends every child and its own children, first politely."""
        self._stopping.set()
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_AFTER_S
        for child in self._children:
            while child.running and time.monotonic() < deadline:
                time.sleep(0.05)
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def states(self) -> dict[str, tuple[bool, int]]:
        """Of each part: whether it runs, and how often it was started in a row."""
        return {child.part.name: (child.running, child.starts) for child in self._children}

    def pid(self, name: str) -> int | None:
        """Process id of a running part."""
        for child in self._children:
            if child.part.name == name and child.running and child.process is not None:
                return child.process.pid
        return None
