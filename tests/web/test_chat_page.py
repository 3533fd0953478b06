"""The chat page as a browser without scripts uses it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from starlette.testclient import TestClient

from bot.web.conversations import MemoryConversations, Turn
from bot.web.views import beside_choices
from core.values import Choice
from tests.web.conftest import Form
from tests.web.fakes import FakeDialogue

QUESTION = "盲人按摩机构要达到多少家？"


def test_the_first_page_speaks_chinese_and_offers_questions_to_try(client: TestClient) -> None:
    page = client.get("/").text
    assert '<html lang="zh-CN"' in page
    assert f'value="{QUESTION}"' in page


def test_a_question_is_answered_with_its_clause_and_the_words_of_the_notice(form: Form) -> None:
    page = form.send(QUESTION)
    assert page.history[0].status_code == 303, "a reload must not send again"
    assert "全省盲人按摩机构要达到400个以上。" in page.text
    assert "<blockquote>全省盲人按摩机构达到400个以上</blockquote>" in page.text
    assert "二（三）7 实施盲人就业帮扶行动</a>" in page.text


def test_the_conversation_is_still_there_on_the_next_visit(form: Form, client: TestClient) -> None:
    form.send(QUESTION)
    form.send("我想报名")
    page = client.get("/").text
    assert page.index(QUESTION) < page.index("请选一门课")


def test_two_browsers_never_see_each_other(form: Form, client: TestClient) -> None:
    form.send("只有我问过这句")
    stranger = TestClient(client.app)
    assert "只有我问过这句" not in stranger.get("/").text


def test_the_dialogue_learns_neither_cookie_nor_address(
    form: Form, client: TestClient, dialogue: FakeDialogue
) -> None:
    form.send(QUESTION)
    heard = dialogue.heard[0]
    assert heard.channel == "web" and heard.conversation.startswith("web-")
    assert client.cookies["minglu"] not in repr(heard)


def test_the_same_message_sent_again_is_handled_once(form: Form, dialogue: FakeDialogue) -> None:
    data = {**form.fields(), "message": QUESTION}
    first, second = (form.client.post("/chat", data=data) for _ in range(2))
    assert len(dialogue.heard) == 1
    assert first.text.count("明路答") == second.text.count("明路答") == 1


def test_a_double_click_is_handled_once(form: Form, dialogue: FakeDialogue) -> None:
    dialogue.delay_s = 0.3
    data = {**form.fields(), "message": QUESTION}
    with ThreadPoolExecutor(2) as clicks:
        pages = list(clicks.map(lambda _: form.client.post("/chat", data=data), range(2)))
    assert len(dialogue.heard) == 1
    assert all("400个以上" in page.text for page in pages)


def test_when_the_dialogue_is_down_the_message_stays_and_can_be_sent_again(
    form: Form, dialogue: FakeDialogue
) -> None:
    dialogue.down = True
    data = {**form.fields(), "message": QUESTION}
    page = form.client.post("/chat", data=data)
    assert page.status_code == 503
    assert "没有丢" in page.text and f'type="text" value="{QUESTION}"' in page.text
    assert f'name="message_id" value="{data["message_id"]}"' in page.text
    assert "拨打" not in page.text, "no number is named unless one is configured"
    dialogue.down = False
    assert "400个以上" in form.client.post("/chat", data=data).text


def test_a_dialogue_that_says_nothing_is_apologised_for(form: Form) -> None:
    page = form.send("沉默")
    assert "没有答上来" in page.text and 'value="沉默"' in page.text


def test_an_empty_message_and_a_huge_one_are_explained_and_nothing_is_lost(
    form: Form, dialogue: FakeDialogue
) -> None:
    assert "还没有写问题" in form.send("  ").text
    page = form.send("长" * 501)
    assert "500个字" in page.text and "长" * 501 in page.text
    assert dialogue.heard == []


def test_a_choice_is_shown_by_its_words_and_sent_by_its_payload(
    form: Form, dialogue: FakeDialogue
) -> None:
    form.send("我想报名")
    page = form.send(pick='/choose_course{"course":"c2"}')
    assert dialogue.heard[-1].text == '/choose_course{"course":"c2"}'
    assert '<p class="words">电脑基础</p>' in page.text


def test_choices_that_the_text_lists_too_are_shown_once() -> None:
    choices = (Choice("按摩", "/a"), Choice("电脑", "/b"))
    text = "请选：\n1. 按摩，还有3个名额\n2. 电脑\n说第几个就行。"
    assert beside_choices(text, choices) == (
        "请选：\n说第几个就行。",
        ["按摩，还有3个名额", "电脑"],
    )
    assert beside_choices("请选：\n1. 按摩", choices) == ("请选：\n1. 按摩", ["按摩", "电脑"])
    assert beside_choices("好。", ()) == ("好。", [])


def test_a_choice_may_be_typed_by_its_number(form: Form, dialogue: FakeDialogue) -> None:
    form.send("我想报名")
    form.send("2")
    assert dialogue.heard[-1].text == '/choose_course{"course":"c2"}'


def test_a_number_is_only_a_number_where_nothing_is_to_choose(
    form: Form, dialogue: FakeDialogue
) -> None:
    form.send("2")
    assert dialogue.heard[-1].text == "2"


def test_only_the_latest_choices_are_buttons(form: Form) -> None:
    form.send("我想报名")
    assert form.client.get("/").text.count('name="pick"') == 2
    form.send(QUESTION)
    page = form.client.get("/").text
    assert page.count('name="pick"') == 0 and "电脑基础" in page


def test_an_order_to_the_dialogue_that_was_never_offered_is_refused(
    form: Form, dialogue: FakeDialogue
) -> None:
    assert "选项已经过期" in form.send("/restart").text
    assert dialogue.heard == []


def test_what_people_write_is_shown_as_they_wrote_it(form: Form) -> None:
    page = form.send("学我说<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_text_size_and_short_answers_are_kept(form: Form, client: TestClient) -> None:
    token = form.fields()["token"]
    client.post("/preferences", data={"token": token, "size": "largest", "plain": "1"})
    assert 'data-size="largest"' in client.get("/").text
    page = form.send(QUESTION).text
    assert '<p class="words">要达到四百个以上。</p>' in page and "看完整的回答" in page


def test_an_unknown_text_size_is_the_normal_one(form: Form, client: TestClient) -> None:
    client.post("/preferences", data={"token": form.fields()["token"], "size": '"><b>'})
    assert 'data-size="normal"' in client.get("/").text


def test_forgetting_the_conversation_empties_the_page_and_begins_another(
    form: Form, client: TestClient, dialogue: FakeDialogue
) -> None:
    form.send(QUESTION)
    page = client.post("/forget", data={"token": form.fields()["token"]})
    assert "明路答" not in page.text
    form.send(QUESTION)
    assert dialogue.heard[0].conversation != dialogue.heard[1].conversation


def test_history_is_bounded() -> None:
    kept = MemoryConversations(most_conversations=2, most_turns=3)
    for number in range(5):
        kept.add("a", Turn(str(number), "问", ()))
    assert [turn.message_id for turn in kept.turns("a")] == ["2", "3", "4"]
    kept.add("b", Turn("1", "问", ()))
    assert kept.turns("a")
    kept.add("c", Turn("1", "问", ()))
    assert kept.turns("b") == () and kept.turns("a"), "the longest unused goes first"
