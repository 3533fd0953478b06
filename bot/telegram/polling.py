"""Long polling: an update is confirmed to Telegram only once it is written down here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import telegram
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter

from bot.telegram.client import POLL_S, retry_after_s
from bot.telegram.updates import UPDATE_KINDS
from core.errors import ConfigurationError, StoreUnavailable

log = logging.getLogger(__name__)

Take = Callable[[Sequence[telegram.Update]], Awaitable[None]]
MOST_WAITING = 2_000
"""Unanswered messages above which no more are fetched."""


async def poll(
    bot: telegram.Bot, take: Take, waiting: Callable[[], int], poll_s: int = POLL_S
) -> None:
    """Until it is cancelled. Raises ConfigurationError for a token that Telegram refuses."""
    offset, pause = 0, 0.5
    while True:
        while waiting() > MOST_WAITING:
            await asyncio.sleep(0.1)
        try:
            updates = await bot.get_updates(
                offset=offset, timeout=poll_s, allowed_updates=UPDATE_KINDS, read_timeout=poll_s + 5
            )
            await take(sorted(updates, key=lambda update: update.update_id))
        except InvalidToken:
            raise ConfigurationError("Telegram refuses MINGLU_TELEGRAM_TOKEN") from None
        except RetryAfter as error:
            await asyncio.sleep(retry_after_s(error))
            continue
        except (NetworkError, BadRequest, Conflict, StoreUnavailable) as error:
            # Conflict: another process polls with this token, or did a moment ago.
            log.warning("polling: %s, again in %.1f s", type(error).__name__, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)
            continue
        pause = 0.5
        offset = max([offset, *(update.update_id + 1 for update in updates)])
