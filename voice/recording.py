"""A recording in, a spoken answer out: for files, voice notes and other channels."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import VoiceUnavailable
from core.ports import Dialogue
from core.values import Reply, Utterance
from voice.audio import Pcm
from voice.ears import Ears
from voice.mouth import Mouth
from voice.phrases import Phrases


@dataclass(frozen=True)
class SpokenAnswer:
    readings: tuple[str, ...]
    """What was heard, best first; empty when nothing was understood."""
    replies: tuple[Reply, ...]
    sound: Pcm


async def answer_recording(
    question: Pcm,
    ears: Ears,
    dialogue: Dialogue,
    mouth: Mouth,
    phrases: Phrases,
    conversation: str,
    channel: str = "voice",
) -> SpokenAnswer:
    """Raises VoiceUnavailable or DialogueUnavailable. What is not understood is said so, aloud."""
    readings = ears.transcribe(question)
    if not readings:
        return SpokenAnswer((), (), mouth.whole(mouth.sentences(phrases.say("not_heard"))))
    utterance = Utterance(readings[0], conversation, channel, alternatives=readings[1:])
    replies = await dialogue.send(utterance)
    sentences = mouth.sentences_of(replies) or mouth.sentences(phrases.say("no_answer"))
    return SpokenAnswer(readings, tuple(replies), mouth.whole(sentences))


def spoken_text(text: str, mouth: Mouth) -> Pcm:
    """A text as sound. Raises VoiceUnavailable where nothing in it can be said."""
    sentences = mouth.sentences(text)
    if not sentences:
        raise VoiceUnavailable("there is nothing to say in this text")
    return mouth.whole(sentences)
