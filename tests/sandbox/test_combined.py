"""Combined and annual tickets, tickets without a quota, content, and the list with its quotas."""

from datetime import timedelta

from tests.sandbox.buyer import ADULT, FAMILY, Buyer, codes
from tests.sandbox.visitor import days_with, get, ids

COMBINED, REDUCED, THREE = 501, 502, 503
PARTS = (511, 512, 513)
ANNUAL = (601, 602)
PLAYER = 455  # as many as anybody wants
EARLY = 424


def test_a_combined_ticket_names_its_parts_and_the_time_between(buyer: Buyer) -> None:
    ticket = get(buyer, f"/tickets/{COMBINED}")["ticket"]
    assert (ticket["sub_ticket_ids"], ticket["is_sub_ticket"], ticket["price_cents"]) == (
        [511, 512],
        False,
        1900,
    )
    assert ticket["sub_ticket_min_gap_minutes"] == 90
    assert ticket["museum_ids"] == [1, 3]
    part = get(buyer, "/tickets/511")["ticket"]
    assert (part["sub_ticket_ids"], part["is_sub_ticket"], part["price_cents"]) == ([], True, 0)
    usual = get(buyer, f"/tickets/{ADULT}")["ticket"]
    assert (usual["sub_ticket_ids"], usual["is_sub_ticket"]) == ([], False)
    assert usual["sub_ticket_min_gap_minutes"] is None


def test_parts_are_listed_only_when_asked_for_by_id(buyer: Buyer) -> None:
    assert not ids(buyer, "tickets") & set(PARTS)
    assert not ids(buyer, "tickets", "by_museum_ids[]=1&by_ticket_type=time_slot") & set(PARTS)
    assert ids(buyer, "tickets", "by_ticket_ids[]=511,513") == {511, 513}


def test_parts_have_places_of_their_own(buyer: Buyer) -> None:
    assert all(buyer.left(part) for part in PARTS)
    main = get(buyer, "/tickets/capacities", **{"ticket_ids[]": [COMBINED, 511], "date": buyer.day()})["data"]
    assert [row["tickets"] for row in main.values()] == [[COMBINED], [511]]


def test_a_day_without_room_in_a_part_is_no_day_for_the_whole(buyer: Buyer) -> None:
    day = buyer.day()
    wanted = {"by_ticket_ids[]": COMBINED, "start_at": day, "end_at": day}
    assert get(buyer, "/tickets/calendar", **wanted)["data"] == {day: True}
    body = {"ticket_id": 512, "date": day, "left": 0}
    buyer.sandbox.control.post("/left", json=body).raise_for_status()
    assert get(buyer, "/tickets/calendar", **wanted)["data"] == {day: False}
    assert get(buyer, "/tickets/calendar", **wanted, depth="availability_status")["data"] == {
        day: "fully_booked"
    }
    assert buyer.left(COMBINED, day), "its own places are told for themselves"


def test_a_combined_ticket_is_found_in_each_of_its_museums(buyer: Buyer) -> None:
    for house, found in {1: {COMBINED, REDUCED, THREE}, 3: {COMBINED, REDUCED, THREE}, 6: {THREE}}.items():
        assert ids(buyer, "tickets", f"by_museum_ids[]={house}&by_ticket_group_ids[]=1") == found


def test_annual_tickets_are_listed_only_when_asked_for(buyer: Buyer) -> None:
    assert not ids(buyer, "tickets") & set(ANNUAL)
    assert ids(buyer, "tickets", "by_ticket_type=annual") == set(ANNUAL)
    assert ids(buyer, "tickets", "by_ticket_types[]=annual&by_ticket_types[]=normal") > set(ANNUAL)
    assert ids(buyer, "tickets", "by_ticket_ids[]=601") == {601}
    assert ids(buyer, "tickets", "by_ticket_ids[]=601&by_ticket_type=normal") == set()
    assert ids(buyer, "tickets", "by_ticket_group_ids[]=2&by_ticket_type=annual") == set(ANNUAL)


def test_an_annual_ticket_has_a_person_and_no_times(buyer: Buyer) -> None:
    ticket = get(buyer, "/tickets/601")["ticket"]
    assert ticket["personalizeable"]
    assert [ticket[name] for name in ("first_entry", "last_entry", "entry_duration")] == [None] * 3
    assert ticket["quota_ids"] == []
    assert buyer.left(601) == {}


def test_without_a_quota_there_is_room_for_every_order(buyer: Buyer) -> None:
    assert list(buyer.left(PLAYER).values()) == [6], "what one order may take"
    assert get(buyer, "/tickets/capacities", **{"ticket_ids[]": PLAYER, "date": buyer.day()}) == {"data": {}}
    shown = get(buyer, "/tickets/list_and_quotas", **{"by_ticket_ids[]": PLAYER, "valid_at": buyer.day()})
    assert (shown["tickets"][str(PLAYER)]["total_capacities"], shown["quotas"]) == ({}, {})


def test_a_list_with_its_quotas(buyer: Buyer) -> None:
    query = {"by_ticket_ids[]": [ADULT, FAMILY], "valid_at": buyer.day()}
    found = get(buyer, "/tickets/list_and_quotas", **query)
    same = get(buyer, "/tickets/capacities", **{"ticket_ids[]": [ADULT, FAMILY], "date": buyer.day()})["data"]
    assert set(found) == {"tickets", "quotas"}
    assert {
        number: row | {"tickets": row.pop("ticket_ids")} for number, row in found["quotas"].items()
    } == same
    wide, narrow = (same[number]["total_capacities"] for number in ("41", "44"))
    assert found["tickets"][str(ADULT)]["total_capacities"] == wide
    assert found["tickets"][str(FAMILY)]["total_capacities"] == {at: min(wide[at], narrow[at]) for at in wide}
    one = get(buyer, "/tickets/list_and_quotas", per_page=1, valid_at=buyer.day())
    assert (len(one["tickets"]), set(one["quotas"])) == (1, {"41"})


def test_tickets_are_listed_while_they_are_on_sale(buyer: Buyer) -> None:
    assert EARLY in ids(buyer, "tickets")
    ends = buyer.today() + timedelta(days=14)
    assert EARLY in ids(buyer, "tickets", f"valid_at={ends}")
    assert EARLY not in ids(buyer, "tickets", f"valid_at={ends + timedelta(days=1)}")


def test_last_entry_is_that_of_the_day_asked_for(buyer: Buyer) -> None:
    last = {}
    for ahead in range(7):
        day = buyer.today() + timedelta(days=ahead)
        last[day.weekday()] = get(buyer, "/tickets/331", valid_at=day)["ticket"]["last_entry"]
    assert last == dict.fromkeys((0, 1, 2, 4, 5, 6), 1140) | {3: 1260}, "open late on Thursdays"
    thursday = next(days_with(buyer, 3))
    quota = get(buyer, "/tickets/capacities", **{"ticket_ids[]": 331, "date": thursday})["data"]["51"]
    assert max(quota["capacities"])[11:16] == "21:00"


def test_content_is_read_by_id(buyer: Buyer) -> None:
    rows = get(buyer, "/tickets/content", **{"ticket_ids[]": [601, 511, 7, ADULT]})
    assert [row["id"] for row in rows["data"]] == [ADULT, 511, 601], "unknown ids are left out"
    assert rows["meta"]["total_count"] == 3
    assert rows["data"][0]["content"]["shop_title"] == "Erde, Feuer, Hand – Erwachsene"
    assert rows["data"][0]["content"]["shop_description"] == ""
    one = get(
        buyer, "/tickets/content", **{"ticket_ids[]": ADULT, "attr": "shop_title", "locale[]": ["de", "en"]}
    )
    both = {"de": "Erde, Feuer, Hand – Erwachsene", "en": "Earth, Fire, Hand – Adult"}
    assert one["data"] == [{"id": ADULT, "content": {"shop_title": both}}]
    assert (
        get(buyer, "/tickets/content", **{"ticket_ids[]": ADULT, "attr": "nothing"})["data"][0]["content"]
        == {}
    )
    assert codes(buyer.http.get("/tickets/content")) == ["missing_field"]
