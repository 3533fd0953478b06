from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.errors import UnknownNotice
from policy.reading import bundled_notice, read_notice
from policy.reading.bundled import BUNDLED
from policy.reading.differences import difference
from store.database import make_engine
from store.notices import SqlNotices, ensure_bundled
from store.tables.notices import metadata

NUMBER = "吉政办发〔2025〕16号"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = make_engine(f"sqlite:///{tmp_path / 'minglu.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def repository(engine: Engine) -> SqlNotices:
    return SqlNotices(engine)


def add(repository: SqlNotices, text: str):
    return repository.add(read_notice(text.encode(), "n.txt"), text.encode(), "n.txt")


def altered(old: str, new: str) -> str:
    text = BUNDLED.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new)


def test_what_is_loaded_equals_what_was_read(repository: SqlNotices) -> None:
    assert ensure_bundled(repository)
    assert repository.load_notices() == (bundled_notice(),)
    assert repository.source(NUMBER) == (BUNDLED.name, BUNDLED.read_bytes())


def test_the_same_file_twice_is_one_document(repository: SqlNotices) -> None:
    ensure_bundled(repository)
    before = repository.revision()
    again = repository.add(bundled_notice(), BUNDLED.read_bytes(), BUNDLED.name)
    assert again.outcome == "same"
    assert (len(repository.listed()), repository.revision()) == (1, before)


def test_other_bytes_of_the_same_content_are_one_document(repository: SqlNotices) -> None:
    ensure_bundled(repository)
    assert add(repository, BUNDLED.read_text(encoding="utf-8") + "\r\n\r\n").outcome == "same"


def test_other_content_is_a_new_version_and_the_difference_names_clause_and_facts(
    repository: SqlNotices,
) -> None:
    ensure_bundled(repository)
    added = add(repository, altered("400个以上", "500个以上"))
    assert (added.outcome, added.notice.version) == ("version", 2)
    found = difference(repository.get(NUMBER, 1), repository.get(NUMBER))
    (change,) = found.clauses
    assert (change.change, change.path) == ("changed", "二（三）7")
    (fact,) = change.facts
    assert [t.number for t in fact.removed] == ["400"]
    assert [t.number for t in fact.added] == ["500"]
    assert found.head == {}


def test_as_of_a_day_gives_the_version_that_held_then(repository: SqlNotices) -> None:
    first = (
        "某市关于某事的通知\n某政发〔2020〕1号\n一、标准。每人100元。\n某市人民政府\n2020年1月1日\n"
    )
    second = first.replace("100元", "200元").replace("2020年1月1日", "2023年1月1日")
    add(repository, first)
    add(repository, second)
    assert repository.load_notices(date(2021, 5, 1))[0].version == 1
    assert repository.load_notices(date(2023, 5, 1))[0].version == 2
    assert repository.load_notices()[0].version == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_notice_that_repeals_another_ends_it_whichever_came_first(repository, order) -> None:
    old = "某市办法\n某政发〔2020〕1号\n一、标准。每人100元。\n某市人民政府\n2020年1月1日\n"
    new = (
        "某市新办法\n某政发〔2024〕2号\n一、标准。每人300元。\n二、附则。本办法自2024年4月1日起施行，"
        "《某市办法》（某政发〔2020〕1号）同时废止。\n某市人民政府\n2024年3月1日\n"
    )
    for i in order:
        add(repository, (old, new)[i])
    repealed = {n.number: n.repealed for n in repository.load_notices()}
    assert repealed == {"某政发〔2020〕1号": date(2024, 3, 31), "某政发〔2024〕2号": None}


def test_repeal_can_be_set_and_taken_back(repository: SqlNotices) -> None:
    ensure_bundled(repository)
    assert repository.repeal(NUMBER, date(2026, 5, 1)).repealed == date(2026, 5, 1)
    assert repository.repeal(NUMBER, None).repealed is None


def test_removing_takes_every_version_and_the_shipped_notice_does_not_come_back(repository) -> None:
    ensure_bundled(repository)
    add(repository, altered("400个以上", "500个以上"))
    before = repository.revision()
    assert repository.remove("吉政办发[2025]16号") == 2
    assert repository.revision() > before
    assert not ensure_bundled(repository)
    assert repository.load_notices() == ()
    with pytest.raises(UnknownNotice):
        repository.get(NUMBER)


@pytest.mark.slow
def test_a_version_taken_back_leaves_the_one_before_and_may_come_again(
    repository: SqlNotices,
) -> None:
    ensure_bundled(repository)
    changed = altered("400个以上", "420个以上")
    add(repository, changed)
    before = repository.revision()
    assert repository.withdraw(NUMBER).version == 1
    assert repository.revision() > before
    assert repository.load_notices() == (bundled_notice(),)
    with pytest.raises(UnknownNotice, match="one version only"):
        repository.withdraw(NUMBER)
    assert add(repository, changed).outcome == "version"


def test_ten_thousand_clauses_are_kept_and_come_back(repository: SqlNotices) -> None:
    lines = ["某省关于大事的通知", "某政发〔2026〕9号", "2026年1月1日"]
    lines += [f"第{i}条　各市至少建立{i}个机构，按规定给予补贴。" for i in range(1, 10_001)]
    seen: list[int] = []
    data = "\n".join(lines).encode()
    notice = read_notice(data, "big.txt", lambda done, total: seen.append(done))
    repository.add(notice, data, "big.txt")
    assert seen[-1] == len(notice.clauses) >= 10_000
    assert repository.load_notices()[0] == notice
