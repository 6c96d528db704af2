"""How long a hundred orders take that arrive at once, beside what the museum's slowness alone dictates.

Workers wait for the museum most of the time, so a hundred orders cannot be quicker than all its answers together,
divided by the orders that may wait at once. What is more than that is ours.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from benchmarks.servers import cpu_ns
from tests.environment import ROOT
from tests.stack import Stack
from tests.waiting import until

if TYPE_CHECKING:
    from orders.snapshot import OrderSnapshot

ORDERS, AT_ONCE, LATENCY_SECONDS = 100, 4, 0.2
OPTIONS = "--quiet worker --queues orders --without-gossip --without-mingle --without-heartbeat --concurrency"


@dataclass(frozen=True, slots=True)
class Booked:
    """The seconds it took, the seconds latency and concurrency dictate, and the workers' CPU for one order."""

    seconds: float
    least: float
    cpu_ms: float


def measure(stack: Stack) -> Booked:
    """Book them all."""
    with _workers(stack) as pid, httpx.Client(base_url=f"{stack.sandbox_url}/_sandbox") as museum:
        before = cpu_ns(pid)
        told = stack.shell(f"from benchmarks import booking\nprint(booking.book('{museum.base_url}'))")
        cpu_ms = (cpu_ns(pid) - before) / 1e6 / ORDERS
        answers = museum.get("/requests").json()["total"]
        museum.post("/switches", json={"latency_ms": 0}).raise_for_status()
    return Booked(float(told.splitlines()[-1]), answers * LATENCY_SECONDS / AT_ONCE, cpu_ms)


def book(museum: str) -> float:
    """Inside the shop: place the orders in one moment, and return the seconds until all are booked."""
    from django.db import transaction  # noqa: PLC0415 - here Django is set up, outside it is not

    from orders.models import Order  # noqa: PLC0415
    from orders.services import place_order  # noqa: PLC0415

    snapshots = list(_snapshots())
    httpx.delete(f"{museum}requests").raise_for_status()
    httpx.post(f"{museum}switches", json={"latency_ms": LATENCY_SECONDS * 1000}).raise_for_status()
    with transaction.atomic():  # the bells ring all at once, after it
        placed = [place_order(snapshot=snapshot).pk for snapshot in snapshots]
    begun = time.monotonic()
    booked = Order.objects.filter(pk__in=placed, state="finalized")
    until(lambda: booked.count() == ORDERS, seconds=300, what="all orders being booked")
    return time.monotonic() - begun


def _snapshots() -> Iterator[OrderSnapshot]:
    """What a hundred people bought, each one ticket by invoice, spread over the free times of some days."""
    from django.utils import timezone  # noqa: PLC0415

    from shop import gateway  # noqa: PLC0415
    from tests.orders.given import a_line, a_snapshot  # noqa: PLC0415
    from tests.orders.museum import PAID  # noqa: PLC0415

    days = (timezone.localdate() + timedelta(days=ahead) for ahead in range(2, 20))
    slots = (slot for day in days for slot in gateway.client().availability.capacity(PAID, day))
    keys = (slot.key for slot in slots for _ in range(min(slot.left or 0, 5)))
    for number, key in zip(range(ORDERS), keys, strict=False):
        line = a_line(ticket_id=PAID, quantity=1, slot_at=datetime.fromisoformat(key), slot_key=key)
        yield a_snapshot(line, key=f"booking-{number}", payment_method="invoice")


@contextmanager
def _workers(stack: Stack) -> Iterator[int]:
    """Workers that do nothing but move orders on, instead of those of the shop."""
    stack.kill("worker")
    ready = stack.folder / "booking.ready"
    env = stack.env | {"DJANGO_SETTINGS_MODULE": "shop.settings", "READY_FILE": str(ready)}
    line = [sys.executable, "-m", "celery", "--app", "shop.celery", *OPTIONS.split(), str(AT_ONCE)]
    process = subprocess.Popen(line, cwd=ROOT, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until(ready.exists, seconds=90, what="the workers")
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)
