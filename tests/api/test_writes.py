"""Writes over real sockets: never repeated unless nothing can have happened."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from shop.api import Gomus, errors
from shop.api.records import Customer, Finalize, OrderCreate, Payment, TicketItem
from tests.api import samples
from tests.api.scripted import answer, closed_port, hang_up
from tests.api.talking import Answering, Serving

ORDER = OrderCreate(reference="KMX-01", comment=None, items=(TicketItem(9, 1),), total=900)
CREATED = answer(201, {"order": samples.ORDER})
CLOSING = Finalize(
    Customer(name="Ida", surname="Brandt", email="ida@example.org"), Payment("pay_1", "sepa", "Bank debit")
)


CUT = hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"locales"')
NO_HTTP = hang_up(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize(
    "lost",
    [
        hang_up(),
        hang_up(b"HTTP/1.1 201 Created\r\nContent-Le"),
        CUT,
        NO_HTTP,
        answer(500),
        answer(502),
        answer(503),
        answer(503, headers={"Retry-After": "soon"}),
        answer(504),
        answer(408),
        answer(303, headers={"Location": "/api/v4/orders/1"}),
        answer(201, b""),
        answer(204),
        answer(201, b"<html>thanks</html>", kind="text/html"),
        answer(201, {"success": True}),
        answer(201, {"order": {"token": samples.TOKEN}}),
    ],
)
def test_a_write_without_a_trustworthy_answer_is_never_repeated(
    patient: Serving, slept: list[float], lost: Any
) -> None:
    gomus, server = patient(lost, CREATED)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        gomus.orders.create(ORDER)
    assert len(server.asked) == 1
    assert slept == []
    assert str(caught.value).startswith("POST /orders: ")


def test_a_write_is_repeated_after_too_many_requests(patient: Serving, slept: list[float]) -> None:
    gomus, server = patient(answer(429, headers={"Retry-After": "3"}), CREATED)
    assert gomus.orders.create(ORDER).order.token == samples.TOKEN
    assert slept == [3.0]
    assert server.asked[0].body == server.asked[1].body


def test_a_write_waits_until_the_time_it_is_told(patient: Serving, slept: list[float]) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    gomus, server = patient(answer(429, headers={"Retry-After": then}), CREATED)
    assert gomus.orders.create(ORDER).order.token == samples.TOKEN
    assert len(server.asked) == 2
    assert 20 < slept[0] <= 30


def test_a_write_told_to_wait_without_a_time_waits_a_little(patient: Serving, slept: list[float]) -> None:
    gomus, server = patient(answer(429), answer(429), CREATED)
    gomus.orders.create(ORDER)
    assert len(server.asked) == 3
    assert all(seconds <= bound for seconds, bound in zip(slept, (0.5, 1), strict=True))


def test_maintenance_that_says_for_how_long_has_not_processed_a_write(patient: Serving) -> None:
    gomus, server = patient(answer(503, headers={"Retry-After": "30"}), CREATED)
    with pytest.raises(errors.Unavailable) as caught:
        gomus.orders.create(ORDER)
    assert caught.value.retry_after == 30
    assert len(server.asked) == 1


def test_a_write_that_could_not_be_sent_is_repeated_and_then_certainly_not_done(slept: list[float]) -> None:
    gomus = Gomus(f"http://127.0.0.1:{closed_port()}", "key", sleep=slept.append)
    with pytest.raises(errors.Unavailable) as caught:
        gomus.orders.create(ORDER)
    gomus.close()
    assert len(slept) == 4
    assert str(caught.value) == "POST /orders: no connection (ConnectError)"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_counts_as_not_sent(answering: Answering, error: type[httpx.RequestError]) -> None:
    tried: list[int] = []

    def handler(_: httpx.Request) -> httpx.Response:
        tried.append(1)
        if len(tried) < 3:
            raise error("no")
        return httpx.Response(201, json={"order": samples.ORDER})

    gomus, _ = answering(handler)
    assert gomus.orders.create(ORDER).order.token == samples.TOKEN
    assert len(tried) == 3


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.CloseError,
     httpx.RemoteProtocolError, httpx.LocalProtocolError, httpx.DecodingError],
)  # fmt: skip
def test_what_counts_as_perhaps_done(answering: Answering, error: type[httpx.RequestError]) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error("lost")

    gomus, asked = answering(handler)
    with pytest.raises(errors.OutcomeUnknown):
        gomus.orders.create(ORDER)
    assert len(asked) == 1


def test_a_refused_write_is_final_and_says_why(patient: Serving) -> None:
    body = {"error": "Sold out.", "code": "sold_out", "details": [{"code": "sold_out", "path": "items[0]"}]}
    gomus, server = patient(answer(422, body), CREATED)
    with pytest.raises(errors.Unprocessable) as caught:
        gomus.orders.create(ORDER)
    assert len(server.asked) == 1
    assert (caught.value.code, caught.value.messages) == ("sold_out", ("Sold out.",))
    assert caught.value.details[0].item_index == 0


def test_a_refusal_counts_even_if_its_explanation_breaks_off(patient: Serving) -> None:
    gomus, _ = patient(hang_up(b'HTTP/1.1 422 No\r\nContent-Length: 500\r\n\r\n{"error"'))
    with pytest.raises(errors.Unprocessable):
        gomus.orders.create(ORDER)


@pytest.mark.parametrize("empty", [answer(204), answer(200, b""), answer(200, {"success": True})])
@pytest.mark.parametrize("write", ["finalize", "cancel"])
def test_success_without_an_order_is_read_again(patient: Serving, empty: Any, write: str) -> None:
    gomus, server = patient(empty, answer(200, {"order": samples.ORDER | {"id": 7, "completed": True}}))
    assert call(gomus, write).id == 7
    assert [asked.method for asked in server.asked] == ["POST", "GET"]
    assert server.asked[1].target == f"/api/v4/orders/{samples.TOKEN}"


def call(gomus: Gomus, write: str) -> Any:
    if write == "cancel":
        return gomus.orders.cancel(samples.TOKEN)
    return gomus.orders.finalize(samples.TOKEN, CLOSING)


@pytest.mark.parametrize("write", ["finalize", "cancel"])
def test_success_that_cannot_be_read_again_is_unknown(patient: Serving, write: str) -> None:
    gomus, _ = patient(answer(204), answer(404))
    with pytest.raises(errors.OutcomeUnknown):
        call(gomus, write)


@pytest.mark.parametrize("write", ["finalize", "cancel"])
def test_success_in_html_is_unknown(patient: Serving, write: str) -> None:
    gomus, server = patient(answer(200, b"<html>", kind="text/html"), CREATED)
    with pytest.raises(errors.OutcomeUnknown):
        call(gomus, write)
    assert len(server.asked) == 1
