"""The chat page: a plain form that works alone, and pieces of it for the script on top."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.api import MOST_READINGS, is_message_id
from bot.web.conversations import new_conversation_id
from bot.web.exchange import LONGEST_MESSAGE, Exchange, MessageRefused
from bot.web.identity import (
    SIZES,
    Visitor,
    from_own_site,
    is_our_form,
    remember_preferences,
    remember_visitor,
    visitor_of,
)
from bot.web.services import Services
from bot.web.troubles import is_piece
from bot.web.views import Views, is_live
from core.conversing import STAFF, Turn
from core.errors import DialogueUnavailable, StoreUnavailable

_STATUS = {
    "stale_page": 403,
    "dialogue_unavailable": 503,
    "store_unavailable": 503,
    "no_reply": 502,
}
"""Of a message that was not answered; every other refusal is 422."""
MOST_FIELDS = 16


class ChatPages:
    def __init__(self, services: Services, exchange: Exchange, views: Views) -> None:
        self._services = services
        self._conversations = services.conversations
        self._exchange = exchange
        self._views = views

    def routes(self) -> list[Route]:
        return [
            Route("/", self.show),
            Route("/chat", self.ask, methods=["POST"]),
            Route("/chat/news", self.news),
            Route("/preferences", self.prefer, methods=["POST"]),
            Route("/forget", self.forget, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        return await self._page(request, visitor_of(request))

    async def ask(self, request: Request) -> Response:
        """Sends the message, then shows the page anew; what was not answered stays in the field."""
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        typed, message_id = _text(form, "message"), _text(form, "message_id")
        if not is_our_form(request, visitor, form.get("token")):
            return await self._unanswered(request, visitor, "stale_page", typed, "")
        if not is_message_id(message_id):
            message_id = uuid.uuid4().hex
        text = _text(form, "pick") or typed
        try:
            turn = await self._exchange.say(
                visitor.sender, text, message_id, {"plain": visitor.plain}, _readings(form)
            )
        except MessageRefused as refused:
            return await self._unanswered(request, visitor, refused.refusal, typed, message_id)
        except (DialogueUnavailable, StoreUnavailable) as error:
            return await self._unanswered(request, visitor, error.code, typed, message_id)
        if not turn.replies:
            return await self._unanswered(request, visitor, "no_reply", typed, "")
        if is_piece(request):
            return await self._piece(request, visitor, turn)
        return RedirectResponse("/#latest", 303)

    async def _piece(self, request: Request, visitor: Visitor, *turns: Turn) -> Response:
        voice = self._services.voice
        facts = {
            "turns": turns,
            "message_id": uuid.uuid4().hex,
            "live": is_live(turns),
            "voice": await voice.state() if voice else None,
        }
        return self._views.page(request, "piece_turn.html", facts, visitor=visitor)

    async def news(self, request: Request) -> Response:
        """What staff wrote after turn `after`, as pieces; 204 where that is nothing."""
        visitor = visitor_of(request)
        after = request.query_params.get("after", "")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
        if not (visitor.returning and is_piece(request) and from_own_site(request)):
            return Response(status_code=204)
        turns = await asyncio.to_thread(self._conversations.turns, visitor.sender)
        news = [turn for turn in turns if turn.by == STAFF and turn.number > number]
        return await self._piece(request, visitor, *news) if news else Response(status_code=204)

    async def prefer(self, request: Request) -> Response:
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not is_our_form(request, visitor, form.get("token")):
            return await self._unanswered(request, visitor, "stale_page", "", "")
        response = RedirectResponse("/", 303)
        size = _text(form, "size")
        remember_preferences(
            request,
            response,
            size=size if size in SIZES else SIZES[0],
            plain="1" if form.get("plain") == "1" else "0",
            aloud="1" if form.get("aloud") == "1" else "0",
        )
        return response

    async def forget(self, request: Request) -> Response:
        """Ends the conversation here: nothing is shown any more, the dialogue begins anew."""
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        if not is_our_form(request, visitor, form.get("token")):
            return await self._unanswered(request, visitor, "stale_page", "", "")
        await asyncio.to_thread(self._conversations.forget, visitor.sender)
        response = RedirectResponse("/", 303)
        remember_visitor(request, response, Visitor(new_conversation_id(), returning=True))
        return response

    async def _unanswered(
        self, request: Request, visitor: Visitor, code: str, typed: str, message_id: str
    ) -> Response:
        message = self._views.phrases.trouble(code, limit=LONGEST_MESSAGE)
        status = _STATUS.get(code, 422)
        if is_piece(request):
            facts = {
                "message": message,
                "token": visitor.form_token,
                "next_id": message_id or uuid.uuid4().hex,
            }
            response: Response = self._views.page(
                request, "piece_trouble.html", facts, visitor=visitor, status=status
            )
            remember_visitor(request, response, visitor)
            return response
        return await self._page(request, visitor, message, typed, message_id, status)

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        trouble: str = "",
        typed: str = "",
        message_id: str = "",
        status: int = 200,
    ) -> Response:
        try:
            turns = await asyncio.to_thread(self._conversations.turns, visitor.sender)
        except StoreUnavailable:
            # The words in the field matter more than the history above them.
            turns, trouble = (), trouble or self._views.phrases.trouble("store_unavailable")
        voice = self._services.voice
        facts = {
            "turns": turns,
            "latest": next((turn.number for turn in reversed(turns) if turn.by != STAFF), None),
            "rated": _rated(request, turns),
            "live": is_live(turns),
            "trouble_message": trouble,
            "typed": typed,
            "message_id": message_id or uuid.uuid4().hex,
            "limit": LONGEST_MESSAGE,
            "voice": await voice.state() if voice else None,
        }
        response = self._views.page(request, "chat.html", facts, visitor=visitor, status=status)
        remember_visitor(request, response, visitor)
        return response


def _rated(request: Request, turns: Sequence[Turn]) -> str:
    """What was rated just now, where that was the latest answer."""
    number, _, state = request.query_params.get("rated", "").partition("-")
    latest = next((turn.number for turn in reversed(turns) if turn.by != STAFF), 0)
    return state if state in ("ask", "done") and number == str(latest) else ""


def _readings(form: FormData) -> tuple[str, ...] | None:
    """A recogniser's other readings; None where the message was typed."""
    if form.get("spoken") != "1":
        return None
    readings = (one for one in form.getlist("alternative") if isinstance(one, str))
    return tuple(one[:LONGEST_MESSAGE] for one in readings)[:MOST_READINGS]


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
