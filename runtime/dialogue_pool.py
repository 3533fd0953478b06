"""Several dialogue servers as one: a conversation keeps to its server while that one lives."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace

from core.errors import ConfigurationError
from core.values import Reply, Utterance
from runtime.dialogue_client import DialogueCutOff, DialogueDown, HttpDialogue
from runtime.settings import Settings
from runtime.watching import WatchedDialogue

PAUSES_S = (0.5, 1.0, 2.0)
"""Seconds between the rounds in which every server is asked once more."""


class DialoguePool:
    """`core.ports.Dialogue` over servers that share their trackers and locks.

    Where a server ends while it has a message, another one gets it with the same id and answers
    from what the first has written down, or handles it. A server that is only slow keeps it.
    """

    def __init__(
        self, servers: Sequence[HttpDialogue], pauses_s: Sequence[float] = PAUSES_S
    ) -> None:
        if not servers:
            raise ConfigurationError("MINGLU_DIALOGUE_URL names no dialogue server")
        self._servers = tuple(servers)
        self._pauses_s = tuple(pauses_s)

    async def send(self, utterance: Utterance) -> list[Reply]:
        """Raises DialogueUnavailable where no complete answer came in time."""
        if not utterance.message_id:
            utterance = replace(utterance, message_id=uuid.uuid4().hex)
        servers = self._in_order(utterance.conversation)
        for pause_s in (*self._pauses_s, None):
            for server in servers:
                try:
                    return await server.send(utterance)
                except (DialogueDown, DialogueCutOff) as error:
                    away = error
            if pause_s is None:
                break
            await asyncio.sleep(pause_s)
        raise away

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
    return WatchedDialogue(DialoguePool([dialogue_at(url, settings) for url in urls]))


def dialogue_at(url: str, settings: Settings) -> HttpDialogue:
    """One server, to which this part shows the token that parts share."""
    return HttpDialogue(url, settings.dialogue_timeout_s, token=settings.part_token)
