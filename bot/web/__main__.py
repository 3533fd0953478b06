"""`python -m bot.web`: the gateway on MINGLU_HOST and MINGLU_PORT."""

from __future__ import annotations

import os

import uvicorn

from bot.web.app import create_app
from bot.wiring import web_services
from runtime.settings import Settings
from runtime.sight import begin

LARGEST_MESSAGE = 128 * 1024
"""Bytes of one message by WebSocket; a desk sends two seconds of sound at most."""


def main() -> None:
    settings = Settings.from_env(os.environ)
    begin("web", settings)
    uvicorn.run(
        create_app(web_services(settings), settings),
        host=settings.host,
        port=settings.port,
        # Rasa pins a websockets release too old for uvicorn.
        ws="wsproto",
        ws_max_size=LARGEST_MESSAGE,
        # Pages that wait for news keep their connections open; they open them again elsewhere.
        timeout_graceful_shutdown=3,
        # `create_app` believes the proxies that MINGLU_TRUSTED_PROXIES names, and no other.
        proxy_headers=False,
        # Our own handler redacts; an access log would keep addresses and what was looked up.
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
