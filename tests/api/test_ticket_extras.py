"""Combined tickets, mantles, contents of many tickets, tickets with their quotas."""

from datetime import date
from typing import Any

import httpx
import pytest

from shop.api.queries import TicketSelection
from shop.api.readers import availability, tickets
from shop.api.readers.shared import Context
from shop.api.records import DayStatus, SubTicket, Text, Ticket, TicketsAndQuotas
from tests.api import samples
from tests.api.talking import Answering, always, params

CONTEXT = Context(("de", "en"), "https://up.test")
DAY = date(2027, 3, 14)
HALF_ELEVEN = "2027-03-14T11:30:00+01:00"


def ticket(**changes: Any) -> Ticket:
    return tickets.ticket(CONTEXT)(samples.TICKET | changes)


def test_a_combined_ticket() -> None:
    read = ticket(sub_ticket_min_gap_minutes="90")
    assert (read.sub_ticket_ids, read.sub_ticket_min_gap_minutes) == ((341, 342), 90)
    assert (read.is_mantle, read.sub_tickets) == (False, ())
    assert ticket(is_sub_ticket=True, price_cents=0).is_sub_ticket
    assert ticket(sub_ticket_ids=None, sub_ticket_min_gap_minutes=None).sub_ticket_min_gap_minutes is None


@pytest.mark.parametrize(
    "given",
    [
        {"351": {"title": "Kind", "min_persons": 1, "max_persons": 0}, "352": {"title": "Erwachsen"}},
        [{"id": 351, "title": "Kind", "min_persons": 1}, {"id": "352", "title": "Erwachsen"}],
        {"351": {"title": "Kind", "min_persons": 1}, "352": {"title": "Erwachsen"}, "?": {"title": "x"}},
    ],
)
def test_the_parts_of_a_mantle_come_as_a_map_or_an_array(given: object) -> None:
    read = ticket(is_mantle=True, sub_tickets=given)
    assert read.is_mantle
    assert read.sub_tickets == (
        SubTicket(351, Text({"de": "Kind"}), min_persons=1),
        SubTicket(352, Text({"de": "Erwachsen"})),
    )


@pytest.mark.parametrize("hidden", ["x", [{HALF_ELEVEN: 5}], 7])
def test_prices_of_slots_that_cannot_be_seen_make_a_ticket_not_bookable(hidden: object) -> None:
    assert ticket(dynamic_prices=None).bookable
    assert not ticket(dynamic_prices=hidden).bookable
    assert not ticket(tax_included="perhaps").bookable


def test_contents_are_asked_for_a_hundred_tickets_at_a_time(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        ids = [int(value) for name, value in params(request) if name == "ticket_ids[]"]
        rows = [{"id": own_id, "content": {"shop_title": {"de": f"Karte {own_id}"}}} for own_id in ids]
        return httpx.Response(200, json={"data": rows, "meta": {"total_count": len(rows)}})

    gomus, asked = answering(handler)
    found = {
        record.id: record.content["shop_title"].pick("de")
        for record in gomus.catalogue.ticket_contents([*range(1, 151), 1], ["de"], attr="shop_title")
    }
    assert found == {own_id: f"Karte {own_id}" for own_id in range(1, 151)}
    assert [len([name for name, _ in params(request) if name == "ticket_ids[]"]) for request in asked] == [
        100,
        50,
    ]
    assert asked[0].url.path == "/api/v4/tickets/content"
    assert params(asked[1])[:2] == [("locale[]", "de"), ("ticket_ids[]", "101")]
    assert dict(params(asked[1]))["attr"] == "shop_title"


def test_contents_of_no_ticket_are_not_asked_for(answering: Answering) -> None:
    gomus, asked = answering(always({"data": []}))
    assert list(gomus.catalogue.ticket_contents([], ["de"])) == []
    assert asked == []


def test_a_content_that_cannot_be_read_is_noted(answering: Answering) -> None:
    gomus, _ = answering(always({"data": [{"id": 11, "content": []}, {"content": {}}]}))
    listing = gomus.catalogue.ticket_contents([11, 12], "de")
    assert [(record.id, record.content) for record in listing] == [(11, {})]
    assert [skip.why for skip in listing.skipped] == ["no id"]


QUOTAS = {
    "41": {
        "ticket_ids": [311],
        "capacities": {HALF_ELEVEN: 0},
        "total_capacities": {HALF_ELEVEN: 40},
    }
}


@pytest.mark.parametrize("as_map", [True, False])
def test_tickets_with_their_quotas(answering: Answering, as_map: bool) -> None:
    row = samples.TICKET | {"total_capacities": {HALF_ELEVEN: 15}}
    gomus, asked = answering(always({"tickets": {"311": row} if as_map else [row], "quotas": QUOTAS}))
    found = gomus.availability.list_and_quotas(TicketSelection(museum_ids=[20], bookable=True), DAY, "de")
    assert [ticket.id for ticket in found.tickets] == [311]
    assert [(quota.quota_id, quota.ticket_ids) for quota in found.quotas] == [(41, (311,))]
    assert [(slot.left, slot.total) for slot in found.quotas[0].slots] == [(0, 40)]
    assert {own_id: [slot.left for slot in slots] for own_id, slots in found.totals.items()} == {311: [15]}
    assert asked[0].url.path == "/api/v4/tickets/list_and_quotas"
    assert params(asked[0]) == [
        ("locale", "de"),
        ("by_museum_ids[]", "20"),
        ("by_bookable", "true"),
        ("valid_at", "2027-03-14"),
        ("page", "1"),
        ("per_page", "100"),
    ]


def test_a_quota_on_several_pages_has_the_tickets_of_all(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        own_id = 310 + int(request.url.params["page"])
        quotas = {"41": QUOTAS["41"] | {"ticket_ids": [own_id]}}
        rows = [samples.TICKET | {"id": own_id}]
        return httpx.Response(200, json={"tickets": rows, "quotas": quotas, "meta": {"total_count": 2}})

    gomus, _ = answering(handler)
    found = gomus.availability.list_and_quotas([311, 312], DAY, ["de", "en"])
    assert [ticket.id for ticket in found.tickets] == [311, 312]
    assert [quota.ticket_ids for quota in found.quotas] == [(311, 312)]


def test_quotas_of_no_ticket_are_not_asked_for(answering: Answering) -> None:
    gomus, asked = answering(always({}))
    assert gomus.availability.list_and_quotas([], DAY, "de") == TicketsAndQuotas()
    assert asked == []


def test_the_words_for_a_day() -> None:
    days = {
        "2027-03-14": "available",
        "2027-03-15": "fully_booked",
        "2027-03-16": "unavailable",
        "2027-03-17": "almost_gone",
        "2027-03-18": True,
        "2027-03-19": False,
        "2027-03-20": None,
        "soon": "available",
    }
    assert [(day.day, status) for day, status in availability.calendar_status({"data": days}).items()] == [
        (14, DayStatus.AVAILABLE),
        (15, DayStatus.FULLY_BOOKED),
        (16, DayStatus.UNAVAILABLE),
        (17, DayStatus.AVAILABLE),
        (18, DayStatus.AVAILABLE),
        (19, DayStatus.UNAVAILABLE),
    ]


def test_a_calendar_of_a_museum_with_own_holds(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"2027-03-14": "fully_booked", "2027-03-15": "available"}}))
    days = gomus.availability.calendar_status(TicketSelection(museum_ids=[20]), DAY, DAY, ["hold"])
    assert days == {DAY: DayStatus.FULLY_BOOKED}
    assert asked[0].url.path == "/api/v4/tickets/calendar"
    assert params(asked[0]) == [
        ("by_museum_ids[]", "20"),
        ("depth", "availability_status"),
        ("reservations[]", "hold"),
        ("start_at", "2027-03-14"),
        ("end_at", "2027-03-14"),
    ]
