"""The answers of the API contract's examples: an order on its way, and refusals."""

from typing import Any

from tests.api.contract_bodies import HALF_PAST

TOKEN = "Vt8sQ2mLx0YbR5cKdWf3Gh"
LOCATION = {
    "name": "Glashaus am Hafen",
    "city": "Kiel",
    "country": "Deutschland",
    "street": "Kaistrasse",
    "zip": "24103",
    "latitude": 54.3213,
    "longitude": 10.1349,
}


def ticket_item(number: int, ticket: int, quantity: int, cents: int, **more: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "id": number - 22109,
        "title": "Glashaus – regular" if ticket == 311 else "Glashaus – reduced",
        "ticket_id": ticket,
        "quantity": quantity,
        "ticket_type": "time_slot",
        "start_time": HALF_PAST,
        "location": LOCATION if ticket == 311 else None,
        "barcodes": [],
        "after_sale_information": None,
    }
    row = {"id": number, "type": "Ticket", "price_cents": cents, "vat_pct": "7.0", "tax_included": True}
    return row | {"attributes": attributes | more}


DRAFT: dict[str, Any] = {
    "id": None,
    "token": TOKEN,
    "status": "created",
    "is_valid": False,
    "completed": False,
    "total_price_cents": 3500,
    "total": 3500,
    "comment": "desk 4",
    "reference": "KMX-01J9ZK3V7C",
    "rating": None,
    "invoice": False,
    "source": "resellershop",
    "created_at": "2027-03-10T09:12:44+01:00",
    "expires_at": "2027-03-10T09:42:44+01:00",
    "canceled_at": None,
    "customer": None,
    "payment": None,
    "payment_status": None,
    "billing_address_id": None,
    "items": [ticket_item(88120, 311, 2, 2800), ticket_item(88121, 312, 1, 700)],
}
BARCODES = [
    {"id": 901221, "barcode": "4098120901221-7", "method": "ean", "passbook_url": None},
    {"id": 901222, "barcode": "4098120901222-4", "method": "ean", "passbook_url": None},
]
FINAL = DRAFT | {
    "id": 507733,
    "status": "finalized",
    "is_valid": True,
    "completed": True,
    "expires_at": None,
    "customer": {
        "id": 5,
        "foreign_id": "CRM-20931",
        "name": "Ida",
        "surname": "Brandt",
        "email": "ida.brandt@example.org",
    },
    "payment": {"payment_id": "pay_7H2K9QX", "provider_id": "sepa"},
    "items": [ticket_item(88120, 311, 2, 2800, barcodes=BARCODES), ticket_item(88121, 312, 1, 700)],
}


def error(message: str, code: str, path: str, index: int | None, **meta: Any) -> dict[str, Any]:
    detail = {"code": code, "message": message, "path": path, "item_index": index, "meta": meta}
    return {
        "error": message,
        "errors": [message],
        "code": code,
        "details": [detail],
        "request_id": "sbx-000101",
    }


SOLD_OUT = "Glashaus – regular: 11:30 has 1 place left, 2 were requested."
WRONG_TOTAL = "The order total does not match: sent 3400, calculated 3500."
BAD_TIME = "11:40 is not an entry time of ticket 311."
TOO_MANY = "At most 10 of ticket 311 per order, 12 were requested."
AGAIN = "This order is already finalized."
TIME, QUANTITY = "items[0].attributes.time", "items[0].attributes.quantity"
REFUSALS: dict[str, dict[str, Any]] = {
    "sold_out": error(
        SOLD_OUT, "sold_out", TIME, 0, ticket_id=311, quota_id=44, time=HALF_PAST, requested=2, available=1
    ),
    "wrong_total": error(
        WRONG_TOTAL,
        "wrong_total",
        "total",
        None,
        given_total=3400,
        expected_total=3500,
        item_totals=[2800, 700],
    ),
    "time_invalid": error(
        BAD_TIME,
        "time_invalid",
        TIME,
        0,
        ticket_id=311,
        first_entry=660,
        last_entry=990,
        entry_duration=30,
        nearest=[HALF_PAST, "2027-03-14T12:00:00+01:00"],
    ),
    "quantity_above_maximum": error(
        TOO_MANY,
        "quantity_above_maximum",
        QUANTITY,
        0,
        ticket_id=311,
        min_persons=1,
        max_persons=10,
        requested=12,
    ),
    "already_finalized": error(
        AGAIN, "already_finalized", "order", None, order_id=507733, payment_id="pay_7H2K9QX"
    ),
}
