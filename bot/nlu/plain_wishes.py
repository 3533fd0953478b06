"""Where the words of a sentence settle what is wished, they win over the classifier's guess."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from core.spoken.wishes import plain_wish
from policy.answering.scope import in_danger

_SURE = 0.95
# Danger comes before any other wish in the same sentence.
_NEVER_SETTLED = frozenset(["crisis"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PlainWishes(GraphComponent, IntentClassifier):
    """Puts at the head of the ranking what words settle: danger, then `core/spoken/wishes.py`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainWishes:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            heard = message.get(INTENT) or {}
            text = message.get(TEXT) or ""
            # A classifier hears the anger around it, or the course; the words decide.
            wish = "crisis" if in_danger(text) else plain_wish(text)
            if not wish or not heard or heard.get("name") in _NEVER_SETTLED:
                continue
            settled = {"name": wish, "confidence": max(_SURE, _confidence(message, wish))}
            others = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] != wish]
            message.set(INTENT, settled, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [settled, *others], add_to_output=True)
        return messages


def _confidence(message: Message, intent: str) -> float:
    ranking = message.get(INTENT_RANKING_KEY) or []
    return next((float(r["confidence"]) for r in ranking if r["name"] == intent), 0.0)
