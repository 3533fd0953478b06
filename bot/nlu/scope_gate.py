"""Knowing what this assistant is not for: the gate behind the classifier."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.intent_model import OUT_OF_SCOPE
from runtime import metrics

SCOPE_SCORE = "scope_score"
FALLBACK = "nlu_fallback"
_ELSEWHERE = 2.0


def scope_of(score: float, entities: list[dict[str, Any]]) -> float:
    """The model's scope score, less a penalty where another province is named in writing."""
    named = any(e["entity"] == "other_region" and e.get("certain", True) for e in entities)
    return score - _ELSEWHERE if named else score


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ScopeGate(GraphComponent, IntentClassifier):
    """Turns a doubtful in-scope intent into `nlu_fallback` and says how far in scope a text is.

    A question about another province keeps its intent: the policy engine says better why it
    cannot answer (`other_region`). The message's `scope_score` is low all the same.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "threshold": 0.1,
            "never_doubted": [
                "crisis", "human_handoff", "affirm", "deny", "inform", "skip", "repeat", "help",
                "greet", "goodbye", "thanks", "complain", "correct", "continue", "go_back",
                "restart",
            ],
            "ranking_length": 5,
        }  # fmt: skip

    def __init__(self, config: dict[str, Any]) -> None:
        self._threshold = float(config["threshold"])
        self._never_doubted = frozenset(config["never_doubted"])
        self._ranking_length = int(config["ranking_length"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScopeGate:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            score = message.get(SCOPE_SCORE)
            if not ranking or score is None:
                continue
            top = ranking[0]["name"]
            metrics.INTENT.observe(ranking[0]["confidence"])
            if score < self._threshold and self._is_doubted(top):
                fallback = {"name": FALLBACK, "confidence": 1.0 - ranking[0]["confidence"]}
                ranking = [fallback, *ranking]
                message.set(INTENT, fallback, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._ranking_length], add_to_output=True)
            scope = scope_of(float(score), message.get(ENTITIES) or [])
            message.set(SCOPE_SCORE, scope, add_to_output=True)
        return messages

    def _is_doubted(self, intent: str) -> bool:
        return not intent.startswith(OUT_OF_SCOPE) and intent not in self._never_doubted
