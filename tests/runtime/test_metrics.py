import asyncio
import socket

import httpx
import psutil
import pytest

from core.errors import ConfigurationError, DialogueUnavailable, SlotFull
from core.values import Kind, Reason, Reply, Utterance
from runtime import metrics
from runtime.watching import WRITES, Watched, WatchedDialogue
from tests.web.fakes import FakeDialogue

PHONE, NAME = "13800138000", "王小明"


class Servers(FakeDialogue):
    async def ready(self) -> bool:
        return not self.down

    async def close(self) -> None:
        return None


class Places:
    def book(self, request: str) -> str:
        if request == "full":
            raise SlotFull("full")
        return request


def say(dialogue: WatchedDialogue, text: str, channel: str, conversation: str = "c") -> list[Reply]:
    return asyncio.run(dialogue.send(Utterance(text, conversation, channel)))


def test_nothing_that_a_person_sends_becomes_a_label() -> None:
    dialogue = WatchedDialogue(Servers())
    say(dialogue, f"学我说{PHONE}{NAME}", "web", f"{NAME}-{PHONE}")
    before = metrics.exposition()
    for number in range(300):
        say(dialogue, "问", f"{NAME}{PHONE}{number}", f"{PHONE}-{number}")
    after = metrics.exposition()
    assert PHONE not in after and NAME not in after
    # However many channels a stranger makes up, they are one.
    assert len(after.splitlines()) - len(before.splitlines()) < 8
    assert 'minglu_turns_total{channel="other",outcome="answered"} 300.0' in after


def test_every_label_belongs_to_a_closed_set() -> None:
    allowed = {"channel", "outcome", "kind", "reason", "stage", "action", "operation", "status"}
    allowed |= {"part", "queue", "version", "le"}
    for family in metrics.REGISTRY.collect():
        if family.name.startswith("minglu_"):
            for sample in family.samples:
                assert set(sample.labels) <= allowed, family.name


def test_replies_are_counted_by_kind_and_reason() -> None:
    def counted() -> float:
        labels = {"channel": "web", "kind": "abstain", "reason": "other_region"}
        return metrics.REGISTRY.get_sample_value("minglu_replies_total", labels) or 0.0

    before = counted()
    metrics.count_reply("web", Reply("不知道", Kind.ABSTAIN, Reason.OTHER_REGION))
    assert counted() == before + 1


def test_a_dialogue_that_is_away_is_counted_and_still_away() -> None:
    def counted() -> float:
        labels = {"channel": "web", "outcome": "unavailable"}
        return metrics.REGISTRY.get_sample_value("minglu_turns_total", labels) or 0.0

    before = counted()
    with pytest.raises(DialogueUnavailable):
        say(WatchedDialogue(Servers(down=True)), "问", "web")
    assert counted() == before + 1


def test_each_utterance_gets_a_turn_of_its_own() -> None:
    servers = Servers()
    for _ in range(2):
        say(WatchedDialogue(servers), "问", "web")
    first, second = (utterance.metadata["turn"] for utterance in servers.heard)
    assert first and second and first != second


def test_a_refused_booking_is_counted_by_its_code_and_refused_all_the_same() -> None:
    places = Watched(Places(), "store", WRITES)
    assert places.book("one") == "one"
    with pytest.raises(SlotFull):
        places.book("full")
    labels = {"operation": "book", "outcome": "slot_full"}
    assert metrics.REGISTRY.get_sample_value("minglu_bookings_total", labels)


def test_an_utterance_without_a_reading_is_no_confidence_of_nought() -> None:
    def counts() -> list[float]:
        names = ("minglu_recogniser_confidence_count", "minglu_recogniser_nothing_total")
        return [metrics.REGISTRY.get_sample_value(name) or 0.0 for name in names]

    heard, nothing = counts()
    metrics.count_heard(None)
    metrics.count_heard(0.7)
    assert counts() == [heard + 1, nothing + 1]


def test_metrics_are_shown_on_loopback_only_and_a_taken_port_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    metrics.serve_metrics(port, "web", "0")
    shown = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
    assert 'minglu_info{part="web",version="0"} 1.0' in shown.text
    listening = [
        c.laddr.ip
        for c in psutil.Process().net_connections(kind="tcp")
        if c.status == psutil.CONN_LISTEN and c.laddr.port == port
    ]
    assert listening == ["127.0.0.1"]
    with pytest.raises(ConfigurationError, match="MINGLU_METRICS_PORT"):
        metrics.serve_metrics(port, "web", "0")
