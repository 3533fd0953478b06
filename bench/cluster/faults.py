"""200 conversations while one of each part is killed and started again; and the count after it."""

from __future__ import annotations

import asyncio
import csv
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.cluster.people import Person, lead
from bot.web.conversations import sender_of
from core.values import BookingStatus
from deploy.local.cluster import Cluster
from runtime.settings import ZONE, SystemClock
from store.dialogues import read_dialogues
from store.exchange import import_slots, remove_sample_slots
from store.opening import open_store

VICTIMS = tuple("dialogue-1 actions-1 web-1 redis database dialogue-2 actions-2 proxy".split())
SLOT = "cluster-bench"
TURNS = 10


def run_faults(
    cluster: Cluster, conversations: int, at_once: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Everything that must be 0 is in `account`."""
    _one_course(cluster, conversations)
    people = [Person(number) for number in range(conversations)]
    bases = [cluster.url]
    if "proxy" not in cluster.names():
        bases = cluster.topology.parts["web"].urls().split(",")
    watching = threading.Thread(target=cluster.watch, daemon=True)
    watching.start()
    killed: dict[str, float] = {}
    began = time.monotonic()
    over = threading.Event()
    trouble = threading.Thread(target=_trouble, args=(cluster, people, killed, over, say))
    trouble.start()
    asyncio.run(_all(people, bases, at_once))
    over.set()
    trouble.join()
    seconds = time.monotonic() - began
    took = sorted(ms for person in people for ms in person.took_ms)
    cuts = statistics.quantiles(took, n=100)
    return {
        "conversations": conversations,
        "turns": conversations * TURNS,
        "at_once": at_once,
        "seconds": round(seconds, 1),
        "killed_at_share_of_turns": killed,
        "account": account(cluster, people),
        "answered_p50_ms": round(cuts[49]),
        "answered_p95_ms": round(cuts[94]),
        "answered_longest_ms": round(took[-1]),
    }


def account(cluster: Cluster, people: list[Person]) -> dict[str, Any]:
    """Compares what people were told with what the store and the conversations hold."""
    settings = cluster.settings()
    store = open_store(settings, SystemClock(), samples=False)
    try:
        kept = [b for b in store.places.all_bookings() if b.status is BookingStatus.CONFIRMED]
    finally:
        store.close()
    by_phone = Counter(booking.phone for booking in kept)
    references = {booking.phone: booking.reference for booking in kept}
    told = [person for person in people if "编号是" in person.replies[8]]
    said = {p.number: _said(settings.tracker_sqlalchemy_url, p) for p in people}
    return {
        "answered": sum(person.answered for person in people),
        "apologies": sum(person.apologies for person in people),
        "apologies_by_words": dict(Counter(words for p in people for words in p.apologised)),
        "turns_never_answered": sum(TURNS - person.answered for person in people),
        "turns_without_answer_or_apology": sum(person.mute for person in people),
        "deliveries_sent_again": sum(person.resent for person in people),
        "bookings": len(kept),
        "bookings_told": len(told),
        "bookings_lost": sum(p.phone not in by_phone for p in told),
        "bookings_told_otherwise": sum(
            references.get(p.phone, "?") not in _digits(p.replies[8]) for p in told
        ),
        "conversations_without_booking": sum(p.phone not in by_phone for p in people),
        "bookings_doubled": sum(count - 1 for count in by_phone.values()),
        "conversations_out_of_order": sum(not _in_order(p, said[p.number]) for p in people),
        "turns_handled_twice": sum(
            max(0, len(said[p.number]) - TURNS - p.apologies) for p in people
        ),
        "wrong": [
            {"said": said[p.number], "told": p.replies, "apologised": p.apologised}
            for p in people
            if by_phone[p.phone] != 1 or not _in_order(p, said[p.number])
        ],
    }


def _said(tracker: str, person: Person) -> list[str]:
    lines = read_dialogues(tracker, [sender_of(person.cookie)])
    return [line["text"] for line in lines if line["by"] == "person"]


def _in_order(person: Person, said: list[str]) -> bool:
    """Whether the script was heard in its order. What was said again counts once."""
    once = [text for place, text in enumerate(said) if place == 0 or said[place - 1] != text]
    return tuple(once) == person.script


def _digits(text: str) -> str:
    return "".join(text.split())


async def _all(people: list[Person], bases: list[str], at_once: int) -> None:
    gate = asyncio.Semaphore(at_once)

    async def one(person: Person) -> None:
        address = f"127.1.{person.number // 250}.{person.number % 250 + 1}"
        async with gate:
            await lead(person, bases, address)

    await asyncio.gather(*(one(person) for person in people))


def _trouble(
    cluster: Cluster,
    people: list[Person],
    killed: dict[str, float],
    over: threading.Event,
    say: Callable[[str], None],
) -> None:
    """SIGKILL to each part at its share of the turns; the supervisor starts it again."""
    victims = [name for name in VICTIMS if name in cluster.names()]
    turns = len(people) * TURNS
    for place, name in enumerate(victims):
        due = (place + 0.5) / len(victims) * 0.85
        while _done(people) < due * turns and not over.wait(0.02):
            continue
        while not cluster.kill(name) and not over.wait(0.1):
            continue
        killed[name] = round(_done(people) / turns, 2)
        say(f"{name} killed after {_done(people)} of {turns} turns")


def _done(people: list[Person]) -> int:
    return sum(person.answered for person in people)


def _one_course(cluster: Cluster, places: int) -> None:
    """Only the course of the script, with room for everybody, in five weeks."""
    settings = cluster.settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    begin = (datetime.now(ZONE) + timedelta(days=35)).replace(hour=9, minute=0, second=0)
    file = settings.data_dir / "slots.csv"
    _write_csv(file, begin, places)
    store = open_store(settings, SystemClock(), samples=False)
    try:
        remove_sample_slots(store)
        import_slots(store, file)
    finally:
        store.close()


def _write_csv(file: Path, begin: datetime, places: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow("id course city venue starts_at ends_at capacity access audience".split())
        end = begin + timedelta(hours=3)
        times = [moment.isoformat(timespec="seconds") for moment in (begin, end)]
        writer.writerow([SLOT, "电商直播", "长春市", "培训中心", *times, places, "", ""])
