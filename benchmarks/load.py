"""`make bench-load`: two hundred visitors at once in front of the production topology, the ticket system 200 ms away.

Runs the same crowd against one web process and against two, checks the sandbox's books afterwards, and writes the
load part of `RESULTS.md`. LOAD_SECONDS and LOAD_VISITORS choose a shorter run.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests import environment

FOLDER = environment.prepare()

from benchmarks import report  # noqa: E402 - it needs the environment
from benchmarks.crowd import CATALOGUE, Goods, Seen, crowd  # noqa: E402
from benchmarks.report import Line  # noqa: E402
from tests.stack import House  # noqa: E402

SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
VISITORS = int(os.environ.get("LOAD_VISITORS", "200"))
LATENCY_MS = 200
PLACES = 6  # of the time all buyers want: three orders of two tickets, the others come too late
SETTLE_SECONDS = 120  # for the last orders to be booked
SHOP = {"WEB_CONCURRENCY": "1"}
GOODS = """
import json
from datetime import timedelta
from django.utils import timezone
from catalog.models import Exhibition, Museum
from shop import gateway
day = timezone.localdate() + timedelta(days=2)
slots = [slot.key for at in (0, 1, 2) for slot in gateway.client().availability.capacity(311, day + timedelta(days=at))
         if slot.left >= 8]
print(json.dumps({
    "museums": list(Museum.objects.live().values_list("pk", flat=True)),
    "exhibitions": list(Exhibition.objects.live().values_list("pk", flat=True)),
    "times": slots,
}))
"""
STATES = """
import json
from collections import Counter
from orders.models import Order
print(json.dumps(Counter(Order.objects.values_list("state", flat=True))))
"""
BOOKED = {"finalized", "ready"}
ENDED = {"refused", "price_changed", "expired", "refunded"}


@dataclass(frozen=True, slots=True)
class Run:
    """One crowd in front of so many web processes: what it saw, CPU seconds the web took, the museum's books."""

    webs: int
    seen: Seen
    seconds: float
    web_cpu: float
    ledger: dict[str, Any]
    states: dict[str, int]
    wanted: str


def main() -> None:
    runs = [measured(webs) for webs in (1, 2)]
    environment.remove(FOLDER)
    lines = [line for run in runs for line in told(run)]
    for line in lines:
        print(f"{line.what}: {line.found} {line.verdict}", flush=True)
    report.write_load(about(), lines)


def measured(webs: int) -> Run:
    """Open a shop of its own, let the crowd in, and look into the books when all orders are settled."""
    house = House(Path(tempfile.mkdtemp(prefix="vitrine-load-")), f"web={webs}", **SHOP)
    try:
        house.open()
        goods = _goods(house)
        with httpx.Client(base_url=f"{house.sandbox_url}/_sandbox") as control:
            left = {"ticket_id": goods.ticket, "time": goods.wanted, "left": PLACES}
            control.post("/left", json=left).raise_for_status()
            control.post("/switches", json={"latency_ms": LATENCY_MS}).raise_for_status()
            cpu, begun = _web_cpu(house), time.monotonic()
            seen = asyncio.run(crowd(house.base_url, goods, number=VISITORS, seconds=SECONDS, seed=webs))
            seconds, cpu = time.monotonic() - begun, _web_cpu(house) - cpu
            _settle(house, seen.outcomes["orders placed"])
            ledger = control.get("/ledger", timeout=30).json()
            states = _states(house)
        for line in house.complaints() if seen.troubles else ():
            print(line, flush=True)
        return Run(webs, seen, seconds, cpu, ledger, states, goods.wanted)
    finally:
        house.stop()
        environment.remove(house.folder)


def told(run: Run) -> list[Line]:
    """The figures of a run."""
    seen, at = run.seen, f"{run.webs} web process{'es' if run.webs > 1 else ''}"
    bounds = {"catalogue": 100, "basket": 300}
    answers = sum(map(len, seen.seconds.values()))
    lines = [
        Line(f"{at}: requests a second", f"{answers / run.seconds:.0f}", None, 0, None),
        Line(f"{at}: CPU of the web per request", f"{run.web_cpu / answers * 1000:.1f} ms", None, 0, None),
    ]
    for kind in sorted(seen.seconds):
        p50, p95 = seen.percentile(kind, 0.5), seen.percentile(kind, 0.95)
        most = bounds.get(kind)
        found = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(seen.seconds[kind])} answers)"
        lines.append(Line(f"{at}: {kind}", found, most and f"p95 {most} ms", p95, most))
    troubles = sum(seen.troubles.values())
    words = ", ".join(f"{number} × {what}" for what, number in seen.troubles.most_common()) or "none"
    lines.append(Line(f"{at}: errors", words, "none", troubles, 0))
    outcomes = ", ".join(f"{number} {what}" for what, number in sorted(seen.outcomes.items()))
    lines.append(Line(f"{at}: outcomes", outcomes, None, 0, None))
    booked, sold = _booked(run)
    here = sum(number for state, number in run.states.items() if state in BOOKED)
    states = ", ".join(f"{number} {state}" for state, number in sorted(run.states.items())) or "none"
    found = f"{states}; at the museum {booked}"
    lines.append(
        Line(f"{at}: what became of the orders", found, "as many booked here", abs(here - booked), 0)
    )
    over = max(0, sold - PLACES) + len(run.ledger["broken"])
    found = f"{sold} of {PLACES} places; rules of the books broken: {len(run.ledger['broken'])}"
    lines.append(Line(f"{at}: sold of the wanted time", found, f"{PLACES} places, none broken", over, 0))
    return lines


def about() -> list[str]:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    kind = "PostgreSQL and Redis" if os.environ.get("DATABASE_URL") else "SQLite, a private broker"
    return [
        f"{VISITORS} visitors for {SECONDS:.0f} s (90 % browse, 8 % fill a basket, 2 % buy; 1 to 9 s between pages),",
        f"the ticket system {LATENCY_MS} ms away, {kind}. Crowd, shop, workers, database and sandbox share",
        f"the cores, and so does whatever else the machine did (load average at the end: {load}).",
    ]


def _goods(house: House) -> Goods:
    found = json.loads(house.shell(GOODS).splitlines()[-1])
    pages = [*CATALOGUE, *(f"/de/museums/{pk}/" for pk in found["museums"])]
    pages += [f"/de/exhibitions/{pk}/" for pk in found["exhibitions"][:20]]
    return Goods(tuple(pages), 311, tuple(found["times"][1:]), found["times"][0])


def _web_cpu(house: House) -> float:
    """CPU seconds of all web servers and their processes so far."""
    masters = [pid for name, pid in house.pids().items() if name.startswith("web-")]
    children = [
        int(child)
        for pid in masters
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ]
    return sum(_cpu(pid) for pid in (*masters, *children))


def _cpu(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _settle(house: House, placed: int) -> None:
    """Wait until every order placed has come to its end, or until there is no more hope of it."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        states = _states(house)
        if sum(states.values()) >= placed and set(states) <= BOOKED | ENDED:
            return


def _states(house: House) -> dict[str, int]:
    """How many orders of the shop are in which state."""
    found: dict[str, int] = json.loads(house.shell(STATES).splitlines()[-1])
    return found


def _booked(run: Run) -> tuple[int, int]:
    """How many orders the museum has, and how many places of the wanted time they take."""
    orders = [order for order in run.ledger["orders"] if order["status"] == "finalized"]
    items = [item for order in orders for item in order["items"] if not item["canceled"]]
    return len(orders), sum(item["quantity"] for item in items if item["time"] == run.wanted)


if __name__ == "__main__":
    main()
