"""Each fault is plugged in, heard, and gone again without a restart."""

from __future__ import annotations

import asyncio
import http.server
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.errors import DialogueUnavailable, VoiceUnavailable
from core.values import Reply, Utterance
from runtime.dialogue_client import HttpDialogue
from runtime.settings import Settings
from tests.dialogue.conftest import free_port
from tests.voice.fakes import Box, SlateSpeaker, TapeLoudspeaker
from tests.voice.test_voice_loop import (
    ANSWER,
    SPOKEN,
    VOICE,
    ZH,
    Ear,
    asked,
    box,
    listening_box,
    said,
)
from voice.events import Heard, Key, Started
from voice.models import packaged_model
from voice.preferences import Preferences, save_preferences
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.wiring import build_terminal_ears


def test_a_loudspeaker_that_is_busy_at_the_start_says_the_welcome_once_it_is_free() -> None:
    made = Box(ZH, SlateSpeaker(), lambda _: [Reply(ANSWER)])
    busy = TapeLoudspeaker()
    busy.plugged = False
    made.loudspeaker = made.terminal._parts.loudspeaker = busy
    made.terminal._loudspeaker_open = False
    with pytest.raises(VoiceUnavailable):
        made.terminal.start(made.now_s)
    made.terminal.start(made.now_s, wait=True)
    made.put(Started(microphone=False, keypad=True))
    made.run(10)
    assert not any(busy.tape)
    busy.plugged = True
    made.run_until_waiting()
    assert any(busy.tape)
    assert said(made)[0] == ZH.say("welcome_keypad")


class MortalSpeaker(PyttsxSpeaker):
    """The real voice, whose process is killed in the middle of the first sentences."""

    deaths = 1

    def synthesise(self, text: str) -> Iterator[bytes]:
        for at, chunk in enumerate(super().synthesise(text)):
            yield chunk
            if at == 2 and self.deaths:
                self.deaths -= 1
                assert self._child is not None
                os.kill(self._child.pid, signal.SIGKILL)
                self._child.wait()


@pytest.mark.slow
def test_a_sentence_that_the_voice_died_in_is_said_again_once() -> None:
    speaker = MortalSpeaker(Voice("cmn+f3", 300))
    made = Box(ZH, speaker, lambda _: [Reply(ANSWER)])
    made.put(Started(microphone=False))
    try:
        # The first sentence of all breaks off, and is heard whole after that.
        whole_s = len(b"".join(PyttsxSpeaker.synthesise(speaker, ZH.say("welcome_typing")))) / 2
        made.run(0.1)
        assert speaker.deaths == 0
        assert made.loudspeaker.waiting_s() > 0.9 * whole_s / speaker.rate
        asked(made)
        assert tuple(made.conversation.script.sentences) == SPOKEN
    finally:
        speaker.close()


def test_ears_that_break_are_told_and_hear_again() -> None:
    ear = Ear()
    made = listening_box(ear)
    feed, broken = ear.feed, [True]

    def fails_once(pcm: bytes) -> None:
        if broken.pop() if broken else False:
            raise VoiceUnavailable("the recogniser ended")
        feed(pcm)

    ear.feed = fails_once  # type: ignore[method-assign]
    assert made.microphone is not None
    made.microphone.say(bytes(16_000) + VOICE * 10)
    made.run(1)
    made.run_until_waiting()
    assert ZH.say("ears_broken").split("。")[0] in "".join(said(made))
    ear.next = [("盲人按摩",)]
    made.microphone.say(bytes(20_000) + VOICE * 30)
    made.run(2.5)
    assert made.asker.asked[0].text == "盲人按摩"


def test_a_full_disk_is_told_and_the_next_change_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "terminal.json"
    full = tmp_path / "terminal.json.new"
    full.symlink_to("/dev/full")
    made = box(keep=lambda kept: save_preferences(file, kept))
    made.put(Heard(("慢一点",)))
    made.run_until_waiting()
    assert ZH.say("settings_not_kept") in "".join(said(made))
    full.unlink()
    made.put(Heard(("慢一点",)))
    made.run_until_waiting()
    assert json.loads(file.read_text())["rate"] < Preferences().slower().rate


class Door(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps([{"recipient_id": "x", "text": ANSWER}]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return None


def test_a_dialogue_server_that_goes_and_comes_back_needs_no_restart() -> None:
    port = free_port()

    def ask(utterance: Utterance) -> Sequence[Reply] | None:
        async def send() -> Sequence[Reply] | None:
            dialogue = HttpDialogue(f"http://127.0.0.1:{port}", timeout_s=5)
            try:
                return await dialogue.send(utterance)
            except DialogueUnavailable:
                return None
            finally:
                await dialogue.close()

        return asyncio.run(send())

    made = Box(ZH, SlateSpeaker(), ask)
    made.put(Started(microphone=False))
    made.run_until_waiting()
    asked(made)
    assert ZH.say("no_dialogue").split("。")[0] in "".join(said(made))
    server = http.server.HTTPServer(("127.0.0.1", port), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        said(made).clear()
        asked(made)
    finally:
        server.shutdown()
        server.server_close()
    assert tuple(said(made)) == SPOKEN


def test_with_a_broken_model_everything_still_goes_by_keys(tmp_path: Path) -> None:
    whole = packaged_model("ko")
    if whole is None:
        pytest.skip("no model package here")
    broken = shutil.copytree(whole, tmp_path / "model")
    sound = broken / "am" / "final.mdl"
    sound.write_bytes(sound.read_bytes()[:1000])
    settings = Settings(data_dir=tmp_path, vosk_model=str(broken))
    with pytest.raises(VoiceUnavailable, match="minglu voice get"):
        build_terminal_ears(settings, ZH)
    made = Box(ZH, SlateSpeaker(), lambda _: [Reply(ANSWER)])
    made.put(Started(microphone=False, keypad=True))
    made.run_until_waiting()
    assert "按零听菜单" in "".join(said(made))
    made.put(Key("2"))
    made.run_until_waiting()
    assert made.asker.asked[-1].text == "我要报名培训"
