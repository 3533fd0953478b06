"""The conversation at a terminal: events in, effects out. No sound, no clock, no network.

Time is an argument, so that a test with a file-backed sound card can let a minute pass at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from core.values import Choice, Reply
from voice.attention import Attention, Listening
from voice.commands import Commands
from voice.events import (
    Adjust,
    Ask,
    Back,
    Deaf,
    Device,
    DialogueFailed,
    Effect,
    Event,
    Expecting,
    Finish,
    Forget,
    Heard,
    Hush,
    Key,
    Leave,
    Listen,
    Lost,
    NotKept,
    Play,
    Replied,
    Speak,
    Spoken,
    Started,
    Tick,
    Tone,
    Typed,
    VoiceBegan,
)
from voice.keypad import Entry
from voice.phrases import Phrases
from voice.script import Script
from voice.spelling import Spelling, Told

_PAD = frozenset("0123456789#*")
_SURELY = 1.2
"""Times its judged length that hardly any sentence exceeds."""


class Mode(str, Enum):
    WAITING = "waiting"
    """Listening, or ready for a key."""
    THINKING = "thinking"
    SPEAKING = "speaking"
    LEFT = "left"


@dataclass(frozen=True)
class Manners:
    """How the terminal behaves; nothing here hurries anybody."""

    answer_s: float = 20.0
    """Longest stretch of an answer, in seconds, before it asks whether to go on."""
    seconds_a_character: float = 0.3
    """Until a sentence was heard: judges whether the next one still fits."""
    thinking_tone_s: float = 0.6
    thinking_words_s: float = 4.0
    away_s: float = 180.0
    """Seconds of absence until it asks whether somebody is there."""
    forget_s: float = 60.0
    """Seconds after that until everything is forgotten."""
    listening: Listening = Listening.OPEN
    sleep_s: float = 45.0
    """Seconds without a word until it must be called by its name, where it listens so."""
    kiosk: bool = False
    """Starts anew after 退出 instead of ending."""


class Conversation:
    """One terminal's conversation. `handle` is the only way in."""

    def __init__(
        self,
        phrases: Phrases,
        sentences_of: Callable[[Sequence[Reply]], tuple[str, ...]],
        manners: Manners | None = None,
        spell: Callable[[str], tuple[str, ...]] | None = None,
    ) -> None:
        """`sentences_of` turns replies into breaths; `spell` explains a sentence's characters."""
        self._phrases = phrases
        self._sentences_of = sentences_of
        self._manners = manners or Manners()
        self._spell = spell or (lambda sentence: tuple(sentence))
        self._commands = Commands(phrases)
        self._attention = Attention(phrases, self._manners.listening)
        self._microphone = True
        self._silence_explained = False
        self._dialogue_down = False
        self._pace_s = self._manners.seconds_a_character
        self._said = Speak("", prompt=True)
        self._begin()

    def _begin(self) -> None:
        self.mode = Mode.WAITING
        self.script = Script()
        self._prompts: list[str] = []
        self._reading = False
        """Whether the script goes on once the prompts are said."""
        self._asked_to_go_on = False
        self._choices: tuple[Choice, ...] = ()
        self._expecting = Expecting.ANYTHING
        self._entry = Entry()
        self._spelling: Spelling | None = None
        """The name that is being spelt with digits."""
        self._misses = 0
        self._since_s = 0.0
        """When this mode, or the last sign of a person, began."""
        self._thinking_told = 0
        self._asked_if_away = False
        self._leaving = False
        self._ears_open = False
        self._broke_in = False
        """Whether the person began to speak while it spoke."""

    def handle(self, event: Event, now_s: float) -> list[Effect]:
        """Everything to be done about it, in order. `now_s`: monotonic seconds."""
        if self.mode is Mode.LEFT:
            return []
        if isinstance(event, Tick):
            return self._tick(now_s)
        if isinstance(event, (Key, Typed)):
            self._attention.wakes()
        if not isinstance(event, (Spoken, NotKept, Lost, Back)) and not self._attention.asleep:
            self._since_s, self._asked_if_away = now_s, False
        handler = {
            Started: self._started,
            VoiceBegan: self._voice_began,
            Heard: self._heard,
            Typed: self._typed,
            Key: self._key,
            Replied: self._replied,
            DialogueFailed: self._dialogue_failed,
            Spoken: self._spoken,
            Lost: self._lost,
            Back: self._back_again,
            NotKept: self._not_kept,
        }[type(event)]
        return handler(event, now_s)  # type: ignore[operator,no-any-return]

    # What happens

    def _started(self, event: Started, now_s: float) -> list[Effect]:
        self._microphone = event.microphone
        without = "welcome_keypad" if event.keypad else "welcome_typing"
        return self._tell("welcome" if event.microphone else without, now_s=now_s)

    def _voice_began(self, event: VoiceBegan, now_s: float) -> list[Effect]:
        if self.mode is not Mode.SPEAKING:
            return []
        # The ears are open while it speaks only where they cannot hear it: the person comes first.
        self._prompts, self._reading = [], False
        self.mode, self._broke_in = Mode.WAITING, True
        return [Hush()]

    def _heard(self, event: Heard, now_s: float) -> list[Effect]:
        if self.mode is Mode.THINKING:
            return []
        self._ears_open = False
        broke_in, self._broke_in = self._broke_in, False
        if self._attention.asleep:
            return self._called(event.readings, now_s)
        if not event.readings:
            return self._missed(now_s)
        readings = event.readings
        if self._phrases.closed:
            readings = tuple(r for r in readings if self._means_something(r))
            if not readings:
                return self._missed(now_s)
        self._misses = 0
        return [Play(Tone.HEARD), *self._understand(readings, "voice", now_s, broke_in)]

    def _called(self, readings: tuple[str, ...], now_s: float) -> list[Effect]:
        """While it sleeps nothing is taken in but its name, and what was said after it."""
        rest = self._attention.called(readings)
        if rest is None:
            return [Listen(Expecting.CALL)]
        self._attention.wakes()
        self._since_s, self._asked_if_away = now_s, False
        if len(rest) > 1:
            return [Play(Tone.HEARD), *self._understand((rest,), "voice", now_s)]
        return self._tell("awake", now_s=now_s)

    def _fall_asleep(self, now_s: float) -> list[Effect]:
        if self._attention.explained:
            return [Listen(Expecting.CALL)]
        self._attention.explained = True
        return self._tell("asleep", now_s=now_s)

    def _typed(self, event: Typed, now_s: float) -> list[Effect]:
        text = event.text.strip()
        hush = self._interrupt()
        if not text:
            return [*hush, *self._wait(now_s)]
        chosen = self._choice(text) if text.isdigit() else None
        if chosen is not None:
            return [*hush, *self._ask(chosen.payload, (), "typing", now_s)]
        return [*hush, *self._understand((text,), "typing", now_s)]

    def _understand(
        self, readings: tuple[str, ...], by: str, now_s: float, broke_in: bool = False
    ) -> list[Effect]:
        """`broke_in`: it was speaking when the person began."""
        command = self._commands.find(readings)
        if self._asked_to_go_on:
            if command == "go_on" or self._commands.agrees(readings):
                return self._command("go_on", now_s)
            if self._commands.refuses(readings):
                self._asked_to_go_on = False
                return self._wait(now_s)
        if command is not None:
            return self._command(command, now_s, broke_in)
        picked = self._picked(readings)
        if picked is None:
            picked = self._commands.saying(readings)
        if picked is not None:
            return self._ask(picked, (), by, now_s)
        return self._ask(readings[0], readings[1:], by, now_s)

    def _means_something(self, reading: str) -> bool:
        """Whether a closed phrase can be meant now, at this point of the conversation."""
        one = (reading,)
        if self._asked_to_go_on and (self._commands.agrees(one) or self._commands.refuses(one)):
            return True
        found = (self._commands.find(one), self._picked(one), self._commands.saying(one))
        return any(meaning is not None for meaning in found)

    def _picked(self, readings: Sequence[str]) -> str | None:
        """What to send for a choice or an item of the menu that was named."""
        number = self._commands.number(readings) if self._choices else None
        chosen = self._choice(str(number)) if number is not None else None
        if chosen is not None:
            return chosen.payload
        item = self._commands.menu_item(readings)
        return item.send if item is not None and item.send else None

    def _missed(self, now_s: float) -> list[Effect]:
        self._misses += 1
        if self._misses < 2:
            return [Play(Tone.ERROR), *self._wait(now_s, tone=False)]
        again = "not_heard" if self._misses == 2 else "not_heard_twice"
        if self._misses > 2:
            self._misses = 0
        return [Play(Tone.ERROR), *self._tell(again, now_s=now_s)]

    def _ask(self, text: str, alternatives: tuple[str, ...], by: str, now_s: float) -> list[Effect]:
        self.mode, self._since_s, self._thinking_told = Mode.THINKING, now_s, 0
        self._choices, self._entry, self._asked_to_go_on = (), Entry(), False
        self._spelling = None
        self._prompts, self._reading = [], False
        return [Deaf(), Ask(text, alternatives, by)]

    def _replied(self, event: Replied, now_s: float) -> list[Effect]:
        self._choices = tuple(c for reply in event.replies for c in reply.choices)
        self._expecting = self._expected("".join(r.speech or r.text for r in event.replies))
        # Labels have dates and figures like answers: they are read the same way.
        offers = [Reply(offer) for offer in self._offers()]
        sentences = self._sentences_of((*event.replies, *offers))
        back = ["dialogue_back"] if self._dialogue_down and not sentences else []
        self._dialogue_down = False
        if not sentences:
            return self._tell(*back, "no_answer", now_s=now_s)
        self.script, self._reading = Script(sentences), True
        return self._go_on(now_s)

    def _offers(self) -> Iterator[str]:
        # A digit may begin the number that is asked for: then # makes it a choice.
        offer = "choice_or_number" if self._expecting is Expecting.DIGITS else "choice"
        labels = [choice.label for choice in self._choices]
        if self._may_spell:
            labels.append(self._phrases.say("spell_by_keys"))
        for number, label in enumerate(labels, 1):
            said = _spoken_digit(self._phrases, number)
            yield self._phrases.say(offer, number=said, label=label)

    def _dialogue_failed(self, event: DialogueFailed, now_s: float) -> list[Effect]:
        self._dialogue_down = True
        return [Play(Tone.ERROR), *self._tell("no_dialogue", now_s=now_s)]

    def _spoken(self, event: Spoken, now_s: float) -> list[Effect]:
        if self.mode is not Mode.SPEAKING:
            return []
        if not self._said.prompt:
            self._pace_s = event.duration_s / max(1, len(self._said.sentence))
            self.script = self.script.heard(event.duration_s)
        return self._go_on(now_s)

    def _lost(self, event: Lost, now_s: float) -> list[Effect]:
        if event.device is Device.LOUDSPEAKER:
            return []
        self._microphone = self._microphone and event.device is not Device.MICROPHONE
        key = "microphone_lost" if event.device is Device.MICROPHONE else "ears_broken"
        return self._remark(key, now_s)

    def _back_again(self, event: Back, now_s: float) -> list[Effect]:
        if event.device is Device.LOUDSPEAKER:
            # What was said into nowhere is said again.
            return [self._said] if self.mode is Mode.SPEAKING else []
        self._microphone = True
        return self._remark("microphone_back", now_s)

    def _not_kept(self, event: NotKept, now_s: float) -> list[Effect]:
        return self._remark("settings_not_kept", now_s)

    # Keys

    def _key(self, event: Key, now_s: float) -> list[Effect]:
        name = event.name
        if self.mode is Mode.THINKING:
            return []
        speaking = self.mode is Mode.SPEAKING
        hush = self._interrupt()
        if name == "talk":
            return [*hush, *self._talk()]
        if self._spelling is not None and name in _PAD:
            return [*hush, *self._spell_name(self._spelling, name, now_s)]
        if name.isdigit():
            return [*hush, *self._digit(name, now_s)]
        if name == "#":
            return [*hush, *self._confirm(speaking, now_s)]
        if name == "*":
            return [*hush, *self._star(speaking, now_s)]
        if name in self._phrases.commands:
            return [*hush, *self._command(name, now_s, speaking)]
        return [*hush, *self._wait(now_s)]

    def _talk(self) -> list[Effect]:
        """The talk key opens the ears; pressed again it ends what was said."""
        if not self._microphone:
            return []
        if self._ears_open:
            return [Finish()]
        self._ears_open = True
        return [Play(Tone.LISTENING), Listen(self._expects_now)]

    @property
    def _expects_now(self) -> Expecting:
        return Expecting.YES_NO if self._asked_to_go_on else self._expecting

    def _digit(self, digit: str, now_s: float) -> list[Effect]:
        if self._expecting is Expecting.DIGITS:
            self._entry = self._entry.with_digit(digit)
            if self._entry.complete:
                return self._ask(self._entry.digits, (), "keypad", now_s)
            return self._speak_prompts([_spoken_digit(self._phrases, int(digit))], now_s)
        if digit == "0":
            return self._menu(now_s)
        if self._may_spell and int(digit) == self._spelling_key:
            self._spelling = Spelling()
            return self._tell("spell_surname", now_s=now_s)
        chosen = self._choice(digit)
        if chosen is not None:
            return self._ask(chosen.payload, (), "keypad", now_s)
        if self._choices:
            return self._tell("no_such_choice", now_s=now_s)
        for item in self._phrases.menu:
            if item.key == digit:
                if item.command:
                    return self._command(item.command, now_s)
                return self._ask(item.send, (), "keypad", now_s)
        return self._tell("no_such_choice", now_s=now_s)

    def _choice(self, digit: str) -> Choice | None:
        number = int(digit)
        return self._choices[number - 1] if 1 <= number <= len(self._choices) else None

    @property
    def _may_spell(self) -> bool:
        return self._expecting is Expecting.NAME and not self._phrases.closed

    @property
    def _spelling_key(self) -> int:
        """The digit after those of the choices."""
        return len(self._choices) + 1

    def _spell_name(self, before: Spelling, key: str, now_s: float) -> list[Effect]:
        after = before.press(key)
        if after.over and after.name:
            text = self._phrases.say("spelt_name", name=after.name)
            return self._ask(text, (), "keypad", now_s)
        if after.over:
            self._spelling = None
            return self._move(0, now_s)
        self._spelling = after
        return self._speak_prompts([self._spelt(told) for told in after.told(before, key)], now_s)

    def _spelt(self, told: Told) -> str:
        values = dict(told.values)
        if "number" in values:
            values["number"] = _spoken_digit(self._phrases, int(values["number"]))
        if told.key == "digit":
            return _spoken_digit(self._phrases, int(values["digit"]))
        return self._phrases.say(told.key, **values)

    def _confirm(self, speaking: bool, now_s: float) -> list[Effect]:
        if self._entry.digits:
            picked = self._choice(self._entry.digits) if len(self._entry.digits) == 1 else None
            text = picked.payload if picked is not None else self._entry.digits
            return self._ask(text, (), "keypad", now_s)
        if self._asked_to_go_on or (not speaking and not self.script.over):
            return self._command("go_on", now_s)
        if self._expecting is Expecting.YES_NO:
            return self._ask(self._phrases.agree_text, (), "keypad", now_s)
        return self._wait(now_s)

    def _star(self, speaking: bool, now_s: float) -> list[Effect]:
        if self._entry.digits:
            self._entry = Entry()
            return self._tell("cleared", now_s=now_s)
        if speaking or self._asked_to_go_on:
            return self._command("stop", now_s)
        if self._expecting is Expecting.YES_NO:
            return self._ask(self._phrases.refuse_text, (), "keypad", now_s)
        return self._command("where", now_s)

    def _menu(self, now_s: float) -> list[Effect]:
        self._choices = ()
        items = tuple(
            self._phrases.say(
                "choice", number=_spoken_digit(self._phrases, int(i.key)), label=i.label
            )
            for i in self._phrases.menu
        )
        self.script, self._reading = Script((self._phrases.say("menu"), *items)), True
        return self._go_on(now_s)

    # Commands that need no server

    def _command(self, name: str, now_s: float, was_speaking: bool = False) -> list[Effect]:
        self._asked_to_go_on = False
        if name in ("slower", "faster", "louder", "softer", "patienter", "brisker"):
            self._reading = was_speaking or self._reading
            return [Adjust(name), *self._tell(name, now_s=now_s, reading=self._reading)]
        simple: dict[str, Callable[[float], list[Effect]]] = {
            "stop": self._stop,
            "go_on": self._continue,
            "repeat": lambda now: self._move(0, now),
            "back": self._previous,
            "next": self._next,
            "spell": self._spell_out,
            "help": lambda now: self._tell("help", "help_commands", "help_keys", now_s=now),
            "quit": self._quit,
        }
        if name == "where":
            return self._where(was_speaking, now_s)
        return simple[name](now_s)

    def _stop(self, now_s: float) -> list[Effect]:
        self._reading = False
        return self._wait(now_s)

    def _continue(self, now_s: float) -> list[Effect]:
        if self.script.over:
            return self._tell(
                "nothing_more" if self.script.sentences else "nothing_yet", now_s=now_s
            )
        self.script, self._reading = self.script.refreshed(), True
        return self._go_on(now_s)

    def _move(self, to: int, now_s: float, *before: str) -> list[Effect]:
        if not self.script.sentences:
            return self._tell("nothing_yet", now_s=now_s)
        self.script, self._reading = self.script.moved(to), True
        return self._tell(*before, now_s=now_s, reading=True) if before else self._go_on(now_s)

    def _previous(self, now_s: float) -> list[Effect]:
        if self.script.at == 0:
            return self._move(0, now_s, "first_sentence")
        return self._move(self.script.at - 1, now_s)

    def _next(self, now_s: float) -> list[Effect]:
        if self.script.at + 1 >= len(self.script.sentences):
            self.script = self.script.moved(len(self.script.sentences))
            return self._continue(now_s)
        return self._move(self.script.at + 1, now_s)

    def _spell_out(self, now_s: float) -> list[Effect]:
        if not self.script.sentences:
            return self._tell("nothing_yet", now_s=now_s)
        self._reading = False
        return self._speak_prompts(list(self._spell(self.script.sentence)), now_s)

    def _where(self, was_speaking: bool, now_s: float) -> list[Effect]:
        self._reading = was_speaking or self._reading
        if not self._reading or self.script.over:
            return self._tell("where_waiting", now_s=now_s)
        sentence = self._phrases.say(
            "where_speaking", at=self.script.at + 1, of=len(self.script.sentences)
        )
        return self._speak_prompts([sentence], now_s)

    def _quit(self, now_s: float) -> list[Effect]:
        effects = self._forget()
        self._leaving = not self._manners.kiosk
        return [*effects, *self._tell("farewell", now_s=now_s)]

    def _forget(self) -> list[Effect]:
        self._begin()
        return [Forget()]

    # Speaking and waiting

    def _interrupt(self) -> list[Effect]:
        if self.mode is not Mode.SPEAKING:
            return []
        self._prompts, self._reading = [], False
        self.mode = Mode.WAITING
        return [Hush()]

    def _tell(self, *keys: str, now_s: float, reading: bool = False) -> list[Effect]:
        self._reading = reading
        return self._speak_prompts([self._phrases.say(key) for key in keys], now_s)

    def _remark(self, key: str, now_s: float) -> list[Effect]:
        """Says it at once where nothing is being said, else after this sentence."""
        if self.mode is Mode.SPEAKING:
            self._prompts.append(self._phrases.say(key))
            return []
        if self.mode is Mode.THINKING:
            return [Speak(self._phrases.say(key), prompt=True)]
        return self._tell(key, now_s=now_s)

    def _speak_prompts(self, sentences: list[str], now_s: float) -> list[Effect]:
        self._prompts = sentences
        return self._go_on(now_s)

    def _go_on(self, now_s: float) -> list[Effect]:
        """The next sentence: prompts first, then the script, then it is the person's turn."""
        if self._prompts:
            return self._say(self._prompts.pop(0), prompt=True)
        if self._leaving:
            self.mode = Mode.LEFT
            return [Leave()]
        if not self._reading or self.script.over:
            return self._wait(now_s)
        next_s = _SURELY * len(self.script.sentence) * self._pace_s
        if self.script.heard_s and self.script.heard_s + next_s > self._manners.answer_s:
            self.script, self._reading = self.script.refreshed(), False
            self._asked_to_go_on = True
            return self._say(self._phrases.say("go_on"), prompt=True)
        return self._say(self.script.sentence, prompt=False)

    def _say(self, sentence: str, prompt: bool) -> list[Effect]:
        began = self.mode is not Mode.SPEAKING
        self.mode, self._said = Mode.SPEAKING, Speak(sentence, prompt)
        self._ears_open = False
        return [*([Deaf()] if began else []), self._said]

    def _wait(self, now_s: float, tone: bool = True) -> list[Effect]:
        finished = self._reading and self.script.over and self.script.sentences
        self._reading = False
        if finished and not self._silence_explained and self._microphone:
            self._silence_explained = True
            return self._say(self._phrases.say("silence_means"), prompt=True)
        self.mode, self._since_s = Mode.WAITING, now_s
        self._ears_open = self._microphone and not self._attention.waits_for_key
        if not self._ears_open:
            return []
        if self._attention.asleep:
            return [Listen(Expecting.CALL)]
        return [*([Play(Tone.LISTENING)] if tone else []), Listen(self._expects_now)]

    def _expected(self, said: str) -> Expecting:
        # The last question of an answer is the one that is asked.
        sentences = re.findall(r"[^。！\n]+", said)
        last = sentences[-1] if sentences else ""
        for name, marks in self._phrases.expects.items():
            if any(mark in last for mark in marks):
                return Expecting(name)
        return Expecting.ANYTHING

    # Time

    def _tick(self, now_s: float) -> list[Effect]:
        passed = now_s - self._since_s
        if self.mode is Mode.THINKING:
            return self._think(passed)
        if self.mode is not Mode.WAITING:
            return []
        if self._attention.falls_asleep(passed, self._manners.sleep_s):
            return self._fall_asleep(now_s)
        if not self._anything_to_forget():
            return []
        if self._asked_if_away:
            if passed >= self._manners.forget_s:
                return [*self._forget(), *self._tell("forgotten", now_s=now_s)]
        elif passed >= self._manners.away_s:
            effects = self._tell("away", now_s=now_s)
            self._asked_if_away = True
            return effects
        return []

    def _think(self, passed: float) -> list[Effect]:
        if self._thinking_told == 0 and passed >= self._manners.thinking_tone_s:
            self._thinking_told = 1
            return [Play(Tone.THINKING)]
        if self._thinking_told == 1 and passed >= self._manners.thinking_words_s:
            self._thinking_told = 2
            return [Speak(self._phrases.say("thinking"), prompt=True)]
        return []

    def _anything_to_forget(self) -> bool:
        return bool(self.script.sentences)


def _spoken_digit(phrases: Phrases, digit: int) -> str:
    return phrases.digits[digit] if 0 <= digit <= 9 else str(digit)
