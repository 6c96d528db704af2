"""The life of an annual ticket after its sale, and of a rating: every step answers as docs/openapi.yaml says."""

import io
from typing import Any

import pytest

from tests.contract.rows import CUSTOMER
from tests.contract.test_lives import finalized, priced
from tests.contract.witness import API, Witness

Json = dict[str, Any]
HOLDER = {
    "name": "Ida",
    "surname": "Brandt",
    "email": "ida@example.org",
    "customer_salutation_id": 2,
    "addr_city": "Kiel",
    "addr_country_id": 1,
    "addr_street": "Feldstraße 8",
    "addr_zip": "01067",
}
ANNUAL = {
    f"GET {API}/annual/order",
    f"POST {API}/annual/customers",
    f"PUT {API}/annual/personalizations/{{id}}",
    f"PUT {API}/annual/ticket_sales/{{id}}",
    f"POST {API}/annual/personalizations/{{id}}/upload",
    f"POST {API}/annual/personalization/finalize",
}


@pytest.fixture
def token(own: Witness) -> str:
    """The token of an order with one annual ticket that wants a name."""
    rows = own.get("/tickets?by_ticket_types[]=annual&by_bookable=true")["tickets"]
    number = next(row["id"] for row in rows if row["personalizeable"])
    order = priced(own, {"type": "Ticket", "attributes": {"id": number, "quantity": 1}})
    return str(finalized(own, order["token"])["order"]["token"])


def test_a_card_from_sale_to_shipping(own: Witness, token: str) -> None:
    def told(method: str, path: str, status: int = 200, **more: Any) -> Json:
        return own.told(method, f"/annual/{path}?token={token}", status, key=None, **more)

    sale = told("GET", "order")["order"]["ticket_sales"][0]
    card, day = sale["personalizations"][0]["id"], own.filled("{end}")
    told("POST", "customers", 422, body={"customer": {"name": "Ida"}})
    holder = told("POST", "customers", body={"customer": HOLDER})
    assigned = {
        "customer_personalization_token": holder["personalization_token"],
        "customer_adress_id": holder["customer"]["addresses"][0]["id"],
    }
    told("PUT", f"personalizations/{card}", 422, body={"personalization": {}})
    told("PUT", f"personalizations/{card}", body={"personalization": assigned})
    told("PUT", f"ticket_sales/{sale['id']}", 422, body={"ticket_sale": {"start_at": "1999-01-01"}})
    told("PUT", f"ticket_sales/{sale['id']}", body={"ticket_sale": {"start_at": f"{day} 00:00:00"}})
    told("POST", f"personalizations/{card}/upload", 422)
    photo = {"file": ("ida.jpg", io.BytesIO(b"a photo"), "image/jpeg")}
    told("POST", f"personalizations/{card}/upload", files=photo)
    last = {
        "ticket_sale_id": sale["id"],
        "start_at": day,
        "personalizations": [{"id": card, "customer": HOLDER}],
    }
    told("POST", "personalization/finalize", 422, body={"personalization": last | {"personalizations": []}})
    told("POST", "personalization/finalize", body={"personalization": last})
    assert told("GET", "order")["order"]["ticket_sales"][0]["status"] == "ready_to_send"
    assert own.seen >= ANNUAL


def test_only_a_customer_rates_an_order(own: Witness, token: str) -> None:
    own.told("PUT", f"/orders/{token}/rate", 403, body={"rating": 5})
    own.told("PUT", f"/orders/{token}/rate", 422, key=CUSTOMER, body={"rating": 9})
    own.told("PUT", f"/orders/{token}/rate", 200, key=CUSTOMER, body={"rating": 5})
    assert own.get(f"/orders/{token}")["order"]["rating"] == 5
