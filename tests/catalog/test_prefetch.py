"""The popular days are fresh before anybody asks; a ticket system in trouble is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog import availability, popular
from catalog.models import Ticket
from catalog.prefetch import MOST_TICKETS, popular_days, prefetch
from catalog.tasks import prefetch_places
from shop import gateway
from shop.jobs import Job
from tests.catalog import rows
from tests.catalog.upstream import Upstream, serve, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    cache.clear()
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        for pk in (1, 2, 3):
            rows.ticket(pk, quota_ids=[41])
        keys = {noon(day).isoformat(): 9 for day in popular_days()}
        found.fixed["/tickets/capacities"] = {"data": {"41": {"tickets": [1, 2, 3], "capacities": keys}}}
        yield found
        gateway.reset()


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def test_the_first_visitor_of_a_popular_day_waits_for_nobody(upstream: Upstream) -> None:
    assert prefetch() == len(popular_days())
    upstream.asked.clear()
    for day in popular_days():
        assert availability.stock(list(Ticket.objects.sellable()), day).quota_days
    assert upstream.asked == []


def test_what_is_fresh_is_not_asked_again(upstream: Upstream) -> None:
    prefetch()
    upstream.asked.clear()
    prefetch()
    assert upstream.asked == []


def test_a_ticket_somebody_looked_at_has_its_month_ready(upstream: Upstream, client: Client) -> None:
    upstream.calendar_any = {str(day): True for day in popular_days()}
    client.get("/en/tickets/2/")
    cached = popular.looked_at(5)
    assert cached == [2]
    prefetch()
    upstream.asked.clear()
    availability.month(list(Ticket.objects.sellable()), popular_days()[0])
    assert upstream.asked == []


def test_only_so_many_looks_are_followed_the_most_wanted_first(upstream: Upstream) -> None:
    for pk in range(1, 2 * MOST_TICKETS):
        popular.note(pk)
    popular.note(9)
    found = popular.looked_at(MOST_TICKETS)
    assert len(found) == MOST_TICKETS
    assert found[0] == 9


def test_trouble_ends_the_round_at_the_first_question(upstream: Upstream) -> None:
    upstream.broken = lambda _path: (503, "")
    assert prefetch() == 0
    assert len(upstream.asked) == 1
    prefetch()
    assert len(upstream.asked) == 1, "known to be down: not even asked"


def test_the_beat_rings_for_it(settings: LazySettings) -> None:
    ring = settings.CELERY_BEAT_SCHEDULE[Job.PREFETCH_PLACES]
    assert ring["schedule"] == settings.PREFETCH_SECONDS > 0
    assert ring["task"] == prefetch_places.name
