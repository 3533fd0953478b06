"""What follows from the topology: settings, systemd units, nginx, compose, Kubernetes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deploy.topology import PartKind, Topology

HERE = Path(__file__).parent
RENDERED = HERE / "rendered"
HEAD = "# Written by `python -m deploy render` from deploy/topology.yml: change that, not this.\n"
SECRETS_AT = "/etc/minglu/secrets"
IN_CONTAINER = "/run/secrets"
IMAGE = "minglu:latest"
USER = 10001


def render(topology: Topology) -> dict[str, str]:
    """Path below deploy/rendered → text."""
    files = {
        "minglu.env": HEAD + _lines(shared_settings(topology)),
        "nginx.conf": nginx(topology, _gateways(topology), "127.0.0.1"),
        "compose.yml": HEAD + _yaml(compose(topology)),
        "compose-nginx.conf": nginx(topology, _service_gateways(topology), "0.0.0.0"),  # noqa: S104 - in a container
        "kubernetes.yml": HEAD + "---\n".join(map(_yaml, kubernetes(topology))),
    }
    for part in topology.parts.values():
        files[f"systemd/minglu-{part.name}@.service"] = unit(topology, part)
        for number, address in enumerate(part.addresses, 1):
            files[f"systemd/{part.name}-{number}.env"] = HEAD + _lines(own_settings(address))
    return files


def shared_settings(topology: Topology) -> dict[str, str]:
    """The same on all machines: where the parts are, and the files that secrets stand in."""
    return {
        "MINGLU_DATA_DIR": "/var/lib/minglu",
        "MINGLU_TRUSTED_PROXIES": topology.proxy_address,
        **SEEN,
        **_where(topology.parts["dialogue"].urls(), topology.parts["actions"].urls(), topology),
        **_secret_files(topology, topology.secrets, SECRETS_AT),
    }


SEEN = {"MINGLU_LOG_FORMAT": "json", "MINGLU_METRICS_PORT": "9600"}
"""Several machines are read by programs. Metrics stay on each one's loopback."""


def own_settings(address: str) -> dict[str, str]:
    """What only this machine says: where it listens."""
    return {"MINGLU_LISTEN": address, "MINGLU_HOST": address}


def _where(dialogue: str, actions: str, topology: Topology) -> dict[str, str]:
    return {
        "MINGLU_DIALOGUE_URL": dialogue,
        "MINGLU_ACTION_URL": actions,
        "MINGLU_RASA_PORT": str(topology.parts["dialogue"].port),
        "MINGLU_ACTION_PORT": str(topology.parts["actions"].port),
        "MINGLU_PORT": str(topology.parts["web"].port),
        "MINGLU_WECHAT_PORT": str(topology.parts["wechat"].port),
    }


def _secret_files(topology: Topology, names: Iterable[str], folder: str) -> dict[str, str]:
    return {
        f"{setting}_FILE": f"{folder}/{name}"
        for name in names
        for setting in topology.secrets[name]
        if name not in topology.parts["telegram"].secrets + topology.parts["wechat"].secrets
        or folder == IN_CONTAINER
    }


def unit(topology: Topology, part: PartKind) -> str:
    """A template unit: `systemctl enable --now minglu-dialogue@1` reads dialogue-1.env."""
    own = {
        f"{setting}_FILE": f"{SECRETS_AT}/{name}"
        for name in part.secrets
        for setting in topology.secrets[name]
    }
    more = "".join(f"Environment={name}={value}\n" for name, value in own.items())
    return (
        (HERE / "unit.template")
        .read_text(encoding="utf-8")
        .format(head=HEAD, name=part.name, memory_mb=part.memory_mb * 2, more=more)
    )


def nginx(topology: Topology, gateways: Iterable[str], listen: str) -> str:
    servers = "\n".join(
        f"    server {gateway} max_fails=2 fail_timeout=5s;" for gateway in gateways
    )
    text = (HERE / "nginx.template").read_text(encoding="utf-8")
    port = topology.proxy_port
    return HEAD + text.replace("@SERVERS@", servers).replace("@LISTEN@", f"{listen}:{port}")


def _gateways(topology: Topology) -> list[str]:
    web = topology.parts["web"]
    return [f"{address}:{web.port}" for address in web.addresses]


def _names(part: PartKind) -> list[str]:
    return [f"{part.name}-{number}" for number in range(1, len(part.addresses) + 1)]


def _service_gateways(topology: Topology) -> list[str]:
    web = topology.parts["web"]
    return [f"{name}:{web.port}" for name in _names(web)]


def _container_settings(topology: Topology, part: PartKind, pattern: str) -> dict[str, str]:
    def urls(kind: PartKind) -> str:
        numbers = range(len(kind.addresses))
        hosts = [pattern.format(name=kind.name, number=n, next=n + 1) for n in numbers]
        return ",".join(f"http://{host}:{kind.port}" for host in hosts)

    return {
        "MINGLU_DATA_DIR": "/data",
        "MINGLU_LISTEN": "0.0.0.0",  # noqa: S104 - in a container
        "MINGLU_HOST": "0.0.0.0",  # noqa: S104 - in a container
        # Containers change addresses, but not the networks that are nobody's outside.
        "MINGLU_TRUSTED_PROXIES": "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        **SEEN,
        **_where(urls(topology.parts["dialogue"]), urls(topology.parts["actions"]), topology),
        **_secret_files(topology, topology.secrets_of(part), IN_CONTAINER),
    }


def compose(topology: Topology) -> dict[str, Any]:
    services: dict[str, Any] = {}
    for server in topology.servers.values():
        services[server.name] = _compose_server(server.name, server.image)
    for part in topology.parts.values():
        for name in _names(part):
            services[name] = _compose_part(topology, part)
    services["proxy"] = {
        "image": topology.proxy_image,
        "restart": "unless-stopped",
        "ports": [f"{topology.proxy_port}:{topology.proxy_port}"],
        "volumes": ["./compose-nginx.conf:/etc/nginx/nginx.conf:ro"],
        "networks": ["outside", "inside"],
    }
    return {
        "name": "minglu",
        "services": services,
        "networks": {"outside": {}, "inside": {"internal": True}},
        "volumes": {"database": {}},
        "secrets": {
            name: {"file": f"./secrets/{name}"} for name in [*topology.secrets, "database-password"]
        },
    }


def _compose_server(name: str, image: str) -> dict[str, Any]:
    service: dict[str, Any] = {"image": image, "restart": "unless-stopped", "networks": ["inside"]}
    if name == "database":
        service["environment"] = {
            "POSTGRES_USER": "minglu",
            "POSTGRES_DB": "minglu",
            "POSTGRES_PASSWORD_FILE": f"{IN_CONTAINER}/database-password",
        }
        # A statement that fails would stand in the log with names and what was said.
        service["command"] = ["postgres", "-c", "log_min_error_statement=panic"]
        service["secrets"] = ["database-password"]
        service["volumes"] = ["database:/var/lib/postgresql/data"]
    return service


def _compose_part(topology: Topology, part: PartKind) -> dict[str, Any]:
    service: dict[str, Any] = {
        "image": IMAGE,
        "build": {"context": "../..", "dockerfile": "deploy/Dockerfile"},
        "command": ["minglu", "part", part.name],
        "restart": "unless-stopped",
        "environment": _container_settings(topology, part, "{name}-{next}"),
        "secrets": list(topology.secrets_of(part)),
        "mem_limit": f"{part.memory_mb * 2}m",
        "read_only": True,
        "tmpfs": ["/tmp", "/data"],  # noqa: S108 - in the container
        # Channels reach their platforms; nobody from outside reaches them but through the proxy.
        "networks": ["inside", "outside"] if part.secrets else ["inside"],
    }
    if part.secrets:
        service["profiles"] = [part.name]
    if part.ready:
        url = f"http://127.0.0.1:{part.port}{part.ready}"
        ask = f"import urllib.request as u; u.urlopen('{url}', timeout=3)"
        service["healthcheck"] = {
            "test": ["CMD", "python", "-c", ask],
            "interval": "10s",
            "timeout": "5s",
            "start_period": "60s",
        }
    return service


def kubernetes(topology: Topology) -> list[dict[str, Any]]:
    """Our parts; the database and Redis are the province's own, their URLs stand in the secret."""
    found: list[dict[str, Any]] = []
    for part in topology.parts.values():
        if part.port:
            found.append(_k8s_service(part))
        found.append(_k8s_set(topology, part))
    found.append(_k8s_only_gateway(topology))
    return found


def _labels(part: PartKind) -> dict[str, str]:
    return {"app": "minglu", "part": part.name}


def _k8s_service(part: PartKind) -> dict[str, Any]:
    # Without an address of its own each member has a name; conversations keep to one.
    spec: dict[str, Any] = {"selector": _labels(part), "ports": [{"port": part.port}]}
    if part.name in ("dialogue", "actions"):
        spec |= {"clusterIP": "None", "publishNotReadyAddresses": True}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": part.name, "labels": _labels(part)},
        "spec": spec,
    }


def _k8s_set(topology: Topology, part: PartKind) -> dict[str, Any]:
    container: dict[str, Any] = {
        "name": part.name,
        "image": IMAGE,
        "command": ["minglu", "part", part.name],
        "env": [
            {"name": name, "value": value}
            for name, value in _container_settings(topology, part, "{name}-{number}.{name}").items()
        ],
        "volumeMounts": [
            {"name": "secrets", "mountPath": IN_CONTAINER, "readOnly": True},
            {"name": "data", "mountPath": "/data"},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - in the container
        ],
        "resources": {
            "requests": {"memory": f"{part.memory_mb}Mi", "cpu": "250m"},
            "limits": {"memory": f"{part.memory_mb * 2}Mi"},
        },
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    if part.ready:
        probe = {"httpGet": {"path": part.ready, "port": part.port}, "periodSeconds": 5}
        container["ports"] = [{"containerPort": part.port}]
        container["readinessProbe"] = probe
        container["startupProbe"] = {**probe, "failureThreshold": 60}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": part.name, "labels": _labels(part)},
        "spec": {
            "serviceName": part.name,
            # A messenger's part waits for its secrets: set replicas to 1 once they are there.
            "replicas": 0 if part.secrets else len(part.addresses),
            "podManagementPolicy": "Parallel",
            "selector": {"matchLabels": _labels(part)},
            "template": {
                "metadata": {"labels": _labels(part)},
                "spec": {
                    "securityContext": {"runAsNonRoot": True, "runAsUser": USER, "fsGroup": USER},
                    "automountServiceAccountToken": False,
                    "containers": [container],
                    "volumes": [
                        {
                            "name": "secrets",
                            "secret": _k8s_secret(topology, part),
                        },
                        {"name": "data", "emptyDir": {}},
                        {"name": "tmp", "emptyDir": {}},
                    ],
                },
            },
        },
    }


def _k8s_secret(topology: Topology, part: PartKind) -> dict[str, Any]:
    items = [{"key": name, "path": name} for name in topology.secrets_of(part)]
    return {"secretName": "minglu", "items": items, "defaultMode": 0o440}


def _k8s_only_gateway(topology: Topology) -> dict[str, Any]:
    """Between parts everything, from outside only the gateway and WeChat's callback."""
    open_ports = [topology.parts[name].port for name in ("web", "wechat")]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "minglu"},
        "spec": {
            "podSelector": {"matchLabels": {"app": "minglu"}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"from": [{"podSelector": {"matchLabels": {"app": "minglu"}}}]},
                {"ports": [{"port": port} for port in open_ports]},
            ],
        },
    }


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Plain(yaml.SafeDumper):
    """Repeats what is the same, for anchors are hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
