"""Putting things into the basket: what is taken, and what is refused with a reason and without losing anything."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Ticket
from checkout.models import BasketLine
from tests.checkout.given import (
    ADULT,
    CHILD,
    DAY,
    FAMILY,
    GROUP,
    NAMED,
    OTHER,
    REDUCED,
    a_line,
    a_time,
    tomorrow,
)
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


def test_a_choice_becomes_lines_of_one_visit(visitor: Visitor) -> None:
    answer = visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1, REDUCED: 0})
    assert (answer.status_code, answer["Location"]) == (302, "/de/basket/")
    assert visitor.lines == [(ADULT, 2), (CHILD, 1)]
    assert "28,00" in visitor.page("basket")


def test_the_same_choice_again_adds_up(visitor: Visitor) -> None:
    time = a_time(ADULT)
    visitor.add(time, {ADULT: 2})
    visitor.add(time, {ADULT: 1, CHILD: 2})
    assert visitor.lines == [(ADULT, 3), (CHILD, 2)]


def test_a_time_in_another_spelling_is_the_same_time(visitor: Visitor) -> None:
    time = a_time(ADULT)
    visitor.add(time, {ADULT: 1})
    utc = BasketLine.objects.get().slot_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    visitor.add(utc, {ADULT: 1})
    assert [(line.slot_key, line.quantity) for line in BasketLine.objects.all()] == [(time, 2)]


def test_a_day_ticket_is_good_until_midnight(visitor: Visitor) -> None:
    visitor.add(a_time(DAY), {DAY: 1})
    line = BasketLine.objects.get()
    end = timezone.localtime(line.slot_ends_at)
    assert (end.hour, end.date()) == (0, timezone.localtime(line.slot_at).date() + timedelta(days=1))


@pytest.mark.parametrize("number", ["-1", "1.5", "zwei", "²", "٣", "1e3", "0x2"])
def test_a_number_nobody_can_read_is_refused_not_guessed(visitor: Visitor, number: str) -> None:
    answer = visitor.add(a_time(ADULT), {ADULT: number, CHILD: 1})
    assert answer["Location"].startswith("/de/tickets/311/?")
    assert not BasketLine.objects.exists()


@pytest.mark.parametrize("number", [101, 10**6, 10**30, "0" * 50 + "5000"])
def test_absurd_numbers_are_refused_with_a_sentence(visitor: Visitor, number: object) -> None:
    visitor.add(a_time(ADULT), {ADULT: number})
    assert not BasketLine.objects.exists()
    assert "10" in visitor.told()


def test_leading_zeros_are_only_zeros(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: "0" * 40 + "2"})
    assert visitor.lines == [(ADULT, 2)]


@pytest.mark.parametrize(
    "time",
    ["", "soon", "2020-01-01T10:00:00+01:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
def test_times_that_are_none_are_refused(visitor: Visitor, time: str) -> None:
    answer = visitor.add(time, {ADULT: 1})
    assert answer.status_code == 302
    assert not BasketLine.objects.exists()


def test_nobody_is_asked_about_a_day_years_ahead(visitor: Visitor, museum: Sandbox) -> None:
    museum.forget_requests()
    visitor.add(f"{timezone.localdate().year + 3}-06-01T10:00:00+02:00", {ADULT: 1})
    assert not museum.counts()


def test_a_time_the_kind_is_not_offered_at_is_refused(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT).replace(":30:00", ":10:00").replace(":00:00", ":10:00"), {ADULT: 1})
    assert not BasketLine.objects.exists()


def test_the_minimum_and_maximum_count_over_all_times(visitor: Visitor) -> None:
    visitor.add(a_time(FAMILY), {FAMILY: 2})
    visitor.add(a_time(FAMILY, number=1), {FAMILY: 2})
    assert visitor.lines == [(FAMILY, 2)]
    visitor.add(a_time(FAMILY, number=1), {FAMILY: 1})
    assert visitor.lines == [(FAMILY, 2), (FAMILY, 1)]


def test_a_group_needs_its_number(visitor: Visitor) -> None:
    time = a_time(GROUP)
    visitor.add(time, {GROUP: 9})
    assert not BasketLine.objects.exists()
    visitor.add(time, {GROUP: 10})
    assert visitor.lines == [(GROUP, 10)]


def test_the_whole_party_must_fit_beside_what_is_in_the_basket(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    museum.set_left(ADULT, time, 4)
    visitor.add(time, {ADULT: 3})
    visitor.add(time, {ADULT: 1, CHILD: 1})
    assert visitor.lines == [(ADULT, 3)]
    visitor.add(time, {CHILD: 1})
    assert visitor.lines == [(ADULT, 3), (CHILD, 1)]


def test_all_kinds_or_none(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    visitor.add(time, {ADULT: 1, FAMILY: 4})  # three families at most
    assert not BasketLine.objects.exists()


def test_refused_means_back_to_the_ticket_with_everything_chosen(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    museum.set_left(ADULT, time, 2)
    answer = visitor.add(time, {ADULT: 2, CHILD: 1})
    there = urlsplit(answer["Location"])
    assert there.path == "/de/tickets/311/"
    assert parse_qs(there.query) == {"q-311": ["2"], "q-313": ["1"], "day": [time[:10]], "time": [time]}
    page = visitor.client.get(answer["Location"]).content.decode()
    assert re.search(r'name="q-311"[^>]*value="2"', page)
    assert re.search(r'name="q-313"[^>]*value="1"', page)


def test_tickets_of_other_families_cannot_be_slipped_in(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1, OTHER: 1, 999_999: 1})
    assert visitor.lines == [(ADULT, 1)]


def test_a_retired_ticket_is_not_sold(visitor: Visitor) -> None:
    time = a_time(NAMED)
    Ticket.objects.filter(pk=NAMED).update(retired_at=timezone.now())
    answer = visitor.add(time, {NAMED: 1})
    assert answer["Location"] == "/de/exhibitions/"
    assert not BasketLine.objects.exists()


def test_names_are_asked_for_two_hundred_people_at_most(visitor: Visitor) -> None:
    Ticket.objects.filter(pk__in=[ADULT, OTHER]).update(attendees_required=True)
    visitor.add(a_time(NAMED), {NAMED: 1})
    for pk in (ADULT, OTHER):
        a_line(visitor.basket, pk, 99, at=tomorrow())
    visitor.add(a_time(NAMED), {NAMED: 2})
    assert visitor.basket.lines.get(ticket=NAMED).quantity == 1
    visitor.add(a_time(NAMED), {NAMED: 1})
    assert visitor.basket.lines.get(ticket=NAMED).quantity == 2


def test_a_hundred_lines_are_enough(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    for number in range(99):
        a_line(visitor.basket, DAY, 1, at=tomorrow() + timedelta(days=number))
    visitor.add(a_time(ADULT), {ADULT: 1})  # no new line
    assert visitor.basket.lines.get(ticket=ADULT).quantity == 2
    visitor.add(a_time(ADULT), {CHILD: 1})
    assert visitor.basket.lines.count() == 100


def test_a_silent_ticket_system_is_told_and_nothing_is_lost(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    museum.switch(maintenance="json")
    answer = visitor.add(time, {ADULT: 2})
    assert answer["Location"].startswith("/de/tickets/311/?q-311=2")
    assert not BasketLine.objects.exists()


def test_a_forged_cookie_is_no_basket(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    stranger = Client()
    stranger.cookies["basket"] = visitor.basket.secret
    other = Visitor(stranger)
    assert "14,00" not in other.page("basket")
    value = visitor.client.cookies["basket"].value
    stranger.cookies["basket"] = value[:-1] + ("A" if value[-1] != "A" else "B")
    assert "14,00" not in other.page("basket")
    stranger.cookies["basket"] = value
    assert "14,00" in other.page("basket")


def test_the_cookie_is_for_this_shop_alone(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    cookie = visitor.client.cookies["basket"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7 * 24 * 3600)
