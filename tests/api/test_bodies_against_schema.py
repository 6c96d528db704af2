"""Whatever our records hold, their JSON is what the API's document allows, and names nothing that it does not."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shop.api.records import (
    Assignment,
    Attendee,
    ChosenSeat,
    CouponItem,
    EventItem,
    Finalize,
    HoldChange,
    HoldCreate,
    Holder,
    HolderCreate,
    ItemCancellation,
    KnownCustomer,
    OrderCreate,
    Payment,
    PersonalizationFinish,
    Rating,
    TicketItem,
    TourItem,
    Withdrawal,
)
from tests.api.contract_bodies import BODIES, HALF_PAST

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.yaml"


@cache
def components() -> dict[str, Any]:
    found: dict[str, Any] = closed(yaml.safe_load(DOCUMENT.read_text("utf-8"))["components"])
    return found


def closed(node: Any) -> Any:
    """The same schemas, in which an object has no other members than the ones they name."""
    if isinstance(node, list):
        return [closed(member) for member in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: closed(member) for key, member in node.items()}
    if copy.get("type") == "object" and "properties" in copy:
        copy.setdefault("additionalProperties", False)
    return copy


def check(schema: str, body: object) -> None:
    rules = {"$ref": f"#/components/schemas/{schema}", "components": components()}
    Draft202012Validator(rules).validate(body)


SCHEMAS = {"OrderCreate": OrderCreate, "OrderFinalize": Finalize, "OrderCancellation": ItemCancellation}


@pytest.mark.parametrize("name", list(BODIES))
def test_the_contracts_examples(name: str) -> None:
    record, _ = BODIES[name]
    schema = next((schema for schema, kind in SCHEMAS.items() if isinstance(record, kind)), "OrderItemCreate")
    check(schema, record.as_json())


def test_a_member_the_document_does_not_name_is_noticed() -> None:
    body = HoldChange(1).as_json()
    check("ReservationUpdate", body)
    with pytest.raises(Exception, match="surprise"):
        check("ReservationUpdate", body | {"surprise": 1})


PERSON = HolderCreate("Ida", "Brandt", "ida@example.org", 1, "Feldstrasse 8", "24105", "Kiel", 49)
OTHERS: dict[str, Any] = {
    "OrderRate": Rating(3),
    "ReservationCreate": HoldCreate(311, 2, HALF_PAST),
    "Withdrawal": Withdrawal("507733", "Ida", "Brandt", "ida@example.org", "please"),
    "AnnualCustomerCreate": PERSON,
    "PersonalizationUpdate": Assignment("person", 9, 3),
    "PersonalizationFinalize": PersonalizationFinish(
        66011, date(2027, 3, 14), (Holder(4, PERSON, date(1999, 1, 31), 1),)
    ),
    "OrderFinalize": Finalize(KnownCustomer("CRM-20931"), Payment("pay_1", "sepa", "Bank debit")),
}


@pytest.mark.parametrize("schema", list(OTHERS))
def test_every_other_body(schema: str) -> None:
    check(schema, OTHERS[schema].as_json())


IDS = st.integers(1, 10**9)
COUNTS = st.integers(1, 1000)
WORDS = st.text(min_size=1, max_size=12).filter(lambda words: bool(words.strip()))
BY_ID = st.dictionaries(IDS, COUNTS, min_size=1, max_size=4)
PEOPLE = st.lists(st.builds(Attendee, WORDS, WORDS), max_size=3).map(tuple)
SEATS = st.lists(
    st.builds(ChosenSeat, IDS, IDS), min_size=1, max_size=4, unique_by=lambda seat: seat.seat_id
).map(tuple)
TICKETS = PEOPLE.flatmap(
    lambda people: st.builds(
        TicketItem,
        id=IDS,
        quantity=st.just(len(people)) if people else COUNTS,
        time=st.none() | st.just(HALF_PAST),
        attendees=st.just(people),
        reservations=st.lists(WORDS, max_size=2).map(tuple),
        sub_ticket_times=st.dictionaries(IDS, st.just(HALF_PAST), max_size=2),
    )
)
EVENTS = (
    st.builds(EventItem, IDS, quantity=COUNTS, attendees=PEOPLE)
    | st.builds(EventItem, IDS, quantities=BY_ID, attendees=PEOPLE)
    | st.builds(EventItem, IDS, seats=SEATS, attendees=PEOPLE)
)


def tours(**participants: st.SearchStrategy[Any]) -> st.SearchStrategy[TourItem]:
    return st.builds(
        TourItem,
        id=IDS,
        start_time=st.just(HALF_PAST),
        language_id=IDS,
        age_group_id=st.none() | IDS,
        surcharges=st.none() | st.dictionaries(IDS, COUNTS, max_size=3),
        equipment=st.dictionaries(IDS, COUNTS, max_size=2),
        grade_id=st.none() | IDS,
        attendees=PEOPLE,
        **participants,
    )


ITEMS = (
    TICKETS | EVENTS | tours(quantity=COUNTS) | tours(quantities=BY_ID) | st.builds(CouponItem, IDS, COUNTS)
)


@settings(max_examples=60)
@given(
    st.builds(
        OrderCreate,
        reference=st.from_regex(r"[A-Z0-9-]{1,64}", fullmatch=True),
        comment=st.none() | WORDS,
        items=st.lists(ITEMS, min_size=1, max_size=4).map(tuple),
        total=st.integers(0, 10**9),
    )
)
def test_any_order_we_can_build(order: OrderCreate) -> None:
    check("OrderCreate", order.as_json())
