"""Events and their dates: lists, filters, prices, seats, calendars."""

from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from tests.sandbox.buyer import Buyer, codes
from tests.sandbox.visitor import dates, day_of, get, ids, instants, public

KILN, CONCERT, NOON, COURSE, GROUP, LUNCH, FULL, MEMBERS, FREE, WHALE, NIGHT = range(820, 831)
SVG = "{http://www.w3.org/2000/svg}"

# --- lists and filters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("by_museum_ids[]=4", {NOON, WHALE}),
        ("by_exhibition_ids[]=11", {KILN}),
        ("by_category_ids[]=6", {CONCERT}),
        ("by_categories[]=Konzert", {CONCERT}),
        ("by_categories[]=Concert&locale=de", {CONCERT}),
        ("by_categories[]=%C3%96ffentliche+F%C3%BChrung", {KILN, NOON, FULL, NIGHT}),
        ("by_language_ids[]=3&by_language_ids[]=4", {NOON, COURSE}),
        ("by_age_group_ids[]=1", {WHALE}),
        ("by_audience_ids[]=3", {GROUP, LUNCH}),
        ("by_catch_word_ids[]=2", {CONCERT, WHALE}),
        ("by_disablement_ids[]=3", {FREE}),
        ("by_grade_ids[]=1,2", {COURSE, WHALE}),
        ("by_proposal_category_ids[]=2", {KILN, WHALE}),
        ("by_featured=true", {KILN, CONCERT}),
        ("by_bookable=false", {MEMBERS}),
        ("with_bookings_in_future=0", {FULL, MEMBERS}),
        ("by_museum_ids[]=4&by_catch_word_ids[]=2", {WHALE}),
        ("by_category_ids[]=6&by_categories[]=Vortrag", set()),
        ("q=wal", {WHALE}),
        ("q=sitzplan", {CONCERT}),
    ],
)
def test_every_filter_of_events(buyer: Buyer, query: str, found: set[int]) -> None:
    assert ids(buyer, "events", query) == found


def test_a_filter_list_has_only_what_is_in_use_and_has_a_name(buyer: Buyer) -> None:
    for kind, used in {
        "categories": {3, 4, 5, 6, 7, 9},
        "age_groups": {1, 2, 3, 4},
        "languages": {1, 2, 3, 4, 5},
    }.items():
        rows = get(buyer, f"/events/{kind}")
        assert set(rows) == {kind}, "no meta block"
        assert {row["id"] for row in rows[kind]} == used
        assert all(row["name"] for row in rows[kind])
    assert buyer.http.get("/events/nonsense").status_code == 404
    names = [row["name"] for row in get(buyer, "/events/categories")["categories"]]
    assert names.count("Öffentliche Führung") == 2, "staff made one twice, under two ids"


def test_an_event_tells_more_by_itself(buyer: Buyer) -> None:
    [row] = [row for row in get(buyer, "/events", per_page=100)["events"] if row["id"] == FREE]
    assert (row["registerable"], "description" in row, "content" in row) == (True, False, False)
    alone = get(buyer, f"/events/{FREE}")["event"]
    assert alone["registerable"].startswith("http"), "a link for those who may register"
    assert public(buyer, f"/events/{FREE}").json()["event"]["registerable"] is True
    assert alone["tickets"] == [331, 332]
    assert get(buyer, f"/events/{MEMBERS}")["event"]["picture"] is None
    assert buyer.http.get("/events/999").status_code == 404


# --- dates ----------------------------------------------------------------------------------------------------


def test_dates_come_in_order_and_their_seats_add_up(buyer: Buyer) -> None:
    first = buyer.today() + timedelta(days=1)
    rows = get(buyer, "/dates", start_at=first, end_at=first + timedelta(days=20), per_page=100)["dates"]
    order = [
        (at, row["id"]) for at, row in zip(instants([row["start_time"] for row in rows]), rows, strict=True)
    ]
    assert order == sorted(order)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        seats = row["seats"]
        assert seats["booked"] + seats["available"] <= seats["max"]
        assert seats["available"] >= 0


def test_the_dates_of_an_event_are_of_today_or_of_a_range(buyer: Buyer) -> None:
    some = dates(buyer, NOON)
    one = day_of(some[3])
    assert {day_of(row) for row in get(buyer, f"/events/{NOON}/dates", date=one)["dates"]} == {one}
    wins = get(buyer, f"/events/{NOON}/dates", date=one, start_at=day_of(some[0]), end_at=day_of(some[0]))[
        "dates"
    ]
    assert {day_of(row) for row in wins} == {day_of(some[0])}, "a range wins over a day"
    today = get(buyer, f"/events/{NOON}/dates")["dates"]
    assert {day_of(row) for row in today} <= {buyer.today()}
    long = {"start_at": str(one), "end_at": str(one + timedelta(days=32))}
    for path in (
        f"/events/{NOON}/dates",
        "/dates",
        "/dates/languages",
        "/calendar",
        f"/events/{NOON}/calendar",
    ):
        assert codes(buyer.http.get(path, params=long)) == ["range_too_long"], path
        turned = {"start_at": str(one), "end_at": str(one - timedelta(days=1))}
        assert codes(buyer.http.get(path, params=turned)) == ["range_invalid"], path


def test_dates_keep_their_ids_while_the_clock_moves(buyer: Buyer) -> None:
    later = dates(buyer, KILN)[-1]
    buyer.sandbox.switch(clock_shift_s=5 * 86400)
    assert get(buyer, f"/events/{KILN}/dates/{later['id']}")["date"]["start_time"] == later["start_time"]


def test_languages_belong_to_the_date(buyer: Buyer) -> None:
    everything = dates(buyer, NOON)
    french = dates(buyer, NOON, **{"by_language_ids[]": 3})
    assert french == [row for row in everything if row["language"]["id"] == 3] != []
    span = {"start_at": buyer.day(), "by_event_ids[]": WHALE}
    assert get(buyer, "/dates/languages", **span) == {"languages": [{"id": 1, "name": "Deutsch"}]}


def test_a_date_that_began_is_told_but_not_bookable(buyer: Buyer) -> None:
    gone = {"start_at": buyer.today() - timedelta(days=14), "end_at": buyer.today() - timedelta(days=1)}
    past = get(buyer, f"/events/{NOON}/dates", **gone)["dates"]
    assert [(row["bookable"], row["seats"]["available"]) for row in past] == [(False, 0)] * len(past) != []
    assert get(buyer, f"/events/{NOON}/dates", date=day_of(past[0]), by_bookable="true")["dates"] == []


def test_a_wrong_pair_of_event_and_date_is_unknown(buyer: Buyer) -> None:
    one = dates(buyer, KILN)[0]["id"]
    assert get(buyer, f"/events/{KILN}/dates/{one}")["date"]["event_id"] == KILN
    for path in (f"/events/{NOON}/dates/{one}", f"/events/{KILN}/dates/{one + 1}", f"/events/{KILN}/dates/7"):
        assert buyer.http.get(path).status_code == 404


# --- prices ---------------------------------------------------------------------------------------------------


def detail(buyer: Buyer, event: int) -> dict[str, object]:
    one = dates(buyer, event)[0]
    found: dict[str, object] = get(buyer, f"/events/{event}/dates/{one['id']}")["date"]
    return found


def test_a_plain_price_has_no_id_and_a_scale_price_has_one(buyer: Buyer) -> None:
    assert detail(buyer, NOON)["prices"] == [{"group": False, "optional": False, "price_cents": 400}]
    assert detail(buyer, GROUP)["prices"] == [{"group": True, "optional": False, "price_cents": 9000}]
    rows = detail(buyer, KILN)["prices"]
    assert isinstance(rows, list)
    assert [(row["scale_price_id"], row["title"], row["price_cents"]) for row in rows] == [
        (61, "Regulär", 1200),
        (62, "Ermäßigt", 800),
    ]
    assert all("id" not in row for row in rows)


def test_prices_have_their_own_vat_discount_and_basis(buyer: Buyer) -> None:
    lunch, course = detail(buyer, LUNCH), detail(buyer, COURSE)
    assert isinstance(rows := lunch["prices"], list)
    assert ([row["vat_pct"] for row in rows], lunch["tax_included"]) == ([19.0, 7.0], False)
    assert (course["discount"], course["vat_pct"], course["tax_included"]) == (15, 19.0, True)


# --- seats ----------------------------------------------------------------------------------------------------


def test_a_seating_plan_names_every_seat_and_what_is_taken(buyer: Buyer) -> None:
    date = get(buyer, f"/events/{CONCERT}/dates/{dates(buyer, CONCERT)[0]['id']}")["date"]
    [plan] = date["seatings"]
    seats, blocked = {seat["id"] for seat in plan["seats"]}, set(plan["blocked_seats"])
    assert len(seats) == 84 == date["seats"]["max"]
    assert blocked < seats
    assert len(seats - blocked) == date["seats"]["available"]
    assert (
        {seat["category_id"] for seat in plan["seats"]}
        == {row["id"] for row in plan["categories"]}
        == {1, 2, 3}
    )
    assert {seat["row_id"] for seat in plan["seats"]} == {row["id"] for row in plan["rows"]}
    assert {seat["type_id"] for seat in plan["seats"]} == {None, *(row["id"] for row in plan["types"])}
    assert [(row["seat_category_id"], row["seat_category_title"]) for row in date["prices"]] == [
        (1, "Parkett vorn"),
        (2, "Parkett"),
        (3, "Rang"),
    ]
    assert detail(buyer, KILN)["seatings"] == []


def test_the_plan_is_drawn_seat_by_seat(buyer: Buyer) -> None:
    date = get(buyer, f"/events/{CONCERT}/dates/{dates(buyer, CONCERT)[0]['id']}")["date"]
    [plan] = date["seatings"]
    assert not plan["visual_url"].startswith("/"), "to be resolved against the host"
    answer = httpx.get(httpx.URL(buyer.sandbox.base_url).join(f"/{plan['visual_url']}"))
    assert answer.headers["content-type"].startswith("image/svg+xml")
    drawn = ElementTree.fromstring(answer.text)  # noqa: S314 - our own sandbox
    groups = drawn.findall(f"{SVG}g")
    assert {int(group.get("data-seat-id", "0")) for group in groups} == {seat["id"] for seat in plan["seats"]}
    assert all(group.findtext(f"{SVG}title") for group in groups)
    assert buyer.http.get("/seatings/2.svg").status_code == 404


# --- calendars ------------------------------------------------------------------------------------------------


def test_the_calendar_says_yes_or_no_or_why(buyer: Buyer) -> None:
    first = buyer.today() + timedelta(days=1)
    span = {"start_at": str(first), "end_at": str(first + timedelta(days=13))}
    for event in (KILN, FULL, MEMBERS):
        chosen = span | {"by_event_ids[]": event}
        yes = get(buyer, "/calendar", **chosen)["data"]
        words = get(buyer, "/calendar", **chosen, depth="availability_status")["data"]
        rows = get(buyer, "/calendar", **chosen, depth="all")["data"]
        assert list(yes) == list(words) == list(rows)
        assert len(yes) == 14
        assert yes == get(buyer, f"/events/{event}/calendar", **span)["data"], "the obsolete name of the same"
        for day, told in rows.items():
            free = any(row["bookable"] and row["seats"]["available"] >= row["seats"]["min"] for row in told)
            sold = any(row["bookable"] for row in told)
            assert (yes[day], words[day]) == (
                free,
                "available" if free else "fully_booked" if sold else "unavailable",
            )
    assert (
        "fully_booked"
        in get(buyer, "/calendar", **span, **{"by_event_ids[]": FULL}, depth="availability_status")[
            "data"
        ].values()
    )
