"""Accounts and the trail, for whoever looks after them."""

from __future__ import annotations

import secrets

from starlette.responses import RedirectResponse, Response

from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.errors import InvalidAccount
from core.staff import Role, StaffExists, UnknownStaff

_EASY_TO_TYPE = "abcdefghjkmnpqrstuvwxyz23456789"


class Accounts:
    def __init__(self, services: DeskServices, views: DeskViews) -> None:
        self._staff = services.staff
        self._views = views

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def add(self, visit: Visit) -> Response:
        """The one-time password is shown once, on this answer, and kept nowhere."""
        password = one_time_password()
        try:
            role = Role(visit.text("role"))
            name = visit.text("name")
            made = self._staff.add(name, role, password, by=visit.member.name, one_time=True)
        except (StaffExists, InvalidAccount) as error:
            return self._page(visit, trouble=error.code)
        except ValueError:
            return self._page(visit, trouble="error")
        visit.about(made.name)
        return self._page(visit, given=(made.name, password))

    def lock(self, visit: Visit) -> Response:
        name = visit.text("name")
        if name == visit.member.name:
            return self._page(visit, trouble="not_yourself")
        try:
            self._staff.lock(name, visit.text("locked") == "1", by=visit.member.name)
        except (UnknownStaff, InvalidAccount):
            return self._page(visit, trouble="unknown_staff")
        visit.about(name)
        return RedirectResponse("/desk/accounts", 303)

    def new_password(self, visit: Visit) -> Response:
        name, password = visit.text("name"), one_time_password()
        try:
            self._staff.set_password(name, password, by=visit.member.name, one_time=True)
        except (UnknownStaff, InvalidAccount):
            return self._page(visit, trouble="unknown_staff")
        visit.about(name)
        return self._page(visit, given=(name, password))

    def _page(
        self, visit: Visit, *, trouble: str = "", given: tuple[str, str] | None = None
    ) -> Response:
        facts = {
            "members": self._staff.members(),
            "roles": [role.value for role in Role],
            "given": given,
            "trouble": self._views.trouble(trouble) if trouble else "",
        }
        return self._views.page(visit, "accounts.html", facts, 422 if trouble else 200)


def one_time_password() -> str:
    """Three groups of five that can be read out: 74 bits."""
    signs = [secrets.choice(_EASY_TO_TYPE) for _ in range(15)]
    return "-".join("".join(signs[at : at + 5]) for at in (0, 5, 10))
