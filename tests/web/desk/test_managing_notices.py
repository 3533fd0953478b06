"""Managing notices: looked at before they hold, published, ended; hostile files refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.notices_in_force import FollowingPolicies
from bot.web.desk.managing.reading import read_apart
from core.errors import BadNotice
from core.staff import Role
from core.values import Kind
from policy.engine import PolicyEngine
from policy.reading import bundled_notice
from policy.reading.bundled import BUNDLED
from policy.reading.formats import LARGEST
from policy.reading.packing import packed_notice, unpacked_notice
from store.database import make_engine
from store.notices import SqlNotices
from tests.policy.documents import PARAGRAPHS, docx_file, pdf_file, zip_bomb
from tests.web.desk.conftest import DeskAtHand, post, token_of

NUMBER = "长残联发〔2026〕7号"
TEXT = "\n".join(PARAGRAPHS)


def upload(client: TestClient, data: bytes, name: str = "notice.txt") -> Any:
    token = token_of(client.get("/desk/password").text)
    files = {"file": (name, data, "application/octet-stream")}
    return client.post("/desk/notices/upload", data={"token": token}, files=files)


def preview(client: TestClient, text: str) -> tuple[str, dict[str, str]]:
    """The page before publishing, and what its form holds."""
    answer = upload(client, text.encode())
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    fields = {n: re.search(f'name="{n}" value="([^"]*)"', page)[1] for n in ("draft", "against")}  # type: ignore[index]
    return page, fields


def elsewhere(desk: DeskAtHand) -> FollowingPolicies:
    """What another process on the same database answers."""
    notices = SqlNotices(make_engine(str(desk.store.engine.url)))
    return FollowingPolicies(
        notices.revision,
        lambda day: PolicyEngine(notices.load_notices(day), today=day),
        desk.clock,
    )


def test_a_notice_is_looked_at_first_and_once_published_answers_everywhere_at_once(
    desk: DeskAtHand,
) -> None:
    client, other = desk.signed_in(Role.MANAGER), elsewhere(desk)
    question = "长春市2026年底前培训残疾人多少人次？"
    assert "800" not in other.ask(question).text
    page, fields = preview(client, TEXT)
    for fact in ("不少于", "800人次", "2026年底前", "市残联", "市财政局", "120人"):
        assert fact in page, fact
    assert "还没有公布" in page
    assert NUMBER not in client.get("/desk/notices").text, "looking changes nothing"
    assert "800" not in other.ask(question).text
    answer = post(client, "/desk/notices/publish", **fields)
    assert answer.headers["location"] == "/desk/notices?done=published"
    assert "800人次" in other.ask(question).text
    assert "已经公布" in client.get(answer.headers["location"]).text
    trail = [(t.event, t.subject) for t in desk.store.staff.trail()]
    assert ("notice_published", NUMBER) in trail
    assert post(client, "/desk/notices/publish", **fields).status_code == 422, "published once"


def test_another_version_shows_what_differs_word_by_word(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    post(client, "/desk/notices/publish", **preview(client, TEXT)[1])
    assert "完全一样" in preview(client, TEXT)[0]
    page, fields = preview(client, TEXT.replace("800人次", "900人次").replace("市残联、", ""))
    assert "<del>800</del>" in page and "<ins>900</ins>" in page
    assert "责任部门，删去：<del>市残联</del>" in page
    post(client, "/desk/notices/publish", **preview(client, TEXT.replace("800", "850"))[1])
    late = post(client, "/desk/notices/publish", **fields)
    assert late.status_code == 409 and "情况有了变化" in late.text
    assert [r.notice.version for r in SqlNotices(desk.store.engine).listed()][:2] == [1, 2]


def test_a_notice_is_repealed_restored_and_removed_after_being_told_what_follows(
    desk: DeskAtHand,
) -> None:
    client, other = desk.signed_in(Role.MANAGER), elsewhere(desk)
    number = bundled_notice().number
    page = client.get(f"/desk/notices/withdraw/{number}").text
    assert "没有一份有效文件" in page
    assert post(client, "/desk/notices/repeal", number=number, last_day="明天").status_code == 422
    post(client, "/desk/notices/repeal", number=number, last_day="2026-03-01")
    told = other.ask("盲人按摩机构要达到多少家？")
    assert told.kind is Kind.PARTIAL and "不在有效期内" in told.text
    assert "已过有效期" in client.get("/desk/notices").text
    post(client, "/desk/notices/restore", number=number)
    assert other.ask("盲人按摩机构要达到多少家？").kind is Kind.ANSWER
    assert post(client, "/desk/notices/remove", number=number).status_code == 422
    post(client, "/desk/notices/remove", number=number, sure="1")
    assert other.ask("盲人按摩机构要达到多少家？").kind is not Kind.ANSWER
    assert post(client, "/desk/notices/remove", number=number, sure="1").status_code == 404


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("notice.txt", TEXT)
    return out.getvalue()


def with_macro() -> bytes:
    out = io.BytesIO(docx_file())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    return out.getvalue()


HOSTILE = {
    "bomb.docx": (zip_bomb, "压缩炸弹"),
    "macro.docx": (with_macro, "带有宏"),
    "archive.docx": (archive, "压缩包"),
    "picture.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "这是图片"),
    "program.txt": (lambda: b"\x7fELF" + b"\0" * 100, "不是能读的文件类型"),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    "broken.pdf": (lambda: pdf_file()[:300], "已损坏"),
    "empty.txt": (lambda: b"\n", "文件是空的"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_is_refused_and_said(desk: DeskAtHand, name: str) -> None:
    make, words = HOSTILE[name]
    before = SqlNotices(desk.store.engine).revision()
    answer = upload(desk.signed_in(Role.MANAGER), make(), name)
    assert answer.status_code == 422
    assert "没有收下" in answer.text and words in answer.text
    assert SqlNotices(desk.store.engine).revision() == before


def test_a_gigabyte_is_refused_before_and_while_it_is_read(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    form = {"content-type": "multipart/form-data; boundary=b", "content-length": str(2**30)}
    declared = client.post("/desk/notices/upload", headers=form)
    assert declared.status_code == 413 and "太大" in declared.text
    grown = upload(client, b"x" * (LARGEST + 2**20))
    assert grown.status_code == 413 and "太大" in grown.text
    within = upload(client, b"x" * (LARGEST + 10))
    assert within.status_code == 422 and "太大" in within.text


def test_a_file_that_takes_too_long_or_crashes_the_reader_ends_alone() -> None:
    with pytest.raises(BadNotice) as refused:
        read_apart(TEXT.encode(), "notice.txt", patience_s=0.001)
    assert refused.value.details["reason"] == "slow"


def test_a_draft_is_seen_by_who_uploaded_it_and_by_nobody_else(desk: DeskAtHand) -> None:
    where = upload(desk.signed_in(Role.MANAGER), TEXT.encode()).headers["location"]
    other = desk.signed_in(Role.MANAGER, "second.manager")
    assert "预览已经不在了" in other.get(where).text


def test_what_a_notice_says_cannot_become_markup_or_a_formula(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.MANAGER)
    attack = TEXT.replace("各县（市）区残联要明确", "<img src=x>各县（市）区残联要明确")
    attack = attack.replace("长春市残疾人联合会关于", "=HYPERLINK(1)关于")
    page, fields = preview(client, attack)
    assert "<img" not in page and "&lt;img" in page
    post(client, "/desk/notices/publish", **fields)
    sheet = client.get("/desk/notices/export.csv")
    assert "attachment" in sheet.headers["content-disposition"]
    assert not re.search(r'"=HYPERLINK', sheet.text)
    assert client.get("/desk/notices/export.exe").status_code == 404


def test_a_notice_survives_being_packed() -> None:
    notice = bundled_notice()
    assert unpacked_notice(packed_notice(notice)) == notice
    assert read_apart(BUNDLED.read_bytes(), "x.txt").issued == date(2025, 11, 24)
