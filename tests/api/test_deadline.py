"""The total time of a call is bounded whatever the server does: silence, trickling headers, endless bodies."""

import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from shop.api import Gomus, Limits, Patience, Timeouts, errors, wire
from shop.api.records import OrderCreate, TicketItem
from shop.api.wire import Deadline, bounded
from tests.api.scripted import answer, silence, trickle
from tests.api.talking import Serving
from tests.waiting import until

TOTAL = 0.4
# Far above the total time, for a slow machine, and far below the five seconds the server would go on.
TOO_LONG = 3.0
HASTY = Timeouts(
    web=Limits(connect=0.2, read=0.2, total=TOTAL, tries=1),
    worker=Limits(connect=0.2, read=0.2, total=TOTAL, tries=5),
)
ORDER = OrderCreate(reference="KMX-01", comment=None, items=(TicketItem(9, 1),), total=900)

SLOW_HEADERS = trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a")
SLOW_INTERIM = trickle(b"", b"HTTP/1.1 102 Processing\r\n\r\n")
SLOW_BODY = trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" ")
ENDLESS_BODY = trickle(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")
ENDLESS_ERROR = trickle(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")


def seconds(what: Callable[[], object]) -> float:
    started = time.monotonic()
    what()
    return time.monotonic() - started


@pytest.mark.parametrize(
    "step", [silence(), SLOW_HEADERS, SLOW_INTERIM, SLOW_BODY, ENDLESS_BODY, ENDLESS_ERROR]
)
@pytest.mark.parametrize("patience", list(Patience))
def test_no_answer_lasts_longer_than_the_total_time(serving: Serving, step: Any, patience: Patience) -> None:
    gomus, _ = serving(step, timeouts=HASTY)

    def read() -> None:
        with pytest.raises(errors.Unavailable):
            gomus.catalogue.locales(patience=patience)

    assert seconds(read) < TOO_LONG


@pytest.mark.parametrize("step", [silence(), SLOW_HEADERS, SLOW_BODY])
def test_a_write_that_takes_too_long_is_unknown(serving: Serving, step: Any) -> None:
    gomus, server = serving(step, timeouts=HASTY)
    with pytest.raises(errors.OutcomeUnknown):
        gomus.orders.create(ORDER)
    until(lambda: server.asked, what="the slow server reading the request")
    assert len(server.asked) == 1, "it was not sent again"


def test_waits_between_tries_count_too(serving: Serving) -> None:
    gomus, server = serving(answer(503, headers={"Retry-After": "1"}), timeouts=HASTY)

    def read() -> None:
        with pytest.raises(errors.Unavailable):
            gomus.catalogue.locales()

    assert seconds(read) < 1
    assert len(server.asked) == 1


def test_a_server_whose_door_is_full_is_not_waited_for_long() -> None:
    """A listener with a full queue never completes a connection: the connect limit must end it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
            waiting.append(caller)
        gomus = Gomus(f"http://127.0.0.1:{listener.getsockname()[1]}", "key", timeouts=HASTY)

        def write() -> None:
            with pytest.raises(errors.Unavailable):
                gomus.orders.create(ORDER)

        assert seconds(write) < TOO_LONG
        gomus.close()
        for caller in waiting:
            caller.close()


def test_a_call_that_finds_no_free_place_in_time_was_not_sent(serving: Serving) -> None:
    one_long = Timeouts(web=HASTY.web, worker=Limits(connect=1, read=5, total=5, tries=1))
    gomus, server = serving(silence(), timeouts=one_long)
    for _ in range(4):
        gomus._caller._places.acquire()
    with pytest.raises(errors.Unavailable, match="no free connection"):
        gomus.orders.create(ORDER, patience=Patience.WEB)
    assert server.asked == []


def test_a_bound_only_ever_shortens_a_time_limit_and_ends_with_its_block() -> None:
    with bounded(Deadline(10)):
        assert wire._clamp(3.0, TimeoutError) == 3.0
        for limit in (60.0, None):
            assert 9 < (wire._clamp(limit, TimeoutError) or 0) <= 10
    with bounded(Deadline(0)), pytest.raises(TimeoutError):
        wire._clamp(3.0, TimeoutError)
    assert wire._clamp(60.0, TimeoutError) == 60.0


def test_a_picture_elsewhere_is_never_fetched_from_a_private_network() -> None:
    gomus = Gomus("https://up.test", "key", timeouts=HASTY)
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(gomus):
        listener.setblocking(False)
        with pytest.raises(errors.Unavailable):
            gomus.catalogue.picture(f"http://localhost:{listener.getsockname()[1]}/x.jpg")
        with pytest.raises(BlockingIOError):
            listener.accept()
