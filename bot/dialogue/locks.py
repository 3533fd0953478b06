"""One turn of a conversation at a time, whichever dialogue server has it: leases in Redis.

Rasa's own Redis lock keeps a dead server's conversation shut for a minute and asks once a second.
Here a lease ends within seconds of its holder, who prolongs it while it works. The tracker store
refuses a turn that another has overtaken, so without Redis nothing is lost but this order.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.utils.endpoints import EndpointConfig
from redis import asyncio as redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LEASE_MS = 6_000
PROLONG_EVERY_S = 1.5
ASK_EVERY_S = 0.03
WAIT_AT_MOST_S = 20.0
"""Longer than a lease and shorter than people wait."""
REDIS_ANSWERS_S = 1.0
LEAVE_REDIS_S = 3.0
"""Seconds that Redis is left alone after it did not answer."""

_RELEASE = """
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
return 0
"""
_PROLONG = """
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end
return 0
"""


class ConversationLocks(InMemoryLockStore):
    """Leases at `url`; without one, the door alone keeps a conversation's turns apart."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__()
        self._url = (endpoint_config.url if endpoint_config else "") or ""
        self._client: Any = None
        self._leave_until = 0.0
        self._releasing: dict[str, asyncio.Task[Any]] = {}
        """Leases on their way back to Redis."""

    @contextlib.asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Raises LockError where somebody else held the conversation for too long."""
        key = f"minglu:turn:{hashlib.sha256(conversation_id.encode()).hexdigest()[:32]}"
        holder = uuid.uuid4().hex
        if not await self._acquire(key, holder):
            yield
            return
        prolonging = asyncio.create_task(self._prolong(key, holder))
        try:
            yield
        finally:
            prolonging.cancel()
            # Nobody waits for it, but the conversation's next turn here.
            release = self._ask(self._redis().eval, _RELEASE, 1, key, holder)
            self._releasing[key] = task = asyncio.create_task(release)
            task.add_done_callback(lambda done: self._released(key, done))

    async def _acquire(self, key: str, holder: str) -> bool:
        """False where Redis is away or none is named."""
        give_up = time.monotonic() + WAIT_AT_MOST_S
        if key in self._releasing:
            await asyncio.wait([self._releasing[key]])
        while self._url and time.monotonic() >= self._leave_until:
            took = await self._ask(self._redis().set, key, holder, nx=True, px=LEASE_MS)
            if took:
                return True
            if time.monotonic() > give_up:
                raise LockError("another turn of this conversation takes too long")
            await asyncio.sleep(ASK_EVERY_S)
        return False

    def _released(self, key: str, done: asyncio.Task[Any]) -> None:
        if self._releasing.get(key) is done:
            del self._releasing[key]

    async def _prolong(self, key: str, holder: str) -> None:
        while True:
            await asyncio.sleep(PROLONG_EVERY_S)
            await self._ask(self._redis().eval, _PROLONG, 1, key, holder, LEASE_MS)

    async def _ask(self, command: Any, *arguments: Any, **options: Any) -> Any:
        """The command's answer; None where Redis is away, which is then left alone for a while."""
        try:
            return await command(*arguments, **options)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._leave_until = time.monotonic() + LEAVE_REDIS_S
            log.warning("redis is away, turns go on without its locks: %s", type(error).__name__)
            return None

    def _redis(self) -> Any:
        if self._client is None:
            self._client = redis.from_url(
                self._url,
                socket_timeout=REDIS_ANSWERS_S,
                socket_connect_timeout=REDIS_ANSWERS_S,
            )
        return self._client
