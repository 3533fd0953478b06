"""Ears and mouth as a service: what other parts send, and what they get."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest
from starlette.testclient import TestClient

from core.errors import VoiceUnavailable
from voice.audio import EAR_RATE, Pcm, decoded, encoded, silence
from voice.models import packaged_model
from voice.mouth import Mouth
from voice.recogniser import RecogniserPool, load_model
from voice.service.app import Limits, create_app
from voice.service.engines import ServiceEars, ServiceMouth
from voice.speaker.process import PyttsxSpeaker, Voice
from voice.transcriber import Transcriber

NOTE = encoded(Pcm(b"\x00\x10" * EAR_RATE, EAR_RATE), "wav")


class Ear:
    rate = EAR_RATE
    confidence = 0.75

    def __init__(self) -> None:
        self.fed_s = 0.0

    def feed(self, pcm: bytes) -> None:
        self.fed_s += len(pcm) / 2 / self.rate

    def partial(self) -> str:
        return ""

    def result(self) -> Sequence[str]:
        return ("幺三八零零零零零零零零", "要三八") if self.fed_s else ()


class Ears:
    def __init__(self) -> None:
        self.out = 0

    def take(self) -> Ear:
        self.out += 1
        return Ear()

    def put(self, _: object) -> None:
        self.out -= 1


def no_model() -> Transcriber:
    raise VoiceUnavailable("fetch it with `minglu voice get zh`")


@pytest.fixture
def pool() -> Ears:
    return Ears()


@pytest.fixture
def client(pool: Ears) -> Iterator[TestClient]:
    app = create_app(ServiceEars(lambda: Transcriber(pool)), None, "zh", Limits(5_000_000, 10, 50))
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


@pytest.mark.parametrize("kind", ["wav", "ogg"])
def test_a_recording_becomes_text_with_figures_and_other_readings(
    client: TestClient, pool: Ears, kind: str
) -> None:
    sound = Pcm(b"\x00\x10" * 44_100, 44_100)
    heard = client.post("/hear", content=encoded(sound, kind))
    assert heard.status_code == 200
    assert heard.json() == {
        "text": "13800000000",
        "alternatives": ["要三八"],
        "confidence": 0.75,
    }
    assert pool.out == 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"no sound", 415, "unknown_sound"),
        (b"", 415, "unknown_sound"),
        (encoded(Pcm(b"", EAR_RATE), "wav"), 422, "no_sound"),
        (encoded(Pcm(silence(11, EAR_RATE), EAR_RATE), "wav"), 413, "too_long"),
        (bytes(5_000_001), 413, "too_large"),
    ],
)
def test_what_cannot_be_heard_is_refused_by_a_code(
    client: TestClient, content: bytes, status: int, code: str
) -> None:
    answer = client.post("/hear", content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_without_a_model_hearing_says_how_to_get_one() -> None:
    app = create_app(ServiceEars(no_model), None, "zh")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.post("/hear", content=NOTE)
        assert (answer.status_code, answer.json()["code"]) == (503, "no_model")
        assert "minglu voice get" in answer.json()["message"]
        assert client.get("/health").json()["ears"] == "no_model"


def test_a_model_that_is_fetched_later_is_used_without_a_restart(pool: Ears) -> None:
    fetched = [False]

    def load() -> Transcriber:
        return Transcriber(pool) if fetched[0] else no_model()

    with TestClient(create_app(ServiceEars(load), None, "zh"), base_url="http://127.0.0.1") as box:
        assert box.post("/hear", content=NOTE).status_code == 503
        fetched[0] = True
        assert box.post("/hear", content=NOTE).status_code == 200
        assert box.get("/health").json()["ears"] == "ready"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "您好"}, 503, "no_voice"),
        ({"text": "，。"}, 422, "nothing_to_say"),
        ({"text": "好" * 51}, 413, "too_large"),
        ({"text": 3}, 400, "bad_request"),
        ({"text": "您好", "format": "mp3"}, 400, "bad_request"),
        ({"text": "您好", "rate": 9}, 400, "bad_request"),
        ({"text": "您好", "rate": True}, 400, "bad_request"),
        (["您好"], 400, "bad_request"),
    ],
)
def test_what_cannot_be_said_is_refused_by_a_code(
    client: TestClient, body: object, status: int, code: str
) -> None:
    answer = client.post("/say", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_page_of_another_origin_cannot_use_it(client: TestClient) -> None:
    plain = client.post(
        "/say", content=json.dumps({"text": "好"}), headers={"content-type": "text/plain"}
    )
    assert plain.status_code == 400
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400


def test_a_crowd_is_told_to_come_back(client: TestClient, pool: Ears) -> None:
    import asyncio

    from voice.service.engines import Busy, Line

    async def crowd() -> None:
        line = Line(at_work=1, waiting=0)
        async with line:
            with pytest.raises(Busy):
                async with line:
                    pass
        async with line:
            pass

    asyncio.run(crowd())


@pytest.mark.slow
def test_the_real_mouth_speaks_and_the_real_ears_listen() -> None:
    folder = packaged_model("ko")
    assert folder is not None
    speaker = PyttsxSpeaker(Voice("ko", 140), Voice("cmn+f3", 180))
    speaker.start()
    ears = ServiceEars(lambda: Transcriber(RecogniserPool(load_model(folder))))
    app = create_app(ears, ServiceMouth(speaker, Mouth(speaker)), "ko")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        spoken = client.post("/say", json={"text": "안녕하세요", "format": "ogg"})
        assert spoken.headers["content-type"] == "audio/ogg"
        heard = client.post("/hear", content=spoken.content)
        assert "하" in heard.json()["text"]
        assert 0 < heard.json()["confidence"] <= 1
        usual = decoded(client.post("/say", json={"text": "盲人按摩机构"}).content, 60)
        slow = decoded(client.post("/say", json={"text": "盲人按摩机构", "rate": 0.6}).content, 60)
        assert slow.duration_s > 1.3 * usual.duration_s
        assert client.get("/health").json()["mouth"] == "ready"
