"""Papers of an order: where they are asked for, what is taken for one, how much of it is read."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shop.api import Gomus, Patience, errors
from tests.api import samples
from tests.api.scripted import answer, trickle
from tests.api.talking import Answering, Serving, params

TOKEN = samples.TOKEN
PDF = b"%PDF-1.7\n..."
PASS = b"PK\x03\x04..."
PAPERS: dict[str, Callable[[Gomus], bytes]] = {
    "/orders/7/tickets/11.pdf": lambda gomus: gomus.documents.ticket_pdf(7, 11, TOKEN),
    "/orders/7/events/12.pdf": lambda gomus: gomus.documents.event_pdf("7", 12, TOKEN),
    "/orders/7/tours/13.pdf": lambda gomus: gomus.documents.tour_pdf(7, 13, TOKEN),
    "/orders/7/coupons/14.pdf": lambda gomus: gomus.documents.coupon_pdf(7, 14, TOKEN),
    "/orders/7/invoice.pdf": lambda gomus: gomus.documents.invoice_pdf(7, TOKEN),
    "/orders/7/tickets/11/passbooks/40%2F-5.pkpass": lambda gomus: gomus.documents.passbook(
        7, 11, "40/-5", TOKEN
    ),
}
EVERY = pytest.mark.parametrize("path", list(PAPERS))


def paper(path: str) -> bytes:
    return PASS if path.endswith("pkpass") else PDF


def kind(path: str) -> str:
    return "application/vnd.apple.pkpass" if path.endswith("pkpass") else "application/pdf"


@EVERY
def test_a_paper_is_opened_by_the_token_alone(answering: Answering, path: str) -> None:
    gomus, asked = answering(
        lambda _: httpx.Response(200, content=paper(path), headers={"Content-Type": kind(path)})
    )
    assert PAPERS[path](gomus) == paper(path)
    (request,) = asked
    assert request.url.raw_path.partition(b"?")[0].decode() == f"/api/v4{path}"
    assert params(request) == [("token", TOKEN)]
    assert request.headers["Accept"] == kind(path)
    assert "Authorization" not in request.headers


def test_one_page_in_one_language(answering: Answering) -> None:
    gomus, asked = answering(lambda _: httpx.Response(200, content=PDF))
    gomus.documents.ticket_pdf(7, 11, TOKEN, barcode_id=901221, locale="en")
    gomus.documents.event_pdf(7, 12, TOKEN, barcode_id=901222)
    gomus.documents.invoice_pdf(7, TOKEN, locale="de")
    assert [params(request)[1:] for request in asked] == [
        [("barcode_id", "901221"), ("locale", "en")],
        [("barcode_id", "901222")],
        [("locale", "de")],
    ]


@EVERY
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Wartung</html>", "application/pdf"),
        (b"", "application/pdf"),
        (b"%PDF-1.7", "text/html"),
        (b"PK\x03\x04", "text/html; charset=utf-8"),
        (b'{"error": "no"}', "application/json"),
        (b" %PDF-1.7", "application/pdf"),
        (b"GIF89a", "image/gif"),
    ],
)
def test_what_is_no_paper(answering: Answering, path: str, content: bytes, said: str) -> None:
    gomus, _ = answering(lambda _: httpx.Response(200, content=content, headers={"Content-Type": said}))
    with pytest.raises(errors.Malformed, match="the answer is no"):
        PAPERS[path](gomus)


@EVERY
def test_a_pass_is_no_pdf_and_the_other_way_round(answering: Answering, path: str) -> None:
    other = PDF if path.endswith("pkpass") else PASS
    gomus, _ = answering(lambda _: httpx.Response(200, content=other, headers={"Content-Type": kind(path)}))
    with pytest.raises(errors.Malformed):
        PAPERS[path](gomus)


@EVERY
def test_a_paper_that_is_not_there_yet_or_not_for_this_token(answering: Answering, path: str) -> None:
    gomus, _ = answering(lambda _: httpx.Response(404))
    with pytest.raises(errors.NotFound) as caught:
        PAPERS[path](gomus)
    assert TOKEN not in str(caught.value)


@EVERY
def test_reading_stops_at_the_limit(serving: Serving, path: str) -> None:
    """The server goes on for seconds; who stops reading at 20 MB is done long before."""
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\n"
    gomus, server = serving(trickle(head, piece, pause=0))
    with pytest.raises(errors.Malformed, match="too large"):
        PAPERS[path](gomus)
    assert len(server.asked) == 1


@pytest.mark.parametrize("lost", [answer(500), answer(503, headers={"Retry-After": "1"})])
def test_a_paper_is_asked_for_again(patient: Serving, lost: Any) -> None:
    gomus, server = patient(lost, lost, answer(200, PDF, kind="application/pdf"))
    assert gomus.documents.invoice_pdf(7, TOKEN, patience=Patience.WORKER) == PDF
    assert len(server.asked) == 3
