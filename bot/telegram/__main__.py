"""`python -m bot.telegram`: the channel without ears and mouth; `minglu telegram run` adds them."""

from __future__ import annotations

import asyncio
import os

from bot.telegram.service import serve
from runtime.logs import set_up_logging
from runtime.settings import Settings


def main() -> None:
    settings = Settings.from_env(os.environ)
    set_up_logging(settings.log_level)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
