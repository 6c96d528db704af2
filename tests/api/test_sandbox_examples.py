"""The documented orders, item type by item type: built by the client, priced and booked by the sandbox, read back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shop.api import Gomus
from shop.api.records import (
    AnyItem,
    Attendee,
    ChosenSeat,
    CouponItem,
    EventItem,
    HoldCreate,
    OrderCreate,
    OrderItem,
    TicketItem,
    TourItem,
)
from tests.api.buying import CLOSING, LOCALES, today
from tests.api.writers import Stage

ADULT, REDUCED, COMBINED, ANNUAL, COUPON = 311, 312, 501, 601, 12
SCALED, SEATED = 820, 821
GROUP_TOUR, SCALED_TOUR = 930, 931
PEOPLE = (Attendee("Ida", "Brandt"), Attendee("Noah", "Brandt"))
START, END = today() + timedelta(days=1), today() + timedelta(days=28)
Example = Callable[[Gomus], AnyItem]
Fetch = Callable[[int, int, str], bytes]


def slot(gomus: Gomus, ticket: int, places: int) -> str:
    """A time of a ticket with so many places, as upstream spells it."""
    days = (START + timedelta(days=n) for n in range(14))
    slots = (slot for day in days for slot in gomus.availability.capacity(ticket, day))
    return next(slot.key for slot in slots if slot.left >= places)


def date_of(gomus: Gomus, event: int) -> int:
    dates = gomus.events.dates_of(event, LOCALES, START, END, bookable=True)
    return next(date.id for date in dates if date.seats and (date.seats.available or 0) >= 3)


def start_of(gomus: Gomus, tour: int, people: int, language: int) -> str:
    days = gomus.tours.start_times_all(tour, START, END, participants=people, language_id=language)
    return next(starts[0].key for starts in days.values() if starts)


def two_held_tickets(gomus: Gomus) -> AnyItem:
    key = slot(gomus, ADULT, 3)
    hold = gomus.reservations.create(HoldCreate(ADULT, 2, key))
    return TicketItem(ADULT, 2, key, PEOPLE, (hold.token,))


def one_reduced(gomus: Gomus) -> AnyItem:
    return TicketItem(REDUCED, 1, slot(gomus, REDUCED, 3))


def scale_prices(gomus: Gomus) -> AnyItem:
    return EventItem(date_of(gomus, SCALED), quantities={61: 2, 62: 1})


def numbered_seats(gomus: Gomus) -> AnyItem:
    number = date_of(gomus, SEATED)
    detail = gomus.events.event_date(SEATED, number, LOCALES)
    plan = detail.seatings[0]
    price_of = {
        price.seat_category_id: price.scale_price_id for price in detail.prices if price.scale_price_id
    }
    free = [seat for seat in plan.seats if seat.id not in plan.blocked_seats]
    dear = [seat for seat in free if price_of.get(seat.category_id) == 71][:2]
    cheap = [seat for seat in free if price_of.get(seat.category_id) == 72][:1]
    return EventItem(
        number, seats=tuple(ChosenSeat(seat.id, price_of[seat.category_id]) for seat in dear + cheap)
    )


def group_tour(gomus: Gomus) -> AnyItem:
    start = start_of(gomus, GROUP_TOUR, 12, 1)
    return TourItem(GROUP_TOUR, start, 1, 3, quantity=12, surcharges={15: 1, 16: 6}, equipment={7: 6})


def scaled_tour(gomus: Gomus) -> AnyItem:
    start = start_of(gomus, SCALED_TOUR, 12, 2)
    return TourItem(
        SCALED_TOUR, start, 2, 3, quantities={81: 10, 82: 2}, surcharges={17: 1}, equipment={7: 12}
    )


def combined_ticket(gomus: Gomus) -> AnyItem:
    """One part at the first free time of a day, the other at the last, so that the gap between them is kept."""
    first, second = gomus.catalogue.ticket(COMBINED, LOCALES).sub_ticket_ids
    for day in (START + timedelta(days=n) for n in range(14)):
        main, early, late = (
            [slot.key for slot in gomus.availability.capacity(ticket, day) if slot.left >= 2]
            for ticket in (COMBINED, first, second)
        )
        if main and early and late:
            return TicketItem(COMBINED, 2, main[0], sub_ticket_times={first: early[0], second: late[-1]})
    raise AssertionError("no day for the combined ticket")


def annual_ticket(_: Gomus) -> AnyItem:
    return TicketItem(ANNUAL, 1)


def coupon(_: Gomus) -> AnyItem:
    return CouponItem(COUPON, 1)


EXAMPLES: list[tuple[Example, int]] = [
    (two_held_tickets, 2800),
    (one_reduced, 700),
    (scale_prices, 3200),
    (numbered_seats, 6600),
    (group_tour, 12000),
    (scaled_tour, 9310),
    (combined_ticket, 3800),
    (annual_ticket, 6500),
    (coupon, 3000),
]


def bought(stage: Stage, total: int, *items: AnyItem) -> list[OrderItem]:
    """Create and finalize an order; the ledger shows its total and nothing broken."""
    orders = stage.gomus.orders
    created = orders.create(OrderCreate("KMX-01J9ZK3V7C", "desk 4", items, total))
    assert (created.order.total_cents, created.order.is_finalized()) == (total, False)
    assert not created.meta.is_unexpected()
    done = orders.finalize(created.order.token, CLOSING)
    assert done.is_finalized()
    assert done == orders.get(done.token)
    (told,) = stage.orders()
    assert (told["status"], told["total"]) == ("finalized", total)
    return list(done.items)


@pytest.mark.parametrize(("example", "total"), EXAMPLES)
def test_an_item_costs_what_the_document_says(stage: Stage, example: Example, total: int) -> None:
    (item,) = bought(stage, total, example(stage.gomus))
    assert item.type in {"Ticket", "Event", "Tour", "Coupon"}
    assert item.title
    papers = stage.gomus.documents
    fetch: dict[str, Fetch] = {
        "Ticket": papers.ticket_pdf,
        "Event": papers.event_pdf,
        "Tour": papers.tour_pdf,
        "Coupon": papers.coupon_pdf,
    }
    (told,) = stage.orders()
    assert item.attributes_id is not None
    assert fetch[item.type](told["id"], item.attributes_id, told["token"]).startswith(b"%PDF")


def test_everything_in_one_order(stage: Stage) -> None:
    examples = [(example, total) for example, total in EXAMPLES if example is not scaled_tour]
    items = [example(stage.gomus) for example, _ in examples]
    booked = bought(stage, sum(total for _, total in examples), *items)
    assert [item.type for item in booked] == [item.as_json()["type"] for item in items]
