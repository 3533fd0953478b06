from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from core.errors import BadImport
from core.messaging import ReceivedMessage
from minglu.__main__ import cli
from minglu.opened import opened_store
from runtime.settings import ZONE
from store.erasure import conversations_of
from store.messages import SqlMessageBook

HEAD = "id,course,city,venue,starts_at,ends_at,capacity,access,audience\n"
GOOD = "X1,电商直播,长春市,一号楼,2030-03-09T09:00,2030-03-09T12:00,3,,\n"
PHONE = "13900000001"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGLU_DATA_DIR", str(tmp_path / "var"))
    for name in ("MINGLU_DATABASE_URL", "MINGLU_SECRET_KEY", "MINGLU_NOW"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def done(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def booked(tmp_path: Path) -> Path:
    """A slot with two bookings."""
    slots, people = tmp_path / "slots.csv", tmp_path / "people.csv"
    slots.write_text(HEAD + GOOD, encoding="utf-8")
    people.write_text(f"slot_id,name,phone\nX1,张三,{PHONE}\nX1,李四,13900000002\n", "utf-8")
    done("slots", "import", slots)
    done("bookings", "import", people)
    return people


def statuses() -> list[str]:
    return [one["status"] for one in json.loads(done("bookings", "list", "--json"))]


def test_each_bad_line_of_slots_is_named_and_none_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "slots.csv"
    bad = GOOD.replace("X1", "X2").replace(",3,", ",many,") + "X3,a\n"
    file.write_text(HEAD + GOOD + bad, encoding="utf-8")
    result = run("slots", "import", file)
    assert isinstance(result.exception, BadImport)
    assert "line 3:" in result.output
    assert "line 4:" in result.output
    assert "X1" not in {slot["id"] for slot in json.loads(done("slots", "list", "--json"))}


def test_cancelling_a_slot_cancels_its_bookings(booked: Path) -> None:
    assert done("slots", "cancel", "X1", "--yes").startswith("2 ")
    assert statuses() == ["cancelled", "cancelled"]


def test_samples_leave(tmp_path: Path) -> None:
    assert json.loads(done("slots", "list", "--json"))
    assert not done("slots", "remove-samples").startswith("0 ")
    assert json.loads(done("slots", "list", "--json")) == []


def test_bookings_come_again_once_and_go_out_as_csv(booked: Path, tmp_path: Path) -> None:
    assert "2 unchanged" in done("bookings", "import", booked)
    target = tmp_path / "out.csv"
    done("bookings", "export", "--to", target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert PHONE in {row["phone"] for row in csv.DictReader(file)}
    assert target.stat().st_mode & 0o777 == 0o600


def test_cancelling_all_cancels_all(booked: Path) -> None:
    assert done("bookings", "cancel", "--all", "--yes") == "2 cancelled\n"
    assert statuses() == ["cancelled", "cancelled"]


def test_a_person_is_given_out_and_erased(booked: Path) -> None:
    assert json.loads(done("people", "export", PHONE))["bookings"][0]["name"] == "张三"
    assert done("people", "forget", PHONE, "--yes") == "1 erased\n"
    assert json.loads(done("people", "export", PHONE))["bookings"] == []


def test_a_backup_restores_and_a_new_key_reads_it(booked: Path, tmp_path: Path) -> None:
    done("store", "backup", tmp_path / "b.db")
    done("bookings", "cancel", "--all", "--yes")
    done("store", "restore", tmp_path / "b.db", "--yes")
    assert statuses() == ["confirmed", "confirmed"]
    assert "0 rows need an older key" in done("store", "rotate-key")
    done("store", "rotate-key", "--finish")
    assert PHONE in done("bookings", "list", "--json")


def test_a_turned_key_still_reads_what_waits_in_a_messenger(booked: Path) -> None:
    with opened_store() as store:
        book = SqlMessageBook(store.engine, store.clock, store.seal)
        book.receive("telegram", [ReceivedMessage("m1", "c9", "chat 7", "我想报名")])
    turned = done("store", "rotate-key")
    assert "1 messages, 1 contacts" in turned
    assert "0 rows need an older key" in turned
    done("store", "rotate-key", "--finish")
    with opened_store() as store:
        book = SqlMessageBook(store.engine, store.clock, store.seal)
        (waiting,) = book.waiting("telegram")
        contact = book.contact("c9")
    assert waiting.content == "我想报名"
    assert contact is not None and contact.address == "chat 7"


def test_forgetting_a_person_forgets_what_they_said(booked: Path, tmp_path: Path) -> None:
    with opened_store() as store:
        mine = conversations_of(store, phone=PHONE)
    with closing(sqlite3.connect(tmp_path / "var" / "tracker.db")) as tracker, tracker:
        tracker.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        for sender in (*mine, "another"):
            tracker.execute("INSERT INTO events (sender_id, data) VALUES (?, 'x')", (sender,))
    done("people", "forget", PHONE, "--yes")
    with closing(sqlite3.connect(tmp_path / "var" / "tracker.db")) as tracker:
        assert tracker.execute("SELECT sender_id FROM events").fetchall() == [("another",)]
    assert len(mine) == 1


def test_a_person_is_given_what_they_said_and_nobody_elses(booked: Path, tmp_path: Path) -> None:
    with opened_store() as store:
        (mine,) = conversations_of(store, phone=PHONE)
    with closing(sqlite3.connect(tmp_path / "var" / "tracker.db")) as tracker, tracker:
        said_at(tracker, mine, "我想报名", NOON)
        said_at(tracker, "another", "别人的话", NOON)
    given = json.loads(done("people", "export", PHONE))
    assert given["said"] == [
        {"at": "2026-03-02T04:00:00+00:00", "by": "person", "text": "我想报名"}
    ]


def test_what_was_said_a_month_ago_is_erased_by_the_upkeep(booked: Path, tmp_path: Path) -> None:
    file = tmp_path / "var" / "tracker.db"
    with opened_store() as store:
        now = store.clock.now().timestamp()
    with closing(sqlite3.connect(file)) as tracker, tracker:
        said_at(tracker, "old", "很久以前", now - 31 * 86_400)
        said_at(tracker, "lively", "很久以前", now - 31 * 86_400)
        said_at(tracker, "lively", "昨天", now - 86_400)
    assert "1 said" in done("store", "upkeep")
    with closing(sqlite3.connect(file)) as tracker:
        left = tracker.execute("SELECT DISTINCT sender_id FROM events").fetchall()
    assert left == [("lively",)]


NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE).timestamp()


def said_at(tracker: sqlite3.Connection, sender: str, text: str, moment: float) -> None:
    """A row as Rasa writes it for a person's sentence."""
    tracker.execute(
        "CREATE TABLE IF NOT EXISTS events"
        " (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, timestamp FLOAT, data TEXT)"
    )
    tracker.execute(
        "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)",
        (sender, moment, json.dumps({"text": text})),
    )


@pytest.mark.parametrize("group", ["slots", "bookings", "people", "store", "tickets"])
def test_the_help_of_each_command_has_an_example(group: str) -> None:
    command = cli.get_command(click.Context(cli), group)
    assert isinstance(command, click.Group)
    for name in command.commands:
        assert f"Example: minglu {group} {name}" in done(group, name, "--help")
