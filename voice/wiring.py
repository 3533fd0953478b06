"""Builds the parts of the voice from settings. Nothing is loaded before it is asked for."""

from __future__ import annotations

from dataclasses import replace

from runtime.settings import Settings
from voice.ears import Ears
from voice.endpointer import SileroDetector
from voice.models import find_model
from voice.mouth import Mouth
from voice.phrases import load_respellings
from voice.preferences import Preferences
from voice.recogniser import RecogniserPool, load_model
from voice.speaker.process import PyttsxSpeaker, Voice

VOICES = {"zh": Voice("cmn+f3", 180), "ko": Voice("ko", 160)}


def build_speaker(settings: Settings, preferences: Preferences | None = None) -> PyttsxSpeaker:
    """Raises VoiceUnavailable."""
    voice = VOICES[settings.voice_language]
    if preferences is not None:
        voice = replace(voice, rate=round(voice.rate * preferences.rate))
    speaker = PyttsxSpeaker(voice)
    speaker.start()
    return speaker


def build_mouth(settings: Settings, speaker: PyttsxSpeaker, mask_phones: bool = False) -> Mouth:
    # Answers of the dialogue are Mandarin in every language; only the reading rules differ.
    return Mouth(
        speaker,
        load_respellings(settings.voice_language),
        mask_phones=mask_phones,
        reads_chinese=settings.voice_language == "zh",
    )


def build_pool(settings: Settings) -> RecogniserPool:
    """Raises VoiceUnavailable that says how to get the model."""
    return RecogniserPool(load_model(find_model(settings)))


def build_ears(pool: RecogniserPool, grammar: tuple[str, ...] = ()) -> Ears:
    return Ears(pool.take(grammar), SileroDetector())
