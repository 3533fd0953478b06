"""Several dialogue servers as one: a conversation keeps to its server while that one lives."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress

from core.errors import ConfigurationError
from core.values import Reply, Utterance
from runtime.dialogue_client import DialogueDown, HttpDialogue
from runtime.settings import Settings
from runtime.watching import WatchedDialogue


class DialoguePool:
    """`core.ports.Dialogue` over servers that share their trackers and locks.

    A message that a server may have taken is never sent to a second one: it could book twice.
    """

    def __init__(self, servers: Sequence[HttpDialogue]) -> None:
        if not servers:
            raise ConfigurationError("MINGLU_DIALOGUE_URL names no dialogue server")
        self._servers = tuple(servers)

    async def send(self, utterance: Utterance) -> list[Reply]:
        """Raises DialogueUnavailable where no complete answer came in time."""
        *others, last = self._in_order(utterance.conversation)
        for server in others:
            with suppress(DialogueDown):
                return await server.send(utterance)
        return await last.send(utterance)

    async def ready(self) -> bool:
        """Whether at least one server answers and has a model loaded."""
        return any(await asyncio.gather(*(server.ready() for server in self._servers)))

    async def close(self) -> None:
        await asyncio.gather(*(server.close() for server in self._servers))

    def _in_order(self, conversation: str) -> list[HttpDialogue]:
        """The server of a conversation first, then the others: all gateways agree on it."""

        def weight(number: int) -> bytes:
            return hashlib.sha256(f"{number}|{conversation}".encode()).digest()

        numbers = sorted(range(len(self._servers)), key=weight)
        return [self._servers[number] for number in numbers]


def dialogue_of(settings: Settings) -> WatchedDialogue:
    """The servers that MINGLU_DIALOGUE_URL names, apart by commas. Raises ConfigurationError."""
    urls = [url.strip().rstrip("/") for url in settings.dialogue_base.split(",")]
    if not all(url.startswith(("http://", "https://")) for url in urls):
        raise ConfigurationError(
            "MINGLU_DIALOGUE_URL: each address begins with http:// or https://, apart by commas"
        )
    servers = [HttpDialogue(url, settings.dialogue_timeout_s) for url in urls]
    return WatchedDialogue(DialoguePool(servers))
