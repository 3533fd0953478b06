"""Which part of the voice works, and how to mend what does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import MingluError, VoiceUnavailable
from runtime.dialogue_client import HttpDialogue
from runtime.settings import Settings
from voice.models import find_model
from voice.phrases import load_phrases
from voice.recogniser import load_model
from voice.sound_card import MiniaudioLoudspeaker, MiniaudioMicrophone
from voice.whisper import join_weights, load_whisper
from voice.wiring import build_mouth, build_speaker

_LISTEN_S = 0.5


@dataclass(frozen=True)
class Finding:
    part: str
    """microphone, loudspeaker, model, voice or dialogue."""
    works: bool
    detail: str
    """What was found, or the cause and the mend."""


def checkup(settings: Settings) -> list[Finding]:
    """Tries every part; never raises for one that is missing."""
    tries: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("voice", _voice),
        ("loudspeaker", _loudspeaker),
        ("microphone", _microphone),
        ("model", _model),
        ("dialogue", _dialogue),
    )
    findings = []
    for part, attempt in tries:
        try:
            findings.append(Finding(part, True, attempt(settings)))
        except MingluError as error:
            findings.append(Finding(part, False, str(error)))
    return findings


def speak_checkup(settings: Settings, findings: list[Finding]) -> None:
    """Says the findings aloud where there is a voice and a loudspeaker."""
    works = {finding.part: finding.works for finding in findings}
    if not (works["voice"] and works["loudspeaker"]):
        return
    phrases = load_phrases(settings.voice_language)
    lines = [phrases.say("check_start")]
    for finding in findings:
        key = "check_ok" if finding.works else "check_failed"
        lines.append(phrases.say(key, part=phrases.parts[finding.part]))
    if all(works.values()):
        lines.append(phrases.say("check_all_ok"))
    speaker = build_speaker(settings)
    loudspeaker = MiniaudioLoudspeaker()
    try:
        mouth = build_mouth(settings, speaker)
        loudspeaker.open(mouth.rate)
        loudspeaker.write(mouth.whole(mouth.sentences("\n".join(lines))).data)
        while loudspeaker.waiting_s() > 0:
            time.sleep(0.05)
    finally:
        loudspeaker.close()
        speaker.close()


def _voice(settings: Settings) -> str:
    speaker = build_speaker(settings)
    try:
        word = load_phrases(settings.voice_language).parts["voice"]
        size = sum(len(chunk) for chunk in speaker.synthesise(word))
    finally:
        speaker.close()
    if not size:
        raise VoiceUnavailable(f"the voice {speaker.voice.name} made no sound; run `make setup`")
    return f"pyttsx3 with espeak-ng, {speaker.voice.name}, {speaker.rate} Hz"


def _loudspeaker(_: Settings) -> str:
    loudspeaker = MiniaudioLoudspeaker()
    loudspeaker.open(22_050)
    loudspeaker.close()
    return "open"


def _microphone(_: Settings) -> str:
    microphone = MiniaudioMicrophone()
    heard: list[bytes] = []
    microphone.open(heard.append)
    time.sleep(_LISTEN_S)
    microphone.close()
    if not any(any(pcm) for pcm in heard):
        raise VoiceUnavailable("the microphone gives no sound; is it muted or unplugged?")
    return "open, sound arrives"


def _model(settings: Settings) -> str:
    if settings.ears == "whisper":
        folder = join_weights(settings.data_dir / "models")
        load_whisper(folder)
        return str(folder)
    folder = find_model(settings)
    load_model(folder)
    return str(folder)


def _dialogue(settings: Settings) -> str:
    async def ready() -> bool:
        client = HttpDialogue(settings.dialogue_base, timeout_s=3.0)
        try:
            return await client.ready()
        finally:
            await client.close()

    if not asyncio.run(ready()):
        raise VoiceUnavailable(
            f"the dialogue server at {settings.dialogue_base} does not answer; "
            "start it with `make run`"
        )
    return settings.dialogue_base
