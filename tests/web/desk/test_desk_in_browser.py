"""The desk in a real Chromium: by keyboard alone, live, by ear, narrow, dark, without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from core.orders import OrderNote
from core.staff import Role
from tests.store.stores import add, slot, wish
from tests.web.desk.conftest import PASSWORD, DeskAtHand, Open
from tests.web.test_in_browser import violations

pytestmark = pytest.mark.slow
QUESTION = "盲人按摩机构要达到多少家？"


def asked_for(desk: DeskAtHand, **more: Any) -> str:
    ticket = desk.store.tickets.open(
        conversation="web-1", channel="web", topic="asked", summary="← 转人工", **more
    )
    return ticket.id


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


def tab_to(page: Page, words: str) -> None:
    """Moves on until what has the focus is named so, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in focused(page):
            return
    raise AssertionError(f"{words} cannot be reached by keyboard")


def test_a_whole_shift_by_keyboard_alone(open_page: Open, desk: DeskAtHand) -> None:
    add(desk.store, slot("A"))
    asked_for(desk)
    page = open_page()
    # Search, read the script, note it.
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_focused()
    expect(page.locator(".script")).to_contain_text("400个以上")
    page.keyboard.press("F9")
    expect(page.locator("#draft")).to_contain_text(QUESTION)
    page.keyboard.press("F2")
    expect(page.locator("#question")).to_be_focused()
    # Book for the caller.
    page.keyboard.press("F8")
    page.wait_for_url("**/desk/bookings")
    page.locator("#slots").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "name")
    page.keyboard.type("王小明")
    page.keyboard.press("Tab")
    page.keyboard.type("13912345678")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("念给来电人听")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("已预约")
    # Take a hand-over, talk, hand it back.
    page.goto("/desk")
    page.keyboard.press("F4")
    page.wait_for_url("**/desk/tickets")
    tab_to(page, "t-")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/tickets/*")
    page.keyboard.press("F9")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("您好，我是小李。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("您好，我是小李。")
    expect(page.locator("#text")).to_have_value("")
    tab_to(page, "办完了")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("已经办结")
    tab_to(page, "退出")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/sign-in")
    (booking,) = desk.store.places.all_bookings()
    assert booking.booked_by == "staff" and desk.store.handovers.holder("web-1") == ""
    assert [m.text for m in desk.store.handovers.thread("web-1")] == ["您好，我是小李。"]


def test_cards_come_while_typing_and_are_told_once_when_the_typing_rests(open_page: Open) -> None:
    page = open_page()
    page.evaluate(
        "window.told = []; const place = document.getElementById('announcer');"
        "new MutationObserver(() => { if (place.textContent) told.push(place.textContent) })"
        ".observe(place, {childList: true})"
    )
    page.keyboard.type("残疾人创业给多少钱", delay=60)
    expect(page.locator(".asked")).to_have_text("问：残疾人创业给多少钱")
    expect(page.locator("#question")).to_be_focused()
    page.wait_for_function("() => told.length > 0")
    (told,) = page.evaluate("told")
    assert told.startswith("文件只写了一部分。") and "没有写具体金额" in told


def test_what_a_person_writes_and_who_waits_come_by_themselves(
    open_page: Open, desk: DeskAtHand
) -> None:
    page = open_page()
    expect(page.locator("[data-live]")).to_contain_text("没有人等人工")
    ticket = asked_for(desk, urgent=True)
    expect(page.locator("[data-live]")).to_contain_text("紧急")
    expect(page.locator("#announcer")).to_contain_text("可能有危险")
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    page.goto(f"/desk/tickets/{ticket}")
    page.keyboard.press("F9")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("正在写")
    desk.store.handovers.take_in("web-1", "web", "我在哭", "m1")
    expect(page.locator("#thread")).to_contain_text("我在哭")
    expect(page.locator("#announcer")).to_contain_text("来访人：我在哭")
    expect(page.locator("#text")).to_have_value("正在写")
    expect(page.locator("#text")).to_be_focused()


def test_who_comes_between_the_page_and_its_first_news_is_announced(open_page: Open) -> None:
    page = open_page()
    first_news = 'data: {"revision": "1", "waiting": 1, "urgent": 1}\n\n'

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/event-stream", body=first_news)

    page.route("**/desk/events", answer, times=1)
    page.reload()
    expect(page.locator("#announcer")).to_contain_text("可能有危险")


def test_the_end_of_a_session_is_told_in_time_and_can_be_put_off(
    open_page: Open, desk: DeskAtHand
) -> None:
    page = open_page(None)
    page.clock.install()
    page.goto("/desk/sign-in")
    page.locator("#name").fill("test.agent")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    desk.clock.forward(minutes=28, seconds=30)
    page.clock.fast_forward("28:30")
    expect(page.locator("#ending")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#ending")).to_be_hidden()
    desk.clock.forward(minutes=5)
    page.goto("/desk/orders")
    expect(page.get_by_role("heading", level=1)).to_have_text("工单")


def test_the_help_lists_the_keys_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("F2")
    page.keyboard.press("Escape")
    expect(page.locator("#question")).to_be_focused()


def test_a_call_that_is_listened_to_brings_its_cards(open_page: Open, desk: DeskAtHand) -> None:
    page = open_page(permissions=["microphone"])
    page.keyboard.press("F7")
    expect(page.locator("#assist-state")).to_contain_text("听不了")
    desk.ears.ears, desk.ears.texts = True, [QUESTION, *[""] * 200]
    page.keyboard.press("F7")
    expect(page.locator("#transcript")).to_contain_text(QUESTION, timeout=15_000)
    expect(page.locator(".script")).to_contain_text("400个以上")
    page.keyboard.press("F7")
    expect(page.locator("#assist-state")).to_have_text("已经停止听。")


def test_without_scripts_a_card_an_order_and_a_booking_work(
    open_page: Open, desk: DeskAtHand
) -> None:
    add(desk.store, slot("A"))
    page = open_page(java_script_enabled=False)
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".script")).to_contain_text("400个以上")
    page.get_by_role("button", name="记入工单").click()
    expect(page.locator("#draft")).to_contain_text(QUESTION)
    page.get_by_role("link", name="代约培训").click()
    page.locator("input[name=slot]").check()
    page.locator("#name").fill("王小明")
    page.locator("#phone").fill("13912345678")
    page.get_by_role("button", name="下一步").click()
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已预约")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_no_page_or_state_of_the_desk_breaks_wcag_or_is_cut(
    open_page: Open, desk: DeskAtHand, axe_script: str, width: int, scheme: str
) -> None:
    add(desk.store, slot("A"), slot("B", days=9, capacity=1))
    desk.store.places.book(wish(1, "B"))
    ticket, profile = asked_for(desk), {"viewport": {"width": width, "height": 800}}
    found: dict[str, list[str]] = {}

    def look(name: str, page: Page) -> None:
        found[name] = violations(page, axe_script)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[name].append("wider than the window")

    page = open_page(None, color_scheme=scheme, **profile)
    look("sign-in", page)
    page.keyboard.type("nobody")
    page.locator("#password").fill("a wrong phrase")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("不相符")
    look("wrong password", page)
    page = open_page(color_scheme=scheme, **profile)
    look("home", page)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_focused()
    page.locator("summary").click()
    page.locator("input[value=visual]").check()
    page.get_by_role("button", name="对照文件").click()
    expect(page.locator("#screened")).to_contain_text("文件点到这类人")
    look("card and screener", page)
    page.keyboard.press("F1")
    look("help", page)
    page.keyboard.press("Escape")
    order = desk.store.orders.note("test.agent", OrderNote("问", "答", "测试1号", "一"))
    for path in (
        "/desk/orders", f"/desk/orders/{order.reference}", "/desk/tickets", "/desk/calls",
        f"/desk/tickets/{ticket}", "/desk/bookings", "/desk/password", "/desk/accounts",
    ):  # fmt: skip
        page.goto(path)
        look(path, page)
    page.goto(f"/desk/tickets/{ticket}")
    page.keyboard.press("F9")
    expect(page.locator("#text")).to_be_focused()
    desk.store.handovers.take_in("web-1", "web", "在吗", "m1")
    expect(page.locator("#thread")).to_contain_text("在吗")
    look("talking", page)
    for slot_id in ("A", "B"):
        page.goto("/desk/bookings")
        page.locator(f"input[value={slot_id}]").check()
        page.locator("#name").fill("王小明")
        page.locator("#phone").fill("13912345678")
        page.get_by_role("button", name="下一步").click()
        page.wait_for_url("**/check")
        look(f"asked for {slot_id}", page)
    admin = open_page(Role.ADMIN, color_scheme=scheme, **profile)
    for path in ("/desk/accounts", "/desk/trail"):
        admin.goto(path)
        look(f"admin {path}", admin)
    assert found == {name: [] for name in found}
