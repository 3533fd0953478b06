"""The several-machine form on this machine: a loopback address stands for each machine."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
from rich.console import Console

from deploy.local import redis
from deploy.render import own_settings, shared_settings
from deploy.topology import PartKind, Topology, read_topology
from minglu.training import train_if_changed
from runtime.settings import PROJECT_ROOT, Settings
from runtime.supervisor import Part, Supervisor, answers

ON_DEMAND = ("telegram", "wechat")
"""Started on machines that have their secrets, not here."""


class Cluster:
    """Every part under one supervisor, which starts again what ends."""

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        *,
        first_port: int = 0,
        model_dir: Path | None = None,
        settings: dict[str, str] | None = None,
    ) -> None:
        """`first_port`: each part on a port of its own from there on, for several clusters at once;
        0: those of the topology. `settings`: more of them, for every part."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.topology = _moved(read_topology(), first_port)
        self._secrets = folder / "secrets"
        self._make_secrets()
        # As root PostgreSQL runs under another account, which may not enter every folder.
        shared = Path("/var/tmp") / f"minglu-{_mark(folder)}"  # noqa: S108 - a name of its own
        self._home = folder if os.geteuid() else shared
        own = Settings.from_env(os.environ)
        self._models = model_dir or own.models
        # Several clusters share the addresses, and metrics have but one port for each part.
        self._more = {**({"MINGLU_METRICS_PORT": ""} if first_port else {}), **(settings or {})}
        train_if_changed(replace(own, model_dir=self._models), Console(stderr=True))
        self._supervisor = Supervisor(list(self._all()), folder / "logs", say)

    def start(self, progress: Callable[[str], None] | None = None) -> None:
        """All at once and in no order. Raises PartFailed."""
        self._supervisor.start(progress)

    def watch(self) -> None:
        self._supervisor.watch()

    def request_stop(self) -> None:
        self._supervisor.request_stop()

    def stop(self) -> None:
        self._supervisor.stop()

    def remove(self) -> None:
        """Everything that it kept, once it is stopped."""
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, name: str) -> bool:
        """SIGKILL to a part and what it started, as a power cut would; False where it is down."""
        pid = self._supervisor.pid(name)
        if pid is None:
            return False
        part = psutil.Process(pid)
        # The part itself first, or it would start its children again.
        for process in (part, *part.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return True

    def process(self, name: str) -> psutil.Process | None:
        pid = self._supervisor.pid(name)
        return psutil.Process(pid) if pid else None

    def names(self) -> list[str]:
        return [part.name for part in self._all()]

    @property
    def url(self) -> str:
        """Where people reach it: nginx, or the first gateway where nginx is not installed."""
        if shutil.which("nginx"):
            return f"http://{self.topology.proxy_address}:{self.topology.proxy_port}"
        return self.topology.parts["web"].urls().split(",")[0]

    def environment(self, address: str = "127.0.0.1") -> dict[str, str]:
        """What a part on `address` is started with, secrets as files."""
        values = {
            **shared_settings(self.topology),
            **own_settings(address),
            "MINGLU_DATA_DIR": str(self.folder / "machines" / address),
            "MINGLU_MODEL_DIR": str(self._models),
        }
        for name, settings in self.topology.secrets.items():
            for setting in settings:
                if f"{setting}_FILE" in values:
                    values[f"{setting}_FILE"] = str(self._secrets / name)
                    values[setting] = ""
        return {"PYTHONPATH": str(PROJECT_ROOT), **values, **self._more}

    def settings(self) -> Settings:
        """For whoever looks at the cluster from outside, such as a channel."""
        return Settings.from_env({**os.environ, **self.environment()})

    def shown(self) -> Iterator[str]:
        """What an operator wants to know after the start."""
        yield f"明路 runs on several machines' addresses:  {self.url}/"
        for part in self.topology.parts.values():
            if part.port and part.name not in ON_DEMAND:
                yield f"  {part.name:9} {part.urls()}"
        for server in self.topology.servers.values():
            yield f"  {server.name:9} {server.address}:{server.port}"
        yield f"Logs: {self.folder / 'logs'}. Ctrl-C ends it."

    def _all(self) -> Iterator[Part]:
        yield self._database()
        yield self._redis()
        for part in self.topology.parts.values():
            if part.name not in ON_DEMAND:
                for number, address in enumerate(part.addresses, 1):
                    yield self._part(part, number, address)
        if shutil.which("nginx"):
            yield self._proxy()

    def _database(self) -> Part:
        server = self.topology.servers["database"]
        return Part(
            name="database",
            argv=[sys.executable, "-m", "deploy.local.postgres", str(self._home / "postgres"),
                  server.address, str(server.port)],
            ready=lambda: answers(server.port, server.address),
            env={"PYTHONPATH": str(PROJECT_ROOT)},
        )  # fmt: skip

    def _redis(self) -> Part:
        server = self.topology.servers["redis"]
        return Part(
            name="redis",
            argv=redis.arguments(self.folder / "redis", server.address, server.port),
            ready=lambda: answers(server.port, server.address),
        )

    def _part(self, kind: PartKind, number: int, address: str) -> Part:
        return Part(
            name=f"{kind.name}-{number}",
            argv=[sys.executable, "-W", "ignore", "-m", "minglu", "part", kind.name],
            ready=lambda: not kind.port or answers(kind.port, address),
            env=self.environment(address),
        )

    def _proxy(self) -> Part:
        text = (PROJECT_ROOT / "deploy" / "rendered" / "nginx.conf").read_text(encoding="utf-8")
        plain = read_topology().parts["web"]
        web = self.topology.parts["web"]
        for address in web.addresses:
            text = text.replace(f"{address}:{plain.port}", f"{address}:{web.port}")
        text = text.replace(
            f"127.0.0.1:{read_topology().proxy_port}",
            f"{self.topology.proxy_address}:{self.topology.proxy_port}",
        )
        text = text.replace("/tmp/minglu-nginx", str(self.folder / "nginx"))  # noqa: S108 - replaced
        conf = self.folder / "nginx.conf"
        conf.write_text(text, encoding="utf-8")
        program = shutil.which("nginx") or "nginx"
        return Part(
            name="proxy",
            argv=[program, "-c", str(conf), "-g", "daemon off;"],
            ready=lambda: answers(self.topology.proxy_port, self.topology.proxy_address),
        )

    def _make_secrets(self) -> None:
        self._secrets.mkdir(mode=0o700, exist_ok=True)
        database, leases = self.topology.servers["database"], self.topology.servers["redis"]
        self._secret(
            "database-url", f"postgresql://minglu@{database.address}:{database.port}/postgres", True
        )
        self._secret("redis-url", f"redis://{leases.address}:{leases.port}/0", True)
        self._secret("part-token", secrets.token_hex(32))
        self._secret("secret-key", secrets.token_urlsafe(32))

    def _secret(self, name: str, value: str, anew: bool = False) -> None:
        file = self._secrets / name
        if anew or not file.exists():
            file.touch(mode=0o600)
            file.write_text(value + "\n", encoding="utf-8")


def _mark(folder: Path) -> str:
    return "-".join(folder.parts[1:])[-80:]


def _moved(topology: Topology, first_port: int) -> Topology:
    """The same, on ports from `first_port` on."""
    if not first_port:
        return topology
    ports = iter(range(first_port, first_port + 100))
    return replace(
        topology,
        servers={name: replace(s, port=next(ports)) for name, s in topology.servers.items()},
        parts={
            name: replace(part, port=next(ports) if part.port else 0)
            for name, part in topology.parts.items()
        },
        proxy_port=next(ports),
    )
