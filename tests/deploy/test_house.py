"""The shop from plain processes, as an operator starts it: a renewal loses no request, a killed worker comes back.

One shop, started once: what is tested here takes seconds to start.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.faults.shop import Shop
from tests.stack import House
from tests.waiting import until

PAGES = ("/de/", "/en/exhibitions/?kept=no", "/en/basket/", "/static/nothing.css")
FEW = ("worker-documents=0", "worker-mail=0", "worker-mirror=0", "beat=0")


@contextmanager
def visitors(base_url: str, number: int) -> Iterator[Counter[str]]:
    """Visitors who ask all the time, half of them on a new connection each time; counts what they get."""
    found: Counter[str] = Counter()
    gone = threading.Event()

    def visit(fresh: bool) -> None:
        headers = {"Connection": "close"} if fresh else {}
        with httpx.Client(base_url=base_url, headers=headers, timeout=60) as client:
            while not gone.is_set():
                for page in PAGES:
                    try:
                        found[str(client.get(page).status_code)] += 1
                    except httpx.TransportError as error:
                        found[f"{page}: {error!r}"] += 1
                    gone.wait(0.1)  # the programs that are to take over need the machine, too

    threads = [threading.Thread(target=visit, args=(at % 2 == 0,)) for at in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        gone.set()
        for thread in threads:
            thread.join()


@pytest.mark.processes
def test_the_house_is_renewed_under_visitors_and_survives_a_killed_worker(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = House(tmp_path_factory.mktemp("house"), *FEW, WEB_CONCURRENCY="1", SWEEP_SECONDS="1")
    try:
        house.open()
        shop = Shop(house)
        before = house.pids()
        assert sorted(before) == ["web-1", "web-2", "worker-orders-1"]

        with visitors(house.base_url, 2) as found:
            until(lambda: found["200"] > 8, seconds=60, what="the first answers")
            house.act("renew")
            earlier = found["200"]
            until(lambda: found["200"] > earlier + 8, seconds=60, what="answers of the new programs")
        after = house.pids()
        assert set(before) == set(after)
        assert not set(before.values()) & set(after.values()), "everything is new"
        assert set(found) == {"200", "404"}, found

        os.kill(after["worker-orders-1"], signal.SIGKILL)
        os.kill(after["web-1"], signal.SIGKILL)
        order = shop.place("invoice")
        until(lambda: shop.ledger(order), seconds=90, what="the order being booked by a new worker")
        until(lambda: set(house.pids()) == set(after), seconds=60, what="all programs")
        shop.close()
    finally:
        house.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(house.base_url)
