"""The chat page: a plain form that works alone, and pieces of it for the script on top."""

from __future__ import annotations

import uuid

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.api import LONGEST_MESSAGE_ID
from bot.web.conversations import Conversations, new_conversation_id
from bot.web.exchange import LONGEST_MESSAGE, Exchange, MessageRefused
from bot.web.identity import (
    SIZES,
    Visitor,
    from_own_site,
    remember_preferences,
    remember_visitor,
    visitor_of,
)
from bot.web.troubles import is_piece
from bot.web.views import Views
from core.errors import DialogueUnavailable

_STATUS = {"stale_page": 403, "dialogue_unavailable": 503, "no_reply": 502}
"""Of a message that was not answered; every other refusal is 422."""


class ChatPages:
    def __init__(self, conversations: Conversations, exchange: Exchange, views: Views) -> None:
        self._conversations = conversations
        self._exchange = exchange
        self._views = views

    def routes(self) -> list[Route]:
        return [
            Route("/", self.show),
            Route("/chat", self.ask, methods=["POST"]),
            Route("/preferences", self.prefer, methods=["POST"]),
            Route("/forget", self.forget, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        return self._page(request, visitor_of(request))

    async def ask(self, request: Request) -> Response:
        """Sends the message, then shows the page anew; what was not answered stays in the field."""
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=8)
        typed, message_id = _text(form, "message"), _text(form, "message_id")
        if not (from_own_site(request) and visitor.sent_this_form(form.get("token"))):
            return self._unanswered(request, visitor, "stale_page", typed, "")
        if not 0 < len(message_id) <= LONGEST_MESSAGE_ID:
            message_id = uuid.uuid4().hex
        text = _text(form, "pick") or typed
        try:
            metadata = {"plain": visitor.plain}
            turn = await self._exchange.say(visitor.sender, text, message_id, metadata)
        except MessageRefused as refused:
            return self._unanswered(request, visitor, refused.refusal, typed, message_id)
        except DialogueUnavailable as error:
            return self._unanswered(request, visitor, error.code, typed, message_id)
        if not turn.replies:
            return self._unanswered(request, visitor, "no_reply", typed, "")
        if is_piece(request):
            facts = {"turn": turn, "latest": True, "message_id": uuid.uuid4().hex}
            return self._views.page(request, "piece_turn.html", facts, visitor=visitor)
        return RedirectResponse("/#latest", 303)

    async def prefer(self, request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8)
        if not (from_own_site(request) and visitor_of(request).sent_this_form(form.get("token"))):
            return self._unanswered(request, visitor_of(request), "stale_page", "", "")
        response = RedirectResponse("/", 303)
        size = _text(form, "size")
        remember_preferences(
            request, response, size if size in SIZES else SIZES[0], form.get("plain") == "1"
        )
        return response

    async def forget(self, request: Request) -> Response:
        """Ends the conversation here: nothing is shown any more, the dialogue begins anew."""
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=8)
        if not (from_own_site(request) and visitor.sent_this_form(form.get("token"))):
            return self._unanswered(request, visitor, "stale_page", "", "")
        self._conversations.forget(visitor.sender)
        response = RedirectResponse("/", 303)
        remember_visitor(request, response, Visitor(new_conversation_id(), returning=True))
        return response

    def _unanswered(
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
        return self._page(request, visitor, message, typed, message_id, status)

    def _page(
        self,
        request: Request,
        visitor: Visitor,
        trouble: str = "",
        typed: str = "",
        message_id: str = "",
        status: int = 200,
    ) -> Response:
        facts = {
            "turns": self._conversations.turns(visitor.sender),
            "trouble_message": trouble,
            "typed": typed,
            "message_id": message_id or uuid.uuid4().hex,
            "limit": LONGEST_MESSAGE,
        }
        response = self._views.page(request, "chat.html", facts, visitor=visitor, status=status)
        remember_visitor(request, response, visitor)
        return response


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
