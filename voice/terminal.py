"""Carries out what the conversation wants, with a microphone, a loudspeaker and a dialogue.

All decisions lie in `voice.loop`; everything here happens in the one thread that calls `step`.
Other threads (microphone, keyboard, dialogue) only leave something in the inbox.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from core.errors import MingluError, VoiceUnavailable
from core.values import Utterance
from voice.audio import with_gain
from voice.earcons import earcon
from voice.ears import Ears
from voice.endpointer import Patience, Turn
from voice.events import (
    Adjust,
    Ask,
    Back,
    Deaf,
    Device,
    Effect,
    Event,
    Expecting,
    Finish,
    Forget,
    Heard,
    Hush,
    Leave,
    Listen,
    Lost,
    NotKept,
    Play,
    Speak,
    Spoken,
    Tick,
    Tone,
    VoiceBegan,
)
from voice.loop import Conversation, Mode
from voice.mouth import PAUSE_S, Mouth
from voice.preferences import Preferences
from voice.sound_card import Loudspeaker, Microphone

log = logging.getLogger(__name__)

ECHO_S = 0.3
"""Seconds after its own sound during which half-duplex ears stay closed: the room answers late."""
_RETRY_S = 3.0
_LOST_AFTER_S = 2.0
"""A microphone that brings nothing for so long is unplugged."""


@dataclass(frozen=True)
class Frame:
    """Sound from the microphone, 16-bit mono at EAR_RATE."""

    pcm: bytes


class Asker(Protocol):
    """Sends an utterance; Replied or DialogueFailed comes to the inbox later."""

    def ask(self, utterance: Utterance) -> None: ...


@dataclass
class Parts:
    mouth: Mouth
    loudspeaker: Loudspeaker
    asker: Asker
    ears: Ears | None = None
    microphone: Microphone | None = None
    set_rate: Callable[[float], None] = lambda rate: None
    """Takes times the voice's usual rate."""
    keep: Callable[[Preferences], bool] = lambda preferences: True
    new_conversation: Callable[[], str] = lambda: "terminal"
    closers: tuple[Callable[[], None], ...] = ()
    """Called when the terminal ends."""
    full_duplex: bool = False
    """Ears stay open while it speaks: for a headset or a microphone that cancels echo."""


class Terminal:
    """One terminal. Call `step` often (every 10 to 30 ms) until `over`."""

    def __init__(
        self,
        conversation: Conversation,
        parts: Parts,
        preferences: Preferences | None = None,
        inbox: queue.SimpleQueue[Event | Frame] | None = None,
    ) -> None:
        self.inbox = inbox or queue.SimpleQueue()
        self.over = False
        self.preferences = preferences or Preferences()
        self._conversation = conversation
        self._parts = parts
        self._name = parts.new_conversation()
        self._now_s = 0.0
        self._listening = False
        self._deaf_until_s = 0.0
        self._speaking_s: float | None = None
        """Seconds of the sentence that is being heard; None while nothing is said."""
        self._loudspeaker_open = False
        self._microphone_open = False
        self._frame_at_s = 0.0
        self._retry_at_s = 0.0

    def start(self, now_s: float, wait: bool = False) -> bool:
        """Opens the devices. False: no microphone. Raises VoiceUnavailable without loudspeaker.

        `wait`: a loudspeaker that is busy is tried again, and what was to be said comes then.
        """
        self._now_s = self._frame_at_s = now_s
        try:
            self._parts.loudspeaker.open(self._parts.mouth.rate)
            self._loudspeaker_open = True
        except VoiceUnavailable as error:
            if not wait:
                raise
            log.warning("loudspeaker busy code=%s", error.code)
        self._microphone_open = self._open_microphone()
        return self._microphone_open

    def close(self) -> None:
        if self._parts.microphone is not None:
            self._parts.microphone.close()
        self._parts.loudspeaker.close()
        for close in self._parts.closers:
            close()

    def step(self, now_s: float) -> None:
        """Does everything that is due at `now_s`, monotonic seconds."""
        self._now_s = now_s
        while not self.over:
            try:
                item = self.inbox.get_nowait()
            except queue.Empty:
                break
            if isinstance(item, Frame):
                self._hear(item.pcm)
            else:
                self._happen(item)
        if self._speaking_s is not None and self._parts.loudspeaker.waiting_s() <= 0:
            duration_s, self._speaking_s = self._speaking_s, None
            self._deaf_until_s = now_s + ECHO_S
            self._happen(Spoken(duration_s))
        self._mend()
        self._happen(Tick())

    def _happen(self, event: Event) -> None:
        for effect in self._conversation.handle(event, self._now_s):
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Speak):
            self._speak(effect)
        elif isinstance(effect, Hush):
            self._speaking_s = None
            self._parts.mouth.stop()
            self._parts.loudspeaker.clear()
        elif isinstance(effect, Play):
            self._play(effect.tone)
        elif isinstance(effect, Listen):
            self._listen(effect.expecting)
        elif isinstance(effect, Finish):
            self._finish()
        elif isinstance(effect, Deaf):
            self._listening = False
            if self._parts.full_duplex:
                self._listen(Expecting.ANYTHING)
        elif isinstance(effect, Ask):
            self._ask(effect)
        elif isinstance(effect, Adjust):
            self._adjust(effect.what)
        elif isinstance(effect, Forget):
            self._name = self._parts.new_conversation()
        elif isinstance(effect, Leave):
            self.over = True

    # Out

    def _speak(self, effect: Speak) -> None:
        if self._speaking_s is not None:
            self._parts.loudspeaker.clear()
        self._speaking_s = 0.0
        if not self._loudspeaker_open:
            self._speaking_s = None
            return
        size = self._pronounce(effect)
        if size is None:
            # Half a sentence is not understood: it is said again, by another process.
            self._parts.loudspeaker.clear()
            size = self._pronounce(effect) or 0
        self._parts.loudspeaker.write(bytes(2 * round(PAUSE_S * self._parts.mouth.rate)))
        self._speaking_s = size / 2 / self._parts.mouth.rate + PAUSE_S

    def _pronounce(self, effect: Speak) -> int | None:
        """Bytes of the sentence that go to the loudspeaker; None where the voice broke off."""
        size = 0
        try:
            for chunk in self._parts.mouth.sound(effect.sentence, keep=effect.prompt):
                self._parts.loudspeaker.write(with_gain(chunk, self.preferences.volume))
                size += len(chunk)
        except VoiceUnavailable as error:
            # At worst the sentence is lost, not the conversation.
            log.warning("mouth failed code=%s", error.code)
            return None
        return size

    def _play(self, tone: Tone) -> None:
        if self.preferences.tones and self._loudspeaker_open:
            pcm = earcon(tone, self._parts.mouth.rate)
            self._parts.loudspeaker.write(with_gain(pcm, self.preferences.volume))
            seconds = len(pcm) / 2 / self._parts.mouth.rate
            self._deaf_until_s = max(self._deaf_until_s, self._now_s + seconds)

    def _adjust(self, what: str) -> None:
        before = self.preferences
        self.preferences = getattr(before, what)()
        if self.preferences.rate != before.rate:
            self._parts.set_rate(self.preferences.rate)
            self._parts.mouth.forget_sounds()
        if not self._parts.keep(self.preferences):
            self._happen(NotKept())

    # In

    def _listen(self, expecting: Expecting) -> None:
        self._listening = True
        if self._parts.ears is not None:
            patience = patience_for(expecting, self.preferences.pause_s)
            self._parts.ears.listen(patience, expecting)

    def _hear(self, pcm: bytes) -> None:
        self._frame_at_s = self._now_s
        ears = self._parts.ears
        echo = not self._parts.full_duplex and self._now_s < self._deaf_until_s
        if ears is None or not self._listening or echo:
            return
        try:
            turn = ears.hear(pcm)
            if turn is Turn.BEGUN:
                self._happen(VoiceBegan())
            elif turn is Turn.ENDED:
                self._finish()
        except MingluError as error:
            log.warning("ears failed code=%s", error.code)
            self._listening = False
            self._happen(Lost(Device.EARS))

    def _finish(self) -> None:
        """The person has finished: what was said goes to the conversation."""
        self._listening = False
        if self._parts.ears is not None:
            self._happen(Heard(self._parts.ears.readings()))

    def _ask(self, effect: Ask) -> None:
        channel = "voice" if effect.by == "voice" else "terminal"
        self._parts.asker.ask(
            Utterance(
                effect.text,
                self._name,
                channel,
                alternatives=effect.alternatives,
                metadata={"by": effect.by},
            )
        )

    # Devices that come and go

    def _open_microphone(self) -> bool:
        if self._parts.microphone is None or self._parts.ears is None:
            return False
        try:
            self._parts.microphone.open(lambda pcm: self.inbox.put(Frame(pcm)))
        except VoiceUnavailable:
            return False
        self._frame_at_s = self._now_s
        return True

    def _mend(self) -> None:
        if self._now_s < self._retry_at_s:
            return
        if self._microphone_open and self._now_s - self._frame_at_s > _LOST_AFTER_S:
            self._microphone_open = False
            if self._parts.microphone is not None:
                self._parts.microphone.close()
            self._happen(Lost(Device.MICROPHONE))
        elif not self._microphone_open and self._parts.microphone is not None:
            self._microphone_open = self._open_microphone()
            if self._microphone_open:
                self._happen(Back(Device.MICROPHONE))
        self._mend_loudspeaker()
        self._retry_at_s = self._now_s + _RETRY_S if not self._all_open() else 0.0

    def _mend_loudspeaker(self) -> None:
        if self._loudspeaker_open and self._parts.loudspeaker.alive():
            return
        if self._loudspeaker_open:
            self._loudspeaker_open = False
            self._speaking_s = None
            self._happen(Lost(Device.LOUDSPEAKER))
        try:
            self._parts.loudspeaker.open(self._parts.mouth.rate)
        except VoiceUnavailable:
            return
        self._loudspeaker_open = True
        self._happen(Back(Device.LOUDSPEAKER))

    def _all_open(self) -> bool:
        return self._loudspeaker_open and (self._microphone_open or self._parts.microphone is None)

    @property
    def waiting(self) -> bool:
        """Whether it is the person's turn and nothing is sounding."""
        return self._conversation.mode is Mode.WAITING and self._parts.loudspeaker.waiting_s() <= 0


def patience_for(expecting: Expecting, pause_s: float) -> Patience:
    """Short after yes or no; long while digits or a name are dictated, with breaths between."""
    usual = Patience(pause_s=pause_s)
    if expecting is Expecting.YES_NO:
        return replace(usual, pause_s=max(0.3, 0.6 * pause_s), longest_s=8.0)
    if expecting is Expecting.DIGITS:
        return replace(usual, pause_s=2.2 * pause_s, longest_s=60.0)
    if expecting is Expecting.NAME:
        return replace(usual, pause_s=1.7 * pause_s)
    return usual
