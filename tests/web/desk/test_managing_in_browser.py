"""The managers' pages in a real Chromium: WCAG in every state, by keyboard, without scripts."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.feedback import OpenQuestion, Rating
from core.staff import Role
from store.notices import SqlNotices
from tests.policy.documents import PARAGRAPHS
from tests.store.stores import add, slot, wish
from tests.web.desk.conftest import DeskAtHand, Open
from tests.web.test_in_browser import violations

pytestmark = pytest.mark.slow
TEXT = "\n".join(PARAGRAPHS)
CONTRAST = """async () => (await axe.run(document, {runOnly: ['color-contrast']}))
    .violations.map(found => found.nodes[0].html)"""
NUMBER = "长残联发〔2026〕7号"
DATES = """id,course,city,venue,starts_at,ends_at,capacity
A,盲人按摩,长春市,二号楼,2026-03-09 09:00,2026-03-09 12:00,3
N,面点,吉林市,三号楼,2026-03-12 09:00,2026-03-12 12:00,5
"""


@pytest.fixture
def busy(desk: DeskAtHand) -> DeskAtHand:
    store, day = desk.store, date(2026, 3, 2)
    store.counts.add({(day, "web", "answer", ""): 6, (day, "web", "abstain", "not_in_text"): 2})
    add(store, slot("A", capacity=1), slot("B", course="面点", city="吉林市"))
    store.places.book(wish(1))
    store.places.join_waitlist(wish(2))
    store.tickets.open(conversation="c", channel="web", topic="safety", summary="怕", urgent=True)
    for n, text in enumerate(("残疾证怎么办理", "怎么办残疾证", "两项补贴多少钱")):
        store.feedback.keep_question("c", f"m{n}", OpenQuestion(text, "abstain"))
    store.feedback.rate("c", "m", Rating(False, "unclear", "answer", "吉政办发〔2025〕16号 一"))
    return desk


def choose(page: Page, name: str, body: str) -> None:
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": body.encode()}
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()


def seen(page: Page, name: str) -> None:
    """Keeps a picture where somebody wants to look: MINGLU_PICTURES names a folder."""
    folder = os.environ.get("MINGLU_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_or_state_breaks_wcag_or_the_edge_of_the_screen(
    open_page: Open, busy: DeskAtHand, axe_script: str, width: int
) -> None:
    page = open_page(Role.MANAGER, color_scheme="light", viewport={"width": width, "height": 800})
    found, wide = {}, {}

    def look(name: str) -> None:
        found[name] = violations(page, axe_script)
        seen(page, f"{name}-{width}-light")
        # In the dark only the colours differ.
        page.emulate_media(color_scheme="dark")
        found[f"{name} in the dark"] = page.evaluate(CONTRAST)
        seen(page, f"{name}-{width}-dark")
        page.emulate_media(color_scheme="light")
        wide[name] = page.evaluate("document.documentElement.scrollWidth") <= width
        assert "bound method" not in page.content(), name

    page.goto("/desk/notices")
    look("notices")
    choose(page, "macro.txt", "\n")
    expect(page.get_by_role("alert")).to_contain_text("没有收下")
    look("notice-refused")
    choose(page, "notice.txt", TEXT)
    page.locator("summary").first.click()
    look("notice-new")
    page.get_by_role("button", name="公布", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已经公布")
    look("notice-published")
    choose(page, "notice.txt", TEXT.replace("800", "900"))
    look("notice-version")
    page.goto(f"/desk/notices/withdraw/{NUMBER}")
    look("notice-withdraw")
    page.goto(f"/desk/notices/facts/{NUMBER}")
    look("notice-facts")
    page.goto("/desk/slots")
    look("slots")
    choose(page, "dates.csv", DATES)
    look("slot-plan")
    page.goto("/desk/slots")
    choose(page, "dates.csv", DATES.replace("2026-03-09 09:00", "明天"))
    look("slots-refused")
    page.goto("/desk/slots/show?slot=A")
    look("slot")
    page.goto("/desk/slots/new")
    look("slot-form")
    page.goto("/desk/requests")
    page.locator("summary").first.click()
    look("requests")
    page.goto("/desk/feedback")
    page.locator("summary").first.click()
    look("feedback")
    page.goto("/desk/numbers")
    look("numbers")
    assert found == {name: [] for name in found}
    assert wide == {name: True for name in wide}


def test_the_admins_pages_break_no_wcag(open_page: Open, busy: DeskAtHand, axe_script: str) -> None:
    page = open_page(Role.ADMIN, viewport={"width": 320, "height": 800})
    found = {"accounts": violations(page, axe_script)}
    page.locator("td button").first.click()
    expect(page.get_by_role("status")).to_contain_text("一次性密码")
    found["given"] = violations(page, axe_script)
    page.goto("/desk/trail")
    found["trail"] = violations(page, axe_script)
    seen(page, "trail-320-light")
    assert found == {name: [] for name in found}
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_and_by_keyboard_a_notice_is_published(
    open_page: Open, busy: DeskAtHand
) -> None:
    page = open_page(Role.MANAGER, java_script_enabled=False)
    page.goto("/desk/notices")
    file: Any = {"name": "n.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    page.locator("#file").set_input_files(file)
    page.locator("#file").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("预览")
    page.get_by_role("button", name="公布", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已经公布")
    assert SqlNotices(busy.store.engine).get(NUMBER).version == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_of_a_gigabyte_is_refused_and_the_browser_shows_it(
    open_page: Open, busy: DeskAtHand, tmp_path: Path, scripts: bool
) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(2**30)
    page = open_page(Role.MANAGER, java_script_enabled=scripts)
    page.goto("/desk/notices")
    page.locator("#file").set_input_files(large)
    if scripts:
        assert "没有上传" in page.locator("#file").evaluate("field => field.validationMessage")
        return
    page.get_by_role("button", name="上传并预览").click(no_wait_after=True)
    expect(page.locator(".trouble")).to_contain_text("太大", timeout=90_000)
