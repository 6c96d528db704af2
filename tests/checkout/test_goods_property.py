"""Random baskets of random goods: our total is the ticket system's own, or both refuse, for the same reason.

PROPERTY_CASES sets the number of baskets; every one is made from its number alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from django.utils import timezone

from catalog import live_goods, showing, tour_times
from catalog.models import Coupon, EventDate, Ticket, Tour
from checkout import limits, places, priced
from checkout.goods import Beside, Good
from checkout.goods.annual import AnnualGood
from checkout.goods.combined import CombinedGood, Part
from checkout.goods.coupon import CouponGood
from checkout.goods.event import EventGood
from checkout.goods.event_choice import ChosenSeat, EventChoice
from checkout.goods.tour import TourGood
from checkout.goods.tour_choice import TourChoice
from checkout.items import ticket_cents, ticket_item
from shop import gateway
from shop.api import records
from tests.checkout.given import ADULT, CHILD, DAY, FAMILY, GROUP, NET, OTHER, REDUCED, times
from tests.checkout.programme import ANNUAL, BIG_VOUCHER, TWO_HOUSES, TWO_HOUSES_REDUCED, VOUCHER
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

CASES = int(os.environ.get("PROPERTY_CASES", "250"))
DISCOUNTED = 334
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a basket as we see it: what is sent, what it costs, and why it cannot be had, if it cannot."""

    payload: Json
    cents: int
    problem: str = ""


Maker = Callable[[Random], Item]


def test_random_baskets_cost_what_the_museum_says_or_are_refused_alike(programme: Sandbox) -> None:
    shelf = [*tickets(), *events(), combined(), annual(), *coupons()]
    groups = list(tours())
    agreed, refused = 0, set[str]()
    for number in range(CASES):
        chance = Random(number)
        makers = chance.sample(shelf, chance.randint(0, 4)) + chance.sample(groups, chance.randint(0, 1))
        items = [make(chance) for make in makers] or [coupons()[0](chance)]
        answer = order(programme, items)
        told = f"basket {number}: {items} {answer.text}"
        if expected := {at: item.problem for at, item in enumerate(items) if item.problem}:
            assert answer.status_code == 422, told
            found = refusals(answer)
            assert found.keys() == expected.keys(), told
            assert all(code in found[at] for at, code in expected.items()), told
            refused |= set(expected.values())
        else:
            assert answer.status_code == 201, told
            draft = answer.json()["order"]
            assert draft["total"] == sum(item.cents for item in items), told
            programme.reseller.post(f"/orders/{draft['token']}/cancellations").raise_for_status()
            agreed += 1
    assert agreed > CASES // 4, "baskets that can be had are the half that matters"
    assert refused >= {"quantity_above_maximum", "quantity_below_minimum", "seat_unavailable", "sold_out"}
    assert refused >= {"surcharge_quantity", "seat_category_mismatch", "sub_ticket_times_too_close"}


def order(sandbox: Sandbox, items: Sequence[Item]) -> httpx.Response:
    body = {
        "reference": "RANDOM",
        "comment": None,
        "items": [item.payload for item in items],
        "total": sum(item.cents for item in items),
    }
    return sandbox.reseller.post("/orders", json=body)


def refusals(answer: httpx.Response) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for detail in answer.json()["details"]:
        found.setdefault(detail["item_index"], set()).add(detail["code"])
    return found


def judged(good: Good) -> Item:
    """What our core says of a good that has its facts."""
    good.settle()
    problems = good.problems(Beside())
    return Item(good.payload(()), 0 if problems else good.cents, problems[0].code if problems else "")


# --- tickets ----------------------------------------------------------------------------------------------


def tickets() -> list[Maker]:
    rows = Ticket.objects.in_bulk([ADULT, REDUCED, CHILD, FAMILY, DAY, NET, GROUP, OTHER, DISCOUNTED])
    return [slot_ticket(row, next(times(pk))) for pk, row in rows.items()]


def slot_ticket(row: Ticket, key: str) -> Maker:
    def make(chance: Random) -> Item:
        least = max(1, row.min_persons - 1)
        number = chance.randint(
            least, (row.max_persons + 1) if row.max_persons and not row.min_persons else least + 1
        )
        above = number > limits.most_of(row)
        text = limits.kind_problem(row, row.title, number)
        problem = ("quantity_above_maximum" if above else "quantity_below_minimum") if text else ""
        return Item(ticket_item(row.pk, key, number), ticket_cents(row, key, number), problem)

    return make


# --- events -----------------------------------------------------------------------------------------------


def events() -> Iterator[Maker]:
    """A date of every event that can be booked, and of the one that is always sold out."""
    for event_id in (
        EventDate.objects.coming().values_list("event_id", flat=True).distinct().order_by("event_id")
    ):
        rows = (
            EventDate.objects.coming()
            .filter(event=event_id, bookable=True)
            .select_related("event", "language")
        )
        found = [(row, showing.showing(event_id, row.pk).date) for row in rows[:1]]
        for row, facts in found:
            yield event(row, facts)


def event(row: EventDate, facts: records.EventDate) -> Maker:
    def make(chance: Random) -> Item:
        good = EventGood(row, chosen_places(chance, facts))
        good.facts, good.known = facts, True
        return judged(good)

    return make


def chosen_places(chance: Random, facts: records.EventDate) -> EventChoice:
    scales = [price.scale_price_id for price in facts.prices if price.scale_price_id]
    if facts.seatings:
        return EventChoice(seats=chosen_seats(chance, facts.seatings[0], facts))
    if scales and chance.random() < 0.95:
        numbers = {key: chance.randint(0, 5) for key in scales if key} or {}
        numbers[chance.choice(scales) or 0] = chance.randint(1, 8)
        return EventChoice(scales={key: n for key, n in numbers.items() if n} | strange(chance))
    return EventChoice(people=chance.randint(1, 14))


def strange(chance: Random) -> dict[int, int]:
    return {999: 1} if chance.random() < 0.05 else {}


def chosen_seats(chance: Random, plan: records.Seating, facts: records.EventDate) -> tuple[ChosenSeat, ...]:
    free = [seat for seat in plan.seats if seat.id not in plan.blocked_seats]
    pool = free if chance.random() < 0.8 else list(plan.seats)
    number = chance.choice([1, 1, 2, 3, 4, 11])
    found = []
    for seat in chance.sample(pool, min(number, len(pool))):
        fits = [p.scale_price_id for p in facts.prices if p.seat_category_id in (None, seat.category_id)]
        anything = [p.scale_price_id for p in facts.prices]
        found.append(ChosenSeat(seat.id, chance.choice(fits if chance.random() < 0.9 else anything)))
    return tuple(found)


# --- tours ------------------------------------------------------------------------------------------------


def tours() -> Iterator[Maker]:
    """Every tour on several days of a week: weekdays and languages have prices of their own."""
    for row in Tour.objects.filter(bookable=True):
        languages = row.tags.filter(kind="languages").values_list("remote_id", flat=True)
        age_groups = list(row.tags.filter(kind="age_groups").values_list("remote_id", flat=True))
        for language in languages:
            for on in coming_days(7):
                starts = gateway.client().tours.start_times_on(row.pk, on, language_id=language)
                if starts:
                    start = starts[len(starts) // 2].key
                    choice = TourChoice(start, language, age_groups[0] if age_groups else None, people=1)
                    offer = tour_times.offer(row, start, language=language, people=2, with_equipment=True)
                    yield tour(row, choice, offer)
                    break


def coming_days(number: int) -> list[date]:
    first = timezone.localdate() + timedelta(days=2)
    days = [first + timedelta(days=ahead) for ahead in range(number)]
    return sorted(days, key=lambda on: (on.weekday() < 6, on))  # a Sunday first


def tour(row: Tour, choice: TourChoice, offer: tour_times.TourOffer) -> Maker:
    assert offer.start is not None
    assert offer.prices is not None
    start, prices = offer.start, offer.prices
    scales = [price.scale_price_id for price in prices.prices if price.scale_price_id]
    optional = [p.price_surcharge_id for p in prices.prices if p.price_surcharge_id and p.optional]

    def make(chance: Random) -> Item:
        least = max(1, start.min_participants)
        people = chance.randint(max(1, least - 1), (start.bookable_participants or least) + 1)
        split = chance.randint(0, people)
        numbers = {scales[0]: split, scales[1]: people - split} if scales else None
        good = TourGood(
            row,
            TourChoice(
                choice.start,
                choice.language_id,
                choice.age_group_id,
                people=0 if numbers else people,
                scales={key: n for key, n in numbers.items() if n} if numbers else None,
                surcharges={key: n for key in optional if (n := chance.randint(0, people + 1))},
                equipment={
                    key: n
                    for key, left in offer.equipment.items()
                    if (n := chance.choice([0, 1, left, left + 1]))
                },
            ),
        )
        good.facts, good.known = offer, True
        good.follow()
        return judged(good)

    return make


# --- the rest ---------------------------------------------------------------------------------------------


def combined() -> Maker:
    """Two kinds at the times of one day, sometimes too close to each other."""
    mains = Ticket.objects.in_bulk([TWO_HOUSES, TWO_HOUSES_REDUCED])
    subs = Ticket.objects.in_bulk(mains[TWO_HOUSES].sub_ticket_ids)
    on = next(datetime.fromisoformat(key) for key in times(TWO_HOUSES)).astimezone().date()
    slots = {
        pk: [slot.key for slot in gateway.client().availability.capacity(pk, on) if slot.left] for pk in subs
    }

    def make(chance: Random) -> Item:
        keys = [chance.choice(slots[pk]) for pk in subs]
        parts = [
            Part(pk, key, 30, row.titles, {}, "") for (pk, row), key in zip(subs.items(), keys, strict=True)
        ]
        good = CombinedGood(mains[chance.choice([*mains])], chance.choice([1, 1, 2, 3, 12]), parts)
        good.look(places.days([], {}, priced.by_day([good])))
        return judged(good)

    return make


def annual() -> Maker:
    row = Ticket.objects.get(pk=ANNUAL)

    def make(chance: Random) -> Item:
        return judged(AnnualGood(row, chance.randint(1, 5)))

    return make


def coupons() -> list[Maker]:
    return [voucher(Coupon.objects.get(pk=pk)) for pk in (VOUCHER, BIG_VOUCHER)]


def voucher(row: Coupon) -> Maker:
    facts = live_goods.coupon(row.pk).record
    assert isinstance(facts, records.Coupon)

    def make(chance: Random) -> Item:
        good = CouponGood(row, chance.randint(1, 6))
        good.facts, good.known = facts, True
        return judged(good)

    return make
