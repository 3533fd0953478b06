"""A conversation leaves the same key in every part's log, and nothing of the person."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from minglu.parts import METRICS_AFTER
from runtime.redaction import conversation_key
from tests.journeys.conftest import Assistant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NAME, PHONE = "欧阳春晓", "13800138017"
TALK = (
    "盲人按摩机构要达到多少家？",
    "我想报名盲人按摩",
    "第一个",
    f"我叫{NAME}",
    PHONE,
    "不需要",
    "确认",
)


@pytest.fixture(scope="module")
def booked(assistant: Assistant) -> Assistant:
    base = f"http://127.0.0.1:{assistant.settings.port}"
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as person:
        for text in TALK:
            assert person.post("/api/chat", json={"message": text}).status_code == 200
    # The supervisor writes down what the parts print.
    time.sleep(0.5)
    return assistant


def lines(assistant: Assistant) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((assistant.settings.data_dir / "logs").glob("*.log")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, json.loads(line)


def conversation_of(assistant: Assistant) -> str:
    (booking,) = [b for b in assistant.bookings() if b["phone"] == PHONE]
    told = [
        body["conversation"]
        for _, body in lines(assistant)
        if body.get("operation") in ("book", "confirm") and body.get("outcome") == "confirmed"
    ]
    assert booking["name"] == NAME
    return str(told[-1])


def test_one_key_leads_through_every_part_and_one_id_through_every_turn(booked: Assistant) -> None:
    key = conversation_of(booked)
    turns = defaultdict(set)
    for part, body in lines(booked):
        if body.get("conversation") == key:
            turns[part].add(body["turn"])
    assert set(turns) == {"web", "dialogue", "actions"}
    assert len(turns["web"]) == len(TALK)
    assert turns["web"] == turns["dialogue"] == turns["actions"]


def test_no_log_holds_what_a_person_said_or_who_they_are(booked: Assistant) -> None:
    logs = booked.settings.data_dir / "logs"
    written = "".join(file.read_text(encoding="utf-8") for file in logs.glob("*.log"))
    assert "turn handled" in written and "store changed" in written
    for private in (NAME, "春晓", PHONE, "多少家", "web-"):
        assert private not in written, private


def test_the_door_gives_a_key_to_a_message_that_brings_none(assistant: Assistant) -> None:
    assistant.say(f"who-{PHONE}", "你好")
    time.sleep(0.5)
    key = conversation_key(f"who-{PHONE}")
    parts = {
        part: body["turn"] for part, body in lines(assistant) if body.get("conversation") == key
    }
    assert parts["dialogue"] == parts["actions"]


def test_each_part_shows_its_metrics_and_none_shows_a_person(booked: Assistant) -> None:
    base, seen = booked.settings.metrics_port, ""
    for after in (0, *(METRICS_AFTER[part] for part in ("web", "dialogue", "actions"))):
        url = f"http://127.0.0.1:{base + after}/metrics"
        seen += httpx.get(url, trust_env=False, timeout=30).text
    stages = "gateway dialogue door parse predict tracker action policy store".split()
    assert all(f'minglu_stage_seconds_count{{stage="{stage}"}}' in seen for stage in stages)
    assert 'minglu_part_up{part="dialogue"} 1.0' in seen
    assert 'minglu_bookings_total{operation="book",outcome="confirmed"}' in seen
    assert PHONE not in seen and NAME not in seen
    public = httpx.get(f"http://127.0.0.1:{booked.settings.port}/metrics", trust_env=False)
    assert public.status_code == 404
