"""Stands for the connections to a part."""

from __future__ import annotations

from collections.abc import Callable

from runtime.part_calls import Answer


class FakeCalls:
    """Answers with what `answer` makes of the body, or raises what it raises."""

    def __init__(self, answer: Callable[[bytes], Answer]) -> None:
        self._answer = answer

    async def post(self, path: str, body: bytes, timeout_s: float) -> Answer:
        assert path == "/webhooks/rest/webhook" and timeout_s > 0
        return self._answer(body)

    async def get(self, path: str, timeout_s: float) -> Answer:
        return self._answer(b"")

    async def close(self) -> None:
        """Nothing is open."""
