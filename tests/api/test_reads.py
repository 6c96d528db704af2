"""Reads over real sockets: tried again where that may help, given up where not."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from shop.api import Patience, RetryPolicy, errors
from tests.api.scripted import answer, hang_up, raw
from tests.api.talking import Serving

LOCALES = {"locales": ["de", "en"]}
FINE = answer(200, LOCALES)


@pytest.mark.parametrize("trouble", [answer(status) for status in (429, 500, 502, 503, 504)] + [hang_up()])
def test_a_read_is_tried_again_until_it_works(patient: Serving, slept: list[float], trouble: Any) -> None:
    gomus, server = patient(trouble, trouble, trouble, trouble, FINE)
    assert gomus.catalogue.locales() == ["de", "en"]
    assert len(server.asked) == 5
    assert len(slept) == 4
    assert all(0 <= seconds <= bound for seconds, bound in zip(slept, (0.5, 1, 2, 4), strict=True))


def test_a_read_is_given_up_after_five_tries(patient: Serving) -> None:
    gomus, server = patient(answer(502, b"<title>Bad Gateway</title>", kind="text/html"))
    with pytest.raises(errors.Unavailable) as caught:
        gomus.catalogue.locales()
    assert len(server.asked) == 5
    assert (caught.value.status, caught.value.retry_after) == (502, None)
    assert "Bad Gateway" in caught.value.raw
    assert str(caught.value) == "GET /locales: answered 502"


def test_a_visitor_waits_for_one_try_only(patient: Serving, slept: list[float]) -> None:
    gomus, server = patient(answer(500), FINE)
    with pytest.raises(errors.Unavailable):
        gomus.catalogue.locales(patience=Patience.WEB)
    assert len(server.asked) == 1
    assert slept == []


@pytest.mark.parametrize("status", [401, 403, 404, 405, 422, 501])
def test_an_answer_that_will_not_change_is_not_asked_for_twice(patient: Serving, status: int) -> None:
    gomus, server = patient(answer(status, {"error": "no"}), FINE)
    with pytest.raises(errors.GomusError) as caught:
        gomus.catalogue.locales()
    assert len(server.asked) == 1
    assert isinstance(caught.value, errors.Unavailable if status == 501 else errors.Refused)


def test_retry_after_is_waited_for(patient: Serving, slept: list[float]) -> None:
    wait = {"Retry-After": "7"}
    gomus, _ = patient(answer(429, headers=wait), answer(503, headers=wait), FINE)
    gomus.catalogue.locales()
    assert slept == [7.0, 7.0]


def test_retry_after_may_be_a_date(patient: Serving, slept: list[float]) -> None:
    then = {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)}
    gomus, server = patient(answer(503, headers=then), answer(429, headers=then), FINE)
    assert gomus.catalogue.locales() == ["de", "en"]
    assert len(server.asked) == 3
    assert all(10 < seconds <= 20 for seconds in slept)


def test_a_wait_beyond_the_budget_is_told_instead(patient: Serving, slept: list[float]) -> None:
    gomus, server = patient(answer(503, headers={"Retry-After": "600"}), FINE)
    with pytest.raises(errors.Unavailable) as caught:
        gomus.catalogue.locales()
    assert caught.value.retry_after == 600
    assert (len(server.asked), slept) == (1, [])


@pytest.mark.parametrize(
    "nonsense",
    [
        answer(200, b"<html>Maintenance</html>", kind="text/html"),
        answer(200, b'{"locales": ["de"'),
        answer(200, b""),
        answer(204),
        answer(200, {"something": "else"}),
        answer(200, b"\x1f\x8bnot gzip at all", headers={"Content-Encoding": "identity"}),
    ],
)
def test_a_read_that_cannot_be_understood_is_malformed(patient: Serving, nonsense: Any) -> None:
    gomus, server = patient(nonsense)
    with pytest.raises(errors.Malformed) as caught:
        gomus.catalogue.locales()
    assert len(server.asked) == 1
    assert caught.value.status in {200, 204}


def test_what_could_not_be_understood_is_kept_for_staff(patient: Serving) -> None:
    gomus, _ = patient(answer(200, b"<html>Maintenance</html>" + b" " * 5000, kind="text/html"))
    with pytest.raises(errors.Malformed) as caught:
        gomus.catalogue.locales()
    assert caught.value.raw.startswith("<html>Maintenance</html>")
    assert len(caught.value.raw) == 2000
    assert str(caught.value) == "GET /locales: the answer is no JSON"


CUT = hang_up(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"locales"')
BAD_GZIP = raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")
NO_HTTP = hang_up(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize("broken", [CUT, BAD_GZIP, NO_HTTP, hang_up(b"HTTP/1.1 200"), hang_up()])
def test_a_read_that_breaks_off_is_tried_again(patient: Serving, broken: Any) -> None:
    gomus, server = patient(broken, FINE)
    assert gomus.catalogue.locales() == ["de", "en"]
    assert len(server.asked) == 2


def test_jitter_is_really_random(slept: list[float], serving: Serving) -> None:
    gomus, _ = serving(answer(500), sleep=slept.append, retry=RetryPolicy(base=1000.0, cap=10.0))
    with pytest.raises(errors.Unavailable):
        gomus.catalogue.locales()
    assert len(set(slept)) > 1
    assert max(slept) <= 10
