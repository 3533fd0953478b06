"""The table of the desk's routes: which address serves whom. There is no other way in."""

from __future__ import annotations

import logging

from starlette.routing import BaseRoute

from bot.web.desk.accounts import Accounts
from bot.web.desk.assist import Assist
from bot.web.desk.bookings import Bookings
from bot.web.desk.calls import Calls
from bot.web.desk.cards import CardMaker
from bot.web.desk.guard import ADMINS, AGENTS, EVERYBODY, PASSWORD, DeskRoute, DeskSocket, Guard
from bot.web.desk.home import Home
from bot.web.desk.managing.routes import managing_table, trail_table
from bot.web.desk.orders import Orders
from bot.web.desk.services import DeskServices
from bot.web.desk.signing_in import Session, SigningIn
from bot.web.desk.tickets import TicketDesk
from bot.web.desk.views import DeskViews
from bot.web.troubles import Troubles
from bot.web.views import Views
from core.errors import MingluError
from core.ports import Clock

log = logging.getLogger("minglu.desk")


def desk_table(services: DeskServices, views: DeskViews, cards: CardMaker) -> tuple[DeskRoute, ...]:
    """Every page of the desk but the sign-in itself."""
    session, accounts = Session(services, views), Accounts(services, views)
    home, orders = Home(services, views, cards), Orders(services, views, cards)
    calls = Calls(services, views)
    tickets, bookings = TicketDesk(services, views), Bookings(services, views)
    table = (
        DeskRoute("/desk", home.show, AGENTS, nav="desk"),
        DeskRoute("/desk/cards", home.find, AGENTS, "POST"),
        DeskRoute("/desk/screening", home.screen, AGENTS, "POST"),
        DeskRoute("/desk/tickets", tickets.listed, AGENTS, nav="handovers"),
        DeskRoute("/desk/tickets/{ticket}", tickets.show, AGENTS),
        DeskRoute("/desk/tickets/{ticket}/claim", tickets.claim, AGENTS, "POST", "ticket_claimed"),
        DeskRoute(
            "/desk/tickets/{ticket}/release", tickets.release, AGENTS, "POST", "ticket_released"
        ),
        DeskRoute(
            "/desk/tickets/{ticket}/back", tickets.hand_back, AGENTS, "POST", "ticket_handed_back"
        ),
        DeskRoute("/desk/tickets/{ticket}/write", tickets.write, AGENTS, "POST", "ticket_answered"),
        # What is fetched because something changed is no sign of a person.
        DeskRoute("/desk/live/tickets", tickets.listed, AGENTS, keeps_session=False),
        DeskRoute("/desk/live/tickets/{ticket}", tickets.show, AGENTS, keeps_session=False),
        DeskRoute("/desk/events", tickets.events, AGENTS, keeps_session=False),
        DeskRoute("/desk/bookings", bookings.show, AGENTS, nav="bookings", key="F8"),
        DeskRoute("/desk/bookings/accept", bookings.accept, AGENTS, "POST", "offer_accepted"),
        DeskRoute("/desk/calls", calls.show, AGENTS, nav="calls"),
        DeskRoute("/desk/calls/done", calls.done, AGENTS, "POST", "called_back"),
        DeskRoute("/desk/bookings/check", bookings.check, AGENTS, "POST"),
        DeskRoute("/desk/bookings/confirm", bookings.confirm, AGENTS, "POST", "booking_made"),
        DeskRoute("/desk/bookings/find", bookings.find, AGENTS, "POST", "booking_looked_up"),
        DeskRoute("/desk/bookings/cancel", bookings.cancel, AGENTS, "POST", "booking_cancelled"),
        DeskRoute("/desk/bookings/move", bookings.move, AGENTS, "POST", "booking_moved"),
        DeskRoute("/desk/orders", orders.listed, AGENTS, nav="orders"),
        DeskRoute("/desk/orders/note", orders.note, AGENTS, "POST", "order_noted"),
        DeskRoute("/desk/orders/export.csv", orders.as_csv, AGENTS, event="orders_exported"),
        DeskRoute("/desk/orders/export.json", orders.as_json, AGENTS, event="orders_exported"),
        DeskRoute("/desk/orders/{reference}", orders.show, AGENTS),
        DeskRoute("/desk/orders/{reference}", orders.save, AGENTS, "POST", "order_saved"),
        DeskRoute(
            "/desk/orders/{reference}/discard", orders.discard, AGENTS, "POST", "order_discarded"
        ),
        *managing_table(services.managing, views),
        DeskRoute("/desk/accounts", accounts.show, ADMINS, nav="accounts"),
        DeskRoute("/desk/accounts", accounts.add, ADMINS, "POST"),
        DeskRoute("/desk/accounts/lock", accounts.lock, ADMINS, "POST"),
        DeskRoute("/desk/accounts/password", accounts.new_password, ADMINS, "POST"),
        *trail_table(services.staff, views),
        DeskRoute(
            PASSWORD, session.show_password, EVERYBODY, nav="password", with_one_time_password=True
        ),
        DeskRoute(
            PASSWORD,
            session.change_password,
            EVERYBODY,
            "POST",
            with_one_time_password=True,
        ),
        DeskRoute(
            "/desk/sign-out",
            session.sign_out,
            EVERYBODY,
            "POST",
            "signed_out",
            with_one_time_password=True,
        ),
        DeskRoute(
            "/desk/session",
            session.left,
            EVERYBODY,
            keeps_session=False,
            with_one_time_password=True,
        ),
        DeskRoute("/desk/stay", session.stay, EVERYBODY, "POST", with_one_time_password=True),
    )
    views.use_menu(table)
    return table


class Desk:
    """The sign-in, and the table behind its guard."""

    def __init__(
        self, services: DeskServices, views: Views, troubles: Troubles, clock: Clock
    ) -> None:
        words = DeskViews(views)
        guard = Guard(services.staff, clock, troubles)
        self._cards = CardMaker(services.libraries)
        self.table = desk_table(services, words, self._cards)
        assist = Assist(services, words, self._cards)
        self.sockets = (DeskSocket("/desk/assist", assist.serve, AGENTS, "call_listened_to"),)
        self.routes: list[BaseRoute] = [
            *SigningIn(services, views, words).routes(),
            *map(guard.route, self.table),
            *map(guard.socket, self.sockets),
        ]

    def warm(self) -> None:
        """Makes ready what the first caller would wait for; what fails now fails again then."""
        try:
            self._cards.warm()
        except MingluError as error:
            log.warning("script cards are not ready: %s", error.code)

    @property
    def wider_bodies(self) -> dict[str, int]:
        """Addresses that take more than the gateway's usual body, and how many bytes."""
        return {line.path: line.most_bytes for line in self.table if line.most_bytes}
