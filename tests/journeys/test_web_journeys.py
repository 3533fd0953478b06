"""Whole journeys on the page with the real dialogue: by keyboard alone, and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Assistant
from tests.web.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WAIT_MS = 30_000


@pytest.fixture
def page(browser: Browser, assistant: Assistant, request: Any) -> Iterator[Page]:  # noqa: F811
    url = f"http://127.0.0.1:{assistant.settings.port}"
    scripts = getattr(request, "param", True)
    context = browser.new_context(base_url=url, locale="zh-CN", java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto("/")
    yield page
    context.close()


def live_bookings(assistant: Assistant, name: str) -> list[Any]:
    """Those of one person: other journeys book too."""
    live = [b for b in assistant.bookings() if b["status"] == "confirmed"]
    return [b for b in live if b["channel"] == "web" and b["name"] == name]


def says(page: Page, words: str, answer: str) -> None:
    """Types into the field, which has the focus, and waits for an answer."""
    before = page.locator(".turn").count()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1, timeout=WAIT_MS)
    expect(page.locator("#latest")).to_contain_text(answer)


def test_asking_booking_and_cancelling_by_keyboard_alone(page: Page, assistant: Assistant) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    says(page, "盲人按摩机构要达到多少家？", "400个以上")
    says(page, "我想报名参加培训", "您想报哪个班")
    # Backwards from the field: the choices, the last one first.
    for _ in range(page.locator("#latest button[name=pick]").count()):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#latest")).to_contain_text("时间和地点", timeout=WAIT_MS)
    expect(page.locator("#message")).to_be_focused()
    says(page, "1", "叫什么名字")
    says(page, "王小明", "手机号码")
    says(page, "幺三八零零幺三八零零零", "陪您")
    says(page, "不需要", "请核对")
    says(page, "对", "约好了")
    assert len(live_bookings(assistant, "王小明")) == 1
    says(page, "取消我的预约", "取消")
    says(page, "是的", "取消")
    assert live_bookings(assistant, "王小明") == []


@pytest.mark.parametrize("page", [False], indirect=True)
def test_asking_and_booking_without_a_script(page: Page, assistant: Assistant) -> None:
    def sends(words: str, answer: str) -> None:
        page.locator("#message").fill(words)
        page.get_by_role("button", name="发送").click()
        expect(page.locator("#latest")).to_contain_text(answer, timeout=WAIT_MS)

    def picks(number: int, answer: str) -> None:
        page.locator("#latest button[name=pick]").nth(number - 1).click()
        expect(page.locator("#latest")).to_contain_text(answer, timeout=WAIT_MS)

    sends("盲人按摩机构要达到多少家？", "400个以上")
    page.get_by_role("link", name="二（三）7").click()
    expect(page.locator(".clause:target mark").first).to_be_visible()
    page.get_by_role("link", name="提问").click()
    sends("我想报名参加培训", "您想报哪个班")
    picks(2, "时间和地点")
    picks(1, "叫什么名字")
    sends("李四", "手机号码")
    picks(1, "陪您")
    picks(1, "请核对")
    picks(1, "约好了")
    (booking,) = live_bookings(assistant, "李四")
    assert booking["phone"] == ""
    assistant.minglu("bookings", "cancel", booking["reference"], "--yes")
