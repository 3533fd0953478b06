"""Several action servers as one: calls go round, and on to the next where one ends or is away.

Every action of ours may run twice: bookings, changes and tickets carry keys of their own.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig

log = logging.getLogger(__name__)

ACTION_S = 13.0
"""Seconds for one call; the store itself gives up after 12, channels apologise after 15."""
PAUSES_S = (0.3, 0.7, 1.5, 2.5, None)
"""Seconds between the rounds in which every server is asked once more; None ends them."""

_rounds = itertools.count()
_at: dict[str, EndpointConfig] = {}
_ask_one = EndpointConfig.request


async def ask(endpoint: EndpointConfig, *arguments: Any, **options: Any) -> Any:
    """`EndpointConfig.request` over the addresses in its URL, apart by commas."""
    urls = [url.strip() for url in (endpoint.url or "").split(",")]
    turn = next(_rounds) % len(urls)
    away: Exception | None = None
    options["timeout"] = aiohttp.ClientTimeout(total=ACTION_S, sock_connect=2.0)
    for pause_s in PAUSES_S:
        for url in (*urls[turn:], *urls[:turn]):
            try:
                return await _ask_one(_alone(endpoint, url), *arguments, **options)
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
                away = error
                log.warning("an action server is away: %s", type(error).__name__)
        if pause_s is not None:
            await asyncio.sleep(pause_s)
    raise away or aiohttp.ClientConnectionError("no action server is named")


def install() -> None:
    """Puts it in place of Rasa's; a second call changes nothing."""
    EndpointConfig.request = ask


def _alone(endpoint: EndpointConfig, url: str) -> EndpointConfig:
    if url == endpoint.url:
        return endpoint
    if url not in _at:
        _at[url] = EndpointConfig(
            url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )
    return _at[url]
