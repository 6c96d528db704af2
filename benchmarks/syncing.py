"""What a full sync of a large catalogue takes beside the bare transfer of the same answers: run in a shop of its own.

The transfer asks every address the sync has asked, in the same order, over as many connections, and reads the answers.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.conf import settings

from catalog.models import SyncRun
from catalog.sync import sync_catalog
from shop.api.transport import AT_ONCE

WRITTEN = ("created", "updated", "retired", "returned")


class Addresses(logging.Handler):
    """Collects the addresses httpx says it has asked."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) > 1:
            self.found.append(str(record.args[1]))


def measure() -> str:
    """Return {"sync": s, "transfer": s, "calls": of the sync, "again": s of a second sync, "written": by it}."""
    addresses, log = Addresses(), logging.getLogger("httpx")
    log.addHandler(addresses)
    log.setLevel(logging.INFO)
    log.propagate = False
    sync = _seconds(sync_catalog)
    asked = list(addresses.found)
    log.removeHandler(addresses)
    transfer = _seconds(lambda: _transfer(asked))
    again = _seconds(sync_catalog)
    report = SyncRun.objects.latest("pk").report
    written = sum(len(kind[what]) for kind in report.values() for what in WRITTEN)
    found = {"sync": sync, "transfer": transfer, "calls": len(asked), "again": again, "written": written}
    return json.dumps(found)


def _transfer(addresses: list[str]) -> None:
    headers = {"Authorization": f"Bearer {settings.GOMUS_TOKEN}", "Accept-Encoding": "gzip"}
    limits = httpx.Limits(max_connections=AT_ONCE)
    with (
        httpx.Client(headers=headers, limits=limits, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(AT_ONCE) as readers,
    ):
        list(readers.map(lambda address: client.get(address).content, addresses))


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
