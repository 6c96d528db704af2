"""Items of an order to be created: what each type sends, and what cannot even be built."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api.records import (
    Attendee,
    ChosenSeat,
    CouponItem,
    EventItem,
    HoldChange,
    HoldCreate,
    ItemCancellation,
    KnownCustomer,
    OrderCreate,
    TicketItem,
    TourItem,
)

START = "2027-03-16T10:15:00+01:00"
IDA = Attendee("Ida", "Brandt")


def tour(**changes: object) -> TourItem:
    return TourItem(**{"id": 930, "start_time": START, "language_id": 1, "quantity": 12} | changes)  # type: ignore[arg-type]


def test_a_coupon_and_a_mixed_order() -> None:
    items = (CouponItem(5, 2), TicketItem(9, 1), EventItem(5103, quantity=5), tour())
    body = OrderCreate("KMX-01", None, items, 100).as_json()
    assert body["items"] == [
        {"type": "Coupon", "attributes": {"id": 5, "quantity": 2}},
        {"type": "Ticket", "attributes": {"id": 9, "quantity": 1}},
        {"type": "Event", "attributes": {"id": 5103, "quantity": 5}},
        {
            "type": "Tour",
            "attributes": {"id": 930, "start_time": START, "language_id": 1, "quantity": 12},
        },
    ]


def test_surcharges_are_left_out_or_none_of_them_is_chosen() -> None:
    assert "surcharges" not in attributes(tour())
    assert attributes(tour(surcharges={}))["surcharges"] == {}
    assert attributes(tour(surcharges={15: 1}))["surcharges"] == {"15": 1}


def test_a_school_class_and_its_names() -> None:
    sent = attributes(tour(grade_id=4, age_group_id=3, attendees=(IDA,)))
    assert (sent["grade_id"], sent["age_group_id"]) == (4, 3)
    assert sent["attendees"] == [{"name": "Ida", "surname": "Brandt"}]
    assert attributes(EventItem(1, quantity=1, attendees=(IDA,)))["attendees"] == sent["attendees"]


def attributes(item: TourItem | EventItem) -> dict[str, object]:
    sent = item.as_json()["attributes"]
    assert isinstance(sent, dict)
    return sent


NONSENSE: list[Callable[[], object]] = [
    lambda: TicketItem(1, 2, attendees=(IDA,)),
    lambda: TicketItem(1, 1, attendees=(Attendee("Ida", " "),)),
    lambda: TicketItem(1, 1, attendees=(Attendee("", "Brandt"),)),
    lambda: TicketItem(1, 1, reservations=("",)),
    lambda: TicketItem(1, 1, sub_ticket_times={0: START}),
    lambda: TicketItem(1, 1, sub_ticket_times={341: ""}),
    lambda: EventItem(0, quantity=1),
    lambda: EventItem(1),
    lambda: EventItem(1, quantity=0),
    lambda: EventItem(1, quantity=True),
    lambda: EventItem(1, quantity=1, quantities={61: 1}),
    lambda: EventItem(1, quantity=1, seats=(ChosenSeat(1, 2),)),
    lambda: EventItem(1, quantities={61: 1}, seats=(ChosenSeat(1, 2),)),
    lambda: EventItem(1, quantities={61: 0}),
    lambda: EventItem(1, quantities={"61": 1}),  # type: ignore[dict-item]
    lambda: EventItem(1, seats=(ChosenSeat(1, 2), ChosenSeat(1, 3))),
    lambda: EventItem(1, quantity=1, attendees=(Attendee("Ida", ""),)),
    lambda: ChosenSeat(0, 1),
    lambda: ChosenSeat(1, 0),
    lambda: tour(id=0),
    lambda: tour(language_id=None),
    lambda: tour(start_time=" "),
    lambda: tour(age_group_id=0),
    lambda: tour(grade_id="4"),
    lambda: tour(quantity=None),
    lambda: tour(quantities={81: 10}),
    lambda: tour(quantity=None, quantities={81: 1.0}),
    lambda: tour(surcharges={15: 0}),
    lambda: tour(equipment={7: -1}),
    lambda: tour(attendees=(Attendee(" ", "Brandt"),)),
    lambda: CouponItem(1, 0),
    lambda: CouponItem(True, 1),
    lambda: ItemCancellation(()),
    lambda: ItemCancellation((0,)),
    lambda: ItemCancellation((7, 7)),
    lambda: HoldCreate(0, 1, START),
    lambda: HoldCreate(1, 0, START),
    lambda: HoldCreate(1, 1, ""),
    lambda: HoldChange(0),
    lambda: KnownCustomer(" "),
]


@pytest.mark.parametrize("build", NONSENSE)
def test_what_cannot_be_meant_cannot_be_built(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^an? "):
        build()


def test_a_token_of_a_hold_and_a_name_do_not_appear_in_the_text_form() -> None:
    item = TicketItem(1, 1, START, (IDA,), ("secret-hold",))
    assert "secret-hold" not in repr(item)
    assert "Brandt" not in repr(item)


COUNTS = st.dictionaries(st.integers(1, 10**9), st.integers(1, 1000), min_size=1, max_size=5)


@given(quantities=COUNTS, surcharges=st.none() | COUNTS, equipment=COUNTS)
def test_keys_are_text_and_counts_stay_integers(
    quantities: dict[int, int], surcharges: dict[int, int] | None, equipment: dict[int, int]
) -> None:
    item = tour(quantity=None, quantities=quantities, surcharges=surcharges, equipment=equipment)
    sent = json.loads(json.dumps(item.as_json()))["attributes"]
    assert {int(key): count for key, count in sent["quantities"].items()} == quantities
    assert {row["id"]: row["quantity"] for row in sent["equipment"]} == equipment
    assert ("surcharges" in sent) is (surcharges is not None)
    assert "quantity" not in sent
