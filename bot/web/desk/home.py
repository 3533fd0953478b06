"""The page on which a shift is spent: search, script card, screening, the call so far."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.web.desk.cards import Card, CardMaker
from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.eligibility import Answers, Finding, Outcome, citation, findings
from core.values import Topic


class Home:
    def __init__(self, services: DeskServices, views: DeskViews, cards: CardMaker) -> None:
        self._services = services
        self._views = views
        self._cards = cards

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def find(self, visit: Visit) -> Response:
        """The card for what is typed. The topic is that of the last card that was used."""
        card = self._cards.card(visit.text("question", 200), topic_of(visit))
        if visit.request.headers.get("x-piece") == "1":
            return self._views.page(visit, "piece_card.html", {"card": card})
        return self._page(visit, card=card)

    def screen(self, visit: Visit) -> Response:
        """Which measures the notice's words fit, from what the caller told. Nothing is kept."""
        screening = self._services.screening
        answers: dict[str, tuple[str, ...]] = {}
        for question in screening.questions:
            known = {option.id for option in question.options}
            told = tuple(v for v in visit.texts(f"q_{question.id}") if v in known)
            if told:
                answers[question.id] = told if question.several else told[:1]
        facts = {"found": self._grouped(answers), "answers": answers}
        if visit.request.headers.get("x-piece") == "1":
            return self._views.page(visit, "piece_screening.html", facts)
        return self._page(visit, **facts)

    def _grouped(self, answers: Answers) -> list[tuple[str, list[dict[str, Any]]]]:
        screening = self._services.screening
        by_outcome: dict[Outcome, list[Finding]] = {outcome: [] for outcome in Outcome}
        for finding in findings(screening, answers):
            by_outcome[finding.outcome].append(finding)
        order = (Outcome.FITS, Outcome.UNSTATED, Outcome.FITS_NOT)
        return [
            (
                outcome.value,
                [
                    {
                        "measure": finding.measure,
                        "missing": finding.missing,
                        "citation": citation(screening, finding.measure),
                    }
                    for finding in by_outcome[outcome]
                ],
            )
            for outcome in order
        ]

    def _page(self, visit: Visit, card: Card | None = None, **facts: Any) -> Response:
        seen = {
            "card": card,
            "typed": visit.text("question", 200),
            "topic": card.topic if card else topic_of(visit),
            "draft": self._services.orders.draft(visit.member.name),
            "tickets": self._services.tickets.waiting()[:8],
            "screening": self._services.screening,
            "answers": {},
            "found": [],
            **facts,
        }
        return self._views.page(visit, "home.html", seen)


def topic_of(visit: Visit) -> Topic | None:
    question = visit.text("topic_question", 200)
    if not question:
        return None
    return Topic(question, visit.text("topic_document", 120), visit.text("topic_clause", 60))
