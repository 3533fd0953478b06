"""Who gets in: signing in, roles on every route, sessions, the trail."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from bot.web.desk.cards import CardMaker
from bot.web.desk.guard import DeskRoute
from bot.web.desk.routes import desk_table
from bot.web.desk.views import DeskViews
from bot.web.views import Views
from core.staff import FREE_TRIES, Role
from tests.web.desk.conftest import PASSWORD, DeskAtHand, post, services_of, sign_in, token_of

ENDLESS = "/desk/events"
"""Whoever may hear it hears it for ever; the test client would wait for its end."""


def table(desk: DeskAtHand) -> tuple[DeskRoute, ...]:
    services = services_of(desk.store)
    return desk_table(services, DeskViews(Views()), CardMaker(services.libraries))


def address(path: str) -> str:
    return path.replace("{", "").replace("}", "").replace(":path", "")


def test_without_signing_in_nothing_of_the_desk_answers(desk: DeskAtHand) -> None:
    open_to_all = {"/desk/sign-in"}
    for route in desk.app.routes:
        if not isinstance(route, Route) or not route.path.startswith("/desk"):
            continue
        for method in (route.methods or set()) - {"HEAD"}:
            if route.path in open_to_all:
                continue
            answer = desk.client().request(method, address(route.path), data={"token": "0" * 32})
            where = f"{method} {route.path}"
            assert answer.status_code in (303, 401), where
            if answer.status_code == 303:
                assert answer.headers["location"] == "/desk/sign-in", where


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_its_own_routes_and_no_other(desk: DeskAtHand, role: Role) -> None:
    client = desk.signed_in(role)
    for line in table(desk):
        allowed = role in line.roles
        if allowed and line.path == ENDLESS:
            continue
        answer = client.request(line.method, address(line.path))
        if line.method == "GET":
            assert (answer.status_code == 403) is not allowed, (line.path, answer.status_code)
        else:
            # Sent without a form token: who may not come in hears that first.
            assert answer.status_code == 403, line.path
            assert ("您的账号不能" in answer.text) is not allowed, line.path


def test_every_route_that_changes_something_is_in_the_table_as_a_post(desk: DeskAtHand) -> None:
    lines = table(desk)
    assert {line.method for line in lines} == {"GET", "POST"}
    served = {
        r.path for r in desk.app.routes if isinstance(r, Route) and r.path.startswith("/desk")
    }
    assert served == {line.path for line in lines} | {"/desk/sign-in"}


def test_a_form_without_its_token_or_from_another_site_changes_nothing(desk: DeskAtHand) -> None:
    client = desk.signed_in(Role.ADMIN)
    fields = {"name": "new.one", "role": "agent"}
    assert client.post("/desk/accounts", data=fields).status_code == 403
    assert client.post("/desk/accounts", data={**fields, "token": "中"}).status_code == 403
    token = token_of(client.get("/desk/password").text)
    elsewhere = {"origin": "https://elsewhere.example"}
    answer = client.post("/desk/accounts", data={**fields, "token": token}, headers=elsewhere)
    assert answer.status_code == 403
    assert [m.name for m in desk.store.staff.members()] == ["test.admin"]


def test_a_one_time_password_opens_nothing_until_another_is_chosen(desk: DeskAtHand) -> None:
    desk.store.staff.add("new.one", Role.AGENT, "one-time phrase", by="test", one_time=True)
    client = desk.client()
    answer = sign_in(client, "new.one", "one-time phrase")
    assert answer.headers["location"] == "/desk/password"
    assert client.get("/desk").headers["location"] == "/desk/password"
    changed = post(client, "/desk/password", old="one-time phrase", new=PASSWORD, again=PASSWORD)
    assert changed.headers["location"] == "/desk"
    assert client.get("/desk").status_code == 200


def test_a_new_password_is_long_fresh_and_typed_twice_alike(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    for new, again in (("short", "short"), (PASSWORD, PASSWORD), ("another phrase", "other")):
        answer = post(client, "/desk/password", old=PASSWORD, new=new, again=again)
        assert answer.status_code == 422
    assert client.get("/desk").status_code == 200, "a refused change ends no session"


def test_wrong_passwords_cost_ever_longer_waits_even_for_unknown_names(desk: DeskAtHand) -> None:
    desk.signed_in()
    client = desk.client()
    for name in ("test.agent", "nobody"):
        for _ in range(FREE_TRIES):
            assert sign_in(client, name, "a wrong phrase").status_code == 403
        answer = sign_in(client, name)
        assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 20
    desk.clock.forward(seconds=40)
    assert sign_in(client, "test.agent", "a wrong phrase").status_code == 403
    assert int(sign_in(client, "test.agent").headers["retry-after"]) > 50
    desk.clock.forward(seconds=70)
    assert sign_in(client, "test.agent").status_code == 303


def test_a_session_ends_when_nobody_does_anything_and_after_a_shift(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    desk.clock.forward(minutes=20)
    assert client.get("/desk").status_code == 200
    desk.clock.forward(minutes=20)
    left = client.get("/desk/session").json()["ends_in_s"]
    assert left == 600, "asking how long it lasts puts nothing off"
    assert post(client, "/desk/stay").json()["ends_in_s"] == 1800
    desk.clock.forward(minutes=31)
    assert client.get("/desk").status_code == 303
    busy = desk.signed_in()
    for _ in range(36):
        desk.clock.forward(minutes=20)
        busy.get("/desk")
    assert busy.get("/desk").status_code == 303, "however busy: a shift ends"


def test_signing_out_and_locking_end_the_session_at_once(desk: DeskAtHand) -> None:
    client = desk.signed_in()
    cookies = dict(client.cookies)
    assert post(client, "/desk/sign-out").status_code == 303
    stolen = desk.client()
    stolen.cookies.update(cookies)
    assert stolen.get("/desk").status_code == 303
    other = desk.signed_in()
    admin = desk.signed_in(Role.ADMIN)
    assert post(admin, "/desk/accounts/lock", name="test.agent", locked="1").status_code == 303
    assert other.get("/desk").status_code == 303
    assert sign_in(other, "test.agent").status_code == 403
    assert post(admin, "/desk/accounts/lock", name="test.admin", locked="1").status_code == 422


def test_the_desks_cookie_is_out_of_reach_and_its_token_is_not_stored(desk: DeskAtHand) -> None:
    client = desk.client()
    desk.store.staff.add("someone", Role.AGENT, PASSWORD, by="test", one_time=False)
    cookie = sign_in(client, "someone").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Max-Age" not in cookie
    token = cookie.split("=")[1].split(";")[0]
    with desk.store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM staff_sessions").fetchall()
        hashes = connection.exec_driver_sql("SELECT password_hash FROM staff").scalars().all()
    assert kept and token not in str(kept)
    assert all(PASSWORD not in value and value.startswith("scrypt$") for value in hashes)


def test_an_admin_adds_accounts_and_reads_who_did_what(desk: DeskAtHand) -> None:
    admin = desk.signed_in(Role.ADMIN)
    page = post(admin, "/desk/accounts", name="Li.Na", role="manager").text
    assert "一次性密码" in page and "li.na" in page
    assert post(admin, "/desk/accounts", name="li.na", role="agent").status_code == 422
    assert post(admin, "/desk/accounts", name="x y", role="agent").status_code == 422
    assert "一次性密码" in post(admin, "/desk/accounts/password", name="li.na").text
    post(admin, "/desk/sign-out")
    events = [(t.who, t.event, t.subject) for t in desk.store.staff.trail()]
    assert ("test.admin", "account_added", "li.na") in events
    assert ("test.admin", "password_changed", "li.na") in events
    assert ("test.admin", "signed_out", "") in events
    assert "新增账号" in desk.signed_in(Role.ADMIN).get("/desk/trail").text
