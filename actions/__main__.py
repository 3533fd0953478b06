"""`python -m actions`: the action server, on MINGLU_LISTEN, by default for this machine only."""

from __future__ import annotations

import contextlib
import os
import threading

from rasa_sdk.endpoint import create_app

from actions.guard import demand_token
from actions.wiring import current_services
from core.errors import MingluError
from runtime.settings import Settings
from runtime.sight import begin


def main() -> None:
    """Serves POST /webhook and GET /health until ended."""
    settings = Settings.from_env(os.environ)
    begin("actions", settings)
    app = create_app("actions", cors_origins="")
    demand_token(app, settings.part_token)
    # Not in this thread: whoever starts first must not wait for the store.
    threading.Thread(target=_warm_up, daemon=True).start()
    app.run(settings.listen, settings.action_port, workers=1, access_log=False)


def _warm_up() -> None:
    """Loads what the first action would load; it says itself what is wrong when it comes to it."""
    with contextlib.suppress(MingluError):
        current_services().policies.ask("您好", topic=None, kind=None)


if __name__ == "__main__":
    main()
