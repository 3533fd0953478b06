"""What people must hear and no channel brings to them: somebody telephones."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot.web.desk.services import DeskServices
from bot.web.desk.views import DeskViews
from bot.web.desk.visit import Visit
from core.messaging import PUSHING


class Calls:
    """Reminders, offers and changes of bookings made at the desk, on the web or by voice."""

    def __init__(self, services: DeskServices, views: DeskViews) -> None:
        self._outbox = services.outbox
        self._views = views

    def show(self, visit: Visit) -> Response:
        return self._views.page(visit, "calls.html", {"calls": self._outbox.for_staff(PUSHING)})

    def done(self, visit: Visit) -> Response:
        number = visit.text("message", 12)
        waiting = {str(m.id): m for m in self._outbox.for_staff(PUSHING)}
        if number in waiting:
            visit.about(waiting[number].booking.reference)
            self._outbox.delivered(waiting[number].id)
        return RedirectResponse("/desk/calls", 303)
