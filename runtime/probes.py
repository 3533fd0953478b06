"""Short questions to the servers of the product: do they answer?"""

from __future__ import annotations

import asyncio

import httpx

from runtime.settings import Settings

PROBE_S = 2.0
"""Seconds that a server has to answer."""


async def action_servers_answer(settings: Settings) -> bool:
    """Whether at least one action server answers."""
    return any(await asyncio.gather(*(answers_well(url) for url in settings.action_health_urls)))


async def answers_well(url: str) -> bool:
    """Whether a GET of `url` ends with 2xx or 3xx in time."""
    try:
        async with httpx.AsyncClient(timeout=PROBE_S, trust_env=False) as client:
            return not (await client.get(url)).is_error
    except httpx.HTTPError:
        return False
