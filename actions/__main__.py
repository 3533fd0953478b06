"""`python -m actions`: the action server, on loopback only."""

from __future__ import annotations

import os

from rasa_sdk.endpoint import create_app

from runtime.logs import set_up_logging
from runtime.settings import Settings

LOOPBACK = "127.0.0.1"


def main() -> None:
    """Serves POST /webhook and GET /health until ended."""
    settings = Settings.from_env(os.environ)
    set_up_logging(settings.log_level)
    app = create_app("actions", cors_origins="")
    app.run(LOOPBACK, settings.action_port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
