"""The client library set up for our settings, and calls that outlast a bad network."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import telegram
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.inbox.channel import ShutOut
from core.errors import ConfigurationError
from runtime.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
_LONGEST_PAUSE_S = 30.0
POLL_S = 20
"""Seconds that one long poll waits for an update."""


def build_bot(settings: Settings) -> telegram.Bot:
    """Not started: use it with `async with`. Raises ConfigurationError."""
    if not settings.telegram_token:
        raise ConfigurationError(
            "MINGLU_TELEGRAM_TOKEN is not set; @BotFather in Telegram gives a token"
        )

    def request(connections: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=connections,
            pool_timeout=30.0,
            proxy=settings.telegram_proxy or None,
            # Only MINGLU_TELEGRAM_PROXY decides; what else the environment names is for others.
            httpx_kwargs={"trust_env": False},
        )

    try:
        return telegram.Bot(
            settings.telegram_token,
            base_url=f"{settings.telegram_api_url}/bot",
            base_file_url=f"{settings.telegram_api_url}/file/bot",
            request=request(64),
            get_updates_request=request(1),
        )
    except (InvalidToken, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            "MINGLU_TELEGRAM_TOKEN or MINGLU_TELEGRAM_PROXY cannot be used "
            f"({type(error).__name__}); a SOCKS proxy needs the package httpx[socks]"
        ) from None


async def patiently(call: Callable[[], Awaitable[T]], tries: int | None = None) -> T:
    """Waits as long as Telegram asks for and tries again while the network fails.

    Raises ShutOut, BadRequest, InvalidToken; after `tries` the last NetworkError.
    """
    pause, made = 0.5, 0
    while True:
        try:
            return await call()
        except RetryAfter as error:
            await asyncio.sleep(retry_after_s(error))
        except Forbidden:
            raise ShutOut("blocked by the person") from None
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise ShutOut("the chat is gone") from None
            raise
        except NetworkError as error:
            made += 1
            if tries is not None and made >= tries:
                raise
            log.warning("telegram: %s, trying again in %.1f s", type(error).__name__, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)


def retry_after_s(error: RetryAfter) -> float:
    with warnings.catch_warnings():
        # The library warns that the number will become a timedelta: both are read here.
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
