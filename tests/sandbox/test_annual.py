"""Annual tickets get names, with the token of their order and nothing else."""

from typing import Any

import httpx
import pytest

from tests.sandbox.buyer import Buyer, Json, codes, item

PASS, CENTS = 601, 6500
HOLDER = {
    "name": "Ida", "surname": "Brandt", "email": "ida@example.org", "customer_salutation_id": 2,
    "addr_city": "Kiel", "addr_country_id": 1, "addr_street": "Feldstraße 8", "addr_zip": "01067",
}  # fmt: skip


@pytest.fixture
def order(buyer: Buyer) -> Json:
    return buyer.bought_for(2 * CENTS, item(PASS, 2, None))


def ask(buyer: Buyer, order: Json, method: str, path: str, **more: Any) -> httpx.Response:
    """Ask as a buyer would: no key, the token of the order."""
    address = f"{buyer.sandbox.base_url}/api/v4/annual/{path}"
    return httpx.request(method, address, params={"token": order["token"]}, **more)


def sale(buyer: Buyer, order: Json) -> Json:
    [found] = ask(buyer, order, "GET", "order").json()["order"]["ticket_sales"]
    row: Json = found
    return row


def test_an_order_tells_its_cards(buyer: Buyer, order: Json) -> None:
    told = ask(buyer, order, "GET", "order").json()["order"]
    assert (told["id"], told["customer"]["surname"]) == (order["id"], "Brandt")
    found = sale(buyer, order)
    assert found["id"] == order["items"][0]["attributes"]["id"]
    assert (found["status"], found["is_personalizable"], found["start_at"]) == (
        "not_ready_to_send",
        True,
        None,
    )
    assert [card["ready"] for card in found["personalizations"]] == [False, False]


def test_cards_are_given_to_holders_one_by_one(buyer: Buyer, order: Json) -> None:
    for card in sale(buyer, order)["personalizations"]:
        made = ask(buyer, order, "POST", "customers", json={"customer": HOLDER}).json()
        wanted = {
            "customer_personalization_token": made["personalization_token"],
            "customer_adress_id": made["customer"]["addresses"][0]["id"],
        }
        answer = ask(buyer, order, "PUT", f"personalizations/{card['id']}", json={"personalization": wanted})
        assert answer.json()["personalization"]["ready"]
    found = sale(buyer, order)
    assert found["status"] == "ready_to_send"
    assert found["personalizations"][0]["customer"]["addresses"][0]["zip"] == "01067"


def test_all_cards_are_named_at_once(buyer: Buyer, order: Json) -> None:
    cards = sale(buyer, order)["personalizations"]
    holder = HOLDER | {"addr_zip": 1067, "surname": 7}  # a form has turned text into numbers
    rows = [{"id": card["id"], "customer": holder} for card in cards]
    wanted = {"ticket_sale_id": sale(buyer, order)["id"], "start_at": buyer.day(), "personalizations": rows}
    assert (
        ask(buyer, order, "POST", "personalization/finalize", json={"personalization": wanted}).status_code
        == 200
    )
    found = sale(buyer, order)
    assert (found["status"], found["start_at"][:10]) == ("ready_to_send", buyer.day())
    assert found["personalizations"][1]["customer"]["surname"] == "7"
    assert buyer.order(order["id"])["status"] == "finalized"


def test_the_first_day_can_be_changed_until_the_cards_are_sent(buyer: Buyer, order: Json) -> None:
    path = f"ticket_sales/{sale(buyer, order)['id']}"
    body = {"ticket_sale": {"start_at": f"{buyer.day()} 00:00:00"}}
    assert ask(buyer, order, "PUT", path, json=body).json()["ticket_sale"]["start_at"][:10] == buyer.day()
    past = {"ticket_sale": {"start_at": "2020-01-01 00:00:00"}}
    assert codes(ask(buyer, order, "PUT", path, json=past)) == ["invalid_value"]
    buyer.sandbox.control.post("/send", json={"token": order["token"]}).raise_for_status()
    assert codes(ask(buyer, order, "PUT", path, json=body)) == ["invalid_value"]
    assert sale(buyer, order)["sent_at"]


def test_a_photo_is_sent_as_a_file(buyer: Buyer, order: Json) -> None:
    path = f"personalizations/{sale(buyer, order)['personalizations'][0]['id']}/upload"
    picture = ("ida.jpg", b"\xff\xd8\xff\x00\r\n--x", "image/jpeg")
    assert ask(buyer, order, "POST", path, files={"file": picture}).status_code == 200
    assert codes(ask(buyer, order, "POST", path, files={"photo": picture})) == ["missing_field"]
    assert codes(ask(buyer, order, "POST", path, content=b"no form")) == ["missing_field"]


def test_without_the_token_there_is_nothing(buyer: Buyer, order: Json) -> None:
    for token in ("wrong", "", str(order["id"])):
        assert ask(buyer, {"token": token}, "GET", "order").status_code == 404
    draft = buyer.draft(item(PASS, 1, None), total=CENTS)
    assert ask(buyer, draft, "GET", "order").status_code == 404, "a draft is no order yet"
    other = buyer.bought_for(CENTS, item(PASS, 1, None))
    card = sale(buyer, order)["personalizations"][0]["id"]
    assert (
        ask(buyer, other, "PUT", f"personalizations/{card}", json={"personalization": {}}).status_code == 404
    )


@pytest.mark.parametrize("missing", sorted(HOLDER))
def test_a_holder_needs_everything(buyer: Buyer, order: Json, missing: str) -> None:
    answer = ask(buyer, order, "POST", "customers", json={"customer": HOLDER | {missing: ""}})
    assert codes(answer) == ["missing_field"]
    assert answer.json()["details"][0]["path"] == f"customer.{missing}"


@pytest.mark.parametrize(
    "body", [{}, {"personalization": []}, {"personalization": {"personalizations": "all"}}]
)
def test_odd_bodies_change_nothing(buyer: Buyer, order: Json, body: Json) -> None:
    assert ask(buyer, order, "POST", "personalization/finalize", json=body).status_code in (404, 422)
    card = sale(buyer, order)["personalizations"][0]
    assert codes(ask(buyer, order, "PUT", f"personalizations/{card['id']}", json=body)) == ["invalid_value"]
    assert sale(buyer, order)["status"] == "not_ready_to_send"
