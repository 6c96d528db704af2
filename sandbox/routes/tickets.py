"""Tickets: list, detail, content."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Ticket
from sandbox.errors import not_found, refuse
from sandbox.routes.shapes import Json, content, location
from sandbox.state import State
from sandbox.wire import Speech

TYPES = {"day_ticket": "normal"}


class Tickets:
    """The ticket routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    # --- records ----------------------------------------------------------------------------------------

    def show(self, ticket: Ticket, said: Speech, day: date) -> Json:
        day_word = self.state.switches.ticket_type_words
        annual = ticket.ticket_type == "annual"
        return {
            "id": ticket.id,
            "title": said.say(ticket.title),
            "ticket_type": day_word if ticket.ticket_type == "normal" else ticket.ticket_type,
            "bookable": ticket.bookable,
            "museum_ids": list(self.state.world.houses_of(ticket)),
            "exhibition_ids": list(ticket.shows),
            "quota_ids": list(ticket.quotas),
            "price_cents": ticket.price_cents,
            "discount": ticket.discount,
            "vat_pct": float(ticket.vat),
            "tax_included": ticket.tax_included,
            "first_entry": None if annual else ticket.first_entry,
            "last_entry": None if annual else ticket.last_on(day.weekday()),
            "entry_duration": ticket.entry_duration,
            "min_persons": ticket.min_persons,
            "max_persons": ticket.max_persons,
            "personalizeable": ticket.personalizeable,
            "attendees": ticket.attendees,
            "identification": ticket.identification,
            "shop_order": ticket.shop_order,
        }

    def detailed(self, ticket: Ticket, said: Speech, day: date) -> Json:
        return self.show(ticket, said, day) | {
            "sub_title": said.say(ticket.sub_title),
            "description": said.say(ticket.description),
            "content": content(ticket.title, said, ticket.sub_title),
            "after_sale_information": said.say(ticket.after_sale),
            "location": location(self.state.world.houses[ticket.house]),
            "sub_ticket_ids": list(ticket.subs),
            "is_sub_ticket": ticket.is_sub,
            "sub_ticket_min_gap_minutes": ticket.min_gap,
        }

    # --- routes -----------------------------------------------------------------------------------------

    def valid_at(self, request: Request) -> date:
        return wire.day(request, "valid_at", self.state.clock.today())

    def found(self, request: Request) -> list[Ticket]:
        """The tickets of a list: by its filters, by a search, and on sale for its day."""
        day, today = self.valid_at(request), self.state.clock.today()
        return wire.matching(
            [one for one in chosen(self.state, request) if one.sale is None or _covers(one.sale, day, today)],
            request.query_params.get("q"),
            lambda ticket: [*ticket.title.values(), *ticket.sub_title.values()],
        )

    async def index(self, request: Request) -> Json:
        said, day = wire.speech(request), self.valid_at(request)
        return wire.page(request, "tickets", self.found(request), lambda one: self.show(one, said, day))

    async def detail(self, request: Request) -> Json:
        ticket, day = find(self.state, request), self.valid_at(request)
        return {"ticket": self.detailed(ticket, wire.speech(request), day)}

    async def content(self, request: Request) -> Json:
        said, attribute = wire.speech(request), request.query_params.get("attr")
        named = required(wire.ids(request, "ticket_ids"))
        rows = self.state.world.named(named)

        def show(ticket: Ticket) -> Json:
            texts = content(ticket.title, said, ticket.sub_title)
            kept = {key: text for key, text in texts.items() if attribute in (None, "", key)}
            return {"id": ticket.id, "content": kept}

        return wire.page(request, "data", rows, show)


def chosen(state: State, request: Request, *names: str) -> list[Ticket]:
    """What the filters of a query let through; `names` are further names of the filter by id.

    Annual tickets come when asked for by type or by id, sub tickets by id only.
    """
    named, groups = wire.ids(request, "by_ticket_ids", *names), wire.ids(request, "by_ticket_group_ids")
    houses, shows = wire.ids(request, "by_museum_ids"), wire.ids(request, "by_exhibition_ids")
    types = {TYPES.get(word, word) for word in wire.words(request, "by_ticket_type", "by_ticket_types")}
    bookable, world = wire.flag(request, "by_bookable"), state.world
    rows = world.offered() if named is None else world.named(named)
    if types:
        rows = [one for one in rows if one.ticket_type in types]
    elif named is None:
        rows = [one for one in rows if one.ticket_type != "annual"]
    if houses is not None:
        rows = [one for one in rows if not houses.isdisjoint(world.houses_of(one))]
    if shows is not None:
        rows = [one for one in rows if not shows.isdisjoint(one.shows)]
    if groups is not None:
        rows = [one for one in rows if not groups.isdisjoint(one.groups)]
    return rows if bookable is None else [one for one in rows if one.bookable == bookable]


def required(named: set[int] | None) -> set[int]:
    if named is None:
        raise refuse("missing_field", "ticket_ids fehlt.", "ticket_ids is missing.", "ticket_ids")
    return named


def find(state: State, request: Request) -> Ticket:
    """The ticket of the address; 404 for one that does not exist."""
    ticket = state.world.tickets.get(request.path_params["id"])
    if ticket is None or ticket.id in state.world.hidden:
        raise not_found()
    return ticket


def _covers(sale: tuple[int, int], day: date, today: date) -> bool:
    return today + timedelta(days=sale[0]) <= day <= today + timedelta(days=sale[1])


def routes(state: State) -> list[Route]:
    tickets = Tickets(state)
    return [
        Route("/tickets", tickets.index),
        Route("/tickets/content", tickets.content),
        Route("/tickets/{id:int}", tickets.detail),
    ]
