"""The running parts, each by its address: do they answer, with which model and version?"""

from __future__ import annotations

import gzip
import socket
import tarfile
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from minglu.checkup.state import OK, WARNING, WRONG, Found
from minglu.parts import reachable_host
from minglu.training import current_model
from runtime.models import chosen_model
from runtime.probes import PROBE_S
from runtime.settings import Settings
from runtime.sight import own_version
from runtime.supervisor import PortTaken, answers, require_free_port


def model(settings: Settings) -> Found:
    newest = current_model(settings)
    chosen = chosen_model(newest.parent)
    if chosen is not None and chosen != newest:
        yield WARNING, f"{chosen.name} was chosen; `minglu model use newest` ends that"
    if not newest.exists():
        others = len(list(newest.parent.glob("minglu-*.tar.gz")))
        old = f"; {others} of older inputs lie beside it" if others else ""
        yield WRONG, f"{newest.name} is not trained{old}: run `minglu train`"
        return
    try:
        _read_through(newest)
        with tarfile.open(newest, "r:gz") as archive:
            names = archive.getnames()
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        yield WRONG, f"{newest} is damaged ({type(error).__name__}): run `minglu train --force`"
        return
    if not any(name.endswith("metadata.json") for name in names):
        yield WRONG, f"{newest} is no model of Rasa: run `minglu train --force`"
        return
    yield OK, f"{newest.name}, of today's inputs, {newest.stat().st_size >> 10} KB"


def _read_through(file: Path) -> None:
    """To the end: only there stands the sum that a damaged or cut file fails."""
    with gzip.open(file) as stream:
        while stream.read(1 << 20):
            continue


def dialogue(settings: Settings) -> Found:
    for base in settings.dialogue_base.split(","):
        base = base.strip().rstrip("/")
        told = _told(f"{base}/webhooks/rest/ready")
        if told is None:
            yield _away(base, "MINGLU_RASA_PORT", "dialogue.log")
        elif told.get("model") != "ok":
            yield WRONG, f"{base} has no model; run `minglu train` there and start it again"
        else:
            yield _of_today(base, told, settings)


def _of_today(base: str, told: dict[str, Any], settings: Settings) -> tuple[str, str]:
    folder = current_model(settings).parent
    wanted = (chosen_model(folder) or current_model(settings)).name
    served, version = told.get("serves"), told.get("version")
    if version and version != own_version():
        return WARNING, f"{base} runs {version}, this is {own_version()}: start it again"
    if served and served != wanted:
        return WARNING, f"{base} serves {served}, not {wanted}: start it again"
    return OK, f"answers at {base}" + (f" with {served}" if served else "")


def actions(settings: Settings) -> Found:
    for url in settings.action_health_urls:
        if _told(url) is None:
            yield _away(url, "MINGLU_ACTION_PORT", "actions.log")
        else:
            yield OK, f"answers at {url}"


def web(settings: Settings) -> Found:
    base = f"http://{reachable_host(settings)}:{settings.port}"
    if _told(f"{base}/healthz") is None:
        yield _away(f"{base}/healthz", "MINGLU_PORT", "web.log")
        return
    yield OK, f"answers at {base}/healthz"
    parts = _told(f"{base}/readyz", also_errors=True) or {}
    down = sorted(name for name, state in parts.items() if state == "down")
    if down:
        yield WRONG, f"the gateway does not reach: {', '.join(down)}; mend these first"


def locks(settings: Settings) -> Found:
    """Redis, where several dialogue servers share conversations."""
    several = "," in settings.dialogue_base
    if not settings.redis_url:
        if several:
            yield WRONG, "several dialogue servers need MINGLU_REDIS_URL to keep turns in order"
        else:
            yield OK, "not needed by one dialogue server"
        return
    place = urlsplit(settings.redis_url)
    if answers(place.port or 6379, place.hostname or ""):
        yield OK, f"Redis listens at {place.hostname}:{place.port or 6379}"
    else:
        yield WRONG, "the server of MINGLU_REDIS_URL does not listen; start it"


def _told(url: str, *, also_errors: bool = False) -> dict[str, Any] | None:
    """The JSON object behind an address; None where it does not answer well."""
    try:
        response = httpx.get(url, timeout=PROBE_S + 2, trust_env=False)
        body = response.json()
    except (httpx.HTTPError, ValueError):
        return None
    # A server without a model says so with 503, and that is an answer.
    if response.is_error and not also_errors and "model" not in body:
        return None
    return body if isinstance(body, dict) else {}


def _away(url: str, setting: str, log: str) -> tuple[str, str]:
    parts = urlsplit(url)
    if parts.hostname in ("127.0.0.1", "localhost") and parts.port:
        try:
            require_free_port(parts.port, setting)
        except PortTaken as taken:
            return WRONG, f"no answer at {url}: {taken}"
    elif not _resolves(parts.hostname or ""):
        return WRONG, f"the name {parts.hostname} is unknown here; mend {url}"
    return WRONG, f"no answer at {url}; start it with `make run`, or look into logs/{log}"


def _resolves(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False
