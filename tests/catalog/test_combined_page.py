"""The page of a combined ticket, as a browser gets it: a time for every part, the gap, the party, the way out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.combined_choosing import CombinedChoice
from catalog.combining import PartState
from catalog.models import Ticket
from shop import gateway
from shop.dates import today
from tests.catalog import rows
from tests.catalog.upstream import Upstream, serve, small_world
from tests.catalog.upstream import ticket as record

pytestmark = pytest.mark.django_db

ON = today() + timedelta(days=3)
ADULT, REDUCED, VESSELS, CABINET = 501, 502, 511, 512
QUOTAS = {110: (ADULT, REDUCED), 111: (VESSELS,), 112: (CABINET,)}
HALF = timedelta(minutes=30)


def at(hour: int, minute: int = 0, day: date = ON) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def key(hour: int, minute: int = 0) -> str:
    return at(hour, minute).isoformat()


Left = Mapping[int, Mapping[datetime, int]]


def places(left: Left) -> dict[str, Any]:
    return {
        str(pk): {
            "tickets": list(QUOTAS[pk]),
            "capacities": {when.isoformat(): free for when, free in slots.items()},
            "total_capacities": {when.isoformat(): 20 for when in slots},
        }
        for pk, slots in left.items()
    }


def calendar(days: Mapping[date, Left]) -> dict[str, Any]:
    def spelled(pk: int, slots: Mapping[datetime, int]) -> dict[str, Any]:
        keys = [{when.strftime("%Y-%m-%d %H:%M:%S %z"): free} for when, free in slots.items()]
        return {"quota": {"id": pk, "tickets": list(QUOTAS[pk]), "capacities": keys}}

    return {str(day): [spelled(pk, slots) for pk, slots in left.items()] for day, left in days.items()}


def open_day(day: date = ON) -> dict[int, dict[datetime, int]]:
    """Room for ten at five times in every quota."""
    return {pk: {at(10, 0, day) + n * HALF: 10 for n in range(5)} for pk in QUOTAS}


def offer(upstream: Upstream, left: Left) -> None:
    upstream.fixed["/tickets/capacities"] = {"data": places(left)}
    later = ON + timedelta(days=1)
    days = {ON: left, later: open_day(later)}
    upstream.fixed["/tickets/calendar"] = {"data": calendar(days)}
    cache.clear()


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        grid = {"first_entry": 600, "last_entry": 720}
        found.tickets = {pk: record(pk, **grid) for pk in (ADULT, REDUCED, VESSELS, CABINET)}
        _mirror(grid)
        offer(found, open_day())
        yield found
        gateway.reset()


def _mirror(grid: Mapping[str, Any]) -> None:
    houses = [rows.museum(1, titles={"en": "House of Vessels"}), rows.museum(3, titles={"en": "Cabinet"})]
    combined: dict[str, Any] = {
        "sub_ticket_ids": [VESSELS, CABINET],
        "min_gap_minutes": 90,
        "quota_ids": [110],
        **grid,
    }
    rows.ticket(ADULT, titles={"en": "Earth – Adult"}, price_cents=1900, max_persons=10, **combined)
    rows.ticket(REDUCED, titles={"en": "Earth – Reduced"}, price_cents=950, **combined)
    for pk, house, quota in ((VESSELS, houses[0], 111), (CABINET, houses[1], 112)):
        rows.ticket(pk, museums=[house], is_sub_ticket=True, price_cents=0, quota_ids=[quota], **grid)


def choice(client: Client, **query: Any) -> CombinedChoice:
    answer = client.get(f"/en/tickets/{ADULT}/", {"day": str(ON), **query})
    assert answer.status_code == 200
    found = answer.context["choice"]
    assert isinstance(found, CombinedChoice)
    return found


def part(name: int) -> str:
    return f"part-{name}"


def states(found: CombinedChoice, pk: int) -> dict[datetime, PartState]:
    [visit] = [visit for visit in found.visits if visit.part.pk == pk]
    return {slot.at: slot.state for _word, slots in visit.groups for slot in slots}


def fields(client: Client, **query: Any) -> dict[str, str]:
    """What the form to buy would send."""
    html = client.get(f"/en/tickets/{ADULT}/", {"day": str(ON), **query}).content.decode()
    form = html[html.index('id="sum"') :]
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")])
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.mark.usefixtures("upstream")
class TestChoosing:
    @pytest.mark.parametrize(("first", "second"), [(VESSELS, CABINET), (CABINET, VESSELS)])
    def test_the_gap_holds_in_either_order(self, client: Client, first: int, second: int) -> None:
        found = choice(client, **{part(first): key(10, 30)})
        assert states(found, second)[at(11, 30)] is PartState.TOO_CLOSE
        assert states(found, second)[at(12)] is PartState.FREE
        assert not found.complete

    def test_every_part_with_a_time_is_a_whole_visit(self, client: Client) -> None:
        times = {part(CABINET): key(10), part(VESSELS): key(11, 30)}
        found = choice(client, **times, **{f"kind-{ADULT}": 2, f"kind-{REDUCED}": 1})
        assert found.complete
        assert [visit.part.title for visit in found.chosen] == ["Cabinet", "House of Vessels"]
        assert found.cents == 2 * 1900 + 950
        assert found.keys[ADULT] == key(10), "the ticket itself is entered with its first part"

    def test_the_form_says_what_was_chosen_in_upstream_s_own_words(self, client: Client) -> None:
        times = {part(CABINET): at(10).strftime("%Y-%m-%d %H:%M:%S %z"), part(VESSELS): key(11, 30)}
        sent = fields(client, **times, **{f"kind-{ADULT}": 2, f"kind-{REDUCED}": 1})
        assert sent == {
            "ticket": str(ADULT),
            part(CABINET): key(10),
            part(VESSELS): key(11, 30),
            f"kind-{ADULT}": "2",
            f"kind-{REDUCED}": "1",
        }

    def test_a_single_kind_is_told_by_its_number(self, client: Client) -> None:
        Ticket.objects.filter(pk=REDUCED).update(bookable=False)
        assert fields(client, **{f"kind-{ADULT}": 3}) == {"ticket": str(ADULT), "number": "3"}

    def test_the_first_combination_of_the_day_is_one_click_away(self, client: Client) -> None:
        html = client.get(f"/en/tickets/{ADULT}/", {"day": str(ON)}).content.decode()
        [link] = re.findall(r'href="([^"]+#sum)"', html)
        assert client.get(unescape(link)).context["choice"].complete

    def test_htmx_gets_the_part_and_people_keep_the_focus(self, client: Client) -> None:
        asked = {"HX-Request": "true"}
        moved = client.get(f"/en/tickets/{ADULT}/", {"day": str(ON)}, headers=asked)
        counted = client.get(
            f"/en/tickets/{ADULT}/", {"day": str(ON)}, headers=asked | {"HX-Trigger": "people"}
        )
        assert b"<html" not in moved.content
        assert b"data-focus" in moved.content
        assert b"data-focus" not in counted.content


class TestFull:
    def test_three_nearest_combinations_for_the_same_party(self, upstream: Upstream, client: Client) -> None:
        left = open_day()
        left[112][at(11, 30)] = 2
        offer(upstream, left)
        wished: dict[str, Any] = {part(VESSELS): key(10), part(CABINET): key(11, 30), f"kind-{ADULT}": 3}
        found = choice(client, **wished)
        assert (found.full, found.too_close, found.complete) == (True, False, False)
        assert [dict(way.times) for way in found.ways] == [
            {VESSELS: at(10), CABINET: at(12)},
            {VESSELS: at(10, 30), CABINET: at(12)},
            {CABINET: at(10), VESSELS: at(11, 30)},
        ]
        answer = client.get(f"/en/tickets/{ADULT}/", {"day": str(ON), **wished})
        links = re.findall(r'<p><a class="btn" href="([^"]+#sum)"', answer.content.decode())
        offered = [client.get(unescape(link)).context["choice"] for link in links]
        assert [(one.complete, one.total) for one in offered] == [(True, 3)] * 3

    @pytest.mark.usefixtures("upstream")
    def test_times_too_close_are_told_as_such(self, client: Client) -> None:
        found = choice(client, **{part(VESSELS): key(10), part(CABINET): key(10, 30)})
        assert (found.full, found.too_close) == (True, True)
        assert found.ways

    def test_a_party_too_large_for_the_day_is_sent_to_another(
        self, upstream: Upstream, client: Client
    ) -> None:
        offer(upstream, {pk: dict.fromkeys(slots, 2) for pk, slots in open_day().items()})
        found = choice(client, **{f"kind-{ADULT}": 4})
        assert found.full
        assert {way.day for way in found.ways} == {ON + timedelta(days=1)}
        assert found.next_day == ON + timedelta(days=1)

    def test_a_part_nobody_sells_closes_the_day(self, upstream: Upstream, client: Client) -> None:
        del upstream.tickets[CABINET]
        cache.clear()
        found = choice(client)
        assert not any(visit.offered for visit in found.visits)


class TestTrouble:
    def test_without_ticket_system_the_page_says_so(self, upstream: Upstream, client: Client) -> None:
        upstream.broken = lambda _path: (503, "")
        cache.clear()
        found = choice(client)
        assert found.unknown
        assert not found.complete

    @pytest.mark.usefixtures("upstream")
    @pytest.mark.parametrize("nonsense", ["<b>", "9" * 60, "2026-99-99T10:00:00+01:00", str(ON), "\0"])
    def test_nonsense_is_read_as_nothing(self, client: Client, nonsense: str) -> None:
        names = (part(VESSELS), part(CABINET), f"kind-{ADULT}", f"kind-{REDUCED}", "day", "month")
        answer = client.get(f"/en/tickets/{ADULT}/", dict.fromkeys(names, nonsense))
        assert answer.status_code == 200
        assert b"<b>" not in answer.content
        assert answer.context["choice"].total >= 1

    @pytest.mark.usefixtures("upstream")
    def test_a_part_that_has_gone_ends_the_sale(self, client: Client) -> None:
        rows.retire(Ticket.objects.get(pk=CABINET))
        answer = client.get(f"/en/tickets/{ADULT}/")
        assert answer.context["choice"] is None
        assert "not on sale at the moment" in answer.content.decode()

    @pytest.mark.usefixtures("upstream")
    @pytest.mark.parametrize("pk", [VESSELS, CABINET])
    def test_a_part_has_no_page_of_its_own(self, client: Client, pk: int) -> None:
        assert client.get(f"/en/tickets/{pk}/").status_code == 404

    @pytest.mark.usefixtures("upstream")
    def test_what_the_visitor_composes_is_not_sold(self, client: Client) -> None:
        rows.ticket(700, is_mantle=True)
        assert "not on sale at the moment" in client.get("/en/tickets/700/").content.decode()
        assert not Ticket.objects.sellable().exists()


@pytest.mark.usefixtures("upstream")
def test_the_houses_of_its_parts_show_it(client: Client) -> None:
    for house in (1, 3):
        [family] = client.get(f"/en/museums/{house}/").context["page"].combined
        assert [ticket.pk for ticket in family.tickets] == [ADULT, REDUCED]
    rows.museum(9)
    assert client.get("/en/museums/9/").context["page"].combined == ()
