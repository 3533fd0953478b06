"""What keeps other sites, floods and curious eyes out."""

from __future__ import annotations

import logging
import re

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.web.app import create_app
from bot.web.protection import Pace
from bot.web.services import Services
from runtime.settings import Settings, SystemClock
from tests.web.conftest import Form, services
from tests.web.fakes import FakeDialogue, FakeFeedback, FakeNotices, FakeVoice

PATHS = ["/", "/notice", "/nowhere", "/api/openapi.json", "/healthz", "/static/minglu.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_safe_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def public_routes(client: TestClient) -> list[Route]:
    """Every address outside the desk, which has a walk of its own."""
    routes = client.app.routes  # type: ignore[attr-defined]
    return [r for r in routes if isinstance(r, Route) and not r.path.startswith("/desk")]


def test_every_route_carries_the_safe_headers_and_no_post_works_from_elsewhere(
    form: Form, dialogue: FakeDialogue, feedback: FakeFeedback, voice: FakeVoice
) -> None:
    form.send("盲人按摩机构要达到多少家？")
    token = form.fields()["token"]
    dialogue.heard.clear()
    walked = public_routes(form.client)
    assert len(walked) >= 14
    for route in walked:
        path = re.sub(r"\{number:int\}", "1", route.path).replace("{number:path}", "x")
        read = form.client.get(path, follow_redirects=False)
        assert read.status_code < 500, path
        assert "default-src 'none'" in read.headers["content-security-policy"], path
        if "POST" not in (route.methods or ()):
            assert form.client.post(path).status_code == 405, path
            continue
        data = {"token": token, "message": "你好", "size": "largest"}
        for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
            response = form.client.post(path, data=data, headers=headers)
            assert response.status_code in (403, 415), path
        del data["token"]
        assert form.client.post(path, data=data).status_code in (403, 415), path
    assert dialogue.heard == [] and feedback.rated == {} and voice.heard == []


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "%0d%0aSet-Cookie:a=b", "\x00"])
def test_what_stands_in_an_address_is_escaped_and_breaks_nothing(
    client: TestClient, hostile: str
) -> None:
    for path in ("/", "/chat/news", "/notice", "/notice/x", "/nowhere", "/chat/sound/1"):
        for name in ("mark", "rated", "after", "q"):
            response = client.get(path, params={name: hostile})
            assert response.status_code < 500
            assert hostile not in response.text or hostile == "\x00"
            assert "a" not in response.cookies


def test_no_page_needs_inline_scripts_or_styles(client: TestClient, form: Form) -> None:
    form.send("我想报名")
    for path in ("/", "/notice", "/notice/吉政办发〔2025〕16号"):
        page = client.get(path).text
        assert " style=" not in page and "<style" not in page and " on" + "click" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    secure = TestClient(client.app, base_url="https://testserver").get("/")
    cookie = secure.headers["set-cookie"]
    assert cookie.startswith("__Host-minglu=") and "Secure" in cookie and "Domain" not in cookie
    assert "max-age" in secure.headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/chat", "/preferences", "/forget"])
@pytest.mark.parametrize("token", [None, "", "0" * 32, "中"])
def test_a_form_without_its_token_changes_nothing_and_keeps_the_words(
    form: Form, dialogue: FakeDialogue, path: str, token: str | None
) -> None:
    form.fields()
    data = {"message": "别丢了我"} | ({} if token is None else {"token": token})
    response = form.client.post(path, data=data)
    assert response.status_code == 403 and dialogue.heard == []
    if path == "/chat":
        assert 'value="别丢了我"' in response.text


def test_a_token_of_another_browser_is_refused(form: Form, client: TestClient) -> None:
    other = TestClient(client.app)
    other.get("/")
    assert other.post("/chat", data={**form.fields(), "message": "你好"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_can_use_neither_form_nor_api(
    form: Form, dialogue: FakeDialogue, headers: dict[str, str]
) -> None:
    data = {**form.fields(), "message": "你好"}
    assert form.client.post("/chat", data=data, headers=headers).status_code == 403
    response = form.client.post("/api/chat", json={"message": "你好"}, headers=headers)
    assert response.status_code == 403 and dialogue.heard == []


def test_a_forged_cookie_is_replaced(client: TestClient) -> None:
    client.cookies.set("minglu", "a")
    assert "minglu=" in client.get("/").headers["set-cookie"]
    assert client.get("/").headers["set-cookie"].split(";")[0] != "minglu=a"


@pytest.mark.parametrize("path", ["/chat", "/api/chat"])
def test_a_body_beyond_the_limit_is_refused(client: TestClient, path: str) -> None:
    kind = (
        {"content-type": "application/json"}
        if path == "/api/chat"
        else {"content-type": "application/x-www-form-urlencoded"}
    )
    assert client.post(path, content=b"a" * 70_000, headers=kind).status_code == 413
    pieces = (b"a" * 10_000 for _ in range(8))
    assert client.post(path, content=pieces, headers=kind).status_code == 413


def test_too_many_messages_from_one_address_are_asked_to_wait(dialogue: FakeDialogue) -> None:
    app = create_app(services(dialogue), Settings(), Pace(burst=2, per_second=0.1))
    client = TestClient(app)
    answers = [client.post("/api/chat", json={"message": "你好"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 10
    assert answers[2].json()["error"]["code"] == "too_many"
    assert client.get("/").status_code == 200, "reading stays free"
    assert TestClient(app, client=("10.0.0.9", 1)).post("/forget").status_code == 403


@pytest.mark.parametrize(
    ("trusted", "peer", "apart"),
    [
        ("127.0.0.1,::1", "127.0.0.1", True),
        ("127.0.0.1,::1", "203.0.113.5", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("", "127.0.0.1", False),
    ],
)
def test_a_forwarded_address_counts_only_where_a_trusted_proxy_names_it(
    dialogue: FakeDialogue, trusted: str, peer: str, apart: bool
) -> None:
    pace = Pace(burst=1, per_second=0.01)
    app = create_app(services(dialogue), Settings(trusted_proxies=trusted), pace)
    client = TestClient(app, client=(peer, 1))
    answers = [
        client.post("/api/chat", json={"message": "你好"}, headers={"x-forwarded-for": address})
        for address in ("198.51.100.1", "198.51.100.2")
    ]
    assert [a.status_code for a in answers] == [200, 200 if apart else 429]
    proto = client.get("/", headers={"x-forwarded-proto": "https"})
    assert ("strict-transport-security" in proto.headers) is apart


def test_a_pace_gives_tokens_back_with_time_and_forgets_old_addresses() -> None:
    now = [0.0]
    pace = Pace(burst=1, per_second=0.5, most_addresses=2, clock=lambda: now[0])
    assert pace.wait_s("a") == 0
    assert pace.wait_s("a") == pytest.approx(2.0)
    now[0] = 2.0
    assert pace.wait_s("a") == 0
    for address in ("b", "c"):
        pace.wait_s(address)
    assert pace.wait_s("a") == 0, "forgotten, so it starts anew"


def test_no_address_leads_away_from_the_site(form: Form, client: TestClient) -> None:
    data = {"token": form.fields()["token"], "next": "https://elsewhere.example"}
    for path in ("/preferences?next=//elsewhere.example", "/forget?next=//elsewhere.example"):
        data["token"] = form.fields()["token"]
        response = client.post(path, data=data, follow_redirects=False)
        assert response.headers["location"] == "/"


def test_an_unforeseen_error_is_an_apology_with_a_number_and_no_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(FakeDialogue):
        async def send(self, utterance):  # type: ignore[no-untyped-def]
            raise ValueError(utterance.text)

    app = create_app(Services(Broken(), FakeNotices(), SystemClock()), Settings())
    client = TestClient(app, raise_server_exceptions=False)
    with caplog.at_level(logging.INFO):
        response = client.post("/api/chat", json={"message": "我叫王小明"})
    assert response.status_code == 500
    assert "content-security-policy" in response.headers
    assert "对不起" in response.json()["error"]["message"]
    ours = [record.getMessage() for record in caplog.records if record.name == "minglu.web"]
    assert len(ours) == 1 and "王小明" not in ours[0]


def test_a_configured_referral_is_offered_when_nothing_else_helps(dialogue: FakeDialogue) -> None:
    dialogue.down = True
    app = create_app(services(dialogue), Settings(referral="也可以到社区服务站当面问。"))
    response = TestClient(app).post("/api/chat", json={"message": "你好"})
    assert "也可以到社区服务站当面问。" in response.json()["error"]["message"]


def test_ready_means_that_the_dialogue_answers(client: TestClient, dialogue: FakeDialogue) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    dialogue.down = True
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
