"""The whole shop is killed in the middle of a purchase and started again: the order ends exactly once.

Real processes, real SIGKILL. The museum (or the mail server) holds the request at hand, so the moment is certain.
(A reservation that never arrived is looked for over two minutes before it is made again: see tests/orders, where the
clock can be moved.)
"""

import os
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.faults.letterbox import Letterbox
from tests.faults.shop import Placed, Shop
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.processes
needs_postgresql = pytest.mark.skipif(
    "TEST_DATABASE_URL" not in os.environ, reason="a file has no connections that could be cut"
)
STORY = ["create", "pay", "finalize", "documents"]


@pytest.fixture(scope="module")
def letterbox() -> Iterator[Letterbox]:
    box = Letterbox()
    yield box
    box.stop()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, letterbox: Letterbox) -> Iterator[Shop]:
    stack = Stack(
        tmp_path_factory.mktemp("killed"),
        ORDER_LEASE_SECONDS="3",
        MAIL_SECONDS="2",
        SWEEP_SECONDS="1",
        EMAIL_URL=letterbox.url,
    )
    try:
        eyes = Shop(stack.open())
        yield eyes
        eyes.close()
    finally:
        stack.stop()


def cut_the_power(shop: Shop, letterbox: Letterbox) -> None:
    """Kill everything of the shop (the museum goes on), then open the letterbox and start the shop again.

    A mail taken at the very moment of the kill would rightly come twice, which is another test's matter.
    """
    shop.stack.kill("worker", "web")
    letterbox.open()
    shop.stack.start("worker", "web")


def ends_once(shop: Shop, letterbox: Letterbox, order: Placed) -> None:
    """The order becomes ready; one booking, one payment, one of each mail, one story."""
    until(lambda: shop.is_ready(order), seconds=60, what=f"{order.number} being ready")
    until(lambda: len(mails(letterbox, order)) >= 2, seconds=60, what="both mails")
    seen = shop.look(order)
    (booking,) = shop.ledger(order)
    live = [reference for reference, state in seen["payments"] if state in ("captured", "promised")]
    assert (booking["status"], live) == ("finalized", [booking["payment_id"]])
    assert seen["barcodes"] == 2
    assert seen["charges"] in ([], ["captured"])
    assert {state for _, state in seen["documents"]} <= {"stored", "waiting"}
    done = [step for step, outcome in seen["journal"] if outcome == "ok" and step in STORY]
    assert all(STORY.index(one) <= STORY.index(next_one) for one, next_one in pairwise(done)), seen["journal"]
    assert [kind for kind, _ in sorted(seen["deliveries"])] == ["ready", "received"]
    assert len(mails(letterbox, order)) == len(set(mails(letterbox, order))) == 2


def mails(letterbox: Letterbox, order: Placed) -> list[str]:
    return [message_id for message_id in letterbox.ids() if order.number in message_id]


@pytest.mark.parametrize(
    ("route", "kind"),
    [
        ("POST /orders", "delay_after"),
        ("POST /orders/:id/finalize", "delay_before"),
        ("POST /orders/:id/finalize", "delay_after"),
        ("GET /orders/:id/tickets/:sale.pdf", "delay_before"),
    ],
)
def test_killed_while_the_museum_is_asked(shop: Shop, letterbox: Letterbox, route: str, kind: str) -> None:
    letterbox.close()
    shop.trap(route, kind, seconds=4)
    order = shop.place("invoice")
    until(shop.trapped, seconds=30, what=f"{kind} of {route}")
    cut_the_power(shop, letterbox)
    ends_once(shop, letterbox, order)


def test_killed_between_reserving_paying_and_collecting(shop: Shop, letterbox: Letterbox) -> None:
    order = shop.place("demo")
    until(lambda: "Please pay now" in shop.page(order), seconds=30, what="the way to pay")
    shop.stack.kill("worker", "web")
    shop.stack.start("web")
    own = f"/en/order/{order.secret}/"
    charge = shop.submit(shop.visitor.get(own), f"{own}pay/")
    back = shop.submit(charge, str(charge.url), decision="pay")
    assert "confirming your payment" in back.text
    cut_the_web(shop)
    ends_once(shop, letterbox, order)


def cut_the_web(shop: Shop) -> None:
    shop.stack.kill("web")
    shop.stack.start("worker", "web")


def test_killed_while_a_mail_is_handed_over(shop: Shop, letterbox: Letterbox) -> None:
    letterbox.close()
    order = shop.place("invoice")
    until(letterbox.waiting.is_set, seconds=30, what="a mail being handed over")
    shop.stack.kill("worker", "web")
    letterbox.open()
    shop.stack.start("worker", "web")
    ends_once(shop, letterbox, order)


def test_killed_again_and_again(shop: Shop, letterbox: Letterbox) -> None:
    letterbox.close()
    shop.trap("POST /orders", "delay_after", seconds=3)
    order = shop.place("invoice")
    until(shop.trapped, seconds=30, what="the first trap")
    shop.trap("POST /orders/:id/finalize", "delay_after", seconds=3)
    cut_the_power(shop, letterbox)
    letterbox.close()
    until(shop.trapped, seconds=30, what="the second trap")
    cut_the_power(shop, letterbox)
    ends_once(shop, letterbox, order)


@needs_postgresql
def test_the_database_goes_away_and_comes_back(shop: Shop, letterbox: Letterbox) -> None:
    """Once between two pages, once while a worker waits for the museum's booking and then cannot write it down."""
    letterbox.close()
    order = shop.place("demo")
    until(lambda: "Please pay now" in shop.page(order), seconds=30, what="the way to pay")
    own = f"/en/order/{order.secret}/"
    before = shop.visitor.get(own)
    shop.stack.close_database()
    assert shop.visitor.get(own).status_code >= 500
    shop.stack.open_database()
    charge = shop.submit(before, f"{own}pay/")
    shop.trap("POST /orders/:id/finalize", "delay_after", seconds=4)
    shop.submit(charge, str(charge.url), decision="pay")
    until(shop.trapped, seconds=30, what="the booking on its way")
    told = len(shop.stack.log)
    shop.stack.close_database()
    until(lambda: cannot_write(shop.stack.log[told:]), seconds=30, what="the worker missing its database")
    letterbox.open()
    shop.stack.open_database()
    ends_once(shop, letterbox, order)


def cannot_write(log: list[str]) -> bool:
    """Has the worker that held the order said that it lost it?"""
    return any(line.startswith("worker") and "orders.advance" in line and "raised" in line for line in log)
