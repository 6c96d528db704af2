"""The request bodies of the API contract's examples: our record beside the JSON it must become."""

from typing import Any

from shop.api.records import (
    Attendee,
    ChosenSeat,
    Customer,
    EventItem,
    Finalize,
    ItemCancellation,
    KnownCustomer,
    OrderCreate,
    Payment,
    TicketItem,
    TourItem,
)

HALF_PAST = "2027-03-14T11:30:00+01:00"


def ordered(reference: str, total: int, *items: Any, comment: str | None = None) -> dict[str, Any]:
    return {"reference": reference, "comment": comment, "items": list(items), "total": total}


def finalized(customer: dict[str, str], payment: dict[str, str]) -> dict[str, Any]:
    return {"order": {"customer": customer, "payment": payment, "completed": True}}


TICKETS = OrderCreate(
    "KMX-01J9ZK3V7C",
    "desk 4",
    (
        TicketItem(
            311,
            2,
            HALF_PAST,
            (Attendee("Ida", "Brandt"), Attendee("Noah", "Brandt")),
            ("q3TzL0vXrWm2Yb8KcNfA1g",),
        ),
        TicketItem(312, 1, HALF_PAST, reservations=("Zk9uPe4RtGd7HsVb5MxQ2w",)),
    ),
    3500,
)
NEW_CUSTOMER = Finalize(
    Customer(
        foreign_id="CRM-20931",
        name="Ida",
        surname="Brandt",
        email="ida.brandt@example.org",
        language="Deutsch",
        street="Feldstrasse 8",
        zip="24105",
        city="Kiel",
        country="Deutschland",
    ),
    Payment("pay_7H2K9QX", "sepa", "Bank debit", "collected at desk 4"),
)
BODIES: dict[str, tuple[Any, dict[str, Any]]] = {
    "9.1 tickets with holds and attendees": (
        TICKETS,
        ordered(
            "KMX-01J9ZK3V7C",
            3500,
            {
                "type": "Ticket",
                "attributes": {
                    "id": 311,
                    "quantity": 2,
                    "time": HALF_PAST,
                    "reservations": ["q3TzL0vXrWm2Yb8KcNfA1g"],
                    "attendees": [
                        {"name": "Ida", "surname": "Brandt"},
                        {"name": "Noah", "surname": "Brandt"},
                    ],
                },
            },
            {
                "type": "Ticket",
                "attributes": {
                    "id": 312,
                    "quantity": 1,
                    "time": HALF_PAST,
                    "reservations": ["Zk9uPe4RtGd7HsVb5MxQ2w"],
                },
            },
            comment="desk 4",
        ),
    ),
    "9.2 an event with scale prices": (
        OrderCreate("KMX-01J9ZK4A11", None, (EventItem(5101, quantities={61: 2, 62: 1}),), 3200),
        ordered(
            "KMX-01J9ZK4A11",
            3200,
            {"type": "Event", "attributes": {"id": 5101, "quantities": {"61": 2, "62": 1}}},
        ),
    ),
    "9.2 an event with one price": (
        EventItem(5103, quantity=5),
        {"type": "Event", "attributes": {"id": 5103, "quantity": 5}},
    ),
    "9.3 an event with seats": (
        OrderCreate(
            "KMX-01J9ZK4B22",
            None,
            (EventItem(5102, seats=(ChosenSeat(1204, 71), ChosenSeat(1205, 71), ChosenSeat(1311, 72))),),
            6600,
        ),
        ordered(
            "KMX-01J9ZK4B22",
            6600,
            {
                "type": "Event",
                "attributes": {
                    "id": 5102,
                    "seats": [
                        {"seat_id": 1204, "scale_price_id": 71},
                        {"seat_id": 1205, "scale_price_id": 71},
                        {"seat_id": 1311, "scale_price_id": 72},
                    ],
                },
            },
        ),
    ),
    "9.4 a tour for a group": (
        OrderCreate(
            "KMX-01J9ZK4C33",
            "school class, wheelchair",
            (
                TourItem(
                    930,
                    "2027-03-16T10:15:00+01:00",
                    language_id=1,
                    age_group_id=3,
                    quantity=12,
                    surcharges={15: 1, 16: 6},
                    equipment={7: 6},
                ),
            ),
            12000,
        ),
        ordered(
            "KMX-01J9ZK4C33",
            12000,
            {
                "type": "Tour",
                "attributes": {
                    "id": 930,
                    "start_time": "2027-03-16T10:15:00+01:00",
                    "language_id": 1,
                    "age_group_id": 3,
                    "quantity": 12,
                    "surcharges": {"15": 1, "16": 6},
                    "equipment": [{"id": 7, "quantity": 6}],
                },
            },
            comment="school class, wheelchair",
        ),
    ),
    "9.4 a tour with scale prices": (
        OrderCreate(
            "KMX-01J9ZK4C34",
            None,
            (
                TourItem(
                    931,
                    "2027-03-16T14:00:00+01:00",
                    language_id=2,
                    age_group_id=3,
                    quantities={81: 10, 82: 2},
                    surcharges={17: 1},
                    equipment={7: 12},
                ),
            ),
            9310,
        ),
        ordered(
            "KMX-01J9ZK4C34",
            9310,
            {
                "type": "Tour",
                "attributes": {
                    "id": 931,
                    "start_time": "2027-03-16T14:00:00+01:00",
                    "language_id": 2,
                    "age_group_id": 3,
                    "quantities": {"81": 10, "82": 2},
                    "surcharges": {"17": 1},
                    "equipment": [{"id": 7, "quantity": 12}],
                },
            },
        ),
    ),
    "9.5 a combined ticket": (
        OrderCreate(
            "KMX-01J9ZK4D44",
            None,
            (
                TicketItem(
                    340,
                    2,
                    "2027-03-14T12:30:00+01:00",
                    sub_ticket_times={341: "2027-03-14T12:30:00+01:00", 342: "2027-03-14T14:00:00+01:00"},
                ),
            ),
            3800,
        ),
        ordered(
            "KMX-01J9ZK4D44",
            3800,
            {
                "type": "Ticket",
                "attributes": {
                    "id": 340,
                    "quantity": 2,
                    "time": "2027-03-14T12:30:00+01:00",
                    "sub_ticket_times": {
                        "341": "2027-03-14T12:30:00+01:00",
                        "342": "2027-03-14T14:00:00+01:00",
                    },
                },
            },
        ),
    ),
    "9.6 finalize with a new customer": (
        NEW_CUSTOMER,
        finalized(
            {
                "foreign_id": "CRM-20931",
                "name": "Ida",
                "surname": "Brandt",
                "email": "ida.brandt@example.org",
                "language": "Deutsch",
                "addr_street": "Feldstrasse 8",
                "addr_zip": "24105",
                "addr_city": "Kiel",
                "addr_country": "Deutschland",
            },
            {
                "payment_id": "pay_7H2K9QX",
                "provider_id": "sepa",
                "provider_name": "Bank debit",
                "message": "collected at desk 4",
            },
        ),
    ),
    "9.7 finalize with a known customer": (
        Finalize(KnownCustomer("CRM-20931"), Payment("pay_7H2KA01", "cash", "Till")),
        finalized(
            {"foreign_id": "CRM-20931"},
            {"payment_id": "pay_7H2KA01", "provider_id": "cash", "provider_name": "Till", "message": ""},
        ),
    ),
    "9.8 cancel one item": (ItemCancellation((88121,)), {"order_item_ids": [88121]}),
}
