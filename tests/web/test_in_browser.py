"""The pages in a real Chromium: by keyboard, by ear, zoomed, dark, and with the server gone."""

from __future__ import annotations

import io
import re
import wave
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.web.conversations import sender_of
from core.conversing import STAFF, Turn
from core.values import Reply
from tests.web.conftest import READER, Served, node_package
from tests.web.fakes import NUMBER, QUOTE

pytestmark = pytest.mark.slow
QUESTION = "盲人按摩机构要达到多少家？"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[Open]:
    """Opens a path in a fresh browser profile; an error on the page fails the test."""
    contexts, errors = [], []

    def open_one(path: str = "/", **profile: Any) -> Page:
        context = browser.new_context(base_url=served.url, locale="zh-CN", **profile)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


def ask(page: Page, question: str) -> None:
    before = page.locator(".turn").count()
    page.locator("#message").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)


def violations(page: Page, axe_script: str) -> list[str]:
    page.evaluate(axe_script)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]


def test_an_answer_appears_with_its_clause_and_quote_and_the_focus_stays(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    expect(page.locator("#latest .words").last).to_have_text("全省盲人按摩机构要达到400个以上。")
    expect(page.locator("#latest blockquote")).to_have_text(QUOTE)
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#message")).to_have_value("")
    expect(page.locator("#examples")).to_have_count(0)


def test_a_citation_opens_the_clause_in_view_with_the_quote_marked(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("link", name="二（三）7").click()
    expect(page).to_have_url(re.compile("/notice/"))
    expect(page.locator(".clause:target mark")).to_have_text(QUOTE)
    expect(page.locator(".clause:target h3")).to_be_in_viewport()


def test_asking_and_choosing_need_only_a_keyboard(open_page: Open, served: Served) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.type("我想报名")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="2. 电脑基础")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="2. 电脑基础")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#latest")).to_contain_text("已经选好课程")
    assert served.dialogue.heard[-1].text == '/choose_course{"course":"c2"}'
    expect(page.locator("#message")).to_be_focused()


def test_what_has_the_focus_is_never_covered(open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 700})
    for question in (QUESTION, "我想报名", QUESTION):
        ask(page, question)
    covered = page.evaluate(
        """() => [...document.querySelectorAll('#turns :is(a, button, summary)')].filter(e => {
          const place = () => e.getBoundingClientRect();
          window.scrollTo(0, window.scrollY + place().bottom - window.innerHeight);
          e.focus();
          const { x, y, width, height } = place();
          return !e.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }).map(e => e.outerHTML)"""
    )
    assert covered == []


def test_a_double_click_asks_once(open_page: Open, served: Served) -> None:
    served.dialogue.delay_s = 0.3
    page = open_page()
    page.locator("#message").fill(QUESTION)
    page.get_by_role("button", name="发送").dblclick()
    expect(page.locator(".turn")).to_have_count(1)
    assert len(served.dialogue.heard) == 1


def test_while_the_dialogue_is_down_the_words_stay_and_sending_again_works(
    open_page: Open, served: Served
) -> None:
    served.dialogue.down = True
    page = open_page()
    page.locator("#message").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有丢")
    expect(page.locator("#message")).to_have_value(QUESTION)
    expect(page.locator("#message")).to_be_focused()
    served.dialogue.down = False
    page.keyboard.press("Enter")
    expect(page.locator("#latest")).to_contain_text("400个以上")
    expect(page.get_by_role("alert")).to_be_empty()


def test_while_the_gateway_cannot_be_reached_the_words_stay(open_page: Open) -> None:
    page = open_page()
    page.route("**/chat", lambda route: route.abort())
    page.locator("#message").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有丢")
    expect(page.locator("#message")).to_have_value(QUESTION)


def test_without_scripts_asking_and_choosing_work(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.locator("#message").fill("我想报名")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="电脑基础").click()
    expect(page.locator("#latest")).to_contain_text("已经选好课程")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)


def last_recording(served: Served) -> tuple[int, float, int]:
    """Rate, seconds and loudest sample of what the ears got last."""
    body, kind = served.voice.heard[-1]
    assert kind == "audio/wav"
    with wave.open(io.BytesIO(body)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        samples = array("h", sound.readframes(sound.getnframes()))
        return sound.getframerate(), len(samples) / sound.getframerate(), max(samples)


def test_a_question_is_spoken_and_its_answer_read_aloud_by_keyboard(
    open_page: Open, served: Served
) -> None:
    page = open_page(permissions=["microphone"])
    page.locator("#message").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#announcer")).to_have_text("开始听。说完了，请再按一次。")
    expect(page.get_by_role("button", name="说完了", pressed=True)).to_be_focused()
    page.wait_for_timeout(1500)
    page.keyboard.press("Space")
    expect(page.locator("#latest .said")).to_contain_text(served.voice.words)
    rate, seconds, loudest = last_recording(served)
    assert rate == 16_000 and 0.5 < seconds < 10 and loudest > 1000
    assert served.dialogue.heard[-1].alternatives == ("盲人按摩基地要达到多少家",)
    expect(page.locator("#hearing")).to_be_hidden()
    expect(page.locator("#message")).to_be_focused()
    page.locator("#latest button.aloud").focus()
    with page.expect_response("**/chat/sound/*"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="停止朗读")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="停止朗读")).to_have_count(0)
    assert served.voice.said == ["要达到四百个以上。"]


def test_what_the_ears_did_not_catch_is_said_and_nothing_is_sent(
    open_page: Open, served: Served
) -> None:
    served.voice.words = ""
    page = open_page(permissions=["microphone"])
    mic = page.get_by_role("button", name="说话")
    mic.click()
    expect(page.locator("#hearing")).to_have_text("正在听……")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="说完了").click()
    expect(page.locator("#hearing")).to_contain_text("没听清")
    expect(page.locator("#announcer")).to_contain_text("没听清")
    mic.click()
    page.keyboard.press("Escape")
    expect(mic).to_have_attribute("aria-pressed", "false")
    assert len(served.voice.heard) == 1 and served.dialogue.heard == []


def test_with_reading_aloud_kept_each_reply_is_read_without_asking(
    open_page: Open, served: Served
) -> None:
    page = open_page()
    page.locator(".settings summary").click()
    page.get_by_label("自动朗读每个回答").check()
    page.get_by_role("button", name="保存设置").click()
    with page.expect_response("**/chat/sound/*"):
        ask(page, QUESTION)
    expect(page.get_by_role("button", name="停止朗读")).to_be_visible()
    assert served.voice.said == ["要达到四百个以上。"]


def test_an_answer_is_rated_without_losing_the_place(open_page: Open) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("button", name="没帮助").press("Enter")
    expect(page.get_by_text("谢谢，记下了。哪里不好？")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("谢谢，记下了。")).to_be_focused()
    expect(page.get_by_role("button", name="内容不对")).to_have_count(0)


@pytest.mark.parametrize("size", ["normal", "largest"])
def test_at_320_pixels_nothing_is_cut_and_targets_are_big(open_page: Open, size: str) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.locator(".settings summary").click()
    page.locator(f"input[value={size}]").check()
    page.get_by_role("button", name="保存设置").click()
    ask(page, QUESTION)
    ask(page, "我想报名")
    for path in (None, f"/notice/{NUMBER}", "/notice"):
        if path:
            page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for box in page.evaluate(
            "[...document.querySelectorAll('button, summary, nav a, input[type=text]')]"
            ".filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height)"
        ):
            assert box >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_or_state_breaks_wcag(
    open_page: Open, served: Served, axe_script: str, scheme: str, width: int
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {"start": violations(page, axe_script)}
    ask(page, QUESTION)
    ask(page, "我想报名")
    page.locator(".settings summary").click()
    found["talking"] = violations(page, axe_script)
    ask(page, QUESTION)
    page.get_by_role("button", name="没帮助").click()
    expect(page.locator("[name=reason]")).to_have_count(5)
    page.get_by_role("button", name="说话").click()
    expect(page.locator("#hearing")).to_be_visible()
    page.locator("#latest button.aloud").click()
    found["rating, hearing, reading"] = violations(page, axe_script)
    served.dialogue.down = True
    page.locator("#message").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有丢")
    found["down"] = violations(page, axe_script)
    for path in ("/notice", f"/notice/{NUMBER}?mark={QUOTE}#二（三）7", "/nowhere"):
        page.goto(path)
        found[path] = violations(page, axe_script)
    assert found == {name: [] for name in found}


def test_in_forced_colours_everything_is_still_there(open_page: Open, axe_script: str) -> None:
    page = open_page(forced_colors="active")
    ask(page, QUESTION)
    assert violations(page, axe_script) == []
    page.goto(f"/notice/{NUMBER}?mark={QUOTE}#二（三）7")
    expect(page.locator("mark")).to_be_visible()


def staff_writes(page: Page, served: Served, words: str) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    turn = Turn("staff-1", "", (Reply(words),), STAFF)
    served.conversations.add(sender_of(cookies["minglu"]), turn)


def test_a_screen_reader_hears_each_reply_once_and_history_never_again(
    open_page: Open, served: Served, node_folder: Path
) -> None:
    reader = node_package(READER, node_folder, "lib/esm/index.browser.js")
    page = open_page()
    # Served from our own origin, so the page's policy stays in force.
    page.route(
        "**/static/reader.js",
        lambda route: route.fulfill(
            body=reader.read_text(encoding="utf-8"), content_type="text/javascript"
        ),
    )
    page.evaluate(
        "async () => { const m = await import('/static/reader.js'); window.reader = m.virtual;"
        " await m.virtual.start({container: document.body}); }"
    )

    def heard_of(words: str) -> int:
        log = page.evaluate("reader.spokenPhraseLog()")
        return sum(words in phrase for phrase in log if phrase.startswith("polite"))

    ask(page, QUESTION)
    page.wait_for_function("async () => (await reader.spokenPhraseLog()).join().includes('四百个')")
    ask(page, "我想转人工")
    page.locator("#message").fill("半句话")
    staff_writes(page, served, "我是工作人员小李")
    page.wait_for_function("async () => (await reader.spokenPhraseLog()).join().includes('小李')")
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#message")).to_have_value("半句话")
    ask(page, "我想报名")
    page.wait_for_function(
        "async () => (await reader.spokenPhraseLog()).join().includes('请选一门课')"
    )
    # Long enough for the announcer to be emptied: that must not be heard either.
    expect(page.locator("#announcer")).to_be_empty(timeout=10_000)
    heard = [heard_of(words) for words in ("要达到四百个以上", "小李", "请选一门课")]
    assert heard == [1, 1, 1]
    assert heard_of("依据") == 0, "the source is read on wish, not announced"
