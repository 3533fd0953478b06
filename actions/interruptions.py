"""Which action answers a sentence that an open form leaves: read from the dialogue's own rules.

A form that leaves a question to the rules costs three calls of actions: the form's refusal, the
answer, and the form again. Where a rule gives the intent to one action that only answers, the form
has that action answer within its own call, and asks again in the same breath.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from actions.conversation import ConversationAction, FormAction
from actions.wiring import Services
from runtime.settings import PROJECT_ROOT

RULES = PROJECT_ROOT / "bot" / "dialogue" / "rules"


def answering_action(intent: str, services: Services) -> ConversationAction | None:
    """The action that answers `intent` and nothing else; None: Rasa's rules must decide."""
    kind = _answering().get(_actions_by_intent().get(intent, ""))
    return kind(services) if kind else None


@lru_cache(maxsize=1)
def _actions_by_intent() -> dict[str, str]:
    """Intent to action, from rules of one intent (or a choice of them) and one action."""
    found: dict[str, str] = {}
    for file in sorted(RULES.glob("*.yml")):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]:
            steps: list[dict[str, Any]] = rule["steps"]
            if "condition" in rule or len(steps) != 2 or "action" not in steps[1]:
                continue
            heard = steps[0].get("or", [steps[0]])
            found |= {step["intent"]: steps[1]["action"] for step in heard if "intent" in step}
    return found


@lru_cache(maxsize=1)
def _answering() -> dict[str, type[ConversationAction]]:
    return {
        kind.response_name: kind
        for kind in _descendants(ConversationAction)
        if not issubclass(kind, FormAction) and kind.resumes_form and not kind.leads_on
    }


def _descendants(base: type[ConversationAction]) -> Iterator[type[ConversationAction]]:
    for kind in base.__subclasses__():
        if hasattr(kind, "response_name"):
            yield kind
        yield from _descendants(kind)
