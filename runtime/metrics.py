"""What is counted and timed, for Prometheus. The only place that imports its library.

Every label comes from a closed set, so that no person, text or key can become one and the number of
series stays small. The instruments stand at module level, as loggers do: making them does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from prometheus_client import (
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.errors import ConfigurationError
from core.values import Reply

LOOPBACK = "127.0.0.1"
OTHER = "other"
NONE = "none"
CHANNELS = frozenset(
    {"terminal", "voice", "web", "telegram", "wechat", "wecom", "desk", "rest", "warm-up"}
)
STAGES = ("gateway", "dialogue", "door", "parse", "predict", "tracker", "action", "policy", "store")
"""From the person inwards: the whole request at the gateway, the call of the dialogue server, that
server's own work, its reading and its decision, its memory, one action, one answer, one statement
of the store."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)

TURNS = Counter("minglu_turns", "Messages of people, by how they ended.", ["channel", "outcome"])
REPLIES = Counter(
    "minglu_replies", "Messages to people, by kind and reason.", ["channel", "kind", "reason"]
)
STAGE = Histogram("minglu_stage_seconds", "Seconds of each stage.", ["stage"], buckets=_SECONDS)
ACTIONS = Counter("minglu_actions", "Actions run, by outcome.", ["action", "outcome"])
BOOKINGS = Counter(
    "minglu_bookings", "Changes of bookings asked for, by outcome.", ["operation", "outcome"]
)
RESPONSES = Counter("minglu_web_responses", "The gateway's answers, by status.", ["status"])
PUSHED = Counter("minglu_pushed", "Reminders and offers sent.", ["channel", "outcome"])
INTENT = Histogram("minglu_intent_confidence", "Of the intent that was taken.", buckets=_SHARES)
HEARD = Histogram(
    "minglu_recogniser_confidence",
    "Share of the best reading among the recogniser's alternatives.",
    buckets=_SHARES,
)
NOT_HEARD = Counter("minglu_recogniser_nothing", "Utterances in which nothing was understood.")
READY = Gauge("minglu_ready", "Whether the gateway reaches a part.", ["part"])
QUEUE = Gauge("minglu_queue_length", "What waits in the store.", ["queue"])
UPKEEP = Gauge("minglu_upkeep_timestamp_seconds", "When the last upkeep ended well.")
INFO = Gauge("minglu_info", "1, with the part and its version.", ["part", "version"])


stage_seconds = lru_cache(maxsize=None)(STAGE.labels)


def among(value: object, allowed: Collection[str]) -> str:
    """The value where it belongs to the set, else `other`."""
    return value if isinstance(value, str) and value in allowed else OTHER


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Times what runs inside, whether or not it ends well."""
    began = time.perf_counter()
    try:
        yield
    finally:
        stage_seconds(stage).observe(time.perf_counter() - began)


def observe(stage: str, seconds: float) -> None:
    stage_seconds(stage).observe(seconds)


def count_turn(channel: str, outcome: str) -> None:
    """`outcome`: answered, silent or unavailable."""
    TURNS.labels(among(channel, CHANNELS), outcome).inc()


def count_reply(channel: str, reply: Reply) -> None:
    kind = reply.kind.value if reply.kind else NONE
    reason = reply.reason.value if reply.reason else NONE
    REPLIES.labels(among(channel, CHANNELS), kind, reason).inc()


def count_heard(confidence: float | None) -> None:
    """Of one utterance: the share of the best reading, 0 to 1; None: nothing was understood."""
    if confidence is None:
        NOT_HEARD.inc()
    else:
        HEARD.observe(confidence)


def exposition() -> str:
    """Everything of this process in Prometheus' text form."""
    text: str = generate_latest(REGISTRY).decode()
    return text


def serve_metrics(port: int, part: str, version: str, host: str = LOOPBACK) -> None:
    """GET /metrics on an address of loopback, in a thread of its own. Raises ConfigurationError."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    INFO.labels(part, version).set(1)
    try:
        start_http_server(port, addr=host)
    except OSError as error:
        raise ConfigurationError(
            f"MINGLU_METRICS_PORT: {part} cannot listen on {host}:{port} ({error.strerror}); "
            "choose another, or unset it"
        ) from None


def show_parts(read: Callable[[], Mapping[str, tuple[bool, int]]]) -> None:
    """Shows for each child process whether it runs and how often it was started again."""
    REGISTRY.register(_Parts(read))


class _Parts(Collector):
    def __init__(self, read: Callable[[], Mapping[str, tuple[bool, int]]]) -> None:
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("minglu_part_up", "Whether a child runs.", labels=["part"])
        starts = GaugeMetricFamily("minglu_part_starts", "Starts of a child.", labels=["part"])
        for part, (running, started) in self._read().items():
            up.add_metric([part], float(running))
            starts.add_metric([part], float(started))
        yield up
        yield starts
