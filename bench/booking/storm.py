"""A storm of bookings: many processes, few places, redeliveries, kills; and the count after it."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import BookingError, StoreUnavailable
from core.values import Booking, BookingRequest, BookingStatus
from runtime.settings import ZONE, Settings, SystemClock
from store.exchange import save_slots
from store.opening import Store, open_store
from store.slots import SlotRecord

SLOT = "storm"
Book = Callable[[BookingRequest], Any]
Connect = Callable[[Settings], Book]


@dataclass(frozen=True)
class Storm:
    """What to unleash."""

    processes: int = 64
    places: int = 100
    requests: int = 5000
    redelivered: float = 0.1
    """Share of the requests that come a second time, through another process."""
    kills: int = 0
    """Workers that get SIGKILL, at random moments."""
    restart: Callable[[], None] | None = None
    """Takes the database down and up again, once, in the middle."""
    seed: int = 1


def connect_store(settings: Settings) -> Book:
    return open_store(settings, SystemClock(), samples=False).places.book


def prepare(settings: Settings, places: int) -> None:
    """A fresh store with one slot."""
    store = open_store(settings, SystemClock(), samples=False)
    begin = datetime.now(ZONE) + timedelta(days=30)
    end = begin + timedelta(hours=3)
    save_slots(store, [SlotRecord(SLOT, "storm", "长春市", "venue", begin, end, places)])
    store.close()


def request(number: int) -> BookingRequest:
    """Everybody is somebody else, with a name and phone that no one has."""
    return BookingRequest(
        slot_id=SLOT,
        name=f"测试{chr(0x4E00 + number % 5000)}{chr(0x4E00 + number // 5000)}",
        phone=f"199{number:08d}",
        conversation=f"storm-{number}",
        channel="web",
        key=f"storm-{number}",
    )


def unleash(
    storm: Storm, settings: Settings, folder: Path, connect: Connect = connect_store
) -> dict[str, Any]:
    """Runs it to the end; timings in seconds and milliseconds."""
    folder.mkdir(parents=True, exist_ok=True)
    shares = _shares(storm)
    context = multiprocessing.get_context("fork")
    gate = context.Event()
    ready = context.Semaphore(0)

    def start(worker: int) -> Any:
        arguments = (settings, connect, shares[worker], folder / f"{worker}.acks", gate, ready)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        return process

    workers = {n: start(n) for n in range(storm.processes)}
    for _ in workers:
        ready.acquire()
    began = time.monotonic()
    gate.set()
    trouble = threading.Thread(
        target=_trouble, args=(storm, workers, start, folder, sum(map(len, shares)))
    )
    trouble.start()
    trouble.join()
    for process in list(workers.values()):
        process.join()
        if process.exitcode != 0:
            raise RuntimeError(f"a worker ended with {process.exitcode}")
    return _timings(began, list(acknowledged(folder)))


def acknowledged(folder: Path) -> Iterator[dict[str, Any]]:
    """What callers were told. A line cut by SIGKILL was told to nobody."""
    for path in folder.glob("*.acks"):
        for line in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(line)


def account(storm: Storm, store: Store, folder: Path) -> dict[str, int]:
    """Oversold, lost and doubled: each must be 0. Compares the store with what was told."""
    confirmed = [b for b in store.places.all_bookings() if b.status is BookingStatus.CONFIRMED]
    kept = {booking.reference: booking for booking in confirmed}
    told: dict[int, set[str]] = defaultdict(set)
    lost = 0
    for ack in acknowledged(folder):
        if ack["outcome"] == "confirmed":
            told[ack["request"]].add(ack["reference"])
            lost += not _is_kept(kept, ack)
    by_phone: dict[str, int] = defaultdict(int)
    for booking in confirmed:
        by_phone[booking.phone] += 1
    slot = store.places.slot(SLOT)
    return {
        "confirmed": len(confirmed),
        "told_confirmed": len(told),
        "unanswered": storm.requests - len({ack["request"] for ack in acknowledged(folder)}),
        "oversold": max(len(confirmed) - storm.places, 0),
        "lost": lost,
        "doubled": sum(n - 1 for n in by_phone.values())
        + sum(len(references) - 1 for references in told.values()),
        "miscounted": abs(slot.capacity - slot.free - len(confirmed)),
        "unsold": max(min(storm.places, storm.requests) - len(confirmed), 0),
    }


def _is_kept(kept: dict[str, Booking], ack: dict[str, Any]) -> bool:
    booking = kept.get(ack["reference"])
    return booking is not None and booking.phone == request(ack["request"]).phone


def _shares(storm: Storm) -> list[list[int]]:
    dice = random.Random(storm.seed)
    numbers = list(range(storm.requests))
    dice.shuffle(numbers)
    again = dice.sample(numbers, int(storm.requests * storm.redelivered))
    shares: list[list[int]] = [[] for _ in range(storm.processes)]
    for place, number in enumerate(numbers):
        shares[place % storm.processes].append(number)
    for place, number in enumerate(again):
        # Soon after the first delivery or at the same time, by somebody else.
        share = shares[(numbers.index(number) + 1 + place) % storm.processes]
        share.insert(dice.randrange(len(share) + 1), number)
    return shares


def _work(
    settings: Settings, connect: Connect, share: list[int], path: Path, gate: Any, ready: Any
) -> None:
    book = _connected(connect, settings)
    done = path.read_bytes().count(b"\n") if path.exists() else 0
    with path.open("ab", buffering=0) as acks:
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            acks.write(b'"cut"}\n')
        ready.release()
        gate.wait()
        for number in share[done:]:
            acks.write(json.dumps(_deliver(book, number)).encode() + b"\n")


def _connected(connect: Connect, settings: Settings) -> Book:
    """A worker that starts while the database is away waits for it, as the product's parts do."""
    while True:
        try:
            return connect(settings)
        except StoreUnavailable:
            time.sleep(0.2)


def _deliver(book: Book, number: int) -> dict[str, Any]:
    began = time.monotonic()
    retries = 0
    while True:
        answer: dict[str, Any] = {"request": number}
        try:
            answer |= {"outcome": "confirmed", "reference": book(request(number)).reference}
        except StoreUnavailable:
            # The person got an apology; the channel delivers again with the same key.
            retries += 1
            time.sleep(0.2)
            continue
        except BookingError as error:
            answer |= {"outcome": error.code}
        now = time.monotonic()
        return answer | {"ms": (now - began) * 1000, "at": now, "retries": retries}


def _trouble(
    storm: Storm, workers: dict[int, Any], start: Callable[[int], Any], folder: Path, total: int
) -> None:
    """Kills workers, each at a random moment of the work, and takes the database down once."""
    dice = random.Random(storm.seed + 1)
    moments = sorted(dice.uniform(0.02, 0.9) for _ in range(storm.kills))
    restart_at = 0.3 if storm.restart else 2.0
    while moments or restart_at < 1:
        done = sum(path.read_bytes().count(b"\n") for path in folder.glob("*.acks")) / total
        if done >= 1 or not any(process.is_alive() for process in workers.values()):
            return
        if done >= restart_at and storm.restart:
            restart_at = 2.0
            storm.restart()
        while moments and done >= moments[0]:
            moments.pop(0)
            alive = [n for n, process in workers.items() if process.is_alive()]
            if alive:
                victim = dice.choice(alive)
                os.kill(workers[victim].pid, signal.SIGKILL)
                workers[victim].join()
                workers[victim] = start(victim)
        time.sleep(0.005)


def _timings(began: float, acks: list[dict[str, Any]]) -> dict[str, Any]:
    # A redelivery of a booking is answered late and sells nothing: the first answer counts.
    first: dict[int, float] = {}
    for ack in acks:
        if ack["outcome"] == "confirmed":
            first[ack["request"]] = min(ack["at"], first.get(ack["request"], ack["at"]))
    confirmed = sorted(first.values())
    waits = sorted(ack["ms"] for ack in acks)
    sold = sorted(ack["ms"] for ack in acks if ack["outcome"] == "confirmed")
    unique = len(confirmed)
    seconds = (confirmed[-1] - began) if confirmed else 0.0
    return {
        "answers": len(acks),
        "confirmed": unique,
        "seconds_to_last_confirmed": round(seconds, 3),
        "confirmed_per_s": round(unique / seconds, 1) if seconds else 0.0,
        "answers_per_s": round(len(acks) / (max(a["at"] for a in acks) - began), 1),
        "p50_ms": _quantile(waits, 0.5),
        "p95_ms": _quantile(waits, 0.95),
        "confirmed_p95_ms": _quantile(sold, 0.95),
        "retries": sum(ack["retries"] for ack in acks),
    }


def _quantile(ordered: list[float], share: float) -> float:
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1) if ordered else 0.0
