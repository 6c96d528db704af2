"""Many buyers at once: exactly what is there is sold, whatever its kind."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.sandbox.buyer import ADULT, Buyer, Json, item
from tests.sandbox.visits import a_date, a_start, event, free_seats, tour
from tests.sandbox_process import Sandbox

MANY = 100


def at_once(buyer: Buyer, bodies: list[Json]) -> Counter[int]:
    with (
        httpx.Client(base_url=buyer.http.base_url, headers=buyer.http.headers, timeout=60) as http,
        ThreadPoolExecutor(20) as pool,
    ):
        return Counter(pool.map(lambda body: http.post("/orders", json=body).status_code, bodies))


def body(line: Json, total: int) -> Json:
    return {"reference": "R", "items": [line], "total": total}


def test_a_hundred_for_ten_seats_of_a_date(buyer: Buyer, sandbox: Sandbox) -> None:
    line = event(a_date(buyer, 822, left=10), quantity=1)
    assert at_once(buyer, [body(line, 400)] * MANY) == {201: 10, 422: 90}
    assert len(sandbox.ledger()) == 10


def test_a_hundred_for_one_seat_of_a_plan(buyer: Buyer, sandbox: Sandbox) -> None:
    date = a_date(buyer, 821)
    seat = free_seats(buyer, date)[1][0]
    line = event(date, seats=[{"seat_id": seat, "scale_price_id": 71}])
    assert at_once(buyer, [body(line, 2400)] * MANY) == {201: 1, 422: 99}
    assert seat not in free_seats(buyer, date)[1]


def test_a_hundred_groups_for_one_tour(buyer: Buyer) -> None:
    line = tour(930, a_start(buyer, 930, 25), quantity=12, surcharges={"15": 1})
    assert at_once(buyer, [body(line, 10500)] * MANY) == {201: 2, 422: 98}


def test_holds_and_orders_compete_for_the_same_places(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    wanted = {"reservation": {"ticket_id": ADULT, "quantity": 1, "start_at": at}}
    order = body(item(ADULT, 1, at), 1400)
    with (
        httpx.Client(base_url=buyer.http.base_url, headers=buyer.http.headers, timeout=60) as http,
        ThreadPoolExecutor(20) as pool,
    ):
        asked = [("/orders", order), ("/tickets/reservations", wanted)] * 20
        answers = Counter(pool.map(lambda one: http.post(one[0], json=one[1]).status_code, asked))
    assert answers == {201: 10, 422: 30}
    assert at not in buyer.left(ADULT)


@pytest.mark.parametrize("order_mode", ["two_phase", "direct"])
def test_a_finalize_sent_twice_books_once(buyer: Buyer, sandbox: Sandbox, order_mode: str) -> None:
    sandbox.switch(order_mode=order_mode)
    token = buyer.draft()["token"]
    with ThreadPoolExecutor(8) as pool:
        answers = Counter(
            answer.status_code for answer in pool.map(lambda _: buyer.finalize(token), range(8))
        )
    assert answers == ({200: 1, 422: 7} if order_mode == "two_phase" else {422: 8})
