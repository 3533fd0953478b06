"""The notice as a page: whole, verbatim, with an anchor for each clause."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, unquote, urlsplit

from starlette.testclient import TestClient

from bot.web.views import citation_link, sources_of
from core.values import Citation, Reply
from policy.reading import bundled_notice
from tests.web.fakes import ANSWER, NUMBER


def page_of(client: TestClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.text


def test_every_clause_stands_on_the_page_verbatim_under_its_own_anchor(client: TestClient) -> None:
    page = page_of(client, f"/notice/{quote(NUMBER)}")
    for clause in bundled_notice().clauses:
        assert f'id="{clause.path}"' in page
        if clause.leaf:
            for line in clause.text.split("\n"):
                assert html.escape(line.strip()) in page


def test_a_citation_opens_its_clause_with_the_quote_marked(client: TestClient) -> None:
    link = citation_link(ANSWER.citations[0])
    parts = urlsplit(link)
    page = page_of(client, f"{parts.path}?{parts.query}")
    assert f'id="{unquote(parts.fragment)}"' in page
    assert re.findall("<mark>(.*?)</mark>", page) == [ANSWER.citations[0].quote]


def test_the_departments_of_a_clause_are_listed(client: TestClient) -> None:
    page = page_of(client, f"/notice/{quote(NUMBER)}")
    clause = bundled_notice().clause("二（三）7")
    assert clause is not None
    after = page[page.index('id="二（三）7"') :]
    assert f"负责部门（{len(clause.departments)}个）" in after
    for department in clause.departments:
        assert f"<li>{department}</li>" in after


def test_the_list_of_notices_leads_to_each(client: TestClient) -> None:
    page = page_of(client, "/notice")
    for link in re.findall(r'href="(/notice/[^"]+)"', page):
        page_of(client, html.unescape(link))
    assert quote(NUMBER) in page


def test_a_notice_that_nobody_added_is_a_404_that_says_so(client: TestClient) -> None:
    response = client.get("/notice/吉政办发〔2099〕1号")
    assert response.status_code == 404 and "没有找到这份文件" in response.text


def test_a_hostile_notice_or_mark_cannot_write_into_the_page(client: TestClient) -> None:
    page = page_of(client, "/notice/测试/1号?mark=<script>alert(1)</script>")
    assert "<script" not in page and "<b>粗" not in page and "<img" not in page
    assert "<mark>&lt;script&gt;" in page


def test_a_clause_whose_words_the_answer_says_is_named_once() -> None:
    said, more = (Citation(NUMBER, "三", "保障条件", words) for words in ("甲", "乙"))
    unsaid = Citation(NUMBER, "三", "保障条件", "丙")
    assert sources_of(Reply("甲乙", citations=(said, more, unsaid))) == [said, unsaid]
