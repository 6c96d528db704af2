"""What is on on a day, and on which days something is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.day_page import MOST_DATES, day_page
from catalog.models import Event, EventDate, OpeningHours
from catalog.slots import DayState
from shop import gateway
from shop.dates import today
from tests.catalog import rows
from tests.catalog.upstream import Upstream, serve, small_world

pytestmark = pytest.mark.django_db

ON = today() + timedelta(days=10)
A_DAY = timedelta(days=1)


def at(hour: int, day: date = ON) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def hours(museum_id: int, begins: datetime | None, ends: datetime | None) -> None:
    OpeningHours.objects.create(
        museum_id=museum_id, day=ON, begins_at=begins, ends_at=ends, read_at=timezone.now()
    )


@pytest.fixture
def city() -> None:
    """One museum open, one closed, one nobody knows of; each with an exhibition, an event and a tour."""
    for pk in (1, 2, 3):
        house = rows.museum(pk)
        rows.exhibition(pk, house)
        rows.tour(pk, house, bookable=True)
        event = rows.event(pk, house)
        rows.event_date(10 * pk, event, at(15))
        rows.event_date(10 * pk + 1, event, at(11))
        rows.event_date(10 * pk + 2, event, at(11, ON + A_DAY))
    hours(1, at(10), at(18))
    hours(2, None, None)


@pytest.mark.usefixtures("city")
class TestDay:
    def test_museums_are_open_closed_or_not_told(self) -> None:
        page = day_page(ON)
        assert [(museum.pk, row.begins_at) for museum, row in page.open] == [(1, at(10))]
        assert [museum.pk for museum in page.closed] == [2]
        assert [museum.pk for museum in page.unknown] == [3]

    def test_what_a_closed_house_shows_and_leads_is_not_on(self) -> None:
        page = day_page(ON)
        assert [card.exhibition.pk for card in page.exhibitions] == [1, 3]
        assert [tour.pk for tour in page.tours] == [1, 3]

    def test_exhibitions_that_do_not_run_then_are_not_on(self) -> None:
        rows.exhibition(8, first=ON - 9 * A_DAY, last=ON - A_DAY)
        rows.exhibition(9, first=ON, last=ON)
        assert [card.exhibition.pk for card in day_page(ON).exhibitions] == [9, 1, 3]

    def test_dates_of_the_day_by_time(self) -> None:
        rows.retire(Event.objects.get(pk=3))
        rows.retire(EventDate.objects.get(pk=20))
        assert [row.pk for row in day_page(ON).dates] == [11, 21, 10]

    def test_the_night_belongs_to_its_own_day(self) -> None:
        event = Event.objects.get(pk=1)
        rows.event_date(98, event, at(0))
        rows.event_date(99, event, at(0, ON + A_DAY))
        shown = [row.pk for row in day_page(ON).dates]
        assert 98 in shown
        assert 99 not in shown

    def test_it_is_few_queries_however_much_there_is(
        self, django_assert_max_num_queries: DjangoAssertNumQueries, client: Client
    ) -> None:
        event = Event.objects.get(pk=1)
        for number in range(MOST_DATES):
            rows.event_date(1000 + number, event, at(12))
        with django_assert_max_num_queries(8):
            text = client.get(f"/en/day/{ON}/").content.decode()
        assert "there are more" in text


class TestAddresses:
    def test_days_lead_to_their_neighbours(self, client: Client) -> None:
        context = client.get(f"/en/day/{ON}/").context
        assert (context["before"], context["after"]) == (ON - A_DAY, ON + A_DAY)
        assert client.get(f"/en/day/{today()}/").context["before"] is None

    def test_a_day_that_is_over_leads_to_today(self, client: Client) -> None:
        answer = client.get(f"/en/day/{today() - A_DAY}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/day/{today()}/")

    @pytest.mark.parametrize("text", ["yesterday", "2026-13-01", str(today() + 400 * A_DAY)])
    def test_what_is_no_day_of_ours_is_not_there(self, client: Client, text: str) -> None:
        assert client.get(f"/en/day/{text}/").status_code == 404

    def test_search_engines_see_the_near_days_only(self, client: Client) -> None:
        hidden = b'<meta name="robots" content="noindex, nofollow">'
        assert hidden not in client.get(f"/en/day/{ON}/").content
        assert hidden in client.get(f"/en/day/{today() + 60 * A_DAY}/").content

    def test_home_and_finder_lead_to_it(self, client: Client) -> None:
        assert f'href="/en/day/{today()}/"' in client.get("/en/").content.decode()
        assert f'href="/en/day/{ON}/"' in client.get(f"/en/find/?day={ON}").content.decode()


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    cache.clear()
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        found.calendar_any = {str(ON): True}
        found.fixed["/tickets/calendar"] = {"data": {}}
        yield found
        gateway.reset()


def days_of(client: Client, path: str) -> tuple[dict[date, DayState], str]:
    """The states of the days of ON's month, and the page."""
    answer = client.get(f"/en/{path}", {"month": f"{ON:%Y-%m}"})
    month = answer.context["days"].month
    cells = (cell for week in month.weeks for cell in week if cell)
    return {cell.day: cell.state for cell in cells}, answer.content.decode()


@pytest.mark.usefixtures("upstream")
class TestFreeDays:
    def test_a_museum_of_several_visits_leads_to_the_search(self, client: Client) -> None:
        house = rows.museum(5)
        rows.ticket(1, museums=[house], quota_ids=[41])
        rows.ticket(2, museums=[house], quota_ids=[42])
        states, html = days_of(client, "museums/5/days/")
        assert states[ON] is DayState.FREE
        assert f'href="/en/find/?day={ON}&amp;museum=5"' in html

    def test_an_exhibition_of_one_visit_leads_to_its_ticket(self, client: Client) -> None:
        rows.ticket(1, exhibitions=[rows.exhibition(7, rows.museum(5))])
        _states, html = days_of(client, "exhibitions/7/days/")
        assert f'href="/en/tickets/1/?day={ON}"' in html

    def test_an_exhibition_without_tickets_is_entered_with_those_of_its_house(self, client: Client) -> None:
        house = rows.museum(5)
        rows.exhibition(7, house)
        rows.ticket(1, museums=[house])
        assert f"/en/tickets/1/?day={ON}" in days_of(client, "exhibitions/7/days/")[1]

    def test_without_tickets_nothing_is_asked(self, upstream: Upstream, client: Client) -> None:
        rows.museum(5)
        assert "No tickets are on sale" in client.get("/en/museums/5/days/").content.decode()
        assert upstream.asked == []

    def test_without_ticket_system_the_page_says_so(self, upstream: Upstream, client: Client) -> None:
        rows.ticket(1, museums=[rows.museum(5)])
        upstream.broken = lambda _path: (503, "")
        assert "cannot see the free days" in client.get("/en/museums/5/days/").content.decode()

    def test_htmx_gets_the_calendar_alone(self, client: Client) -> None:
        rows.ticket(1, museums=[rows.museum(5)])
        part = client.get("/en/museums/5/days/", headers={"HX-Request": "true"})
        assert b"<html" not in part.content
        assert b'class="cal"' in part.content

    @pytest.mark.parametrize("path", ["museums/99/days/", "exhibitions/99/days/"])
    def test_of_nothing_there_are_no_days(self, client: Client, path: str) -> None:
        assert client.get(f"/en/{path}").status_code == 404
