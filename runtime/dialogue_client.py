"""The dialogue server over HTTP: one utterance in, replies out, in order."""

from __future__ import annotations

import json
from typing import Any

import httpx

from core.errors import DialogueUnavailable
from core.values import Choice, Reply, Utterance

DOOR = "/webhooks/rest/webhook"


class DialogueDown(DialogueUnavailable):
    """Nothing listens there: the message was certainly not handled and may go elsewhere."""


class DialogueCutOff(DialogueUnavailable):
    """The server ended while it had the message: it may have been handled, or not."""


class HttpDialogue:
    """`core.ports.Dialogue` over Rasa's REST door. One instance per process and event loop."""

    def __init__(
        self,
        base_url: str,
        timeout_s: float = 15.0,
        transport: httpx.AsyncBaseTransport | None = None,
        token: str = "",
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=timeout_s,
            transport=transport,
            trust_env=False,
            headers={"authorization": f"Bearer {token}"} if token else {},
        )

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
            response = await self._client.post(DOOR, json=body)
            response.raise_for_status()
            messages = response.json()
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise DialogueDown(
                f"no dialogue server listens at {self._client.base_url}; start it with `make run`"
            ) from None
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise DialogueCutOff(
                f"the dialogue server at {self._client.base_url} broke off "
                f"({type(error).__name__}); look into its log"
            ) from None
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            # The error's own text may quote the request: only its kind is told.
            raise DialogueUnavailable(
                f"the dialogue server at {self._client.base_url} did not answer "
                f"({type(error).__name__}); start it with `make run`"
            ) from None
        if not isinstance(messages, list):
            raise DialogueUnavailable("the dialogue server answered in an unknown form")
        return [reply_from_message(m) for m in messages if isinstance(m, dict)]

    async def ready(self) -> bool:
        """Whether the server answers and has a model loaded."""
        try:
            response = await self._client.get("/", timeout=3.0)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        await self._client.aclose()


def reply_from_message(message: dict[str, Any]) -> Reply:
    """One message of the REST door as a Reply."""
    choices = tuple(
        Choice(str(button.get("title", "")), str(button.get("payload", "")))
        for button in message.get("buttons") or ()
    )
    return Reply.from_custom(str(message.get("text") or ""), message.get("custom") or {}, choices)
