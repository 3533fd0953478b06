"""The child processes of one box: action server, dialogue server, web gateway."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx

from minglu.training import rasa_environment
from runtime.secret_files import SECRETS
from runtime.settings import PROJECT_ROOT, Settings
from runtime.supervisor import Part, answers

LOOPBACK = "127.0.0.1"


METRICS_AFTER = {
    "web": 1, "dialogue": 2, "actions": 3, "voice": 4, "telegram": 5, "wechat": 6, "terminal": 7,
}  # fmt: skip
"""How far behind the supervisor's own port each part shows its metrics."""


def settings_environment(settings: Settings, part: str) -> dict[str, str]:
    """The settings as the children read them, so that all run on the same ones."""
    metrics = settings.metrics_port + METRICS_AFTER[part] if settings.metrics_port else ""
    values = {
        "MINGLU_DATA_DIR": str(settings.data_dir),
        "MINGLU_MODEL_DIR": str(settings.models),
        "MINGLU_DATABASE_URL": settings.sqlalchemy_url,
        "MINGLU_NOW": settings.now.isoformat() if settings.now else "",
        "MINGLU_HOST": settings.host,
        "MINGLU_PORT": str(settings.port),
        "MINGLU_RASA_PORT": str(settings.rasa_port),
        "MINGLU_ACTION_PORT": str(settings.action_port),
        "MINGLU_DIALOGUE_URL": settings.dialogue_base,
        "MINGLU_LISTEN": settings.listen,
        "MINGLU_ACTION_URL": ",".join(settings.action_bases),
        "MINGLU_ACTION_WEBHOOKS": ",".join(f"{base}/webhook" for base in settings.action_bases),
        "MINGLU_TRACKER_URL": settings.tracker_sqlalchemy_url,
        "MINGLU_REDIS_URL": settings.redis_url,
        "MINGLU_PART_TOKEN": settings.part_token,
        "MINGLU_VOICE_PORT": str(settings.voice_port),
        "MINGLU_VOICE_URL": settings.voice_url,
        "MINGLU_LOG_LEVEL": settings.log_level,
        "MINGLU_LOG_FORMAT": settings.log_format,
        "MINGLU_METRICS_PORT": str(metrics),
    }
    # What was read from files stands in the values above.
    files = {f"{name}_FILE": "" for name in SECRETS if name in values}
    return {"PYTHONPATH": str(PROJECT_ROOT), **values, **files}


def action_server(settings: Settings) -> Part:
    return Part(
        name="actions",
        argv=[sys.executable, "-m", "actions"],
        ready=lambda: serves(settings, settings.action_port, "/health"),
        env={**rasa_environment(), **settings_environment(settings, "actions")},
    )


def dialogue_server(settings: Settings, model: Path) -> Part:
    dialogue = PROJECT_ROOT / "bot" / "dialogue"
    argv = [
        sys.executable, "-m", "bot.dialogue", "run",
        "--model", str(model),
        "--endpoints", str(dialogue / "endpoints.yml"),
        "--credentials", str(dialogue / "credentials.yml"),
        "--interface", settings.listen,
        "--port", str(settings.rasa_port),
    ]  # fmt: skip
    return Part(
        name="dialogue",
        argv=argv,
        ready=lambda: serves(settings, settings.rasa_port, "/webhooks/rest/ready"),
        env={**rasa_environment(), **settings_environment(settings, "dialogue")},
    )


def web_gateway(settings: Settings) -> Part:
    return Part(
        name="web",
        argv=[sys.executable, "-m", "bot.web"],
        ready=lambda: answers(settings.port, reachable_host(settings)),
        env=settings_environment(settings, "web"),
    )


def voice_service(settings: Settings) -> Part:
    """Ears and mouth for the gateway; nobody waits for them, and without them one can write."""
    return Part(
        name="voice",
        argv=[sys.executable, "-m", "voice.service"],
        ready=lambda: True,
        env=settings_environment(settings, "voice"),
    )


def telegram_channel(settings: Settings) -> Part:
    """The bot, started where a token is set; `minglu telegram check` tells what ails it."""
    return Part(
        name="telegram",
        argv=[sys.executable, "-m", "minglu", "telegram", "run"],
        ready=lambda: True,
        env=settings_environment(settings, "telegram"),
    )


def wechat_channel(settings: Settings) -> Part:
    """The account's door, started where an account is set."""
    return Part(
        name="wechat",
        argv=[sys.executable, "-m", "minglu", "wechat", "run"],
        ready=lambda: answers(settings.wechat_port, settings.reached_at),
        env=settings_environment(settings, "wechat"),
    )


def reachable_host(settings: Settings) -> str:
    """Where this machine reaches the gateway, though it may listen on every address."""
    return LOOPBACK if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared


def serves(settings: Settings, port: int, path: str) -> bool:
    """Whether a GET of a part on this machine succeeds."""
    url = f"http://{settings.reached_at}:{port}{path}"
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
