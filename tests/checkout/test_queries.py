"""How often one request of a buyer asks the database. Begin, commit and savepoints are no questions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checkout.models import BasketLine
from tests.checkout.given import ADULT, CHILD, NAMED, a_time
from tests.checkout.programme import (
    AMMONITES,
    ANNUAL,
    CABINET,
    CONCERT,
    GROUP_TOUR,
    KILN,
    TWO_HOUSES,
    VESSELS,
    VOUCHER,
    a_date,
    a_start,
    age_group_of,
    combined_form,
    entries,
    free_seats,
    language_of,
)
from tests.checkout.visitor import CONTACT, Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db
QUESTIONS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@pytest.fixture
def visitor(programme: Sandbox) -> Visitor:
    return Visitor(Client())


def questions(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    found = [one["sql"] for one in seen.captured_queries if one["sql"].startswith(QUESTIONS)]
    return len(found)


def forms() -> dict[str, tuple[str, dict[str, str]]]:
    """One form of every kind of good."""
    concert = a_date(CONCERT)
    (seat,) = free_seats(concert, 1, 1)
    tour = {
        "tour": str(GROUP_TOUR),
        "start": a_start(GROUP_TOUR, people=12),
        "language": str(language_of(GROUP_TOUR)),
        "age_group": str(age_group_of(GROUP_TOUR)),
        "people": "12",
    }
    both = combined_form(entries(TWO_HOUSES, VESSELS, CABINET), ticket=TWO_HOUSES, number=2)
    return {
        "event": ("add_event", {"date": str(a_date(AMMONITES).id), "number": "2"}),
        "scales": ("add_event", {"date": str(a_date(KILN).id), "scale-61": "2"}),
        "seats": ("add_event", {"date": str(concert.id), "seat": str(seat)}),
        "tour": ("add_tour", tour),
        "combined": ("add_combined", both),
        "annual": ("add_annual", {"ticket": str(ANNUAL), "number": "1"}),
        "coupon": ("add_coupon", {"coupon": str(VOUCHER), "number": "1"}),
    }


# Product, basket, what is in it twice (before the ticket system is asked and under the lock), lock, write. A basket
# begun with it knows that it is empty. Parts and houses of a combined ticket come on top, and the basket's holds.
INTO_AN_EMPTY_BASKET = {"tour": 4, "combined": 6}
INTO_A_FULL_BASKET = {"tour": 7, "combined": 13}


def test_putting_something_into_a_basket(visitor: Visitor) -> None:
    warm, key = Visitor(Client()), a_time(ADULT)
    warm.add(key, {ADULT: 1})  # what is kept in memory until there is another edition of the catalogue
    assert questions(lambda: Visitor(Client()).add(key, {ADULT: 2, CHILD: 1})) <= 3 + 1
    visitor.add(key, {ADULT: 2, CHILD: 1})
    assert questions(lambda: visitor.add(key, {ADULT: 2, CHILD: 1})) <= 6 + 1
    for kind, (name, form) in forms().items():
        first = questions(partial(Visitor(Client()).post, name, form))
        later = questions(partial(visitor.post, name, form))
        assert first <= INTO_AN_EMPTY_BASKET.get(kind, 3), kind
        assert later <= INTO_A_FULL_BASKET.get(kind, 6), kind


def test_every_step_of_the_checkout_with_one_of_everything(visitor: Visitor) -> None:
    for name, form in forms().values():
        visitor.post(name, form)
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    visitor.add(a_time(NAMED), {NAMED: 1})
    line = BasketLine.objects.get(ticket=NAMED).pk
    people = {f"given-{line}-0": "Ada", f"family-{line}-0": "Byron"}
    visitor.get("basket")
    visitor.fill_in()
    for step, answers in {
        "contact": CONTACT,
        "names": people,
        "payment": {"method": "demo"},
    }.items():
        assert questions(partial(visitor.get, step)) <= 8, step
        sent = questions(partial(visitor.post, step, answers))
        assert sent <= 8, step
    assert questions(lambda: visitor.get("basket")) <= 8
    assert questions(lambda: visitor.get("review")) <= 8
    agreed = visitor.agreed()
    placing = questions(lambda: visitor.order(agreed))
    assert placing <= 8 + 10  # the lock, a last look, and the order's own rows
