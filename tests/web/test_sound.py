"""The server's ears and mouth behind the chat page."""

from __future__ import annotations

import asyncio
import re

import httpx
import numpy as np
import pytest
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.sound import LARGEST_RECORDING
from core.errors import VoiceUnavailable
from core.values import Heard, VoiceState
from runtime.settings import Settings
from runtime.voice_client import HttpVoice
from tests.web.conftest import Form, services
from tests.web.fakes import FakeDialogue, FakeVoice, two_seconds
from voice.audio import decoded
from voice.service.app import create_app as voice_app
from voice.service.engines import ServiceEars, ServiceMouth
from voice.transcriber import Transcriber
from voice.wiring import build_mouth, build_speaker

WAV = {"content-type": "audio/wav"}


def hears(form: Form, body: bytes = b"RIFF", **headers: str):  # type: ignore[no-untyped-def]
    return form.client.post("/api/hear", content=body, headers={**WAV, **headers})


def test_a_recording_becomes_text_with_its_other_readings(form: Form, voice: FakeVoice) -> None:
    answer = hears(form).json()
    assert answer["text"] == voice.words and len(answer["alternatives"]) == 1
    assert voice.heard == [(b"RIFF", "audio/wav")]


def test_spoken_words_reach_the_dialogue_with_their_other_readings(
    form: Form, dialogue: FakeDialogue
) -> None:
    form.send("盲人按摩", spoken="1", alternative="忙人按摩")
    form.send("盲人按摩")
    spoken, typed = dialogue.heard
    assert spoken.alternatives == ("忙人按摩",) and spoken.metadata["spoken"] is True
    assert typed.alternatives == () and "spoken" not in typed.metadata


@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        ("no_model", 503, "请打字"),
        ("no_service", 503, "请打字"),
        ("busy", 503, "人太多"),
        ("no_sound", 422, "没听清"),
        ("too_long", 413, "太大"),
    ],
)
def test_what_ails_the_ears_is_said(
    form: Form, voice: FakeVoice, reason: str, status: int, words: str
) -> None:
    voice.reason = reason
    response = hears(form)
    assert response.status_code == status and words in response.json()["error"]["message"]


def test_a_recording_from_elsewhere_too_large_or_of_another_kind_is_not_heard(
    form: Form, voice: FakeVoice
) -> None:
    assert hears(form, origin="https://elsewhere.example").status_code == 403
    assert hears(form, **{"content-type": "text/html"}).status_code == 415
    assert hears(form, b"a" * (LARGEST_RECORDING + 1)).status_code == 413
    assert voice.heard == []


def test_one_address_cannot_keep_ears_and_mouth_busy(form: Form) -> None:
    answers = [hears(form) for _ in range(13)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert answers[-1].headers["retry-after"]


def test_a_reply_is_read_aloud_in_its_spoken_form(form: Form, voice: FakeVoice) -> None:
    page = form.send("多少家？").text
    link = re.search(r'href="(/chat/sound/\d+)"', page)
    assert link, "works without a script, too"
    sound = form.client.get(link[1])
    assert (sound.content, sound.headers["content-type"]) == (two_seconds(), "audio/wav")
    assert voice.said == ["要达到四百个以上。"]
    form.send("我想报名")
    form.client.get(re.findall(r'href="(/chat/sound/\d+)"', form.client.get("/").text)[-1])
    assert voice.said[-1].split("\n")[-1] == "2，电脑基础。"


def test_nobody_can_have_anything_said_but_their_own_replies(
    form: Form, client: TestClient, voice: FakeVoice
) -> None:
    page = form.send("多少家？").text
    link = re.search(r'href="(/chat/sound/\d+)"', page)
    assert link
    assert TestClient(client.app).get(link[1]).status_code == 404
    stranger = TestClient(client.app)
    stranger.get("/")
    assert stranger.get(link[1]).status_code == 404
    voice.reason = "no_voice"
    assert client.get(link[1]).status_code == 503


def test_without_ears_the_page_says_so_and_reads_aloud_all_the_same(
    form: Form, voice: FakeVoice
) -> None:
    assert 'id="mic"' in form.client.get("/").text
    voice.ears = False
    page = form.send("多少家？").text
    assert 'id="mic"' not in page and "没有装语音识别" in page and "/chat/sound/" in page


def test_without_a_voice_service_nothing_of_it_shows(dialogue: FakeDialogue) -> None:
    client = TestClient(create_app(services(dialogue), Settings()))
    page = Form(client).send("多少家？").text
    assert "/chat/sound/" not in page and 'id="mic"' not in page and "voice.js" not in page


async def asked(handler) -> tuple[VoiceState, Heard | str, bytes | str]:  # type: ignore[no-untyped-def]
    voice = HttpVoice("http://voice", httpx.MockTransport(handler))
    state = await voice.state()
    results: list = []  # type: ignore[type-arg]
    for question in (voice.hear(b"RIFF", "audio/wav"), voice.say("你好")):
        try:
            results.append(await question)
        except VoiceUnavailable as error:
            results.append(error.details["reason"])
    await voice.close()
    return state, results[0], results[1]


def test_the_service_is_spoken_to_by_its_contract() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/health":
            return httpx.Response(200, json={"ears": "no_model", "mouth": "ready"})
        if request.url.path == "/hear":
            return httpx.Response(503, json={"code": "no_model", "message": "…"})
        return httpx.Response(200, content=b"RIFF", headers=WAV)

    state, heard, said = asyncio.run(asked(serve))
    assert state == VoiceState(ears=False, mouth=True)
    assert heard == "no_model" and said == (b"RIFF", "audio/wav")


def test_a_service_that_is_gone_or_talks_nonsense_offers_nothing() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    assert asyncio.run(asked(away)) == (VoiceState(), "no_service", "no_service")
    nonsense = asyncio.run(asked(lambda request: httpx.Response(500, content=b"<html>")))
    assert nonsense == (VoiceState(), "http_500", "http_500")


@pytest.mark.slow
def test_the_real_mouth_says_a_reply_and_missing_ears_are_told(dialogue: FakeDialogue) -> None:
    def no_model() -> Transcriber:
        raise VoiceUnavailable("no model; run `minglu voice get`")

    settings = Settings()
    speaker = build_speaker(settings)
    mouth = ServiceMouth(speaker, build_mouth(settings, speaker))
    service = voice_app(ServiceEars(no_model), mouth, "zh")
    voice = HttpVoice("http://127.0.0.1", httpx.ASGITransport(service))
    try:
        client = TestClient(create_app(services(dialogue, voice=voice), settings))
        page = Form(client).send("多少家？").text
        assert "没有装语音识别" in page
        link = re.search(r'href="(/chat/sound/\d+)"', page)
        assert link
        sound = decoded(client.get(link[1]).content, 60)
        assert 1 < sound.duration_s < 10 and np.frombuffer(sound.data, "<i2").max() > 3000
        heard = client.post("/api/hear", content=two_seconds(), headers=WAV)
        assert heard.status_code == 503 and "请打字" in heard.json()["error"]["message"]
    finally:
        speaker.close()
