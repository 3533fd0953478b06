"""Builds the parts of the voice from settings. Nothing is loaded before it is asked for."""

from __future__ import annotations

import queue
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.ports import Dialogue
from core.spoken.explaining import spell_out
from core.values import Reply
from runtime.settings import Settings
from voice.asker import ThreadedAsker
from voice.attention import Listening
from voice.ears import Ears
from voice.endpointer import SileroDetector
from voice.events import Expecting
from voice.graph.overlay import closed_model, has_dynamic_graph
from voice.loop import Conversation, Manners
from voice.models import find_model
from voice.mouth import Mouth
from voice.phrases import Phrases, load_phrases, load_respellings
from voice.preferences import Preferences, load_preferences, save_preferences
from voice.prompt_cache import PromptCache
from voice.recogniser import RecogniserPool, load_model
from voice.script import in_time
from voice.sound_card import MiniaudioLoudspeaker, MiniaudioMicrophone
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.terminal import Parts, Terminal
from voice.transcriber import Pool
from voice.whisper import WhisperPool, join_weights, load_whisper, require_whisper

VOICES = {"zh": Voice("cmn+f3", 150), "ko": Voice("ko", 160)}


def build_speaker(settings: Settings, preferences: Preferences | None = None) -> PyttsxSpeaker:
    """Raises VoiceUnavailable."""
    voice = VOICES[settings.voice_language]
    if preferences is not None:
        voice = replace(voice, rate=round(voice.rate * preferences.rate))
    chinese = VOICES["zh"] if settings.voice_language != "zh" else None
    speaker = PyttsxSpeaker(voice, chinese)
    speaker.start()
    return speaker


def build_mouth(settings: Settings, speaker: PyttsxSpeaker, mask_phones: bool = False) -> Mouth:
    # What the terminal says by itself names nobody: it alone may lie on the disk.
    own = load_phrases(settings.voice_language).sentences.values()
    return Mouth(
        speaker,
        # Answers of the dialogue are Mandarin in every language.
        load_respellings("zh"),
        mask_phones=mask_phones,
        cache=PromptCache(settings.data_dir / "prompts"),
        voice_name=lambda: f"{speaker.voice} {speaker.chinese_voice}",
        known=[sentence for sentence in own if "{" not in sentence],
    )


def check_ears(settings: Settings) -> None:
    """Raises VoiceUnavailable, at once, where there is nothing to hear with."""
    if settings.ears == "whisper":
        require_whisper()
    else:
        find_model(settings)


def build_pool(settings: Settings) -> Pool:
    """Raises VoiceUnavailable that says how to get the model."""
    if settings.ears == "whisper":
        model = load_whisper(join_weights(settings.data_dir / "models"))
        return WhisperPool(model, settings.voice_language)
    return RecogniserPool(load_model(find_model(settings)))


def build_ears(pool: Pool) -> Ears:
    """Ears for everything that the model knows."""
    return Ears(pool.take(), SileroDetector())


def build_terminal_ears(settings: Settings, phrases: Phrases) -> Ears:
    """Ears for a terminal: where only its own phrases count, for those alone.

    Raises VoiceUnavailable.
    """
    if not phrases.closed or settings.ears == "whisper":
        return build_ears(build_pool(settings))
    model = find_model(settings, adapted=False)
    if has_dynamic_graph(model):
        home = settings.data_dir / "models" / "overlay"
        home.mkdir(parents=True, exist_ok=True)
        pool = RecogniserPool(load_model(closed_model(model, phrases.grammar(), home)))
        usual = pool.take()
    else:
        pool = RecogniserPool(load_model(model))
        usual = pool.take(phrases.grammar())
    digits = pool.take(tuple(phrases.digit_words) + phrases.grammar())
    return Ears(usual, SileroDetector(), {Expecting.DIGITS: digits})


def build_terminal(
    settings: Settings,
    dialogue: Dialogue,
    *,
    text: bool = False,
    full_duplex: bool = False,
    kiosk: bool = False,
    mask_phones: bool = False,
) -> Terminal:
    """A terminal with the machine's own microphone and loudspeaker, not yet opened.

    `text`: no ears, questions are typed. Raises VoiceUnavailable.
    """
    phrases = load_phrases(settings.voice_language)
    ears = None if text else build_terminal_ears(settings, phrases)
    file = settings.data_dir / "terminal.json"
    preferences = load_preferences(file)
    speaker = build_speaker(settings, preferences)
    mouth = build_mouth(settings, speaker, mask_phones)
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    usual = VOICES[settings.voice_language]

    def set_rate(times: float) -> None:
        speaker.voice = replace(speaker.voice, rate=round(usual.rate * times))

    def sentences_of(replies: Sequence[Reply]) -> tuple[str, ...]:
        return in_time(mouth.sentences_of(list(replies)), speaker.voice.rate / usual.rate)

    asker = ThreadedAsker(dialogue, inbox)
    parts = Parts(
        mouth=mouth,
        loudspeaker=MiniaudioLoudspeaker(),
        asker=asker,
        ears=ears,
        microphone=None if text else MiniaudioMicrophone(),
        set_rate=set_rate,
        keep=lambda kept: save_preferences(file, kept),
        new_conversation=lambda: f"terminal-{uuid.uuid4().hex}",
        full_duplex=full_duplex,
        closers=(asker.close, speaker.close),
    )
    manners = Manners(kiosk=kiosk, listening=Listening(settings.listening))
    conversation = Conversation(phrases, sentences_of, manners, spell_out)
    return Terminal(conversation, parts, preferences, inbox)
