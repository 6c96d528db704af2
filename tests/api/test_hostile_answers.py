"""Nothing upstream sends raises anything but our errors: a table of hostile answers, for reads and for writes."""

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api import Gomus, Limits, Timeouts, errors
from shop.api.records import Assignment, HoldChange, HoldCreate, Order, OrderCreate, TicketItem
from tests.api import samples
from tests.api.scripted import answer, hang_up, raw, trickle
from tests.api.talking import Serving

DAY = date(2027, 3, 14)
TOKEN = samples.TOKEN
HASTY = Limits(connect=1, read=1, total=2, tries=1)
ORDER = OrderCreate(reference="KMX-01", comment=None, items=(TicketItem(9, 1),), total=900)

READS: dict[str, Callable[[Gomus], object]] = {
    "locales": lambda gomus: gomus.catalogue.locales(),
    "tickets": lambda gomus: list(gomus.catalogue.tickets(("de",))),
    "capacity": lambda gomus: gomus.availability.capacity(9, DAY),
    "an order": lambda gomus: gomus.orders.get(TOKEN),
    "orders": lambda gomus: list(gomus.orders.list(DAY, DAY)),
    "an order's tickets": lambda gomus: gomus.order_parts.tickets(TOKEN),
    "an annual order": lambda gomus: gomus.annual.order(TOKEN),
    "a document": lambda gomus: gomus.documents.ticket_pdf(1, 2, TOKEN),
}
WRITES: dict[str, Callable[[Gomus], object]] = {
    "create": lambda gomus: gomus.orders.create(ORDER),
    "cancel": lambda gomus: gomus.orders.cancel(TOKEN),
    "hold": lambda gomus: gomus.reservations.create(HoldCreate(9, 1, "2027-03-14T11:30:00+01:00")),
    "refresh": lambda gomus: gomus.reservations.refresh("hold", HoldChange(1)),
    "assign": lambda gomus: gomus.annual.assign(TOKEN, 4, Assignment("person", 5)),
}


def deep(open_: bytes, close: bytes, times: int) -> bytes:
    return open_ * times + b"1" + close * times


def packed(content: bytes, coding: str = "gzip") -> Any:
    return answer(200, content, headers={"Content-Encoding": coding})


def with_header(line: bytes) -> Any:
    return raw(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nContent-Length: 2\r\n\r\n[]")


HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"[" * 30_000_000)
# What a caller can never take for an answer.
NONSENSE = {
    "5 MB of text": answer(200, b"x" * 5_000_000, kind="text/plain"),
    "5 MB of JSON that is something else": answer(200, {"words": ["x" * 100] * 50_000}),
    "bytes without end": trickle(HEAD, b"100000\r\n" + b" " * 0x100000 + b"\r\n", pause=0),
    "one byte now and then without end": trickle(HEAD, b"1\r\n \r\n"),
    "a header without end": trickle(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 10_000, pause=0),
    "truncated JSON": answer(200, b'{"order": {"token": "Vt8sQ2mLx0YbR5cKdWf3Gh", "total'),
    "HTML": answer(200, b"<!doctype html><title>Wartung</title>", kind="text/html"),
    "HTML that says it is JSON": answer(200, b"<html>"),
    "an array nested deeply": answer(200, deep(b"[", b"]", 100_000)),
    "an array nested so that it can just be read": answer(200, deep(b"[", b"]", 700)),
    "an object nested so that it can just be read": answer(200, deep(b'{"order":', b"}", 700)),
    "a number of 10000 digits": answer(200, b'{"total": ' + b"9" * 10_000 + b"}"),
    "NaN": answer(200, b'{"total_price_cents": NaN}'),
    "Infinity": answer(200, b"[-Infinity]"),
    "bytes that are no text": answer(200, b'{"a": "\xff\xfe\x80"}'),
    "half a character": answer(200, b'{"a": "\xc3'),
    "a zero byte": answer(200, b"\x00"),
    "gzip that unpacks to 30 MB": packed(BOMB),
    "gzip within gzip": packed(gzip.compress(BOMB), "gzip, gzip"),
    "gzip that is none": packed(b"{}"),
    "gzip that breaks off": packed(gzip.compress(b'{"locales": ["de"]}')[:-12]),
    "an encoding nobody asked for": packed(zlib.compress(b"{}"), "deflate"),
    "an encoding nobody knows": packed(b"{}", "snail"),
    "a length that is no number": raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
    "a chunk of no known size": raw(HEAD + b"zz\r\n{}\r\n"),
    "a header with a zero byte": with_header(b"X-A: \x00"),
    "a header without a name": with_header(b": nameless"),
    "a line that is no header": with_header(b"\xff\xfe\x00 garbage"),
    "status 999": raw(b"HTTP/1.1 999 Strange\r\nContent-Length: 0\r\n\r\n"),
    "status 099": raw(b"HTTP/1.1 099 Strange\r\nContent-Length: 0\r\n\r\n"),
    "another protocol, agreed to": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    "another protocol": hang_up(b"\x16\x03\x01\x00\x00"),
    "a redirect to nowhere": answer(302, headers={"Location": "http://[::1/"}),
    "a redirect to a port that cannot be": answer(302, headers={"Location": "http://127.0.0.1:99999999/"}),
    "a redirect into garbage": answer(302, headers={"Location": "http://\x01\x02"}),
    "a redirect to an impossible name": answer(302, headers={"Location": "http://xn--\x80.test/"}),
    "maintenance for nonsense": answer(503, headers={"Retry-After": "\u0663\u0663 Uhr"}),
    "a 500 with a bomb": answer(500, BOMB, headers={"Content-Encoding": "gzip"}),
    "a 500 in layers": answer(500, b"{}", headers={"Content-Encoding": "gzip, gzip"}),
}  # fmt: skip
# What may be an answer, but must not disturb its reading.
STRANGE = {
    "cookies that are none": {"Set-Cookie": "\xff=;;;===; expires=never; domain=\x7f"},
    "a type that is none": {"Content-Type": ";;;"},
    "a type of HTML": {"Content-Type": "text/html; charset=klingon"},
    "a character set nobody knows": {"Content-Type": "application/json; charset=klingon"},
    "retry after a number of digits": {"Retry-After": "9" * 500},
    "retry after the end of time": {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -2359"},
    "a header in Latin-1": {"X-Museum": "Gem\xe4ldegalerie"},
    "a long header": {"X-Long": "y" * 60_000},
}


def client(serving: Serving, step: Any) -> Gomus:
    gomus, _ = serving(step, timeouts=Timeouts(web=HASTY, worker=HASTY))
    return gomus


@pytest.mark.parametrize("nonsense", list(NONSENSE))
@pytest.mark.parametrize("read", ["locales", "orders", "an order", "a document"])
def test_a_hostile_answer_to_a_read_is_unavailable(serving: Serving, read: str, nonsense: str) -> None:
    gomus = client(serving, NONSENSE[nonsense])
    with pytest.raises(errors.Unavailable) as caught:
        READS[read](gomus)
    assert len(caught.value.raw) <= 2000


@pytest.mark.parametrize("nonsense", list(NONSENSE))
@pytest.mark.parametrize("write", ["create", "hold"])
def test_a_hostile_answer_to_a_write_is_unknown(serving: Serving, write: str, nonsense: str) -> None:
    gomus = client(serving, NONSENSE[nonsense])
    with pytest.raises(errors.OutcomeUnknown):
        WRITES[write](gomus)


@pytest.mark.parametrize(
    "empty", [answer(200), answer(204), answer(200, b" \r\n"), answer(200, b"\xef\xbb\xbf")]
)
@pytest.mark.parametrize("read", list(READS))
def test_an_empty_success_is_no_answer_to_a_read(serving: Serving, read: str, empty: Any) -> None:
    with pytest.raises(errors.Malformed):
        READS[read](client(serving, empty))


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 451])
@pytest.mark.parametrize("write", list(WRITES))
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"\xff\xfe", b"[", deep(b"[", b"]", 100_000), deep(b'{"errors":', b"}", 700), BOMB[:1000],
     b'{"error": {"a": [1]}, "errors": 7, "code": ["x"], "details": [[[]]]}', b'{"errors": {"x": {"y": ["z"]}}}'],
)  # fmt: skip
def test_a_refusal_is_a_refusal_whatever_it_says(
    serving: Serving, write: str, status: int, content: bytes
) -> None:
    with pytest.raises(errors.Refused) as caught:
        WRITES[write](client(serving, answer(status, content)))
    assert caught.value.status == status
    assert all(isinstance(message, str) for message in caught.value.messages)


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "snail"])
def test_a_refusal_counts_even_if_its_explanation_cannot_be_unpacked(serving: Serving, coding: str) -> None:
    step = answer(422, b"\x8b\x02\x80{}\x03", headers={"Content-Encoding": coding})
    with pytest.raises(errors.Unprocessable) as caught:
        WRITES["create"](client(serving, step))
    assert caught.value.messages == ()


def test_a_large_answer_that_makes_sense_is_read(serving: Serving) -> None:
    body = {"order": samples.ORDER | {"comment": "x" * 5_000_000}}
    order = client(serving, answer(200, body)).orders.get(TOKEN)
    assert len(order.comment or "") == 5_000_000


@pytest.mark.parametrize("strange", list(STRANGE))
def test_strange_headers_do_not_spoil_an_answer(serving: Serving, strange: str) -> None:
    step = latin(200, {"order": samples.ORDER}, STRANGE[strange])
    assert client(serving, step).orders.get(TOKEN).token == TOKEN
    assert WRITES["create"](client(serving, step))


@pytest.mark.parametrize("strange", list(STRANGE))
def test_strange_headers_do_not_spoil_a_refusal(serving: Serving, strange: str) -> None:
    step = latin(422, {"error": "Sold out.", "code": "sold_out"}, STRANGE[strange])
    with pytest.raises(errors.Unprocessable, match="sold_out"):
        WRITES["create"](client(serving, step))


def latin(status: int, body: object, headers: dict[str, str]) -> Any:
    """An honest answer but for its headers, which go out as Latin-1."""
    content = json.dumps(body).encode()
    all_headers = {"Content-Type": "application/json", "Content-Length": str(len(content))} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return raw(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1") + content)


LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("2027-03-14T11:30:00+01:00")
NAMES = st.sampled_from(
    ["order", "orders", "items", "attributes", "id", "token", "total", "quantities", "seats", "barcodes", "prices",
     "sub_ticket_times", "equipment", "codes", "meta", "total_count", "customer", "ticket_sales", "title"]
)  # fmt: skip
ANSWERS = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(payload=ANSWERS, write=st.sampled_from(list(WRITES)), read=st.sampled_from(list(READS)))
def test_any_json_is_read_or_one_of_our_errors(payload: object, write: str, read: str) -> None:
    body = json.dumps(payload).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    gomus = Gomus("http://up.test", "key", transport=transport, timeouts=Timeouts(worker=HASTY))
    try:
        for call in (READS[read], WRITES[write]):
            try:
                call(gomus)
            except errors.GomusError as error:
                assert str(error)
    finally:
        gomus.close()


@given(changes=st.dictionaries(NAMES, ANSWERS, min_size=1, max_size=6))
def test_an_order_with_anything_in_its_items_is_still_an_order(changes: dict[str, object]) -> None:
    item = {"type": "Event", "attributes": changes} | changes
    body = json.dumps({"order": samples.ORDER | {"items": [item]}}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    gomus = Gomus("http://up.test", "key", transport=transport)
    order: Order = gomus.orders.get(TOKEN)
    gomus.close()
    assert len(order.items) == 1
