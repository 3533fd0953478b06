"""Rules and lookups as a Rasa graph component: what was said, and the values in it."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.voice_corrector import CORRECTED_TEXT
from core.ports import Clock
from core.spoken.entities import Entity, EntityRules, without_overlaps
from runtime.settings import Settings, SystemClock

_NEVER_MENDED = ("name", "phone", "reference")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RuleEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Entities as `core.spoken` finds them; names of courses come from the lookup `course`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        courses: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._rules = EntityRules(courses)
        self._clock = clock or SystemClock(Settings.from_env(os.environ).now)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleEntityExtractor:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RuleEntityExtractor:
        with model_storage.read_from(resource) as folder:
            courses = json.loads((folder / "courses.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, tuple(courses))

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the lookup's names; there is nothing to learn."""
        courses = [
            name
            for table in training_data.lookup_tables
            if table["name"] == "course"
            for name in table["elements"]
        ]
        self._rules = EntityRules(courses)
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(courses, ensure_ascii=False)
            (folder / "courses.json").write_text(text, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        today = self._clock.now().date()
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = self._find(text, message.get(CORRECTED_TEXT) or "", today)
                message.set(ENTITIES, [_as_rasa(e) for e in found], add_to_output=True)
        return messages

    def _find(self, text: str, corrected: str, today: date) -> tuple[Entity, ...]:
        """What was heard comes first; mending adds what it hid, but never names or numbers."""
        found = self._rules.find(text, today)
        if not corrected or corrected == text:
            return found
        mended = self._rules.find(corrected, today)
        return without_overlaps([found, [e for e in mended if e.kind not in _NEVER_MENDED]])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The classifier learns from what the rules mark, so training texts are marked too."""
        self.process(training_data.training_examples)
        return training_data


def _as_rasa(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.kind,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "extractor": "RuleEntityExtractor",
        **entity.details,
    }
