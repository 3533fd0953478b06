"""The REST door: Rasa's own contract, one message per reply, and never silence.

Differs from Rasa's RestInput in this: `text`, `buttons` and `custom` of a reply stand in one
message; a message delivered twice is answered twice and handled once, by whichever server;
messages of one sender are handled one after the other; blank, huge and failing messages get a
clear answer. Where MINGLU_PART_TOKEN is set, who does not show it is sent away.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue.deliveries import AnsweredBefore, delivery
from bot.dialogue.logs import adopt_logs
from bot.dialogue.readings import best_understood
from bot.dialogue.standing_aside import StandingAside
from bot.wiring import daily_tally, staff_line
from core.handovers import HandOvers
from core.managing import outcome_of
from core.values import Reply
from runtime import metrics
from runtime.settings import Settings
from runtime.sight import begin, own_version
from runtime.tally import Tally
from runtime.turns import TURN, turn_of

log = logging.getLogger(__name__)

MAX_CHARS = 5_000
"""Longer messages are no utterance; they get a clear answer and never reach the model."""
WARM_UP = "warm-up"
"""Sender of the question with which the product tries itself at the start."""
REMEMBERED = 2_000
"""Deliveries whose replies are kept in case the channel delivers them again."""

Message = dict[str, Any]
Handler = Callable[[UserMessage], Awaitable[Any]]


class RestDoor(InputChannel):
    """POST /webhooks/rest/webhook with `{"sender", "message", "metadata"?}`."""

    def __init__(
        self,
        phrases: dict[str, str] | None = None,
        token: str = "",
        line: HandOvers | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._token = token
        self._tally = tally
        self._phrases = phrases or load_phrases()
        self._aside = StandingAside(line, self._phrases) if line is not None else None
        self._replies: OrderedDict[tuple[str, str], list[Message]] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestDoor:
        """As Rasa calls it, once, at the start of the dialogue server."""
        settings = Settings.from_env(os.environ)
        adopt_logs(settings)
        begin("dialogue", settings)
        return cls(
            token=settings.part_token, line=staff_line(settings), tally=daily_tally(settings)
        )

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        door = Blueprint("minglu_rest_door", __name__)

        @door.listener("before_server_start")
        async def adopt(*_arguments: Any) -> None:
            # Rasa fences Sanic's loggers off only after it has made the channels.
            adopt_logs(Settings.from_env(os.environ))

        @door.listener("after_server_stop")
        async def count_up(*_arguments: Any) -> None:
            if self._tally is not None:
                await asyncio.to_thread(self._tally.flush)

        @door.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            loaded = agent is not None and agent.is_ready()
            told = {"model": "ok" if loaded else "none", "version": own_version()}
            if loaded:
                told["serves"] = str(agent.model_name)
            return response.json(told, 200 if loaded else 503)

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return response.json({"error": "this door needs the parts' token"}, status=401)
            body = _json_object(request)
            sender, text = body.get("sender"), body.get("message")
            if not isinstance(sender, str) or not sender.strip() or not isinstance(text, str):
                return response.json(self._say("", "bad_request"), status=400)
            metadata = body.get("metadata")
            known = metadata if isinstance(metadata, dict) else {}
            meant = await _meant(request, text, known)
            replies = await self.receive(sender, meant, known, on_new_message)
            return response.json(replies)

        @door.route("/news", methods=["POST"])
        async def news(request: Request) -> HTTPResponse:
            """What staff wrote meanwhile, for a channel that nothing can be sent to."""
            if not self._knows(request):
                return response.json({"error": "this door needs the parts' token"}, status=401)
            body = _json_object(request)
            sender, metadata = body.get("sender"), body.get("metadata")
            if self._aside is None or not isinstance(sender, str):
                return response.json([])
            known = metadata if isinstance(metadata, dict) else {}
            return response.json(await self._aside.news(sender, known))

        return door

    async def receive(
        self, sender: str, text: str, metadata: dict[str, Any], handle: Handler
    ) -> list[Message]:
        """The replies in order, never empty. `metadata.message_id` marks a redelivery.

        Where a person has the conversation, the only reply is one without text.
        """
        key = (sender, str(metadata.get("message_id") or ""))
        async with self._turn(sender):
            if key[1] and key in self._replies:
                return self._replies[key]
            replies = await self._answer(sender, text, metadata, handle)
            if key[1] and not _is_apology(replies):
                self._remember(key, replies)
            return replies

    async def _answer(
        self, sender: str, text: str, metadata: dict[str, Any], handle: Handler
    ) -> list[Message]:
        refused = self._refusal(text)
        if self._aside is None or not await self._aside.needed(sender):
            return (
                self._say(sender, refused)
                if refused
                else await self._handle(sender, text, metadata, handle)
            )
        news = await self._aside.news(sender, metadata)
        if refused != "too_long" and await self._aside.instead(sender, text, metadata):
            return [*news, self._aside.held(sender)]
        if refused:
            return [*news, *self._say(sender, refused)]
        return [*news, *await self._handle(sender, text, metadata, handle)]

    def _knows(self, request: Request) -> bool:
        if not self._token:
            return True
        shown = request.token or request.args.get("token") or ""
        return hmac.compare_digest(str(shown).encode(), self._token.encode())

    def _refusal(self, text: str) -> str | None:
        if len(text) > MAX_CHARS:
            return "too_long"
        return None if any(character.isalnum() for character in text) else "silence"

    async def _handle(
        self, sender: str, text: str, metadata: dict[str, Any], handle: Handler
    ) -> list[Message]:
        with turn_of(sender, metadata.get(TURN)) as mark:
            # The actions get the same id along with the message.
            return await self._handle_marked(sender, text, {**metadata, TURN: mark.turn}, handle)

    async def _handle_marked(
        self, sender: str, text: str, metadata: dict[str, Any], handle: Handler
    ) -> list[Message]:
        collector = OneMessageChannel()
        channel = metadata.get("channel")
        message = UserMessage(
            # A leading slash is Rasa's own command syntax, which no person means.
            text.strip().lstrip("/／ "),
            collector,
            sender,
            input_channel=channel if isinstance(channel, str) and channel else self.name(),
            metadata=metadata,
        )
        began, outcome = time.perf_counter(), "done"
        marked = delivery.set(str(metadata.get("message_id") or ""))
        try:
            await handle(message)
        except AnsweredBefore as earlier:
            outcome = "repeated"
            collector.messages = [one_message(sender, said) for said in earlier.replies]
        except Exception as error:
            # The error's text may quote the person; its kind is enough to look further.
            outcome = "failed"
            log.error("turn failed", extra={"error": type(error).__name__})
            # What was said is not written down: the next turn would not know of it.
            collector.messages.clear()
        finally:
            delivery.reset(marked)
        seconds = time.perf_counter() - began
        metrics.observe("door", seconds)
        facts = {"outcome": outcome, "replies": len(collector.messages)}
        log.info("turn handled", extra={**facts, "ms": round(seconds * 1000, 1)})
        if self._tally is not None and outcome != "repeated" and sender != WARM_UP:
            known = metrics.among(message.input_channel, metrics.CHANNELS)
            self._tally.add(known, *_ended(outcome, collector.messages))
        return collector.messages or self._say(sender, "unavailable")

    def _say(self, sender: str, event: str) -> list[Message]:
        text = self._phrases[f"utter_door_{event}"]
        return [
            {"recipient_id": sender, "text": text, "custom": completed({}, text), "door": event}
        ]

    def _remember(self, delivery: tuple[str, str], replies: list[Message]) -> None:
        self._replies[delivery] = replies
        while len(self._replies) > REMEMBERED:
            self._replies.popitem(last=False)

    def _turn(self, sender: str) -> _Turn:
        return _Turn(self._locks, self._users, sender)


class _Turn:
    """One sender's messages one after the other; a lock lives only while somebody needs it."""

    def __init__(self, locks: dict[str, asyncio.Lock], users: dict[str, int], sender: str) -> None:
        self._locks, self._users, self._sender = locks, users, sender

    async def __aenter__(self) -> None:
        self._users[self._sender] = self._users.get(self._sender, 0) + 1
        await self._locks.setdefault(self._sender, asyncio.Lock()).acquire()

    async def __aexit__(self, *_error: object) -> None:
        self._locks[self._sender].release()
        self._users[self._sender] -= 1
        if not self._users[self._sender]:
            del self._users[self._sender], self._locks[self._sender]


class OneMessageChannel(CollectingOutputChannel):
    """Collects replies with text, buttons and custom side by side, paragraphs kept together."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        reply = one_message(recipient_id, message)
        if reply["text"] or message.get("custom"):
            self.messages.append(reply)


def _ended(outcome: str, messages: list[Message]) -> tuple[str, str]:
    """Kind and reason of a turn, for the counts of a day."""
    if outcome == "failed" or not messages:
        return "failed", ""
    return outcome_of([Reply.from_custom(said["text"], said["custom"]) for said in messages])


def one_message(recipient: str, said: Mapping[str, Any]) -> Message:
    """What the dialogue said, with text, buttons and custom side by side."""
    text = str(said.get("text") or "").strip()
    reply: Message = {"recipient_id": recipient, "text": text}
    if said.get("buttons"):
        reply["buttons"] = said["buttons"]
    custom = said.get("custom")
    reply["custom"] = completed(custom if isinstance(custom, dict) else {}, text)
    return reply


def completed(custom: dict[str, Any], text: str) -> dict[str, Any]:
    """The custom object with every field of the contract; a voice says the text by default."""
    return {"kind": None, "reason": None, "citations": [], "speech": text, **custom}


def load_phrases() -> dict[str, str]:
    """The door's own sentences, from domain/door.yml beside this file."""
    path = Path(__file__).parent / "domain" / "door.yml"
    responses = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return {name: variants[0]["text"] for name, variants in responses.items()}


def _is_apology(replies: list[Message]) -> bool:
    return any(reply.get("door") == "unavailable" for reply in replies)


async def _meant(request: Request, text: str, metadata: dict[str, Any]) -> str:
    """What was said, where a recogniser offers several readings."""
    agent = getattr(request.app.ctx, "agent", None)
    if not metadata.get("alternatives") or agent is None or agent.processor is None:
        return text

    async def parse(sentence: str) -> Mapping[str, Any]:
        parsed: dict[str, Any] = await agent.processor.parse_message(
            UserMessage(sentence, metadata=metadata)
        )
        return parsed

    try:
        return await best_understood(text, metadata["alternatives"], parse)
    except Exception as error:
        log.error("readings not compared", extra={"error": type(error).__name__})
        return text


def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"")
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}
