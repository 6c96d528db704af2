"""How events, dates and seating plans are asked for: routes, filters, pieces of time."""

from datetime import date

import httpx
import pytest

from shop.api import errors
from shop.api.queries import Selection
from shop.api.records import DayStatus, Tag
from tests.api.samples_offers import DATE, EVENT
from tests.api.talking import Answering, always, params

START, END = date(2027, 3, 1), date(2027, 4, 10)
PIECES = [("2027-03-01", "2027-03-31"), ("2027-04-01", "2027-04-10")]
EVERY_FILTER = Selection(
    museum_ids=[20],
    exhibition_ids=[33],
    category_ids=[3, 4],
    age_group_ids=[1],
    audience_ids=[2],
    catch_word_ids=[5],
    disablement_ids=[6],
    grade_ids=[7],
    proposal_category_ids=[8],
    language_ids=[9],
    categories=["Führung & mehr"],
    bookable=False,
)
SENT = [
    ("by_museum_ids[]", "20"),
    ("by_exhibition_ids[]", "33"),
    ("by_category_ids[]", "3"),
    ("by_category_ids[]", "4"),
    ("by_age_group_ids[]", "1"),
    ("by_audience_ids[]", "2"),
    ("by_catch_word_ids[]", "5"),
    ("by_disablement_ids[]", "6"),
    ("by_grade_ids[]", "7"),
    ("by_proposal_category_ids[]", "8"),
    ("by_language_ids[]", "9"),
    ("by_categories[]", "Führung & mehr"),
    ("by_bookable", "false"),
]


def pieces(asked: list[httpx.Request]) -> list[tuple[str, str]]:
    return [(request.url.params["start_at"], request.url.params["end_at"]) for request in asked]


def test_events_by_every_filter(answering: Answering) -> None:
    gomus, asked = answering(always({"events": [EVENT]}))
    listing = gomus.events.events(
        ["de", "en"], EVERY_FILTER, q="Nacht", featured=True, with_bookings_in_future=True
    )
    assert [event.id for event in listing] == [501]
    assert asked[0].url.path == "/api/v4/events"
    assert params(asked[0]) == [
        ("locale[]", "de"),
        ("locale[]", "en"),
        ("q", "Nacht"),
        ("by_featured", "true"),
        *SENT,
        ("with_bookings_in_future", "true"),
        ("page", "1"),
        ("per_page", "100"),
    ]


def test_one_event_in_one_language(answering: Answering) -> None:
    gomus, asked = answering(always({"event": EVENT | {"title": "Ferns at Night"}}))
    assert gomus.events.event(501, "en").title.as_dict() == {"en": "Ferns at Night"}
    assert (asked[0].url.path, params(asked[0])) == ("/api/v4/events/501", [("locale", "en")])


@pytest.mark.parametrize("tag", list(Tag))
def test_tags_to_choose_from(answering: Answering, tag: Tag) -> None:
    rows = [{"id": 3, "name": "Führung"}, {"id": 4, "name": " "}, {"name": "?"}, {"id": 5, "name": "Führung"}]
    gomus, asked = answering(always({tag.value: rows}))
    found = gomus.events.tags(tag, "de")
    assert found is not None
    assert [(named.id, named.name.pick("de")) for named in found] == [(3, "Führung"), (5, "Führung")]
    assert (asked[0].url.path, params(asked[0])) == (f"/api/v4/events/{tag.value}", [("locale", "de")])


def test_a_list_of_tags_that_upstream_does_not_have_is_none_and_not_empty(answering: Answering) -> None:
    gomus, _ = answering(always({"error": "no route"}, 404))
    assert gomus.events.tags(Tag.DISABLEMENTS, "de") is None
    gomus, _ = answering(always({"disablements": []}))
    assert gomus.events.tags(Tag.DISABLEMENTS, "de") == ()
    gomus, _ = answering(always({"error": "no"}, 403))
    with pytest.raises(errors.Forbidden):
        gomus.events.tags(Tag.DISABLEMENTS, "de")


def test_dates_of_an_event_are_asked_in_pieces_and_come_once(answering: Answering) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        first = request.url.params["start_at"] == "2027-03-01"
        rows = [DATE | {"id": own_id} for own_id in ([1, 2] if first else [2, 3])]
        return httpx.Response(200, json={"dates": [*rows, {"id": 9}]})

    gomus, asked = answering(handler)
    listing = gomus.events.dates_of(501, "de", START, END, language_ids=[1], bookable=True)
    assert [found.id for found in listing] == [1, 2, 3]
    assert [skip.id for skip in listing.skipped] == [9, 9]
    assert asked[0].url.path == "/api/v4/events/501/dates"
    assert params(asked[0])[:3] == [("locale", "de"), ("by_language_ids[]", "1"), ("by_bookable", "true")]
    assert pieces(asked) == PIECES


def test_one_date(answering: Answering) -> None:
    gomus, asked = answering(always({"date": DATE}))
    found = gomus.events.event_date(501, 5101, ["de"])
    assert (found.id, len(found.prices), len(found.seatings)) == (5101, 2, 1)
    assert (asked[0].url.path, params(asked[0])) == ("/api/v4/events/501/dates/5101", [("locale[]", "de")])


def test_a_date_of_another_event_is_not_found(answering: Answering) -> None:
    gomus, _ = answering(always({"error": "unknown"}, 404))
    with pytest.raises(errors.NotFound):
        gomus.events.event_date(501, 1, ["de"])


def test_dates_of_all_events(answering: Answering) -> None:
    gomus, asked = answering(always({"dates": [DATE]}))
    listing = gomus.events.dates(["de"], START, START, EVERY_FILTER, q="Nacht", event_ids=[501, 502])
    assert [found.id for found in listing] == [5101]
    assert asked[0].url.path == "/api/v4/dates"
    assert params(asked[0]) == [
        ("locale[]", "de"),
        ("q", "Nacht"),
        ("by_event_ids[]", "501"),
        ("by_event_ids[]", "502"),
        *SENT,
        ("start_at", "2027-03-01"),
        ("end_at", "2027-03-01"),
        ("page", "1"),
        ("per_page", "100"),
    ]


def test_languages_of_dates_come_once_from_all_pieces(answering: Answering) -> None:
    gomus, asked = answering(
        always({"languages": [{"id": 1, "name": "Deutsch"}, {"id": 2, "name": "Englisch"}]})
    )
    assert [named.id for named in gomus.events.date_languages("de", START, END, event_ids=[501])] == [1, 2]
    assert asked[0].url.path == "/api/v4/dates/languages"
    assert pieces(asked) == PIECES


def test_the_calendar_of_events(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"2027-03-02": True, "2027-05-01": True}}))
    days = gomus.events.calendar_any(START, END, Selection(museum_ids=[20]), event_ids=[501])
    assert days == {date(2027, 3, 2): True}
    assert asked[0].url.path == "/api/v4/calendar"
    assert params(asked[0])[:3] == [("by_event_ids[]", "501"), ("by_museum_ids[]", "20"), ("depth", "any")]
    assert pieces(asked) == PIECES


def test_the_calendar_of_events_in_words(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"2027-03-02": "fully_booked"}}))
    assert gomus.events.calendar_status(START, START) == {}
    assert gomus.events.calendar_status(START, date(2027, 3, 2)) == {date(2027, 3, 2): DayStatus.FULLY_BOOKED}
    assert dict(params(asked[0]))["depth"] == "availability_status"


def test_an_empty_choice_asks_nothing_because_upstream_would_answer_everything(answering: Answering) -> None:
    gomus, asked = answering(always({"events": [EVENT], "dates": [DATE], "data": {}, "languages": []}))
    nothing = Selection(museum_ids=[])
    assert list(gomus.events.events("de", nothing)) == []
    assert list(gomus.events.dates("de", START, END, nothing)) == []
    assert list(gomus.events.dates("de", START, END, event_ids=[])) == []
    assert list(gomus.events.dates_of(501, "de", START, END, language_ids=[])) == []
    assert gomus.events.date_languages("de", START, END, nothing) == ()
    assert gomus.events.calendar_any(START, END, nothing) == {}
    assert gomus.events.calendar_status(START, END, event_ids=[]) == {}
    assert asked == []


def test_the_drawing_of_a_seating_plan(answering: Answering) -> None:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
    gomus, asked = answering(
        lambda _: httpx.Response(
            200, content=drawing, headers={"Content-Type": "image/svg+xml; charset=utf-8"}
        )
    )
    assert gomus.events.seating_visual(81) == drawing
    assert asked[0].url.path == "/api/v4/seatings/81.svg"
    assert asked[0].headers["Accept"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text/html", b"<svg/>"), ("image/svg+xml", b" "), ("image/svg+xml", b"x" * 2_000_001), ("", b"<svg/>")],
)
def test_what_is_no_drawing_or_too_large_is_not_handed_out(
    answering: Answering, kind: str, content: bytes
) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, content=content, headers={"Content-Type": kind}))
    with pytest.raises(errors.Malformed):
        gomus.events.seating_visual(81)
