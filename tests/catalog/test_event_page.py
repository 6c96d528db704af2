"""The page of an event against a whole ticket system: live seats, exact prices, honest when it is down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import showing
from catalog.attending import Attendance
from catalog.events import midnight
from catalog.models import Event, EventDate
from shop import gateway
from shop.dates import today
from tests.catalog import rows
from tests.sandbox_process import Sandbox, start_sandbox

pytestmark = pytest.mark.django_db

KILN, CONCERT, NOON, DISCOUNTED, GROUP, NET, SOLD_OUT, MEMBERS = 820, 821, 822, 823, 824, 825, 826, 827


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    found = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(started: Sandbox, settings: LazySettings) -> Iterator[Sandbox]:
    started.reset()
    settings.GOMUS_URL = started.base_url
    gateway.reset()
    started.forget_requests()
    yield started
    gateway.reset()


def dates_of(event_id: int) -> list[EventDate]:
    """Dates of a month that begins in a month, so that neighbours are on both sides; upstream's in the mirror."""
    first = today() + timedelta(days=30)
    told = gateway.client().events.dates_of(event_id, ["de", "en"], first, first + timedelta(days=30))
    event = Event.objects.filter(pk=event_id).first() or rows.event(event_id)
    return [
        EventDate.objects.filter(pk=one.id).first() or rows.event_date(one.id, event, one.start_time)
        for one in told
    ]


def roomy(event_id: int, most: int = 2) -> EventDate:
    """A date on which so many get in."""
    for row in dates_of(event_id):
        seats = showing.showing(event_id, row.pk).date.seats
        if seats and (seats.available or 0) >= most:
            return row
    raise AssertionError("no date with room")


def html_of(client: Client, row: EventDate, **query: Any) -> str:
    answer = client.get(f"/en/events/{row.event_id}/", {"date": row.pk, **query})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def attendance(client: Client, row: EventDate, **query: Any) -> Attendance:
    answer = client.get(f"/en/events/{row.event_id}/", {"date": row.pk, **query})
    found: Attendance = answer.context["attendance"]
    return found


class TestPrices:
    @pytest.mark.parametrize(
        ("event_id", "chosen", "cents"),
        [
            (KILN, {"scale-61": "2", "scale-62": "1"}, 3200),
            (NOON, {"number": "3"}, 1200),
            (DISCOUNTED, {"scale-63": "1", "scale-64": "1"}, 1700),
            (GROUP, {"number": "5"}, 9000),
            (NET, {"scale-65": "1", "scale-66": "3"}, 2795),
        ],
    )
    @pytest.mark.usefixtures("sandbox")
    def test_the_sum_is_what_an_order_costs(
        self, client: Client, event_id: int, chosen: dict[str, str], cents: int
    ) -> None:
        found = attendance(client, roomy(event_id, 5), **chosen)
        assert (found.total_cents, found.problems, found.ready) == (cents, (), True)

    @pytest.mark.usefixtures("sandbox")
    def test_every_price_has_a_field_that_keeps_its_number(self, client: Client) -> None:
        html = html_of(client, roomy(KILN), **{"scale-61": "2"})
        assert re.search(r'name="scale-61"[^>]*value="2" min="0" max="8"', html)
        assert re.search(r'name="scale-62"[^>]*value="0"', html)
        assert "€24.00" in html
        assert 'name="number"' not in html

    @pytest.mark.usefixtures("sandbox")
    def test_a_discount_and_a_group_price_are_explained(self, client: Client) -> None:
        assert "<del>" in html_of(client, roomy(DISCOUNTED))
        group = html_of(client, roomy(GROUP, 4), number="2")
        assert "One price for all of you together" in group
        assert "At least 4 places are booked together." in group

    @pytest.mark.usefixtures("sandbox")
    def test_numbers_beyond_the_order_s_limit_are_refused(self, client: Client) -> None:
        found = attendance(client, roomy(KILN), **{"scale-61": "9", "scale-62": "999999999", "scale-x": "1"})
        assert found.problems == ("At most 8 places per order.",)
        assert not found.ready

    @pytest.mark.usefixtures("sandbox")
    def test_without_scripts_the_form_leads_to_an_address_that_says_the_same(self, client: Client) -> None:
        row = roomy(KILN)
        answer = client.post(f"/en/events/{KILN}/", {"date": row.pk, "scale-61": "2", "scale-62": "0"})
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/en/events/{KILN}/?date={row.pk}&scale-61=2#sum",
        )


class TestSeats:
    @pytest.mark.usefixtures("sandbox")
    def test_the_list_has_every_free_seat_and_the_drawing_is_its_mirror(self, client: Client) -> None:
        row = roomy(CONCERT)
        record = showing.showing(CONCERT, row.pk).date
        (plan,) = record.seatings
        free = {seat.id for seat in plan.seats} - plan.blocked_seats
        html = html_of(client, row)
        assert {int(pk) for pk in re.findall(r'name="seat" value="(\d+)"', html)} == free
        assert {int(pk) for pk in re.findall(r'data-seat="(\d+)"', html)} == {seat.id for seat in plan.seats}
        assert html.count('class="seat off" data-seat=') == len(plan.blocked_seats)
        assert ">Stage</text>" in html
        german = client.get(f"/de/events/{CONCERT}/?date={row.pk}").content.decode()
        assert ">Bühne</text>" in german

    @pytest.mark.usefixtures("sandbox")
    def test_seats_cost_what_their_category_costs(self, client: Client) -> None:
        row = roomy(CONCERT)
        (plan,) = showing.showing(CONCERT, row.pk).date.seatings
        free = [seat for seat in plan.seats if seat.id not in plan.blocked_seats]
        front = [seat.id for seat in free if seat.category_id == 1][:2]
        back = [seat.id for seat in free if seat.category_id == 3][:1]
        found = attendance(client, row, seat=[*front, *back])
        assert (found.total_cents, found.people, found.ready) == (2 * 2400 + 900, 3, True)
        answer = client.post(f"/en/events/{CONCERT}/", {"date": row.pk, "seat": [*front, *back]})
        assert answer["Location"].count("&seat=") == 3

    @pytest.mark.usefixtures("sandbox")
    def test_a_seat_that_is_taken_is_named_and_not_charged(self, client: Client) -> None:
        row = roomy(CONCERT)
        (plan,) = showing.showing(CONCERT, row.pk).date.seatings
        taken = min(plan.blocked_seats)
        found = attendance(client, row, seat=[taken, 999999, "x"])
        assert (found.people, found.total_cents, found.ready) == (0, 0, False)
        assert [problem.split()[0] for problem in found.problems] == ["Seat"]

    def test_without_a_drawing_the_list_is_all_there_is(self, sandbox: Sandbox, client: Client) -> None:
        sandbox.fault("GET /seatings/:id.svg", "html_200", times=None)
        html = html_of(client, roomy(CONCERT))
        assert 'class="plan"' not in html
        assert html.count('name="seat"') > 20
        sandbox.heal()


class TestFull:
    def test_a_full_date_leads_to_the_three_nearest_with_room(
        self, sandbox: Sandbox, client: Client, settings: LazySettings
    ) -> None:
        settings.AVAILABILITY_SECONDS = 0
        row = roomy(KILN, 5)
        sandbox.control.post("/left", json={"date_id": row.pk, "left": 2}).raise_for_status()
        found = attendance(client, row, **{"scale-61": "2"})
        assert (found.full, found.nearest) == (False, ())
        found = attendance(client, row, **{"scale-61": "3"})
        assert found.full
        assert found.problems == ("Only 2 places are left.",)
        assert len(found.nearest) == 3
        assert row.pk not in {other.id for other in found.nearest}
        away = [abs(other.start_time - row.start_time) for other in found.nearest]
        assert away == sorted(away)
        assert all(other.seats and (other.seats.available or 0) >= 3 for other in found.nearest)
        html = html_of(client, row, **{"scale-61": "3"})
        assert f"?date={found.nearest[0].id}&scale-61=3#date" in html

    @pytest.mark.usefixtures("sandbox")
    def test_what_is_always_sold_out_says_so(self, client: Client) -> None:
        row = dates_of(SOLD_OUT)[0]
        html = html_of(client, row)
        assert "This date is sold out." in html
        assert 'name="number"' not in html

    @pytest.mark.usefixtures("sandbox")
    def test_what_is_not_for_sale_has_no_form(self, client: Client) -> None:
        row = dates_of(MEMBERS)[0]
        html = html_of(client, row)
        assert "This date is not sold here." in html
        assert 'id="choose"' not in html


class TestHonesty:
    def test_two_visitors_make_as_many_calls_as_one(self, sandbox: Sandbox, client: Client) -> None:
        row = dates_of(CONCERT)[3]
        sandbox.forget_requests()
        html_of(client, row)
        before = {route: count for route, count in sandbox.counts().items() if count}
        assert sorted(before.values()) == [1, 1, 1, 1], "languages, the month, the date, the drawing"
        html_of(client, row)
        assert sandbox.counts() == before

    def test_down_with_nothing_known(self, sandbox: Sandbox, client: Client) -> None:
        row = dates_of(KILN)[3]
        sandbox.switch(maintenance="html")
        html = html_of(client, row)
        assert "We cannot see the free places at the moment." in html
        assert "places not known" in html
        assert 'id="choose"' not in html

    def test_down_with_something_known_shows_its_age_and_checks(
        self, sandbox: Sandbox, client: Client, settings: LazySettings
    ) -> None:
        settings.AVAILABILITY_SECONDS = 0
        row = roomy(KILN)
        html_of(client, row)
        sandbox.switch(maintenance="html")
        html = html_of(client, row, **{"scale-61": "1"})
        assert re.search(r"Places as of \d+ seconds? ago", html)
        assert "Checking whether these places are still free" in html
        assert not attendance(client, row, **{"scale-61": "1"}).ready

    @pytest.mark.usefixtures("sandbox")
    def test_a_date_upstream_has_dropped_since_is_gone(self, client: Client) -> None:
        start = timezone.now() + timedelta(days=40)
        row = rows.event_date(77, rows.event(KILN), start)
        assert attendance(client, row).gone
        assert "has been cancelled" in html_of(client, row)

    @pytest.mark.usefixtures("sandbox")
    def test_a_date_of_another_event_or_none_is_never_shown(self, client: Client) -> None:
        rows.event(KILN)
        other = dates_of(CONCERT)[0]
        for asked in (other.pk, "x", "99999999999999999999", "1"):
            html = client.get(f"/en/events/{KILN}/", {"date": asked}).content.decode()
            assert "This date is over or has been cancelled." in html
            assert 'id="choose"' not in html


class TestPage:
    def test_months_are_turned_and_days_chosen(self, client: Client, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        event = rows.event(1)
        for number in range(1, 76):
            for hour in (11, 15):
                start = midnight(today() + timedelta(days=number)) + timedelta(hours=hour)
                rows.event_date(10 * number + hour, event, start)
        first = client.get("/en/events/1/").context["agenda"]
        whole = client.get(f"/en/events/1/?month={first.after:%Y-%m}").context["agenda"]
        assert (whole.first, whole.before, len(whole.entries), whole.cut) == (
            first.after,
            first.first,
            12,
            True,
        )
        day = whole.first + timedelta(days=9)
        chosen = client.get(f"/en/events/1/?day={day}").context["agenda"]
        assert (chosen.first, chosen.day, len(chosen.entries)) == (whole.first, day, 2)
        gateway.reset()

    @pytest.mark.usefixtures("sandbox")
    def test_htmx_gets_the_part_alone(self, client: Client) -> None:
        answer = client.get(f"/en/events/{KILN}/?date={roomy(KILN).pk}", headers={"HX-Request": "true"})
        assert "<html" not in answer.content.decode()
        assert "HX-Request" in answer["Vary"]

    def test_the_only_date_is_chosen_already(self, client: Client, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        row = rows.event_date(5, rows.event(1, rows.museum(1)), timezone.now() + timedelta(days=3))
        assert client.get("/en/events/1/").context["chosen"] == row
        gateway.reset()

    def test_the_number_of_queries_does_not_grow(self, client: Client, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        event = rows.event(1, rows.museum(1))

        def fill(numbers: range) -> int:
            for pk in numbers:
                rows.event_date(
                    pk, event, timezone.now() + pk * timedelta(hours=9), language=rows.term("languages", pk)
                )
                event.tags.add(rows.term("audiences", pk))
            with CaptureQueriesContext(connection) as made:
                assert client.get("/en/events/1/").status_code == 200
            return len(made)

        few = fill(range(1, 4))
        assert fill(range(4, 90)) == few <= 6
        gateway.reset()

    @pytest.mark.parametrize("path", ["1/", "1/5.ics", "1/7.ics"])
    def test_what_is_not_there_is_not_found(self, client: Client, path: str) -> None:
        rows.event_date(7, rows.event(2), timezone.now() + timedelta(days=3))
        assert client.get(f"/en/events/{path}").status_code == 404


def test_a_date_goes_into_the_calendar(client: Client, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://tickets.example.org"
    house = rows.museum(1, street="Weg 1", zip_code="10115", city="Berlin")
    start = timezone.now().replace(microsecond=0) + timedelta(days=3)
    rows.event_date(5, rows.event(2, house), start, duration=90)
    answer = client.get("/de/events/2/5.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="event-5.ics"' in answer["Content-Disposition"]
    lines = answer.content.decode().split("\r\n")
    assert "UID:event-date-5@tickets.example.org" in lines
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in lines
    assert f"DTEND:{start + timedelta(minutes=90):%Y%m%dT%H%M%SZ}" in lines
    assert "LOCATION:Museum 1 de\\, Weg 1\\, 10115 Berlin" in lines
    assert "URL:https://tickets.example.org/de/events/2/?date=5" in lines
    assert start.date() > today()
