"""An answer as sound: text for the ear, sentence by sentence, known prompts made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping

from core.ear import for_ear, in_sentences
from core.ports import Speaker
from core.values import Reply
from voice.audio import Pcm, silence
from voice.prompt_cache import PromptCache

_KEPT = 200
"""Sentences kept as sound; an hour of use repeats few others."""
PAUSE_S = 0.25
"""Seconds between two sentences."""


class Mouth:
    """What a Speaker says, prepared for the ear."""

    def __init__(
        self,
        speaker: Speaker,
        respellings: Mapping[str, str] | None = None,
        mask_phones: bool = False,
        cache: PromptCache | None = None,
        voice_name: Callable[[], str] = lambda: "",
        known: Collection[str] = (),
    ) -> None:
        """`cache` keeps the `known` prompts on disk, and no other sentence, by `voice_name`."""
        self._cache = cache
        self._known = frozenset(known)
        self._voice_name = voice_name
        self._speaker = speaker
        self._respellings = dict(respellings or {})
        self._mask_phones = mask_phones
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._cut_off = False

    @property
    def rate(self) -> int:
        return self._speaker.rate

    def sentences(self, text: str) -> tuple[str, ...]:
        """What will be said, in breaths; the first at most 25 characters."""
        if not any("\u4e00" <= character <= "\u9fff" for character in text):
            # The reading rules are those of Mandarin; Korean syllables take half the time.
            return in_sentences(text, first_max=60, rest_max=90)
        return in_sentences(for_ear(text, mask_phones=self._mask_phones))

    def sentences_of(self, replies: list[Reply]) -> tuple[str, ...]:
        """All sentences of the replies in order, cut so that the first comes soon."""
        texts = [reply.speech or reply.text for reply in replies]
        return self.sentences("\n".join(text for text in texts if text))

    def sound(self, sentence: str, keep: bool = False) -> Iterator[bytes]:
        """PCM of one sentence at `rate`. `keep`: a prompt that will be said again.

        Raises VoiceUnavailable.
        """
        if sentence in self._kept:
            self._kept.move_to_end(sentence)
            yield self._kept[sentence]
            return
        on_disk = self._cache if sentence in self._known else None
        kept = on_disk.get(sentence, self._voice_name()) if on_disk else b""
        if kept:
            self._remember(sentence, kept)
            yield kept
            return
        said = sentence
        for written, heard in self._respellings.items():
            said = said.replace(written, heard)
        chunks: list[bytes] = []
        self._cut_off = False
        for chunk in self._speaker.synthesise(said):
            chunks.append(chunk)
            yield chunk
        if keep and chunks and not self._cut_off:
            self._remember(sentence, b"".join(chunks))
            if on_disk is not None:
                on_disk.put(sentence, self._voice_name(), self._kept[sentence])

    def _remember(self, sentence: str, pcm: bytes) -> None:
        self._kept[sentence] = pcm
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def forget_sounds(self) -> None:
        """After a change of voice or rate the kept prompts sound wrong."""
        self._kept.clear()

    def stop(self) -> None:
        self._cut_off = True
        self._speaker.stop()

    def whole(self, sentences: tuple[str, ...]) -> Pcm:
        """Everything as one sound with pauses between. Raises VoiceUnavailable."""
        sound = bytearray()
        for sentence in sentences:
            if sound:
                sound += silence(PAUSE_S, self.rate)
            for chunk in self.sound(sentence):
                sound += chunk
        return Pcm(bytes(sound), self.rate)
