"""How many places tickets have left: of one, of a set, by day, and with the list."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from math import gcd
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Quota, Ticket
from sandbox.catalogue.stock import Place
from sandbox.clock import exists, key, wall
from sandbox.routes.shapes import Json
from sandbox.routes.tickets import Tickets, chosen, find, required
from sandbox.state import State

Show = Callable[[list[Ticket], date, Counter[Place]], Any]


class Places:
    """The routes of quotas over one state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.tickets = Tickets(state)

    def credit(self, request: Request) -> Counter[Place]:
        return self.state.holds.credit(sorted(wire.words(request, "reservations")))

    # --- of one ticket, of a set ------------------------------------------------------------------------

    async def capacity(self, request: Request) -> Json:
        ticket, stock = find(self.state, request), self.state.stock
        day, own = wire.day(request, "date", self.state.clock.today()), self.credit(request)
        rows = stock.of_day(ticket, day, own) if ticket.bookable else ()
        return {"data": {key(at): left for at, left in rows if left}}

    async def capacities(self, request: Request) -> Json:
        today = self.state.clock.today()
        if request.method == "POST":
            body = await wire.json_body(request)
            named, day = _listed(body.get("ticket_ids")), wire.as_day(body.get("date"), "date", today)
        else:
            named, day = wire.ids(request, "ticket_ids"), wire.day(request, "date", today)
        tickets = [ticket for ticket in self.state.world.named(required(named)) if ticket.bookable]
        return {"data": self.of_day(tickets, day, self.credit(request))}

    def of_day(
        self, tickets: Iterable[Ticket], day: date, own: Counter[Place], name: str = "tickets"
    ) -> Json:
        """Per quota the seats left and the seats in all, on the common grid of the tickets asked for."""
        wanted = {ticket.id: ticket for ticket in tickets}
        step = gcd(*(ticket.entry_duration for ticket in wanted.values() if ticket.entry_duration)) or None
        found: Json = {}
        for number in sorted({number for ticket in wanted.values() for number in ticket.quotas}):
            quota = self.state.world.quotas[number]
            mine = [wanted[one] for one in quota.tickets if one in wanted]
            ids = {name: [ticket.id for ticket in mine]}
            found[str(number)] = ids | self._quota(quota, day, self._minutes(mine, day, step), own)
        return found

    def _minutes(self, tickets: list[Ticket], day: date, step: int | None) -> list[int]:
        """The minutes of the day for which a quota of these tickets is told."""
        slotted = [ticket for ticket in tickets if ticket.entry_duration]
        minutes = {ticket.first_entry for ticket in tickets if not ticket.entry_duration}
        if slotted and step:
            first = min(ticket.first_entry for ticket in slotted)
            last = max(ticket.last_on(day.weekday()) for ticket in slotted)
            minutes |= set(range(first, last + 1, step))
        if not self.state.world.open_on(tickets[0].house, day):
            return []
        return [minute for minute in sorted(minutes) if exists(wall(day, minute))]

    def _quota(self, quota: Quota, day: date, minutes: list[int], own: Counter[Place]) -> Json:
        stock = self.state.stock
        left: dict[str, int] = {}
        total: dict[str, int] = {}
        earliest = stock.earliest(day, slotted=quota.step is not None)
        for minute, place in zip(minutes, stock.places(quota, day, minutes), strict=True):
            at = wall(day, minute)
            total[key(at)] = stock.total(place)
            left[key(at)] = stock.left(place) + own.get(place, 0) if place and at >= earliest else 0
        return {"capacities": left, "total_capacities": total}

    async def list_and_quotas(self, request: Request) -> Json:
        """The tickets of a page, each with the least totals of its quotas, and those quotas."""
        said, day = wire.speech(request), self.tickets.valid_at(request)
        shown: Json = {}
        tickets: list[Ticket] = []

        def show(ticket: Ticket) -> None:
            shown[str(ticket.id)] = self.tickets.show(ticket, said, day)
            tickets.append(ticket)

        wire.page(request, "tickets", self.tickets.found(request), show)
        quotas = self.of_day(
            (one for one in tickets if one.bookable), day, self.credit(request), "ticket_ids"
        )
        for ticket in tickets:
            rows = [
                quotas[str(number)]["total_capacities"] for number in ticket.quotas if str(number) in quotas
            ]
            keys = rows[0] if rows else ()
            shown[str(ticket.id)]["total_capacities"] = {
                key: min(row.get(key, 0) for row in rows) for key in keys
            }
        return {"tickets": shown, "quotas": quotas}

    # --- calendar ---------------------------------------------------------------------------------------

    async def calendar(self, request: Request) -> Json:
        first, last = wire.month(request, self.state.clock.today())
        tickets = [one for one in chosen(self.state, request, "ticket_ids") if one.bookable]
        own, depth = self.credit(request), request.query_params.get("depth", "any")
        shows: dict[str, Show] = {"all": self._all, "availability_status": self._status}
        show = shows.get(depth, self._any)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return {"data": {day.isoformat(): show(tickets, day, own) for day in days}}

    def _any(self, tickets: list[Ticket], day: date, own: Counter[Place]) -> bool:
        return any(self._bookable(ticket, day, own) for ticket in tickets)

    def _bookable(self, ticket: Ticket, day: date, own: Counter[Place]) -> bool:
        """Has room somewhere that day; a combined ticket also in each of its parts."""
        need, world = max(1, ticket.min_persons), self.state.world
        parts = (ticket, *(world.tickets[number] for number in ticket.subs))
        return all(any(left >= need for _, left in self.state.stock.of_day(part, day, own)) for part in parts)

    def _status(self, tickets: list[Ticket], day: date, own: Counter[Place]) -> str:
        if self._any(tickets, day, own):
            return "available"
        stock = self.state.stock
        offered = any(
            stock.of_ticket_total(ticket, at) for ticket in tickets for at in stock.times(ticket, day)
        )
        return "fully_booked" if offered else "unavailable"

    def _all(self, tickets: list[Ticket], day: date, own: Counter[Place]) -> list[Json]:
        rows = []
        for quota, found in self.of_day(tickets, day, own).items():
            old_keys = [
                {datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M:%S %z"): left}
                for at, left in found["capacities"].items()
            ]
            if old_keys:
                rows.append(
                    {"quota": {"id": int(quota), "tickets": found["tickets"], "capacities": old_keys}}
                )
        return rows


def _listed(ids: Any) -> set[int] | None:
    """Ids of a JSON body, as numbers or as text; None when there are none."""
    listed = ids if isinstance(ids, list) else []
    found = {number for one in listed if (number := wire.number_in(str(one))) is not None}
    return found or None


def routes(state: State) -> list[Route]:
    places = Places(state)
    return [
        Route("/tickets/calendar", places.calendar),
        Route("/tickets/capacities", places.capacities, methods=["GET", "POST"]),
        Route("/tickets/list_and_quotas", places.list_and_quotas),
        Route("/tickets/{id:int}/capacity", places.capacity),
    ]
