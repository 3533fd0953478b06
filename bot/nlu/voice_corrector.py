"""The pinyin corrector as a Rasa graph component: `corrected_text` for what was heard."""

from __future__ import annotations

import hashlib
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.misheard import misheard
from bot.nlu.pinyin_corrector import PinyinCorrector
from runtime.settings import PROJECT_ROOT

CORRECTED_TEXT = "corrected_text"
_FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class VoiceCorrector(GraphComponent):
    """Mends homophones of messages that came by voice; typed text is left alone.

    A message came by voice where its metadata's `channel` is one of `spoken_channels`, or where it
    carries `spoken: true` or a recogniser's `alternatives`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "spoken_channels": ["voice"],
            "documents": "policy/data/*.txt",
            # Share of characters that sound alike in a copy of each training sentence; 0: none.
            "misheard_rate": 0.2,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        corrector: PinyinCorrector | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._corrector = corrector

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VoiceCorrector:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VoiceCorrector:
        with model_storage.read_from(resource) as folder:
            corrector = PinyinCorrector.load(folder / _FILE)
        return cls(config, model_storage, resource, corrector)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The notices belong to what is learnt: other notices, another training."""
        # Rasa hands over the bare configuration here, without the defaults.
        complete = {**cls.get_default_config(), **config}
        texts = "".join(_documents(str(complete["documents"])))
        return hashlib.sha256(texts.encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        texts = [e.get(TEXT) for e in training_data.training_examples if e.get(TEXT)]
        # A notice says a word once that people say every day: it counts three times.
        self._corrector = PinyinCorrector.learn(
            texts + _documents(str(self._config["documents"])) * 3
        )
        with self._storage.write_to(self._resource) as folder:
            self._corrector.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._corrector and self._was_heard(message.get("metadata") or {}):
                corrected = self._corrector.correct(text[:500])
                message.set(CORRECTED_TEXT, corrected, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Each sentence once more as it might be misheard, with what the corrector makes of it."""
        rate = float(self._config["misheard_rate"])
        if self._corrector is None or rate <= 0:
            return training_data
        copies = []
        for example in training_data.intent_examples:
            text = str(example.get(TEXT) or "")
            heard = misheard(text, rate)
            if heard != text:
                data = {TEXT: heard, INTENT: example.get(INTENT)}
                copies.append(Message({**data, CORRECTED_TEXT: self._corrector.correct(heard)}))
        return training_data.merge(TrainingData(training_examples=copies))

    def _was_heard(self, metadata: dict[str, Any]) -> bool:
        if metadata.get("spoken") or metadata.get("alternatives"):
            return True
        return metadata.get("channel") in self._config["spoken_channels"]


def _documents(pattern: str) -> list[str]:
    """The notices' texts, in the order of their names."""
    return [file.read_text(encoding="utf-8") for file in sorted(PROJECT_ROOT.glob(pattern))]
