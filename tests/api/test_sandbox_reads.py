"""The client against the running sandbox: everything that can be read is understood, and says something."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TypeVar

import pytest

from shop.api import Gomus, errors
from shop.api.paging import Listing
from shop.api.queries import Selection
from shop.api.records import EventDate, PriceKind, StartTime, Tag, Tour
from tests.api.buying import LOCALES, today
from tests.api.writers import PATIENT
from tests.sandbox_process import Sandbox

START, END = today() + timedelta(days=1), today() + timedelta(days=60)  # more than upstream answers at once
TICKET = 311
T = TypeVar("T")
OF_TAG: dict[Tag, Callable[[list[int]], Selection]] = {
    Tag.CATEGORIES: lambda ids: Selection(category_ids=ids),
    Tag.LANGUAGES: lambda ids: Selection(language_ids=ids),
    Tag.AGE_GROUPS: lambda ids: Selection(age_group_ids=ids),
    Tag.AUDIENCES: lambda ids: Selection(audience_ids=ids),
    Tag.CATCH_WORDS: lambda ids: Selection(catch_word_ids=ids),
    Tag.PROPOSAL_CATEGORIES: lambda ids: Selection(proposal_category_ids=ids),
    Tag.GRADES: lambda ids: Selection(grade_ids=ids),
    Tag.DISABLEMENTS: lambda ids: Selection(disablement_ids=ids),
}
TAGS = pytest.mark.parametrize("tag", list(Tag))


@pytest.fixture(scope="module")
def gomus(running: Sandbox) -> Iterator[Gomus]:
    client = Gomus(running.base_url, "sandbox-reseller", timeouts=PATIENT)
    yield client
    client.close()


@pytest.fixture(scope="module")
def dates(gomus: Gomus) -> list[EventDate]:
    return whole(gomus.events.dates(LOCALES, START, END))


@pytest.fixture(scope="module")
def tour(gomus: Gomus) -> Tour:
    """A tour with equipment."""
    number = next(tour.id for tour in gomus.tours.tours(LOCALES) if tour.has_equipment)
    return gomus.tours.tour(number, LOCALES)


def whole(listing: Listing[T]) -> list[T]:
    """Every record of a list of which none was skipped."""
    found = list(listing)
    assert listing.skipped == []
    assert found
    return found


def test_events_and_their_dates(gomus: Gomus, dates: list[EventDate]) -> None:
    events = {event.id: event for event in whole(gomus.events.events(LOCALES))}
    assert {date.event_id for date in dates} <= events.keys()
    assert len({date.id for date in dates}) == len(dates)
    assert dates == sorted(dates, key=lambda date: (date.start_time, date.id))
    one = gomus.events.event(dates[0].event_id, LOCALES)
    assert set(one.title.as_dict()) == set(LOCALES)
    assert any(gomus.events.event(number, LOCALES).description for number in events)
    mine = whole(gomus.events.dates_of(one.id, LOCALES, START, END))
    assert mine == [date for date in dates if date.event_id == one.id]


def test_a_date_with_its_prices(gomus: Gomus, dates: list[EventDate]) -> None:
    first = {date.event_id: date for date in reversed(dates)}
    details = [gomus.events.event_date(date.event_id, date.id, LOCALES) for date in first.values()]
    assert {price.kind for detail in details for price in detail.prices} == {PriceKind.FLAT, PriceKind.SCALE}
    assert any(detail.discount for detail in details)
    assert any(not detail.tax_included and detail.vat_bp for detail in details)
    assert all(detail.seats and detail.seats.max for detail in details)
    with pytest.raises(errors.NotFound):
        gomus.events.event_date(dates[0].event_id + 1, dates[0].id, LOCALES)


def test_a_seating_plan_and_its_drawing(gomus: Gomus, dates: list[EventDate]) -> None:
    first = {date.event_id: date for date in reversed(dates)}
    plans = [
        plan
        for date in first.values()
        for plan in gomus.events.event_date(date.event_id, date.id, LOCALES).seatings
    ]
    plan = plans[0]
    assert len(plan.categories) == 3
    assert {seat.category_id for seat in plan.seats} == {category.id for category in plan.categories}
    assert plan.visual_id is not None
    drawing = gomus.events.seating_visual(plan.visual_id)
    assert drawing.startswith(b"<svg")
    assert all(str(seat.id).encode() in drawing for seat in plan.seats)


def test_languages_and_calendars_of_dates(gomus: Gomus, dates: list[EventDate]) -> None:
    spoken = {language.id for language in gomus.events.date_languages(LOCALES, START, END)}
    assert spoken == {date.language.id for date in dates if date.language}
    days = gomus.events.calendar_any(START, END)
    words = gomus.events.calendar_status(START, END)
    assert list(days) == list(words)
    assert [day for day, free in days.items() if free] == [
        day for day, word in words.items() if word == "available"
    ]
    assert len(days) == (END - START).days + 1


@TAGS
def test_tags_filter_events(gomus: Gomus, tag: Tag) -> None:
    names = gomus.events.tags(tag, LOCALES)
    assert names
    found = whole(gomus.events.events(LOCALES, OF_TAG[tag]([names[-1].id])))
    assert len(found) < len(list(gomus.events.events(LOCALES)))


@TAGS
def test_tags_of_tours(gomus: Gomus, tag: Tag) -> None:
    assert gomus.tours.tags(tag, LOCALES)


def test_tours_and_when_they_start(gomus: Gomus, tour: Tour) -> None:
    assert any(one.depends_on_language for one in tours(gomus))
    days = gomus.tours.start_times_any(tour.id, START, END)
    times = gomus.tours.start_times_all(tour.id, START, END)
    assert {day for day, may in days.items() if may} == {day for day, starts in times.items() if starts}
    day, starts = next((day, starts) for day, starts in times.items() if starts)
    on_the_day = gomus.tours.start_times_on(tour.id, day)
    assert [start.at for start in on_the_day] == [start.at for start in starts]
    assert all(start.bookable_participants for start in on_the_day)


def test_equipment_three_ways(gomus: Gomus, tour: Tour) -> None:
    piece = tour.equipment[0]
    start = first_start(gomus, tour)
    every = gomus.tours.equipments(tour.id, start.at.date())
    one = gomus.tours.equipment(tour.id, piece.id, start.at.date())
    assert every[piece.id] == one
    at_the_time = gomus.tours.equipment_at(tour.id, piece.id, start.key)
    assert at_the_time == next(slot.left for slot in one if slot.at == start.at)
    nowhere = f"{start.key[:11]}03:07:00{start.key[19:]}"
    assert gomus.tours.equipment_at(tour.id, piece.id, nowhere) is None


def test_prices_of_every_tour(gomus: Gomus) -> None:
    starts = [(one, first_start(gomus, one).at) for one in tours(gomus)]
    lists = [
        gomus.tours.prices(one.id, at.date(), at.time(), LOCALES, participants=one.min_participants or 1)
        for one, at in starts
    ]
    assert all(found.bookable for found in lists)
    kinds = {price.kind for found in lists for price in found.prices}
    assert kinds == {PriceKind.FLAT, PriceKind.SCALE, PriceKind.SURCHARGE}


def test_small_lists(gomus: Gomus) -> None:
    assert gomus.reference.who_am_i().access == "reseller"
    coupons = whole(gomus.reference.coupons(LOCALES))
    assert any(coupon.shipped_with_merchandise_id for coupon in coupons)
    assert gomus.reference.coupon(coupons[0].id, LOCALES).description
    assert {"DE", "AT"} <= {country.code for country in whole(gomus.reference.countries("de"))}
    assert len(whole(gomus.reference.states("de"))) == 16
    assert whole(gomus.reference.dispatch_modes(LOCALES))
    assert [one.name for one in gomus.reference.salutations("en")] == ["Ms", "Mr", "No salutation"]
    assert gomus.reference.newsletter_groups(LOCALES)
    assert gomus.catalogue.locales() == ["de", "en"]
    assert gomus.catalogue.version().zone == "Europe/Berlin"


def test_contents_and_quotas_of_tickets(gomus: Gomus) -> None:
    (content,) = gomus.catalogue.ticket_contents([TICKET], LOCALES)
    assert content.id == TICKET
    assert content.content
    both = gomus.availability.list_and_quotas([TICKET], START, LOCALES)
    assert [ticket.id for ticket in both.tickets] == [TICKET]
    assert {quota.quota_id for quota in both.quotas} == set(both.tickets[0].quota_ids)
    status = gomus.availability.calendar_status([TICKET], START, END)
    days = gomus.availability.calendar_any([TICKET], START, END)
    assert {day for day, free in days.items() if free} == {
        day for day, word in status.items() if word == "available"
    }


def test_opening_hours_of_a_week(gomus: Gomus) -> None:
    week = [gomus.catalogue.opening_hours(1, START + timedelta(days=n)) for n in range(7)]
    assert week.count(None) == 1
    assert all(hours.begin < hours.end for hours in week if hours)


@pytest.mark.parametrize("find", [
    lambda gomus, q: gomus.catalogue.museums("de", q=q),
    lambda gomus, q: gomus.events.events("de", q=q),
    lambda gomus, q: gomus.tours.tours("de", q=q),
])  # fmt: skip
def test_words_find_what_has_them(gomus: Gomus, find: Callable[[Gomus, str], Listing[Tour]]) -> None:
    word = next(find(gomus, "")).title.pick("de").split()[0].upper()
    assert any(word.casefold() in found.title.pick("de").casefold() for found in find(gomus, word))
    assert list(find(gomus, "no such word at all")) == []


def tours(gomus: Gomus) -> list[Tour]:
    """The single records of the tours on sale."""
    listed = islice(gomus.tours.tours(LOCALES, Selection(bookable=True)), 20)
    return [gomus.tours.tour(found.id, LOCALES) for found in listed]


def first_start(gomus: Gomus, tour: Tour) -> StartTime:
    days = gomus.tours.start_times_all(tour.id, START, END)
    return next(starts[0] for starts in days.values() if starts)
