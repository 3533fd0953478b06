"""Secrets that stand in files of their own, as systemd, Docker and Kubernetes hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.errors import ConfigurationError

SECRETS = (
    "MINGLU_DATABASE_URL",
    "MINGLU_TRACKER_URL",
    "MINGLU_REDIS_URL",
    "MINGLU_PART_TOKEN",
    "MINGLU_SECRET_KEY",
    "MINGLU_TELEGRAM_TOKEN",
    "MINGLU_TELEGRAM_WEBHOOK_SECRET",
    "MINGLU_TELEGRAM_PROXY",
    "MINGLU_WECHAT_SECRET",
    "MINGLU_WECHAT_TOKEN",
    "MINGLU_WECHAT_AES_KEY",
)
"""Each may stand in a file of its own, named by the variable with `_FILE` at its end."""


def with_secret_files(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with what the `_FILE` variables point to. Raises ConfigurationError."""
    values = dict(env)
    for name in SECRETS:
        file = env.get(f"{name}_FILE", "").strip()
        if not file:
            continue
        if env.get(name, "").strip():
            raise ConfigurationError(f"{name} and {name}_FILE are both set; keep one")
        try:
            values[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{name}_FILE={file!r} cannot be read: {type(error).__name__}"
            ) from None
    return values
