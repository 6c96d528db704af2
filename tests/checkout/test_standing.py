"""What the basket says of each visit: free, full, past, no longer sold, or not known now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Ticket
from checkout.models import Basket, BasketLine
from checkout.overview import Overview, Standing, Visit, overview
from tests.checkout.given import (
    ADULT,
    CHILD,
    DAY,
    FAMILY,
    GROUP,
    NET,
    OTHER,
    TWENTY_MINUTES,
    a_line,
    a_time,
    times,
    tomorrow,
)
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


def seen(visitor: Visitor) -> Overview:
    return overview(visitor.basket, ways_out=True)


def only(visitor: Visitor) -> Visit:
    (visit,) = seen(visitor).visits
    return visit


def test_kinds_of_one_time_are_one_visit_in_shop_order(visitor: Visitor) -> None:
    time = a_time(ADULT)
    visitor.add(time, {CHILD: 1})
    visitor.add(time, {ADULT: 2})
    visitor.add(a_time(ADULT, number=1), {ADULT: 1})
    visitor.add(a_time(OTHER), {OTHER: 1})
    visits = seen(visitor).visits
    assert list(visits) == sorted(visits, key=lambda visit: visit.at)
    assert sorted([line.ticket.pk for line in visit.lines] for visit in visits) == [
        [ADULT],
        [ADULT, CHILD],
        [OTHER],
    ]
    assert seen(visitor).total_cents == 3 * 1400 + 800


def test_free_visits_count(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    found = seen(visitor)
    assert (only(visitor).standing, found.orderable) == (Standing.FREE, True)
    assert (found.total_cents, found.people) == (2800, 3)
    assert [(tax.vat_bp, tax.vat_cents) for tax in found.taxes] == [(700, 183)]


def test_prices_without_vat_get_it_added(visitor: Visitor) -> None:
    visitor.add(a_time(NET), {NET: 3})
    found = seen(visitor)
    assert found.total_cents == 1189
    assert [(tax.vat_bp, tax.gross_cents, tax.vat_cents) for tax in found.taxes] == [(1900, 1189, 190)]


def test_a_price_of_its_own_for_a_time_counts(visitor: Visitor) -> None:
    time = a_time(ADULT)
    Ticket.objects.filter(pk=ADULT).update(dynamic_prices={time: 900})
    visitor.add(time, {ADULT: 2})
    assert seen(visitor).total_cents == 1800
    visitor.add(a_time(ADULT, number=1), {ADULT: 1})
    assert seen(visitor).total_cents == 1800 + 1400
    assert "€9.00" not in visitor.quote(a_time(ADULT, number=1), {ADULT: 1}).content.decode()
    assert "9,00" in visitor.quote(time, {ADULT: 1}).content.decode()


def test_sold_out_meanwhile_it_does_not_count_and_others_are_offered(
    visitor: Visitor, museum: Sandbox
) -> None:
    time = a_time(ADULT)
    visitor.add(time, {ADULT: 2, CHILD: 1})
    visitor.add(a_time(OTHER), {OTHER: 1})
    museum.set_left(ADULT, time, 2)
    found = seen(visitor)
    full = next(visit for visit in found.visits if visit.anchor.pk == ADULT)
    assert (full.standing, found.orderable, found.total_cents) == (Standing.FULL, False, 800)
    assert [line.most for line in full.lines] == [1, 0]  # beside each other
    assert len(full.nearest) == 3
    page = visitor.page("basket")
    assert page.count('name="move"') == 3
    assert "/checkout/contact/" not in page


def test_one_tap_moves_it_to_a_time_with_room(visitor: Visitor, museum: Sandbox) -> None:
    time = a_time(ADULT)
    visitor.add(time, {ADULT: 2, CHILD: 1})
    museum.set_left(ADULT, time, 0)
    visit = only(visitor)
    visitor.change(move=visit.nearest[0].key, lines=visit.ids)
    moved = only(visitor)
    assert (moved.standing, moved.at, moved.cents) == (Standing.FREE, visit.nearest[0].at, 2800)


def test_lines_of_different_families_on_a_shared_quota_see_each_other(
    visitor: Visitor, museum: Sandbox
) -> None:
    """FAMILY draws from a narrow quota and from the wide one of ADULT."""
    time = a_time(FAMILY)
    museum.set_left(ADULT, time, 5)
    visitor.add(time, {ADULT: 3})
    visitor.add(time, {FAMILY: 3})
    assert visitor.lines == [(ADULT, 3)]
    visitor.add(time, {FAMILY: 2})
    assert only(visitor).standing == Standing.FREE


def test_what_the_museum_does_not_sell_any_more_is_told(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1, CHILD: 1})
    Ticket.objects.filter(pk=CHILD).update(bookable=False)
    visit = only(visitor)
    assert [line.standing for line in visit.lines] == [Standing.FREE, Standing.GONE]
    assert (visit.standing, seen(visitor).orderable) == (Standing.GONE, False)
    assert visitor.page("basket").count('name="n-') == 1  # the other kind can still be changed


def test_a_retired_ticket_is_gone_and_can_be_removed(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    Ticket.objects.filter(pk=ADULT).update(retired_at=timezone.now())
    assert only(visitor).standing == Standing.GONE
    visitor.change(remove=only(visitor).ids)
    assert visitor.lines == []


def test_a_time_the_house_does_not_offer_any_more_is_gone(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    odd = BasketLine.objects.get().slot_at + timedelta(minutes=7)
    BasketLine.objects.update(slot_at=odd, slot_key=odd.isoformat())
    assert only(visitor).standing == Standing.GONE


def test_a_time_that_only_other_tickets_have_is_gone_for_this_one(museum: Sandbox) -> None:
    """Asked for together, the ticket system lists times of a common grid: twenty past is none of ADULT's."""
    basket = Basket.objects.create()
    free = map(datetime.fromisoformat, times(TWENTY_MINUTES))
    between = next(at for at in free if at.minute % 30)
    for pk in (ADULT, TWENTY_MINUTES):
        a_line(basket, pk, at=between)
    standing = {line.ticket.pk: line.standing for line in overview(basket).lines}
    assert standing == {ADULT: Standing.GONE, TWENTY_MINUTES: Standing.FREE}


def test_past_times_are_over_and_day_tickets_good_until_midnight(museum: Sandbox) -> None:
    basket = Basket.objects.create()
    now = timezone.localtime()
    a_line(basket, ADULT, at=now - timedelta(minutes=1))
    a_line(basket, DAY, at=now - timedelta(minutes=1), slot_ends_at=now + timedelta(seconds=30))
    a_line(basket, DAY, at=now - timedelta(days=2), slot_ends_at=now - timedelta(seconds=1))
    standing = {(line.ticket.pk, line.line.slot_at): line.standing for line in overview(basket).lines}
    assert [found == Standing.OVER for _line, found in sorted(standing.items())] == [True, True, False]


def test_more_than_an_order_may_hold_is_told_with_the_limit(visitor: Visitor) -> None:
    visitor.add(a_time(FAMILY), {FAMILY: 2})
    visitor.add(a_time(GROUP), {GROUP: 12})
    Ticket.objects.filter(pk=FAMILY).update(max_persons=1)
    Ticket.objects.filter(pk=GROUP).update(min_persons=15)
    found = seen(visitor)
    assert [visit.standing for visit in found.visits] == [Standing.LIMIT, Standing.LIMIT]
    assert all(len(visit.problems) == 1 for visit in found.visits)
    assert not found.orderable


def test_the_limit_holds_while_the_ticket_system_is_silent_too(visitor: Visitor, museum: Sandbox) -> None:
    visitor.add(a_time(FAMILY), {FAMILY: 2})
    Ticket.objects.filter(pk=FAMILY).update(max_persons=1)
    museum.switch(maintenance="json")
    assert only(visitor).standing == Standing.LIMIT


def test_while_nobody_knows_the_basket_is_kept_and_buying_is_paused(
    visitor: Visitor, museum: Sandbox
) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2})
    museum.switch(maintenance="json")
    assert only(visitor).standing == Standing.UNKNOWN
    page = visitor.page("basket")
    assert visitor.lines == [(ADULT, 2)]
    assert "/checkout/contact/" not in page
    assert "28,00" in page
    museum.switch(maintenance="off")


def test_old_knowledge_is_not_told_as_fresh(visitor: Visitor, museum: Sandbox) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2})
    assert only(visitor).standing == Standing.FREE
    museum.fault("GET /tickets/capacities", "status_500", times=None)
    assert only(visitor).standing == Standing.UNKNOWN
    museum.heal()


def test_an_empty_basket_asks_nobody(visitor: Visitor, museum: Sandbox) -> None:
    museum.forget_requests()
    assert visitor.get("basket").status_code == 200
    assert not overview(None).orderable
    assert not museum.counts()


def test_queries_and_calls_stay_the_same_however_many_lines(
    visitor: Visitor, museum: Sandbox, settings: LazySettings
) -> None:
    settings.AVAILABILITY_SECONDS = 10
    basket = Basket.objects.create()
    counted = []
    for number in (2, 12):
        for hour, minute in [(10 + n // 2, 30 * (n % 2)) for n in range(number)]:
            for pk in (ADULT, OTHER):
                at = tomorrow(hour).replace(minute=minute)
                if not basket.lines.filter(ticket=pk, slot_at=at).exists():
                    a_line(basket, pk, at=at)
        overview(basket)  # what the day offers is known from here on
        museum.forget_requests()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(overview(basket).lines) == 2 * number
        counted.append((len(queries), sum(museum.counts().values())))
    assert counted[0] == counted[1]
    assert counted[1][0] <= 5
    assert counted[1][1] == 0


def test_the_places_of_a_day_are_asked_for_once(visitor: Visitor, museum: Sandbox) -> None:
    basket = Basket.objects.create()
    for hour in (10, 11, 12):
        for pk in (ADULT, OTHER, NET):
            a_line(basket, pk, at=tomorrow(hour))
    museum.forget_requests()
    overview(basket)
    assert museum.counts().get("GET /tickets/capacities") == 1
