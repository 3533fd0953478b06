"""有帮助吗: one press for an answer and, on wish, one of a few reasons; no words are asked for."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.identity import is_our_form, visitor_of
from bot.web.services import Services
from bot.web.troubles import is_piece
from bot.web.views import Views
from core.conversing import Turn
from core.feedback import REASONS, OpenQuestion, Rating


class RatingDoor:
    def __init__(self, services: Services, views: Views) -> None:
        self._conversations = services.conversations
        self._feedback = services.feedback
        self._views = views

    def routes(self) -> list[Route]:
        return [Route("/feedback", self.rate, methods=["POST"])]

    async def rate(self, request: Request) -> Response:
        visitor = visitor_of(request)
        form = await request.form(max_files=0, max_fields=8)
        if not is_our_form(request, visitor, form.get("token")):
            raise HTTPException(403)
        turns = await asyncio.to_thread(self._conversations.turns, visitor.sender)
        turn = next((t for t in turns if t.message_id == form.get("answer")), None)
        if self._feedback is None or turn is None:
            raise HTTPException(404)
        helpful = form.get("helpful") == "1"
        reason = str(form.get("reason", ""))
        reason = reason if reason in REASONS and not helpful else ""
        await asyncio.to_thread(self._keep, visitor.sender, turn, rating_of(turn, helpful, reason))
        state = "ask" if not (helpful or reason) else "done"
        if is_piece(request):
            facts = {"turn": turn, "rated": state}
            return self._views.page(request, "piece_rated.html", facts, visitor=visitor)
        return RedirectResponse(f"/?rated={turn.number}-{state}#latest", 303)

    def _keep(self, sender: str, turn: Turn, rating: Rating) -> None:
        assert self._feedback is not None  # noqa: S101 - asked for before
        self._feedback.rate(sender, turn.message_id, rating)
        if not rating.helpful:
            question = OpenQuestion(turn.said, "unhelpful", rating.reason)
            self._feedback.keep_question(sender, turn.message_id, question)


def rating_of(turn: Turn, helpful: bool, reason: str) -> Rating:
    kind = next((reply.kind.value for reply in turn.replies if reply.kind), "")
    cited = next((c for reply in turn.replies for c in reply.citations), None)
    clause = f"{cited.document} {cited.clause}" if cited else ""
    return Rating(helpful, reason, kind, clause)
