"""Trouble upstream or at home never takes the programme away, and is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.db.models import Model

from catalog.models import Event, Exhibition, Museum, OpeningHours, Picture, SyncRun, Term, Ticket
from catalog.sync import SyncError, sync_catalog
from shop import gateway
from shop.options import Feature
from tests.catalog.programme_world import (
    KINDS,
    LISTS,
    NEW,
    SMALL,
    WORDS,
    event,
    kind_of,
    programme_world,
    records,
    word,
)
from tests.catalog.upstream import Upstream, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    settings.FEATURES_ON = frozenset({Feature.COUPONS})
    with serve(programme_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


def snapshot() -> dict[str, list[dict[str, Any]]]:
    models: list[type[Model]] = [Museum, Exhibition, Ticket, OpeningHours, Picture, Term, *KINDS.values()]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def live() -> dict[str, set[object]]:
    """Ids of everything that is on offer."""
    shown = {name: [row for row in rows if not row.get("retired_at")] for name, rows in snapshot().items()}
    return {name: {row["id"] for row in rows} for name, rows in shown.items()}


class TestTrouble:
    @pytest.mark.parametrize(
        ("path", "status", "body"),
        list(zip(LISTS.values(), cycle([401, 200]), cycle(["{}", "<html>soon</html>"]), strict=False)),
    )
    def test_a_list_that_fails_takes_nothing_away(
        self, upstream: Upstream, path: str, status: int, body: str
    ) -> None:
        sync_catalog()
        before = live()
        upstream.tickets[1]["price_cents"] = 9999
        del upstream.tickets[2]
        upstream.broken = lambda asked: (status, body) if asked == path else None
        with pytest.raises(SyncError, match="did not deliver the catalogue"):
            sync_catalog()
        assert live() == before
        newest = SyncRun.objects.latest("pk")
        assert not newest.ok
        assert newest.report["tickets"]["updated"] == {"1": {"price_cents": [700, 9999]}}

    @pytest.mark.parametrize(("path", "status"), list(zip(LISTS.values(), cycle([404, 403]), strict=False)))
    def test_a_list_there_is_not_for_us_is_no_error(self, upstream: Upstream, path: str, status: int) -> None:
        upstream.broken = lambda asked: (status, "{}") if asked == path else None
        assert sync_catalog().ok
        upstream.broken = lambda _path: None
        sync_catalog()
        before = snapshot()
        upstream.broken = lambda asked: (status, "{}") if asked == path else None
        assert sync_catalog().report == {}
        assert snapshot() == before

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_list_that_is_suddenly_empty_is_told_and_not_believed(
        self, upstream: Upstream, kind: str
    ) -> None:
        sync_catalog()
        before = KINDS[kind]._default_manager.filter(retired_at=None).count()
        records(upstream, kind).clear()
        upstream.tickets[1]["price_cents"] = 9999
        report = sync_catalog().report
        [told] = report[kind]["skipped"]
        assert "suddenly empty" in told
        assert KINDS[kind]._default_manager.filter(retired_at=None).count() == before
        assert Ticket.objects.get(pk=1).price_cents == 9999
        sync_catalog(allow_empty=True)
        assert not KINDS[kind]._default_manager.filter(retired_at=None).exists()

    @pytest.mark.parametrize("key", ["countries", "states", "dispatch_modes", "newsletter_subscriber_groups"])
    def test_so_is_a_small_list(self, upstream: Upstream, key: str) -> None:
        sync_catalog()
        upstream.fixed[SMALL[key]][key].clear()
        assert "suddenly empty" in sync_catalog().report[kind_of(key)]["skipped"][0]
        assert Term.objects.live().filter(kind=kind_of(key)).count() == 1

    def test_a_tag_nobody_uses_any_more_may_be_the_last_of_its_list(self, upstream: Upstream) -> None:
        upstream.events = {501: event(501, grades=[])}
        upstream.tours = {}
        sync_catalog()
        upstream.fixed["/events/grades"]["grades"].clear()
        assert sync_catalog().report["grades"]["retired"] == [1]

    @pytest.mark.parametrize(
        ("kind", "field"), [("events", "id"), ("dates", "start_time"), ("coupons", "price_cents")]
    )
    def test_a_record_that_cannot_be_read_is_told_and_not_gone(
        self, upstream: Upstream, kind: str, field: str
    ) -> None:
        sync_catalog()
        before = snapshot()
        pk = NEW[kind]
        records(upstream, kind)[pk] |= {field: "?"}
        upstream.broken = _as_they_are(upstream, kind)
        [told] = sync_catalog().report[kind]["skipped"]
        assert told.startswith("?: " if field == "id" else f"{pk}: ")
        assert snapshot() == before

    def test_a_run_that_is_stopped_half_way_took_nothing_away(self, upstream: Upstream) -> None:
        sync_catalog()
        before = live()
        _change_everything(upstream)

        def stopped(what: str, done: int, total: int) -> None:
            if what == "list of dates":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sync_catalog(progress=stopped)
        assert {name: ids - live()[name] for name, ids in before.items()} == {name: set() for name in before}
        assert not SyncRun.objects.filter(running=True).exists()

    @pytest.mark.parametrize("table", ["catalog_term", "catalog_eventdate", "catalog_tour", "catalog_coupon"])
    def test_a_database_that_fails_half_way_leaves_a_whole_mirror(
        self, upstream: Upstream, table: str
    ) -> None:
        sync_catalog()
        before = live()
        _change_everything(upstream)

        def full(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith(f'INSERT INTO "{table}"'):
                raise DatabaseError("disk full")
            return execute(sql, *rest)

        with connection.execute_wrapper(full), pytest.raises(DatabaseError):
            sync_catalog()
        assert {name: ids - live()[name] for name, ids in before.items()} == {name: set() for name in before}
        connection.check_constraints()
        assert sync_catalog().ok
        assert {row.title for row in Event.objects.all()} == {"Anders"}


def _change_everything(upstream: Upstream) -> None:
    upstream.tickets[1]["price_cents"] = 9999
    for kind in KINDS:
        for record in records(upstream, kind).values():
            record["title"] = {"de": "Anders"}
    for path, key in WORDS.items():
        upstream.fixed[path][key].append(word(2, key))


def _as_they_are(upstream: Upstream, kind: str) -> Any:
    """Answers of a list that shows its records without looking into them."""
    body = {kind: list(records(upstream, kind).values())}
    return lambda path: (200, json.dumps(body)) if path == f"/{kind}" else None
