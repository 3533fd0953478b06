"""What is rendered follows from the one description, and no secret stands in it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.__main__ import differences
from deploy.render import RENDERED, render
from deploy.topology import read_topology
from minglu.commands.part import command as part_command
from runtime.secret_files import SECRETS
from runtime.settings import Settings


def test_the_rendered_files_follow_from_the_topology() -> None:
    assert differences() == []


def test_every_part_is_one_that_the_command_starts_and_has_a_unit_and_a_service() -> None:
    parts = read_topology().parts
    assert set(parts) == set(part_command.params[0].type.choices)
    compose = yaml.safe_load((RENDERED / "compose.yml").read_text())["services"]
    kubernetes = list(yaml.safe_load_all((RENDERED / "kubernetes.yml").read_text()))
    sets = {item["metadata"]["name"]: item for item in kubernetes if item["kind"] == "StatefulSet"}
    for name, part in parts.items():
        assert (RENDERED / "systemd" / f"minglu-{name}@.service").exists()
        assert sets[name]["spec"]["replicas"] in (0, len(part.addresses))
        numbered = [service for service in compose if service.startswith(f"{name}-")]
        assert len(numbered) == len(part.addresses)
        assert all(compose[n]["command"] == ["minglu", "part", name] for n in numbered)


def test_only_the_proxy_is_published() -> None:
    compose = yaml.safe_load((RENDERED / "compose.yml").read_text())
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["proxy"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_secrets_are_named_by_files_and_never_written() -> None:
    known = set(SECRETS)
    for text in render(read_topology()).values():
        for name, value in re.findall(r"(MINGLU_[A-Z_]+)[=:] *(\S+)", text):
            assert name not in known, f"{name} stands in a rendered file"
            assert not name.endswith("_FILE") or value.startswith(("/etc/", "/run/"))
        assert not re.search(r"://[^/\s:]+:[^/\s]+@", text)


def test_the_shared_settings_are_ones_that_the_product_reads(tmp_path: Path) -> None:
    lines = (RENDERED / "minglu.env").read_text().splitlines()
    env = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    secrets = {"database-url": "postgresql://db/minglu", "redis-url": "redis://r/0"}
    for name, place in list(env.items()):
        if name.endswith("_FILE"):
            file = tmp_path / Path(place).name
            file.write_text(secrets.get(file.name, "0123456789abcdef" * 2) + "\n")
            env[name] = str(file)
    settings = Settings.from_env({**env, "MINGLU_LISTEN": "10.0.0.7"})
    assert settings.database_url == settings.tracker_url == "postgresql://db/minglu"
    assert settings.redis_url == "redis://r/0"
    assert len(settings.action_bases) == 2 and "," in settings.dialogue_base


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed here")
def test_nginx_takes_its_file() -> None:
    done = subprocess.run(
        ["nginx", "-t", "-c", str(RENDERED / "nginx.conf")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
