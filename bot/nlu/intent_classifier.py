"""The intent model as a Rasa graph component."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import action_calls, graph_runs, tracker_values
from bot.nlu.intent_model import IntentModel, Sample, Tuning
from bot.nlu.marks import marks_of
from bot.nlu.scope_gate import SCOPE_SCORE
from bot.nlu.voice_corrector import CORRECTED_TEXT
from core.spoken.leads import without_lead_in
from policy.finding.encoder import installed_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SpokenIntentClassifier(GraphComponent, IntentClassifier):
    """Ranks intents for short, misheard Mandarin. Source: docs/understanding.md."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"use_encoder": True, "ranking_length": 5, **Tuning().__dict__}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model
        action_calls.install()
        graph_runs.install()
        tracker_values.install()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpokenIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpokenIntentClassifier:
        encoder = installed_encoder() if config["use_encoder"] else None
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(folder, encoder)
        # The encoder reads its weights at its first sentence, which no person should wait for.
        model.scores(Sample("您好", (), ""))
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        tuning = Tuning(**{name: self._config[name] for name in Tuning().__dict__})
        encoder = installed_encoder() if self._config["use_encoder"] else None
        samples = [sample_of(example) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        self._model = IntentModel.train(samples, labels, encoder, tuning)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is not None and (message.get(TEXT) or "").strip():
                self._rank(message, self._model)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _rank(self, message: Message, model: IntentModel) -> None:
        scores = model.scores(sample_of(message))
        confidences = model.confidences(scores)
        best = confidences.argsort()[::-1][: int(self._config["ranking_length"])]
        ranking = [{"name": model.intents[i], "confidence": float(confidences[i])} for i in best]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(SCOPE_SCORE, model.scope_score(scores), add_to_output=True)


def sample_of(message: Message) -> Sample:
    """A message as the model sees it; entities must have been extracted before.

    等会儿，我先问一嘴 is no part of what is asked: it sounds like waiting, or like any question.
    """
    text = message.get(TEXT)
    marks = marks_of(text, message.get(ENTITIES) or [])
    corrected = message.get(CORRECTED_TEXT) or ""
    return Sample(without_lead_in(text), marks, without_lead_in(corrected))
