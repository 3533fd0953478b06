"""The several-machine form as values, read from topology.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "topology.yml"


@dataclass(frozen=True)
class Server:
    """PostgreSQL or Redis."""

    name: str
    address: str
    port: int
    image: str
    secret: str
    """Name of the secret that holds its URL."""


@dataclass(frozen=True)
class PartKind:
    """A part of ours; one of it on each address."""

    name: str
    addresses: tuple[str, ...]
    port: int
    """0: it listens nowhere."""
    ready: str
    """Path that answers 2xx once it works; empty where it listens nowhere."""
    memory_mb: int
    needs: tuple[str, ...]
    secrets: tuple[str, ...]

    def urls(self) -> str:
        """Where the others reach it, as a setting takes it."""
        return ",".join(f"http://{address}:{self.port}" for address in self.addresses)


@dataclass(frozen=True)
class Topology:
    servers: dict[str, Server]
    parts: dict[str, PartKind]
    proxy_address: str
    proxy_port: int
    proxy_image: str
    secrets: dict[str, tuple[str, ...]]
    """Name of a secret → the settings that are read from it."""

    def secrets_of(self, part: PartKind) -> tuple[str, ...]:
        """What a part is given: the servers' URLs, the parts' token, the key, its own."""
        return ("database-url", "redis-url", "part-token", "secret-key", *part.secrets)


def read_topology(file: Path = FILE) -> Topology:
    """Raises KeyError or yaml.YAMLError where the file lacks something."""
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Topology(
        servers={name: Server(name, **server) for name, server in raw["servers"].items()},
        parts={name: _part(name, part) for name, part in raw["parts"].items()},
        proxy_address=raw["proxy"]["address"],
        proxy_port=raw["proxy"]["port"],
        proxy_image=raw["proxy"]["image"],
        secrets={name: tuple(settings) for name, settings in raw["secrets"].items()},
    )


def _part(name: str, raw: dict[str, Any]) -> PartKind:
    return PartKind(
        name=name,
        addresses=tuple(raw["addresses"]),
        port=raw.get("port", 0),
        ready=raw.get("ready", ""),
        memory_mb=raw["memory_mb"],
        needs=tuple(raw["needs"]),
        secrets=tuple(raw.get("secrets", ())),
    )
