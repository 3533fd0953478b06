"""Live call assist: sound in, transcript and cards out; nothing for whoever may not."""

from __future__ import annotations

import math
from array import array

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.web.desk.segments import RATE, Segments, as_wav
from core.staff import Role
from tests.web.desk.conftest import DeskAtHand

OURS = {"origin": "http://testserver"}


def tone(seconds: float, loud: int = 8000) -> bytes:
    count = int(seconds * RATE)
    return array("h", (int(loud * math.sin(n / 5)) for n in range(count))).tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def listening(desk: DeskAtHand, *texts: str) -> TestClient:
    desk.ears.texts, desk.ears.ears = list(texts), True
    return desk.signed_in()


def test_speech_is_cut_where_the_speaker_pauses_and_noise_is_no_speech() -> None:
    cut = Segments()
    stream = silence(1) + tone(1) + silence(1) + tone(0.1) + silence(1) + tone(10) + silence(1)
    pieces = [stream[at : at + 3001] for at in range(0, len(stream), 3001)]
    lengths = [len(part) / 2 / RATE for piece in pieces for part in cut.feed(piece)]
    first, longest, rest = lengths
    assert 1.4 < first < 2 and longest == pytest.approx(8, abs=0.1) and 2 < rest < 3
    assert list(Segments().feed(tone(5, loud=100))) == []
    talking = Segments()
    assert list(talking.feed(tone(1))) == [] and len(talking.end()) > RATE


def test_what_a_caller_says_becomes_transcript_and_cards(desk: DeskAtHand) -> None:
    client = listening(desk, "盲人按摩 机构要达到多少家", "那谁负责呢", "!")
    with client.websocket_connect("/desk/assist", headers=OURS) as line:
        assert line.receive_json() == {"kind": "ready"}
        sound = tone(1) + silence(1)
        for at in range(0, len(sound), 6400):
            line.send_bytes(sound[at : at + 6400])
        assert line.receive_json() == {"kind": "heard", "text": "盲人按摩机构要达到多少家"}
        card = line.receive_json()
        assert card["kind"] == "card" and "400个以上" in card["html"]
        line.send_bytes(tone(0.5) + silence(1))
        assert line.receive_json()["text"] == "那谁负责呢"
        card = line.receive_json()
        assert "省残联" in card["html"] and "盲人" in card["question"], "with what stood before"
        line.send_bytes(tone(0.5) + silence(1))
        assert line.receive_json()["code"] == "not_heard"
    assert desk.ears.recordings[0][:4] == as_wav(b"")[:4] == b"RIFF"
    assert ("test.agent", "call_listened_to") in [
        (t.who, t.event) for t in desk.store.staff.trail()
    ]


def test_where_no_model_is_the_desk_says_so(desk: DeskAtHand) -> None:
    client = listening(desk)
    desk.ears.ears = False
    with client.websocket_connect("/desk/assist", headers=OURS) as line:
        told = line.receive_json()
        assert told["code"] == "no_ears" and "没有装" in told["message"]


def test_the_line_is_closed_to_strangers_other_roles_and_other_sites(desk: DeskAtHand) -> None:
    agent = listening(desk)
    admin, stranger = desk.signed_in(Role.ADMIN), desk.client()
    elsewhere = {"origin": "https://elsewhere.example"}
    for client, headers in ((stranger, OURS), (admin, OURS), (agent, elsewhere), (agent, {})):
        with pytest.raises(WebSocketDisconnect):
            with client.websocket_connect("/desk/assist", headers=headers):
                pass


def test_a_message_that_is_too_large_ends_the_line(desk: DeskAtHand) -> None:
    client = listening(desk)
    with client.websocket_connect("/desk/assist", headers=OURS) as line:
        line.receive_json()
        line.send_bytes(bytes(70_000))
        assert line.receive_json()["code"] == "too_much_sound"
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()
