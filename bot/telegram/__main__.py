"""`python -m bot.telegram`: the channel without ears and mouth; `minglu telegram run` adds them."""

from __future__ import annotations

import asyncio
import os

from bot.telegram.service import serve
from runtime.settings import Settings
from runtime.sight import begin


def main() -> None:
    settings = Settings.from_env(os.environ)
    begin("telegram", settings)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
