"""What the tickets to print cost: run in a shop of its own, prints CPU milliseconds and memory as JSON.

The first PDF of a process loads and parses everything and is not counted; CPU is that of the process, not the clock's.
"""

from __future__ import annotations

import json
import resource
import statistics
import time

from orders import printouts
from orders.models import Admission, Order
from orders.services import place_order
from tests.orders.given import a_line, a_snapshot

MANY, ROUNDS = 50, 3


def measure() -> str:
    """Return {"single": ms, "sheet": ms of one of fifty, "pages": of fifty, "grown": MB that fifty need beyond one}."""
    one, many = _order(1), _order(MANY)
    printouts.render(one)
    single = statistics.median(_cpu_ms(one) for _ in range(ROUNDS))
    before = _peak_mb()
    whole = statistics.median(_cpu_ms(many) for _ in range(ROUNDS))
    pages = printouts.render(many).pages
    found = {"single": single, "sheet": whole / MANY, "pages": pages, "peak": _peak_mb()}
    return json.dumps(found | {"grown": _peak_mb() - before})


def _order(quantity: int) -> Order:
    order = place_order(snapshot=a_snapshot(a_line(quantity=quantity), key=f"sheets-{quantity}"))
    item = order.items.get()
    Admission.objects.bulk_create(
        Admission(item=item, position=place, barcode=f"40342102{quantity:02}{place:03}-5")
        for place in range(quantity)
    )
    return order


def _cpu_ms(order: Order) -> float:
    before = time.process_time()
    printouts.render(order)
    return (time.process_time() - before) * 1000


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
