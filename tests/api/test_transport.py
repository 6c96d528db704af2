"""The connection itself: compression, sizes, redirects, cookies, and how many calls at once."""

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from shop.api import Patience, errors
from tests.api.scripted import answer, hang_up
from tests.api.talking import Answering, Serving
from tests.waiting import until

LOCALES = {"locales": ["de", "en"]}
FINE = answer(200, LOCALES)


CUT = hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"locales"')


def test_compressed_answers_and_connections_kept_alive(patient: Serving) -> None:
    packed = gzip.compress(json.dumps(LOCALES).encode())
    gomus, server = patient(answer(200, packed, headers={"Content-Encoding": "gzip"}))
    for _ in range(3):
        assert gomus.catalogue.locales() == ["de", "en"]
    assert (len(server.asked), server.connections) == (3, 1)


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_swallowed(patient: Serving) -> None:
    bomb = gzip.compress(b" " * 25_000_000)
    assert len(bomb) < 50_000
    gomus, _ = patient(answer(200, bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(errors.Malformed, match="too large"):
        gomus.catalogue.locales()


def test_documents_have_a_size_limit(answering: Answering) -> None:
    pdf = b"%PDF-1.7" + b"x" * 20_000_000
    gomus, _ = answering(
        lambda _: httpx.Response(200, content=pdf, headers={"Content-Type": "application/pdf"})
    )
    with pytest.raises(errors.Malformed, match="too large"):
        gomus.documents.ticket_pdf("1", 2, "tok")


def test_a_read_follows_redirects_within_the_host(patient: Serving) -> None:
    gomus, server = patient(answer(301, headers={"Location": "/api/v4/locales/"}), FINE)
    assert gomus.catalogue.locales() == ["de", "en"]
    assert [asked.target for asked in server.asked] == ["/api/v4/locales", "/api/v4/locales/"]
    assert server.asked[1].headers["authorization"] == "Bearer secret-key"


@pytest.mark.parametrize(
    "target",
    ["http://elsewhere.test/", "https://127.0.0.1/", "//elsewhere.test/", "http://[", "file:///etc/passwd"],
)
def test_no_redirect_leads_to_another_host(patient: Serving, target: str) -> None:
    gomus, server = patient(answer(302, headers={"Location": target}), FINE)
    with pytest.raises(errors.Malformed):
        gomus.catalogue.locales()
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("target", "followed"), [("https://cdn.test/x.jpg", True), ("https://other.test/x.jpg", False)]
)
def test_a_picture_may_move_to_https_on_its_host(answering: Answering, target: str, followed: bool) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(301, headers={"Location": target})
        return httpx.Response(200, content=b"x", headers={"Content-Type": "image/png"})

    gomus, asked = answering(handler)
    if followed:
        assert gomus.catalogue.picture("http://cdn.test/x.jpg").content == b"x"
    else:
        with pytest.raises(errors.Malformed):
            gomus.catalogue.picture("http://cdn.test/x.jpg")
    assert len(asked) == 1 + followed


def test_redirects_in_a_circle_end(patient: Serving) -> None:
    gomus, server = patient(answer(302, headers={"Location": "/api/v4/locales"}))
    with pytest.raises(errors.Malformed):
        gomus.catalogue.locales()
    assert len(server.asked) == 4


def test_cookies_are_not_kept(patient: Serving) -> None:
    gomus, server = patient(answer(200, LOCALES, headers={"Set-Cookie": "session=somebody; Path=/"}))
    gomus.catalogue.locales()
    gomus.catalogue.locales()
    assert "cookie" not in server.asked[1].headers


def test_at_most_four_calls_at_once(serving: Serving) -> None:
    gate, lock, now, most = threading.Event(), threading.Lock(), [0], [0]

    def step(connection: Any) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        gate.wait(20)
        with lock:
            now[0] -= 1
        FINE(connection)

    gomus, server = serving(step)
    with ThreadPoolExecutor(10) as pool:
        results = [pool.submit(gomus.catalogue.locales) for _ in range(10)]
        until(lambda: now[0] == 4, what="four calls at the server")
        gate.set()
        assert [result.result(20) for result in results] == [["de", "en"]] * 10
    assert most[0] == 4
    assert len(server.asked) == 10
    assert server.connections <= 4


def test_a_place_is_given_back_after_every_failure(patient: Serving) -> None:
    steps = [hang_up(), answer(500), answer(200, b"<html>"), CUT, answer(422), answer(201, b"")]
    gomus, _ = patient(*steps, FINE)
    for _ in steps:
        with pytest.raises(errors.GomusError):
            gomus.catalogue.locales(patience=Patience.WEB)
    for _ in range(5):
        assert gomus.catalogue.locales(patience=Patience.WEB) == ["de", "en"]
