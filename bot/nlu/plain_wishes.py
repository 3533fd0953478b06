"""Where the words of a sentence settle what is wished, they win over the classifier's guess."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from core.spoken.wishes import likely_wish, plain_wish, speaks_of_change
from policy.answering.danger import hardly, in_danger

_SURE = 0.95
_DANGER = "crisis"
_CHANGES = frozenset(["reschedule_booking", "cancel_booking"])
_OF_A_PLACE = frozenset(["course", "city", "date"])
_GUESS = 0.6
"""Confidence under which words that speak for a wish count more."""
_HARDLY_WRONG = 0.8
"""Confidence from which a wish to change is believed without a word of one."""
# Short answers, which hold such words in the light of a question.
_OWN_WORDS = frozenset("affirm deny inform skip join_waitlist repeat book_course crisis".split())


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
            text = message.get(TEXT) or ""
            heard = _of_no_change(message, _believed(message, text), text)
            # Danger comes before any other wish in the same sentence.
            wish = _DANGER if in_danger(text) else plain_wish(text)
            if not wish and _is_guess(heard):
                wish = likely_wish(text)
            if not wish or not heard or heard.get("name") == _DANGER:
                continue
            settled = {"name": wish, "confidence": max(_SURE, _confidence(message, wish))}
            others = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] != wish]
            message.set(INTENT, settled, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [settled, *others], add_to_output=True)
        return messages


def _believed(message: Message, text: str) -> dict[str, Any]:
    """The classifier's guess; danger that nothing in the words hints at gives way to the next."""
    heard: dict[str, Any] = message.get(INTENT) or {}
    ranking = message.get(INTENT_RANKING_KEY) or []
    others = [r for r in ranking if r["name"] != _DANGER]
    if heard.get("name") != _DANGER or not others or not hardly(text):
        return heard
    message.set(INTENT, others[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, others, add_to_output=True)
    return others[0]


def _of_no_change(message: Message, heard: dict[str, Any], text: str) -> dict[str, Any]:
    """A guess of a change where course or town and day are told, and no word speaks of a change."""
    told = {entity.get("entity") for entity in message.get(ENTITIES) or []} & _OF_A_PLACE
    sure = float(heard.get("confidence") or 0) >= _HARDLY_WRONG
    if heard.get("name") not in _CHANGES or sure or len(told) < 2:
        return heard
    others = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] not in _CHANGES]
    if speaks_of_change(text) or not others:
        return heard
    message.set(INTENT, others[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, others, add_to_output=True)
    return others[0]


def _is_guess(heard: dict[str, Any]) -> bool:
    """Whether the classifier is not sure, of an intent that such words may hide."""
    return heard.get("name") not in _OWN_WORDS and float(heard.get("confidence") or 0) < _GUESS


def _confidence(message: Message, intent: str) -> float:
    ranking = message.get(INTENT_RANKING_KEY) or []
    return next((float(r["confidence"]) for r in ranking if r["name"] == intent), 0.0)
