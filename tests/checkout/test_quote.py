"""The sum on the ticket page: the server's arithmetic, and why a choice cannot be had."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from checkout.models import Basket
from tests.checkout.given import ADULT, CHILD, FAMILY, NET, REDUCED, a_time
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


def text(visitor: Visitor, time: str, party: dict[int, object]) -> str:
    with translation.override("en"):
        answer = visitor.quote(time, party)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sum_with_its_vat(visitor: Visitor) -> None:
    told = text(visitor, a_time(ADULT), {ADULT: 2, REDUCED: 1, CHILD: 1})
    assert "€35.00" in told
    assert "€2.29" in told  # 7 % in it
    assert 'class="note"' not in told
    assert "€11.89" in text(visitor, a_time(NET), {NET: 3})


def test_nothing_chosen_yet_is_no_mistake(visitor: Visitor) -> None:
    told = text(visitor, "", {ADULT: 0})
    assert 'class="note"' not in told


@pytest.mark.parametrize("number", [101, 1001, 10**30, "-1", "x"])
def test_numbers_that_cannot_be_are_told(visitor: Visitor, number: object) -> None:
    assert 'class="note"' in text(visitor, a_time(ADULT), {ADULT: number})


def test_what_does_not_fit_beside_the_basket_is_told(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    museum.set_left(ADULT, time, 3)
    visitor.add(time, {ADULT: 2})
    assert 'class="note"' not in text(visitor, time, {CHILD: 1})
    assert "2 people, but only 1 place is left" in text(visitor, time, {CHILD: 2})


def test_a_limit_is_told_with_its_number(visitor: Visitor) -> None:
    assert "at most 3 per order" in text(visitor, a_time(FAMILY), {FAMILY: 4})


def test_an_unknown_ticket_or_time_breaks_nothing(visitor: Visitor) -> None:
    assert text(visitor, a_time(ADULT), {999_999: 1})
    for time in ("x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert 'class="note"' in text(visitor, time, {ADULT: 1})


def test_asking_writes_nothing(visitor: Visitor) -> None:
    time = a_time(ADULT)
    with CaptureQueriesContext(connection) as queries:
        text(visitor, time, {ADULT: 1})
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert len(queries) <= 4
    assert not Basket.objects.exists()
