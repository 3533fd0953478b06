"""The dialogue server over HTTP: one utterance in, replies out, in order."""

from __future__ import annotations

import json
from typing import Any, Protocol

from core.errors import DialogueUnavailable
from core.values import Choice, Reply, Utterance
from runtime.part_calls import Answer, PartCalls, PartCutOff, PartDown, PartSlow

DOOR = "/webhooks/rest/webhook"


class DialogueDown(DialogueUnavailable):
    """Nothing listens there: the message was certainly not handled and may go elsewhere."""


class DialogueCutOff(DialogueUnavailable):
    """The server ended while it had the message: it may have been handled, or not."""


class Calls(Protocol):
    """What `PartCalls` offers."""

    async def post(self, path: str, body: bytes, timeout_s: float) -> Answer: ...
    async def get(self, path: str, timeout_s: float) -> Answer: ...
    async def close(self) -> None: ...


class HttpDialogue:
    """`core.ports.Dialogue` over Rasa's REST door. One instance per process and event loop."""

    def __init__(
        self,
        base_url: str,
        timeout_s: float = 15.0,
        token: str = "",
        calls: Calls | None = None,
    ) -> None:
        """`calls`: what carries the calls; by default HTTP to `base_url`."""
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = base_url
        self._timeout_s = timeout_s
        self._calls = calls or PartCalls(base_url, shown)

    async def send(self, utterance: Utterance) -> list[Reply]:
        """Raises DialogueUnavailable where no complete answer came in time."""
        metadata = {**utterance.metadata, "channel": utterance.channel}
        if utterance.message_id:
            metadata["message_id"] = utterance.message_id
        if utterance.alternatives:
            metadata["alternatives"] = list(utterance.alternatives)
        body = {
            "sender": utterance.conversation,
            "message": utterance.text,
            "metadata": metadata,
        }
        try:
            answer = await self._calls.post(DOOR, json.dumps(body).encode(), self._timeout_s)
        except PartDown:
            raise DialogueDown(
                f"no dialogue server listens at {self._url}; start it with `make run`"
            ) from None
        except PartCutOff:
            raise DialogueCutOff(
                f"the dialogue server at {self._url} broke off; look into its log"
            ) from None
        except PartSlow:
            raise DialogueUnavailable(
                f"the dialogue server at {self._url} did not answer in {self._timeout_s:g} s"
            ) from None
        if not answer.good:
            raise DialogueUnavailable(
                f"the dialogue server at {self._url} refused the message ({answer.status}); "
                "look into its log"
            )
        try:
            messages = json.loads(answer.body)
        except ValueError:
            messages = None
        if not isinstance(messages, list):
            raise DialogueUnavailable("the dialogue server answered in an unknown form")
        return [reply_from_message(m) for m in messages if isinstance(m, dict)]

    async def ready(self) -> bool:
        """Whether the server answers and has a model loaded."""
        try:
            return (await self._calls.get("/", timeout_s=3.0)).good
        except (PartDown, PartCutOff, PartSlow):
            return False

    async def close(self) -> None:
        await self._calls.close()


def reply_from_message(message: dict[str, Any]) -> Reply:
    """One message of the REST door as a Reply."""
    choices = tuple(
        Choice(str(button.get("title", "")), str(button.get("payload", "")))
        for button in message.get("buttons") or ()
    )
    return Reply.from_custom(str(message.get("text") or ""), message.get("custom") or {}, choices)
