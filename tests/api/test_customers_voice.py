"""What a customer says: a rating, with the customer's own credentials, and a withdrawal."""

import json
from typing import Any

import httpx
import pytest

from shop.api import Answer, errors
from shop.api.records import CustomerKey, CustomerSession, Rating, Withdrawal
from tests.api import samples
from tests.api.scripted import answer
from tests.api.talking import Answering, Serving, always

RATED = {"order": samples.ORDER | {"rating": 4}}
KEY = CustomerKey("customer-secret")
SESSION = CustomerSession("access-secret", "client-secret", "ida@example.org", 1_900_000_000)
WISH = Withdrawal("507733", "Ida", "Brandt", "ida@example.org", "  please  ")


def test_a_rating_carries_the_customers_key_and_never_ours(answering: Answering) -> None:
    gomus, asked = answering(always(RATED))
    assert gomus.orders.rate(samples.TOKEN, Rating(4), KEY).rating == 4
    (request,) = asked
    assert (request.method, request.url.path) == ("PUT", f"/api/v4/orders/{samples.TOKEN}/rate")
    assert json.loads(request.content) == {"rating": 4}
    assert request.headers["Authorization"] == "Bearer customer-secret"


def test_a_signed_in_customer_has_five_headers_instead_of_a_key(answering: Answering) -> None:
    gomus, asked = answering(always(RATED))
    gomus.orders.rate(samples.TOKEN, Rating(5), SESSION)
    headers = asked[0].headers
    assert "Authorization" not in headers
    names = ("access-token", "client", "uid", "expiry", "token-type")
    assert [headers[name] for name in names] == [
        "access-secret",
        "client-secret",
        "ida@example.org",
        "1900000000",
        "Bearer",
    ]


def test_a_rating_without_a_body_is_looked_up_by_the_same_customer(answering: Answering) -> None:
    said = iter([httpx.Response(204), httpx.Response(200, json=RATED)])
    gomus, asked = answering(lambda _: next(said))
    assert gomus.orders.rate(samples.TOKEN, Rating(4), KEY).rating == 4
    assert [request.method for request in asked] == ["PUT", "GET"]
    assert asked[1].headers["Authorization"] == "Bearer customer-secret"


def test_a_customer_who_is_not_let_in_says_nothing_about_our_key(answering: Answering) -> None:
    heard: list[Answer] = []
    said = iter([httpx.Response(401), httpx.Response(403), httpx.Response(401)])
    gomus, _ = answering(lambda _: next(said), on_answer=heard.append)
    with pytest.raises(errors.Unauthorized):
        gomus.orders.rate(samples.TOKEN, Rating(1), KEY)
    with pytest.raises(errors.Forbidden):
        gomus.orders.rate(samples.TOKEN, Rating(1), KEY)
    with pytest.raises(errors.Unauthorized):
        gomus.orders.get(samples.TOKEN)
    assert [one.ok for one in heard] == [True, True, False]


@pytest.mark.parametrize("lost", [answer(500), answer(200, b"<html>")])
def test_a_rating_whose_answer_is_lost_is_unknown(patient: Serving, lost: Any) -> None:
    gomus, server = patient(lost)
    with pytest.raises(errors.OutcomeUnknown):
        gomus.orders.rate(samples.TOKEN, Rating(1), KEY)
    assert len(server.asked) == 1


@pytest.mark.parametrize("empty", [answer(201), answer(200, {"success": True}), answer(204)])
def test_a_withdrawal_is_taken_with_or_without_words(patient: Serving, empty: Any) -> None:
    gomus, server = patient(empty)
    gomus.orders.withdraw(WISH)
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/api/v4/orders/withdrawals")
    assert json.loads(asked.body) == {
        "order_id": "507733",
        "first_name": "Ida",
        "last_name": "Brandt",
        "email": "ida@example.org",
        "note": "please",
    }


def test_a_blank_note_is_left_out() -> None:
    assert "note" not in Withdrawal("7", "Ida", "Brandt", "ida@example.org", "  ").as_json()


def test_a_refused_withdrawal_names_its_fields(answering: Answering) -> None:
    gomus, _ = answering(always({"email": ["is invalid"]}, 422))
    with pytest.raises(errors.Unprocessable) as caught:
        gomus.orders.withdraw(WISH)
    assert [(detail.path, detail.message) for detail in caught.value.details] == [("email", "is invalid")]


def test_a_withdrawal_is_never_sent_twice(patient: Serving) -> None:
    gomus, server = patient(answer(502))
    with pytest.raises(errors.OutcomeUnknown):
        gomus.orders.withdraw(WISH)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "build",
    [
        lambda: Rating(0),
        lambda: Rating(6),
        lambda: Rating(True),
        lambda: CustomerKey(""),
        lambda: CustomerKey("a b"),
        lambda: CustomerSession("a\r\nX: y", "c", "u", 1),
        lambda: Withdrawal("", "Ida", "Brandt", "ida@example.org"),
        lambda: Withdrawal("7", "Ida", " ", "ida@example.org"),
    ],
)
def test_nonsense_cannot_be_built(build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"^a "):
        build()


def test_nobody_appears_in_the_text_form() -> None:
    said = repr((WISH, KEY, SESSION))
    for secret in ("Brandt", "ida@", "507733", "secret"):
        assert secret not in said
