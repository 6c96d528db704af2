"""How catalogue, availability and documents are asked for: routes, filters, pieces, keys."""

from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api import Gomus, errors
from shop.api.queries import windows
from shop.api.records import (
    TicketType,
)
from tests.api import samples
from tests.api.talking import Answering, always, params

DAY = date(2027, 3, 14)


def test_every_request_carries_the_key_and_asks_for_json(answering: Answering) -> None:
    gomus, (request,) = ask(answering, lambda g: g.catalogue.locales(), {"locales": ["de"]})
    assert str(request.url) == "http://up.test/api/v4/locales"
    assert request.headers["Authorization"] == "Bearer secret-key"
    assert request.headers["Accept"] == "application/json"
    assert "Content-Type" not in request.headers
    gomus.close()


def ask(answering: Answering, what, payload: object) -> tuple[Gomus, list[httpx.Request]]:  # type: ignore[no-untyped-def]
    gomus, asked = answering(always(payload))
    what(gomus)
    return gomus, asked


def test_texts_are_asked_for_in_all_locales_at_once(answering: Answering) -> None:
    _, (request,) = ask(answering, lambda g: g.catalogue.museum(20, ["de", "en"]), {"museum": samples.MUSEUM})
    assert request.url.path == "/api/v4/museums/20"
    assert params(request) == [("locale[]", "de"), ("locale[]", "en")]


def test_ticket_filters(answering: Answering) -> None:
    def what(gomus: Gomus) -> None:
        found = gomus.catalogue.tickets(
            ["de"],
            ids=[311, 312],
            types=[TicketType.ANNUAL, TicketType.NORMAL],
            museum_ids=[20],
            exhibition_ids=(33,),
            bookable=True,
            valid_at=DAY,
        )
        assert [ticket.id for ticket in found] == [311]

    _, (request,) = ask(answering, what, {"tickets": [samples.TICKET]})
    assert request.url.path == "/api/v4/tickets"
    assert params(request) == [
        ("locale[]", "de"),
        ("by_ticket_ids[]", "311"),
        ("by_ticket_ids[]", "312"),
        ("by_ticket_types[]", "annual"),
        ("by_ticket_types[]", "normal"),
        ("by_museum_ids[]", "20"),
        ("by_exhibition_ids[]", "33"),
        ("by_bookable", "true"),
        ("valid_at", "2027-03-14"),
        ("page", "1"),
        ("per_page", "100"),
    ]


def test_an_empty_choice_of_tickets_asks_nothing_because_upstream_would_answer_everything(
    answering: Answering,
) -> None:
    gomus, asked = answering(always({"tickets": [samples.TICKET], "data": {"2027-03-14": True}}))
    assert list(gomus.catalogue.tickets(["de"], ids=[])) == []
    assert gomus.availability.capacities([], DAY) == []
    assert gomus.availability.calendar_any([], DAY, DAY) == {}
    assert gomus.availability.calendar_all([], DAY, DAY) == {}
    assert asked == []


def test_one_ticket_on_a_day(answering: Answering) -> None:
    gomus, asked = answering(always({"ticket": samples.TICKET}))
    assert gomus.catalogue.ticket(311, ["de"], DAY).id == 311
    assert (asked[0].url.path, params(asked[0])[1:]) == ("/api/v4/tickets/311", [("valid_at", "2027-03-14")])


def test_opening_hours_of_a_closed_day_may_be_a_404(answering: Answering) -> None:
    gomus, asked = answering(always({"error": "closed"}, 404))
    assert gomus.catalogue.opening_hours(20, DAY) is None
    assert (asked[0].url.path, params(asked[0])) == (
        "/api/v4/museums/20/opening_hours",
        [("date", "2027-03-14")],
    )


def test_capacity_and_capacities(answering: Answering) -> None:
    gomus, asked = answering(always(samples.CAPACITY))
    assert [slot.left for slot in gomus.availability.capacity(311, DAY, ["hold"])] == [5, 3]
    assert asked[0].url.path == "/api/v4/tickets/311/capacity"
    assert params(asked[0]) == [("date", "2027-03-14"), ("reservations[]", "hold")]
    gomus, asked = answering(always(samples.CAPACITIES))
    assert [quota.quota_id for quota in gomus.availability.capacities([311, 312], DAY)] == [41, 44]
    assert asked[0].url.path == "/api/v4/tickets/capacities"
    assert params(asked[0]) == [("ticket_ids[]", "311"), ("ticket_ids[]", "312"), ("date", "2027-03-14")]


def test_a_long_calendar_is_asked_in_pieces(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        query = dict(params(request))
        return httpx.Response(
            200, json={"data": {query["start_at"]: True, query["end_at"]: False, "2020-01-01": True}}
        )

    gomus, asked = answering(handler)
    days = gomus.availability.calendar_any([311], date(2027, 3, 1), date(2027, 4, 30))
    assert days == {
        date(2027, 3, 1): True,
        date(2027, 3, 31): False,
        date(2027, 4, 1): True,
        date(2027, 4, 30): False,
    }
    assert [dict(params(request))["depth"] for request in asked] == ["any", "any"]
    assert params(asked[0])[0] == ("by_ticket_ids[]", "311")


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-5, 400))
def test_windows_cover_a_range_without_gap_or_overlap(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    covered = [
        day for first, last in windows(start, end) for day in range(first.toordinal(), last.toordinal() + 1)
    ]
    assert covered == list(range(start.toordinal(), end.toordinal() + 1))
    assert all((last - first).days <= 31 for first, last in windows(start, end))


def test_the_calendar_with_quotas(answering: Answering) -> None:
    gomus, asked = answering(always(samples.CALENDAR_ALL))
    days = gomus.availability.calendar_all([311], DAY, date(2027, 3, 15))
    assert {day.day: len(quotas) for day, quotas in days.items()} == {14: 1, 15: 0}
    assert dict(params(asked[0]))["depth"] == "all"


def test_documents_are_fetched_by_token_and_without_the_key(answering: Answering) -> None:
    gomus, asked = answering(
        lambda _: httpx.Response(200, content=b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"})
    )
    assert gomus.documents.ticket_pdf("507733", 66011, "tok", locale="de") == b"%PDF-1.7 ..."
    assert gomus.documents.invoice_pdf(507733, "tok") == b"%PDF-1.7 ..."
    assert [request.url.path for request in asked] == [
        "/api/v4/orders/507733/tickets/66011.pdf",
        "/api/v4/orders/507733/invoice.pdf",
    ]
    assert params(asked[0]) == [("token", "tok"), ("locale", "de")]
    assert params(asked[1]) == [("token", "tok")]
    assert all("Authorization" not in request.headers for request in asked)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("application/pdf", b"<html>"), ("application/pdf", b""), ("text/html", b"%PDF-1.7")],
)
def test_what_is_no_pdf_is_not_handed_out(answering: Answering, kind: str, content: bytes) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, content=content, headers={"Content-Type": kind}))
    with pytest.raises(errors.Malformed):
        gomus.documents.ticket_pdf("1", 2, "tok")


def test_a_document_that_is_not_there_yet_is_not_found(answering: Answering) -> None:
    gomus, _ = answering(always({"error": "unknown"}, 404))
    with pytest.raises(errors.NotFound) as caught:
        gomus.documents.ticket_pdf("1", 2, "the-order-token")
    assert "the-order-token" not in str(caught.value)


def test_pictures_are_fetched_from_anywhere_without_the_key(answering: Answering) -> None:
    gomus, asked = answering(
        lambda _: httpx.Response(200, content=b"\xff\xd8", headers={"Content-Type": "image/jpeg"})
    )
    image = gomus.catalogue.picture("https://cdn.test/x.jpg?size=2")
    assert (image.content, image.media_type) == (b"\xff\xd8", "image/jpeg")
    assert str(asked[0].url) == "https://cdn.test/x.jpg?size=2"
    assert "Authorization" not in asked[0].headers


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", ""])
def test_only_raster_pictures_are_pictures(answering: Answering, kind: str) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, content=b"<svg/>", headers={"Content-Type": kind}))
    with pytest.raises(errors.Malformed):
        gomus.catalogue.picture("https://cdn.test/x")


def test_a_picture_address_that_is_none_makes_no_call(answering: Answering) -> None:
    gomus, asked = answering(always({}))
    for url in ("file:///etc/passwd", "javascript:alert(1)", ""):
        with pytest.raises(ValueError, match="address"):
            gomus.catalogue.picture(url)
    assert asked == []
