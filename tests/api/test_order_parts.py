"""The optional sub-resources of an order: there, empty, or not for us."""

import httpx
import pytest

from shop.api import Gomus, errors
from shop.api.records import Invoice
from tests.api import samples
from tests.api.talking import Answering, always

NAMES = ["tickets", "events", "tours", "coupons", "invoices"]


def part(gomus: Gomus, name: str) -> object:
    return getattr(gomus.order_parts, name)("tok/en")


def test_items_of_one_type_are_read_like_those_of_the_order(answering: Answering) -> None:
    row = samples.ORDER["items"][0]  # type: ignore[index]
    gomus, asked = answering(
        always({"tickets": [row], "meta": {"total_count": 1, "page": 1, "per_page": 100}})
    )
    found = gomus.order_parts.tickets(samples.TOKEN)
    assert found is not None
    assert [(item.id, item.ticket_id) for item in found] == [(88120, 311)]
    assert asked[0].url.path == f"/api/v4/orders/{samples.TOKEN}/tickets"


@pytest.mark.parametrize("name", NAMES)
def test_each_has_its_address_and_may_be_empty(answering: Answering, name: str) -> None:
    gomus, asked = answering(always({name: []}))
    assert part(gomus, name) == ()
    assert asked[0].url.raw_path.startswith(f"/api/v4/orders/tok%2Fen/{name}?".encode())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [403, 404, 422])
def test_what_is_not_permitted_is_none_and_no_error(answering: Answering, name: str, status: int) -> None:
    gomus, asked = answering(always({"error": "not implemented/not found"}, status))
    assert part(gomus, name) is None
    assert len(asked) == 1


@pytest.mark.parametrize(("status", "expected"), [(401, errors.Unauthorized), (500, errors.Unavailable)])
def test_other_trouble_is_trouble(
    answering: Answering, status: int, expected: type[errors.GomusError]
) -> None:
    gomus, _ = answering(lambda _: httpx.Response(status))
    with pytest.raises(expected):
        part(gomus, "invoices")


def test_invoices(answering: Answering) -> None:
    row = {
        "id": "7",
        "number": "R-2027-7",
        "created_at": "2027-03-10T09:12:44+01:00",
        "total_price_cents": "3500",
        "url": "/invoices/7.pdf",
    }
    gomus, _ = answering(always({"invoices": [row, {"id": 8}, {"number": "no id"}]}))
    found = gomus.order_parts.invoices(7)
    assert found is not None
    first, second = found
    assert (first.id, first.number, first.total_cents) == (7, "R-2027-7", 3500)
    assert first.url == "http://up.test/invoices/7.pdf"
    assert second == Invoice(8)
    assert "pdf" not in repr(first)
