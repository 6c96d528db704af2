"""The papers of an order: who may have them, and what is in them."""

import io
import json
import zipfile

import httpx
import pypdfium2
import pytest

from tests.sandbox.buyer import ADULT, NAMED, Buyer, Json, item
from tests.sandbox.visits import a_date, a_start, event, free_seats, goods, tour
from tests.sandbox_process import Sandbox


def paper(buyer: Buyer, order: Json, path: str, **query: str) -> httpx.Response:
    return buyer.http.get(f"/orders/{order['id']}/{path}", params={"token": order["token"]} | query)


def pages(answer: httpx.Response) -> list[str]:
    """Return the text of every page of a PDF."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    return [page.get_textpage().get_text_bounded() for page in document]


def everything(buyer: Buyer) -> Json:
    """Buy one of each; the parts of the order in the order of the API's types."""
    date, at = a_date(buyer, 821), a_start(buyer, 930, 12)
    seats = [{"seat_id": seat, "scale_price_id": 71} for seat in free_seats(buyer, date)[1][:2]]
    return buyer.bought_for(
        2800 + 4800 + 10500 + 2000,
        item(ADULT, 2, buyer.time()),
        event(date, seats=seats),
        tour(930, at, quantity=12, surcharges={"15": 1}),
        goods("Coupon", 4),
    )


def test_every_type_has_its_paper(buyer: Buyer) -> None:
    order = everything(buyer)
    ticket, concert, group, voucher = (line["attributes"] for line in order["items"])
    tickets = pages(paper(buyer, order, f"tickets/{ticket['id']}.pdf"))
    assert [row["barcode"] in page for row, page in zip(ticket["barcodes"], tickets, strict=True)] == [
        True,
        True,
    ]
    seats = pages(paper(buyer, order, f"events/{concert['id']}.pdf"))
    assert [row["barcode"] in page for row, page in zip(concert["seats"], seats, strict=True)] == [True, True]
    [sheet] = pages(paper(buyer, order, f"tours/{group['id']}.pdf", locale="en"))
    assert "12 people" in sheet
    [gift] = pages(paper(buyer, order, f"coupons/{voucher['id']}.pdf"))
    assert voucher["codes"][0] in gift
    [bill] = pages(paper(buyer, order, "invoice.pdf"))
    assert "Summe 201,00 EUR" in bill


def test_one_ticket_alone_and_in_another_language(buyer: Buyer) -> None:
    order = buyer.bought()
    told = order["items"][0]["attributes"]
    second = told["barcodes"][1]
    [page] = pages(
        paper(buyer, order, f"tickets/{told['id']}.pdf", barcode_id=str(second["id"]), locale="en")
    )
    assert second["barcode"] in page
    assert "ticket 2 of 2" in page
    assert paper(buyer, order, f"tickets/{told['id']}.pdf", barcode_id="1").status_code == 404


def test_names_of_any_alphabet_can_be_printed(buyer: Buyer) -> None:
    people = [{"name": "Łucja", "surname": "Đặng–Šimůnek"}]
    order = buyer.bought(item(NAMED, 1, buyer.time(NAMED), attendees=people))
    [page] = pages(paper(buyer, order, f"tickets/{order['items'][0]['attributes']['id']}.pdf"))
    assert "ucja" in page


def test_a_wallet_pass_carries_the_code(buyer: Buyer) -> None:
    told = buyer.bought()["items"][0]["attributes"]
    row = told["barcodes"][0]
    answer = httpx.get(f"{buyer.sandbox.base_url}{row['passbook_url']}")
    assert answer.headers["content-type"] == "application/vnd.apple.pkpass"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("pass.json"))["barcodes"][0]["message"] == row["barcode"]
    assert httpx.get(f"{buyer.sandbox.base_url}{row['passbook_url']}x").status_code == 404


def test_a_visit_can_be_put_into_a_calendar(buyer: Buyer) -> None:
    told = buyer.bought()["items"][0]["attributes"]
    answer = httpx.get(f"{buyer.sandbox.base_url}{told['ical_url']}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert answer.text.endswith("END:VCALENDAR\r\n")


def test_papers_open_by_token_as_by_id(buyer: Buyer) -> None:
    order = buyer.bought()
    path = f"/orders/{order['token']}/invoice.pdf"
    assert buyer.http.get(path, params={"token": order["token"]}).status_code == 200


@pytest.mark.parametrize("folder", ["events", "tours", "coupons"])
def test_a_ticket_is_no_other_paper(buyer: Buyer, folder: str) -> None:
    order = buyer.bought()
    sale = order["items"][0]["attributes"]["id"]
    assert paper(buyer, order, f"{folder}/{sale}.pdf").status_code == 404


def test_a_cancelled_item_has_no_paper(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    order = buyer.bought(item(ADULT, 1, at), item(ADULT, 2, at))
    gone, kept = order["items"]
    buyer.cancel(order["id"], {"order_item_ids": [gone["id"]]})
    assert paper(buyer, order, f"tickets/{gone['attributes']['id']}.pdf").status_code == 404
    assert paper(buyer, order, f"tickets/{kept['attributes']['id']}.pdf").status_code == 200


def test_parts_of_an_order_are_listed_by_permission(buyer: Buyer, sandbox: Sandbox) -> None:
    order = everything(buyer)

    def listed(part: str) -> httpx.Response:
        return buyer.http.get(f"/orders/{order['id']}/{part}")

    types = {"tickets": "Ticket", "events": "Event", "tours": "Tour", "coupons": "Coupon"}
    for part, kind in types.items():
        assert [row["type"] for row in listed(part).json()[part]] == [kind]
    [bill] = listed("invoices").json()["invoices"]
    assert (bill["id"], bill["total_price_cents"]) == (order["id"], 20100)
    assert httpx.get(f"{sandbox.base_url}{bill['url']}").status_code == 200
    sandbox.switch(list_permission="tickets,tours")
    assert [listed(part).status_code for part in (*types, "invoices")] == [200, 422, 200, 422, 422]
    assert listed("events").json()["code"] == "not_implemented"
    assert listed("balloons").status_code == 404
