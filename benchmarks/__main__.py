"""`make bench`: what pages cost, beside a bare Django view under the same gunicorn in the same run.

Starts the whole shop with its sandbox, measures, prints what it finds and writes it to `RESULTS.md` beside this file.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import httpx

from tests import environment

FOLDER = environment.prepare()

from benchmarks import booking, browser, report  # noqa: E402 - they need the environment
from benchmarks.servers import Server, serving  # noqa: E402
from tests.sandbox_process import Sandbox  # noqa: E402
from tests.stack import Stack  # noqa: E402

# What the shop asks on its own, between visits, is not what a view costs.
SHOP = {"SYNC_SECONDS": "86400", "PREFETCH_SECONDS": "0", "AVAILABILITY_SECONDS": "15"}
VIEWS, SPREAD_SECONDS, VISITORS = 1000, 60, 6
LATENCY_MS = 50
ROUNDS = 7
UNKEPT = "/de/exhibitions/?kept=no"  # a word the page does not know
# Fifty exhibitions, each with a ticket of its own, and a basket with two tickets.
PREPARE = """
from datetime import timedelta
from django.http import HttpResponse
from django.utils import timezone
from catalog.models import Exhibition, Museum, Ticket
from checkout import cookies
from checkout.models import Basket, BasketLine
from shop import edition
now = timezone.now()
show, ticket = Exhibition.objects.live().first(), Ticket.objects.sellable().first()
house, first_show, first_ticket = Museum.objects.live().first().pk, show.pk, ticket.pk
basket = Basket.objects.create()
at = now + timedelta(days=3)
BasketLine.objects.create(
    basket=basket, ticket=ticket, quantity=2, slot_key=at.isoformat(), slot_at=at, slot_ends_at=at
)
for number in range(50 - Exhibition.objects.live().count()):
    show.pk, ticket.pk = 900_000 + number, 900_000 + number
    show.save(force_insert=True)
    ticket.quota_ids = [ticket.pk]
    ticket.save(force_insert=True)
    ticket.exhibitions.set([show.pk])
    ticket.museums.set([show.museum_id])
answer = HttpResponse()
cookies.keep(answer, basket)
edition.renew()
print(house, first_show, first_ticket, answer.cookies[cookies.COOKIE].value)
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What there is to visit."""

    museum: str
    exhibition: str
    ticket: str
    basket: dict[str, str]


def main() -> None:
    stack = Stack(Path(tempfile.mkdtemp(prefix="vitrine-bench-")), **SHOP)
    try:
        stack.open()
        museum, exhibition, ticket, cookie = stack.shell(PREPARE).split()
        given = Given(museum, exhibition, ticket, {"Cookie": f'basket="{cookie}"'})
        env = stack.env | {"DJANGO_SETTINGS_MODULE": "shop.settings"}
        bare_conf = "benchmarks/bare_gunicorn.py"
        with serving("benchmarks.bare", env, bare_conf) as bare, serving("shop.wsgi", env) as shop:
            lines = []
            figures = (
                first_visit(bare, shop),
                costs(stack, bare, shop, given),
                calls(stack, shop, given),
                sheets(stack),
                bookings(stack),
                syncs(stack),
            )
            for line in chain(*figures):
                print(f"{line.what}: {line.found}", flush=True)
                lines.append(line)
    finally:
        stack.stop()
        environment.remove(stack.folder)
        environment.remove(FOLDER)
    report.write(lines)


def costs(stack: Stack, bare: Server, shop: Server, given: Given) -> Iterator[report.Line]:
    """CPU per request as a ratio to the bare view; the bare one is measured before each."""
    day = date.today() + timedelta(days=3)  # noqa: DTZ011
    pages: list[tuple[str, str, dict[str, str], float | None]] = [
        ("home page, kept", "/de/", {}, 2.5),
        ("a museum, kept", f"/de/museums/{given.museum}/", {}, 2.5),
        ("home page with a basket", "/de/", given.basket, 3.5),
        ("50 exhibitions, not kept", UNKEPT, {}, 20),
        ("a ticket with its live month", f"/de/tickets/{given.ticket}/", {}, None),
        ("where a party can go on a day", f"/de/find/?day={day}&adults=2&children=1", {}, None),
    ]
    yield from (_cost(bare, shop, page) for page in pages)
    yield _first_cost(stack, bare, shop)


def _cost(bare: Server, shop: Server, page: tuple[str, str, dict[str, str], float | None]) -> report.Line:
    what, path, headers, most = page
    shop.warm_up(path, headers)
    times = 100 if most and most < 10 else 20
    cost, ratio = _beside(bare, lambda: shop.cpu_ms(path, headers, times=times))
    return report.Line(f"CPU of {what}", f"{cost:.2f} ms, {ratio:.1f}×", most and f"{most}×", ratio, most)


def _beside(bare: Server, measured: Callable[[], float]) -> tuple[float, float]:
    """The median of a cost, and of its ratio to what the bare view costs right before each time."""
    pairs = [(bare.cpu_ms("/", times=100), measured()) for _ in range(ROUNDS)]
    return statistics.median(cost for _, cost in pairs), statistics.median(cost / of for of, cost in pairs)


def _first_cost(stack: Stack, bare: Server, shop: Server) -> report.Line:
    """The same page when the catalogue has just changed: everything is read and drawn again."""

    def first() -> float:
        stack.shell("from shop import edition\nedition.renew()")
        return shop.cpu_ms(UNKEPT)

    cost, ratio = _beside(bare, first)
    what = "CPU of 50 exhibitions, not kept, first view after a change"
    return report.Line(what, f"{cost:.2f} ms, {ratio:.1f}×", None, ratio, None)


def calls(stack: Stack, shop: Server, given: Given) -> Iterator[report.Line]:
    """Calls upstream for a thousand views of one ticket page in a minute, after a first view that nobody counts."""
    path = f"/de/tickets/{given.ticket}/"
    with httpx.Client(base_url=f"{stack.sandbox_url}/_sandbox") as control:
        time.sleep(float(SHOP["AVAILABILITY_SECONDS"]))  # what was asked before is old now
        shop.get(path)
        control.delete("/requests").raise_for_status()
        seconds = _views(shop, path)
        counts = control.get("/requests").json()["counts"]
    found = sum(counts.values())
    told = ", ".join(f"{number} {route.rsplit('/', 1)[-1]}" for route, number in sorted(counts.items()))
    what = f"calls upstream, {VIEWS} views of a ticket page in {SPREAD_SECONDS} s, TTL 15 s"
    words = f"{found} ({told}) in {seconds:.0f} s"  # a machine too busy for so many views takes longer
    yield report.Line(what, words, "5", found * SPREAD_SECONDS / seconds, 5)


def _views(shop: Server, path: str) -> float:
    """Ask evenly through the minute, by several visitors; returns the seconds it took."""
    begun = time.monotonic()

    def view(number: int) -> None:
        time.sleep(max(0.0, begun + number * SPREAD_SECONDS / VIEWS - time.monotonic()))
        shop.get(path)

    with ThreadPoolExecutor(VISITORS) as visitors:
        list(visitors.map(view, range(VIEWS)))
    return max(SPREAD_SECONDS, time.monotonic() - begun)


def first_visit(bare: Server, shop: Server) -> Iterator[report.Line]:
    """What the home page weighs with all it loads but pictures, and when it is seen."""
    page = gzip.decompress(shop.get("/de/")[1])
    parts = browser.weight(shop, "/de/", page)
    kilobytes = sum(parts.values()) / 1000
    listed = ", ".join(f"{name} {size / 1000:.1f}" for name, size in parts.items())
    paint, floor = browser.first_paint_ms(shop, "/de/"), browser.first_paint_ms(bare, "/")
    yield report.Line(f"first visit, compressed kB ({listed})", f"{kilobytes:.1f}", "30", kilobytes, 30)
    words = f"{paint:.0f}, of the bare view's one word {floor:.0f}"
    yield report.Line("first contentful paint, ms", words, "300", paint, 300)


def syncs(stack: Stack) -> Iterator[report.Line]:
    """What it takes to mirror a large catalogue, beside the bare transfer of the same answers right after."""
    folder = Path(tempfile.mkdtemp(prefix="vitrine-bench-sync-"))
    upstream = Sandbox(folder)
    try:
        upstream.control.post("/scale", json={"tickets": "large"}).raise_for_status()
        upstream.switch(latency_ms=LATENCY_MS)
        own = {
            "DATA_DIR": str(folder),
            "GOMUS_URL": upstream.base_url,
            "REDIS_PREFIX": folder.name,
            "LOG_LEVEL": "WARNING",
        }
        env = stack.env | own | {"DJANGO_SETTINGS_MODULE": "shop.settings"}
        code = "import django\ndjango.setup()\nfrom benchmarks import syncing\nprint(syncing.measure())"
        for line in (["manage.py", "migrate", "--verbosity=0"], ["-c", code]):
            told = subprocess.check_output([sys.executable, *line], cwd=environment.ROOT, env=env, text=True)
    finally:
        upstream.stop()
        environment.remove(folder)
    found = json.loads(told)
    ratio = found["sync"] / found["transfer"]
    what = f"full sync of a large catalogue, {found['calls']} calls at {LATENCY_MS} ms, beside their bare transfer"
    words = f"{found['sync']:.0f} s, {ratio:.2f}× of {found['transfer']:.0f} s"
    yield report.Line(what, words, "1.5×", ratio, 1.5)
    again = f"{found['written']} in {found['again']:.0f} s"
    yield report.Line("rows a second sync right after it writes", again, "0", found["written"], 0)


def sheets(stack: Stack) -> Iterator[report.Line]:
    """What a worker pays for the tickets to print, in a process that makes nothing else."""
    found = json.loads(stack.shell("from benchmarks import sheets\nprint(sheets.measure())"))
    cost = found["sheet"]
    yield report.Line("CPU of a printed sheet, 50 tickets in one PDF", f"{cost:.1f} ms", "15 ms", cost, 15)
    yield report.Line(
        "CPU of the PDF of a single ticket", f"{found['single']:.0f} ms", None, found["single"], None
    )
    peak = f"{found['peak']:.0f} MB, {found['grown']:.0f} more than one ticket needs"
    yield report.Line("most memory of that process", peak, None, found["peak"], None)


def bookings(stack: Stack) -> Iterator[report.Line]:
    """A hundred orders at once, at a museum that takes its time."""
    found = booking.measure(stack)
    ratio = found.seconds / found.least
    what = (
        f"{booking.ORDERS} orders booked by {booking.AT_ONCE} workers, every answer upstream after"
        f" {booking.LATENCY_SECONDS * 1000:.0f} ms, beside what that alone takes"
    )
    told = f"{found.seconds:.1f} s, {ratio:.2f}× {found.least:.1f} s"
    yield report.Line(what, told, "1.3×", ratio, 1.3)
    yield report.Line("CPU of a worker for one of them", f"{found.cpu_ms:.0f} ms", None, found.cpu_ms, None)


if __name__ == "__main__":
    main()
