"""Whether answers helped, and what was asked in vain: put together, exported, deleted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from bot.web.desk.managing.exports import exported
from bot.web.desk.managing.services import ManagingServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.feedback import QuestionGroup, RatingCount, grouped

HOME = "/desk/feedback"
MOST_SHOWN = 50
MOST_EXPORTED = 1000
QUESTION_COLUMNS = "question count last_day outcomes wordings document clause quote"
RATING_COLUMNS = "clause kind helpful unhelpful reasons"


class Feedback:
    def __init__(self, services: ManagingServices, views: DeskViews) -> None:
        self._kept = services.feedback
        self._nearest = services.nearest
        self._clock = services.clock
        self._days = services.feedback_days
        self._views = views

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def questions(self, visit: Visit) -> Response:
        rows = [self._question(group) for group in self._groups()[:MOST_EXPORTED]]
        return exported(
            visit.request.path_params["ending"], "open-questions", rows, QUESTION_COLUMNS
        )

    def ratings(self, visit: Visit) -> Response:
        rows = rated(self._kept.ratings(self._since()))
        return exported(visit.request.path_params["ending"], "ratings", rows, RATING_COLUMNS)

    def delete_questions(self, visit: Visit) -> Response:
        """The whole group, as it was shown."""
        key = visit.text("group", 64)
        group = next((one for one in self._groups() if group_key(one) == key), None)
        if group is None:
            return self._page(visit, "plan_changed")
        self._kept.forget_questions(set(group.wordings))
        return RedirectResponse(f"{HOME}?done=questions_deleted", 303)

    def delete_ratings(self, visit: Visit) -> Response:
        self._kept.forget_ratings(visit.text("kind", 20), visit.text("clause", 200))
        return RedirectResponse(f"{HOME}?done=ratings_deleted", 303)

    def _page(self, visit: Visit, trouble: str = "") -> Response:
        groups = self._groups()
        facts = {
            "groups": [
                (group, group_key(group), self._nearest(group.text))
                for group in groups[:MOST_SHOWN]
            ],
            "count": len(groups),
            "asked": sum(group.count for group in groups),
            "ratings": rated(self._kept.ratings(self._since())),
            "days": self._days,
            "done": visit.request.query_params.get("done", ""),
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        return self._views.page(visit, "managing/feedback.html", facts, 409 if trouble else 200)

    def _question(self, group: QuestionGroup) -> dict[str, Any]:
        near = self._nearest(group.text)
        return {
            "question": group.text,
            "count": group.count,
            "last_day": group.last_day,
            "outcomes": group.outcomes,
            "wordings": group.wordings,
            "document": near.document if near else "",
            "clause": near.clause if near else "",
            "quote": near.quote if near else "",
        }

    def _groups(self) -> tuple[QuestionGroup, ...]:
        return grouped(self._kept.questions(self._since()))

    def _since(self) -> date:
        return self._clock.now().date() - timedelta(days=self._days)


def group_key(group: QuestionGroup) -> str:
    """Another one as soon as another wording belongs to the group."""
    return hashlib.sha256("\n".join(sorted(group.wordings)).encode()).hexdigest()[:32]


def rated(counts: tuple[RatingCount, ...]) -> list[dict[str, Any]]:
    """By clause and kind, the least helpful first."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in counts:
        row = rows.setdefault(
            (one.clause, one.kind),
            {"clause": one.clause, "kind": one.kind, "helpful": 0, "unhelpful": 0},
        )
        row["helpful"] += one.helpful
        row["unhelpful"] += one.unhelpful
        reasons = row.setdefault("by_reason", defaultdict(int))
        if one.reason:
            reasons[one.reason] += one.unhelpful
    for row in rows.values():
        row["reasons"] = [f"{code} {n}" for code, n in sorted(row["by_reason"].items())]
    return sorted(rows.values(), key=lambda r: (-r["unhelpful"], -r["helpful"], r["clause"]))
