"""A run that is killed leaves a whole mirror, and the next one takes over at once where it stopped."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.catalog.programme_world import date_of, programme_world
from tests.catalog.upstream import Upstream, serve, ticket
from tests.environment import ROOT, clean_environment
from tests.waiting import until

MANY = 4000  # dates; writing them takes long enough to be caught at it
TABLES = ("catalog_ticket", "catalog_event", "catalog_eventdate", "catalog_term", "catalog_event_tags")


class Shop:
    """A shop's database in a folder of its own, and the command that fills it."""

    def __init__(self, folder: Path, gomus_url: str) -> None:
        self.database = folder / "vitrine.sqlite3"
        own = {"DEMO": "1", "DATA_DIR": str(folder), "GOMUS_URL": gomus_url, "LOG_LEVEL": "ERROR"}
        self._env = clean_environment() | own | {"REDIS_URL": settings.REDIS_URL, "REDIS_PREFIX": folder.name}

    def manage(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, env=self._env)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        with sqlite3.connect(self.database) as database:
            return {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608

    def damage(self) -> list[tuple[object, ...]]:
        """References to rows that are not there, and tickets that were taken away."""
        with sqlite3.connect(self.database) as database:
            broken = database.execute("PRAGMA foreign_key_check").fetchall()
            return (
                broken
                + database.execute("SELECT id FROM catalog_ticket WHERE retired_at NOT NULL").fetchall()
            )

    def is_being_written(self) -> bool:
        database = sqlite3.connect(self.database, timeout=0, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            database.close()
        return False


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(programme_world()) as found:
        yield found


def test_killed_while_it_writes(upstream: Upstream, tmp_path: Path) -> None:
    shop = Shop(tmp_path, upstream.url)
    assert shop.manage("migrate", "--verbosity=0").wait(60) == 0
    assert shop.manage("sync_catalog").wait(60) == 0
    upstream.tickets[1]["price_cents"] = 9999
    upstream.dates = {pk: date_of(501, pk, days=pk % 360) for pk in range(1, MANY)}
    upstream.asked.clear()
    run = shop.manage("sync_catalog")
    until(lambda: "/dates" in upstream.asked, seconds=60, what="dates being asked for")
    until(shop.is_being_written, seconds=30, what="the mirror being written")
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10) == -signal.SIGKILL
    assert shop.damage() == []
    assert shop.manage("sync_catalog").wait(60) == 0
    assert len(shop.rows()["catalog_eventdate"]) == MANY


def test_killed_while_it_reads(upstream: Upstream, tmp_path: Path) -> None:
    """What was read is written by then, and is not read again."""
    shop = Shop(tmp_path, upstream.url)
    assert shop.manage("migrate", "--verbosity=0").wait(60) == 0
    upstream.tickets |= {pk: ticket(pk) for pk in range(1000, 1300)}
    run = shop.manage("sync_catalog")
    until(lambda: _details(upstream) >= 150, seconds=60, what="details being asked for")
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10) == -signal.SIGKILL
    assert shop.damage() == []
    written = len(shop.rows()["catalog_ticket"])
    assert written >= 90
    upstream.asked.clear()
    assert shop.manage("sync_catalog").wait(60) == 0
    assert _details(upstream) == len(upstream.tickets) - written
    assert len(shop.rows()["catalog_ticket"]) == len(upstream.tickets)


def _details(upstream: Upstream) -> int:
    return sum(path.startswith("/tickets/") for path in upstream.asked)
