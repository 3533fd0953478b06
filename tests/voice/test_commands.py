"""Every command while it speaks, by key and by word, with a server that answers nothing more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.values import Utterance
from tests.voice.fakes import Box, SlateSpeaker
from tests.voice.korean import NotingMouth
from tests.voice.test_voice_loop import SPOKEN, ZH, box
from voice.events import Heard, Key, Typed, VoiceBegan
from voice.preferences import Preferences

Way = Callable[[Box, str], None]
START = Preferences()
TONE_S = 0.3
"""It is the person's turn: a tone says so."""


def by_key(made: Box, command: str) -> None:
    made.put(Key(command))


def by_word(made: Box, command: str) -> None:
    made.put(VoiceBegan())
    made.put(Heard((ZH.commands[command][0],)))


EXPECTED: dict[str, tuple[str, ...]] = {
    "stop": (),
    "go_on": SPOKEN[1:],
    "repeat": SPOKEN,
    "back": SPOKEN,
    "next": SPOKEN[2:],
    "spell": tuple(SPOKEN[1]),
    "where": (ZH.say("where_speaking", at=2, of=3), *SPOKEN[1:]),
    "help": (ZH.say("help"), ZH.say("help_commands"), ZH.say("help_keys")),
    "quit": (ZH.say("farewell"),),
    **{
        change: (ZH.say(change), *SPOKEN[1:])
        for change in ("slower", "faster", "louder", "softer", "patienter", "brisker")
    },
}


@pytest.mark.parametrize("way", [by_key, by_word])
@pytest.mark.parametrize("command", ZH.commands)
def test_every_command_stops_it_and_works_without_the_server(command: str, way: Way) -> None:
    mouth = NotingMouth(SlateSpeaker())  # type: ignore[arg-type]
    said = mouth.said
    made = box(mouth=mouth)
    said.clear()
    made.put(Typed("问"))
    made.run(2.5)
    assert said == list(SPOKEN[:2])
    made.asker.ask = unreachable  # type: ignore[method-assign]
    assert made.loudspeaker.waiting_s() > 1
    said.clear()
    way(made, command)
    made.terminal.step(made.now_s)
    assert command != "stop" or made.loudspeaker.waiting_s() < TONE_S
    made.run_until_waiting()
    told = [s for s in said if s != ZH.say("silence_means")]
    assert [s.rstrip("。") for s in told] == [s.rstrip("。") for s in EXPECTED[command]]
    assert made.terminal.over is (command == "quit")
    changed = {"slower", "faster", "louder", "softer", "patienter", "brisker"}
    assert (made.terminal.preferences != START) is (command in changed)


def unreachable(_: Utterance) -> None:
    raise AssertionError("a command needs no server")
