from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import Workbook

from core.errors import BadImport, ConfigurationError
from core.values import BookingStatus, OutboxMessage
from store.backup import back_up, restore
from store.calendar import booking_calendar
from store.database import make_engine
from store.erasure import export_person, forget_person
from store.exchange import import_bookings, import_slots
from store.migrate import current_revision, downgrade, head_revision, upgrade
from store.opening import Store
from store.outbox import dispatch
from store.rotation import old_rows, reseal
from store.sealing import Seal, add_key, keep_newest_key, load_seal
from store.upkeep import run_upkeep
from tests.store.stores import START, HandClock, add, fresh_store, slot, wish

HEADER = "id,course,city,venue,starts_at,ends_at,capacity,access,audience\n"
LINE = "X1,电商直播,长春市,一号楼,2026-03-09T09:00,2026-03-09T12:00,2,轮椅通道;字幕,\n"


def test_importing_again_updates_and_a_bad_line_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "slots.csv"
    file.write_text(HEADER + LINE, encoding="utf-8")
    assert import_slots(store, file)["added"] == 1
    assert store.places.slot("X1").access == ("轮椅通道", "字幕")
    file.write_text(HEADER + LINE.replace(",2,", ",5,"), encoding="gb18030")
    assert import_slots(store, file)["updated"] == 1
    bad = LINE.replace("X1", "X2") + LINE.replace(",2,", ",many,") + ",,,,,,,,\nX3,a\n"
    file.write_text(HEADER + bad, encoding="utf-8")
    with pytest.raises(BadImport) as refused:
        import_slots(store, file)
    assert [line for line, _ in refused.value.details["problems"]] == [3, 5]
    assert [s.id for s in store.places.slots()] == ["X1"]
    assert store.places.slot("X1").capacity == 5


def test_fewer_places_than_are_taken_are_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "slots.csv"
    file.write_text(HEADER + LINE, encoding="utf-8")
    import_slots(store, file)
    store.places.book(wish(1, "X1"))
    file.write_text(HEADER + LINE.replace(",2,", ",0,"), encoding="utf-8")
    with pytest.raises(BadImport):
        import_slots(store, file)
    assert store.places.slot("X1").capacity == 2


def test_a_workbook_and_a_calendar_give_the_same_slot(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(HEADER.strip().split(","))
    book.active.append(LINE.strip().split(","))
    book.save(tmp_path / "slots.xlsx")
    import_slots(store, tmp_path / "slots.xlsx")
    (tmp_path / "slots.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:X1\r\n"
        "SUMMARY:电商直播\r\nLOCATION:长春市\\, 一号楼\r\nDTSTART:20260309T010000Z\r\n"
        "DTEND:20260309T040000Z\r\nDESCRIPTION:名额：2\\n无障碍：轮椅通道;字幕\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
    )
    assert import_slots(store, tmp_path / "slots.ics")["unchanged"] == 1


def test_importing_bookings_is_all_or_nothing(store: Store, tmp_path: Path) -> None:
    add(store, slot(capacity=1))
    file = tmp_path / "people.csv"
    file.write_text("slot_id,name,phone\nA,张三,13800138000\nA,李四,13900139000\n", "utf-8")
    with pytest.raises(BadImport) as refused:
        import_bookings(store, file)
    assert refused.value.details["problems"][0][0] == 3
    assert store.places.all_bookings() == ()
    file.write_text("slot_id,name,phone\nA,张三,13800138000\n", "utf-8")
    assert import_bookings(store, file)["booked"] == 1
    assert import_bookings(store, file)["unchanged"] == 1


def test_a_reminder_goes_out_once_and_again_only_after_a_failure(
    store: Store, clock: HandClock
) -> None:
    add(store, slot(days=3))
    store.places.book(wish())
    clock.forward(days=2, minutes=5)
    run_upkeep(store)
    run_upkeep(store)

    def broken(message: OutboxMessage) -> None:
        raise OSError("no network")

    assert dispatch(store.outbox, "web", broken) == 0
    heard: list[str] = []
    assert dispatch(store.outbox, "web", lambda m: heard.append(m.kind)) == 0
    clock.forward(minutes=3)
    assert dispatch(store.outbox, "web", lambda m: heard.append(m.kind)) == 1
    clock.forward(minutes=30)
    run_upkeep(store)
    assert dispatch(store.outbox, "web", lambda m: heard.append(m.kind)) == 0
    assert heard == ["reminder"]


def test_nobody_is_woken_for_a_course_far_ahead(store: Store, clock: HandClock) -> None:
    add(store, slot(capacity=1))
    seated = store.places.book(wish(1))
    store.places.join_waitlist(wish(2))
    clock.forward(hours=13)
    store.places.cancel(seated.reference, key="c")
    assert store.outbox.due("web") == ()
    clock.forward(hours=11)
    assert [message.kind for message in store.outbox.due("web")] == ["offer"]


def test_a_person_is_exported_and_then_forgotten(store: Store, clock: HandClock) -> None:
    add(store, slot(capacity=1))
    mine = store.places.book(wish(1, access_needs=("手语",)))
    waiting = store.places.join_waitlist(wish(2))
    store.tickets.open(conversation="c1", channel="web", topic="asked", summary="请打电话")
    found = json.dumps(export_person(store, phone=mine.phone), ensure_ascii=False)
    assert all(word in found for word in (mine.reference, mine.name, "手语", "请打电话"))
    assert forget_person(store, phone=mine.phone) == 1
    left = store.places.by_reference(mine.reference)
    assert (left.name, left.phone, left.access_needs) == ("", "", ())
    assert left.status is BookingStatus.CANCELLED
    assert store.places.by_reference(waiting.reference).offered
    assert store.tickets.waiting() == ()
    assert export_person(store, phone=mine.phone)["bookings"] == []


def test_details_are_erased_when_the_time_is_over(store: Store, clock: HandClock) -> None:
    add(store, slot())
    booked = store.places.book(wish())
    clock.forward(days=100)
    run_upkeep(store)
    assert store.places.by_reference(booked.reference).name
    clock.forward(days=100)
    assert run_upkeep(store)["erased"] == 1
    assert store.places.by_reference(booked.reference).name == ""


def test_a_calendar_entry_keeps_its_uid_and_counts_changes(store: Store) -> None:
    add(store, slot(), slot("B", days=8))
    booked = store.places.book(wish())
    moved = store.places.reschedule(booked.reference, "B", key="m")
    first, second = (
        Calendar.from_ical(booking_calendar(b, START)).walk("VEVENT")[0] for b in (booked, moved)
    )
    assert first["UID"] == second["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert booked.phone.encode() not in booking_calendar(booked, START)


def test_a_new_key_reads_old_rows_while_others_run(tmp_path: Path) -> None:
    store, clock = fresh_store(tmp_path)
    key_dir = tmp_path / "keys"
    seal = load_seal("", key_dir)
    running = Store(**{**vars(store), "seal": seal, "places": type(store.places)(
        store.engine, clock, seal, store.rules
    )})  # fmt: skip
    add(running, slot(capacity=9))
    booked = running.places.book(wish(1, access_needs=("轮椅",)))
    add_key(key_dir)
    assert running.places.by_reference(booked.reference) == booked
    assert reseal(running)["people"] == 1
    assert old_rows(running) == 0
    keep_newest_key(key_dir)
    assert running.places.bookings_of(phone=booked.phone) == (booked,)
    assert (key_dir / "secret.keys").stat().st_mode & 0o777 == 0o600
    store.close()


def test_a_sealed_value_opens_only_where_it_belongs() -> None:
    seal = Seal(["a secret of the tests"])
    sealed = seal.seal("张三", "name")
    assert seal.open(sealed, "name") == "张三"
    with pytest.raises(ConfigurationError):
        seal.open(sealed, "phone")
    with pytest.raises(ConfigurationError, match="add the old key"):
        Seal(["another secret of the tests"]).open(sealed, "name")


@pytest.mark.parametrize("logical", [False, True])
def test_restoring_a_backup_gives_the_same_bookings(
    store: Store, tmp_path: Path, logical: bool
) -> None:
    add(store, slot())
    store.places.book(wish(1))
    kept = store.places.all_bookings()
    back_up(store.engine, tmp_path / "backup", logical=logical)
    store.places.book(wish(2))
    restore(store.engine, tmp_path / "backup")
    assert store.places.all_bookings() == kept
    assert store.places.book(wish(3)).reference
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "backup").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadImport):
        restore(store.engine, tmp_path / "backup")
    assert len(store.places.all_bookings()) == 2


@pytest.mark.slow
def test_a_backup_of_sqlite_moves_to_postgresql_and_back(
    store: Store, tmp_path: Path, postgres_url: str
) -> None:
    add(store, slot())
    store.places.book(wish(1))
    back_up(store.engine, tmp_path / "one", logical=True)
    other, _ = fresh_store(tmp_path / "pg", url=postgres_url)
    restore(other.engine, tmp_path / "one")
    assert other.places.all_bookings() == store.places.all_bookings()
    assert other.places.book(wish(2)).reference
    back_up(other.engine, tmp_path / "two")
    restore(store.engine, tmp_path / "two")
    assert other.places.all_bookings() == store.places.all_bookings()
    other.close()


def check_migrations(url: str, folder: Path) -> None:
    store, _ = fresh_store(folder, url=url)
    add(store, slot())
    booked = store.places.book(wish())
    downgrade(store.engine, "0001")
    assert store.places.all_bookings() == (booked,)
    upgrade(store.engine)
    assert current_revision(store.engine) == head_revision()
    assert store.places.all_bookings() == (booked,)
    downgrade(store.engine, "base")
    upgrade(store.engine)
    assert store.places.all_bookings() == ()
    store.close()


def test_migrations_go_up_and_down_with_data(tmp_path: Path) -> None:
    check_migrations("", tmp_path)


@pytest.mark.slow
def test_migrations_go_up_and_down_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    check_migrations(postgres_url, tmp_path)


def test_a_url_of_postgres_is_understood() -> None:
    assert make_engine("postgres://u@localhost/x").dialect.name == "postgresql"
