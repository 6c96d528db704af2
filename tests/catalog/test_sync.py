"""The sync writes what changed and nothing else, and never takes the shop's catalogue away."""

from __future__ import annotations

import io
import socket
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from catalog.management.commands.sync_catalog import progress_bar
from catalog.models import Exhibition, Museum, OpeningHours, Picture, SyncRun, Ticket
from catalog.refresh import refresh
from catalog.sync import SyncBusyError, SyncError, last_success, sync_catalog
from catalog.tasks import sync as sync_task
from shop import gateway
from shop.api.errors import Unavailable
from shop.jobs import Job
from tests.catalog.bells import rung
from tests.catalog.upstream import Upstream, serve, small_world, ticket

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


class TestFirstSync:
    def test_everything_is_there_in_all_languages(self, upstream: Upstream) -> None:
        run = sync_catalog()
        assert (run.ok, run.error, run.running) == (True, "", None)
        assert {name: kind["created"] for name, kind in run.report.items()} == {
            "museums": [5],
            "exhibitions": [7],
            "tickets": [1, 2, 3],
        }
        house = Museum.objects.get()
        assert house.titles == {"de": "Haus der Gefäße", "en": "House of Vessels"}
        assert house.descriptions == {"de": "<p>Alt</p>"}
        assert house.picture == Picture.objects.get(
            remote_url=f"{upstream.url}/media/vase.jpg", credit="Studio"
        )
        shown = Ticket.objects.get(pk=2)
        assert (shown.price_cents, shown.vat_bp, list(shown.museums.all())) == (1400, 700, [house])
        assert list(shown.exhibitions.all()) == [Exhibition.objects.get()]
        assert OpeningHours.objects.filter(museum=house, begins_at__isnull=False).count() == 7

    @pytest.mark.usefixtures("upstream")
    def test_workers_are_asked_for_the_pictures_once_it_is_written(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        rung()
        with django_capture_on_commit_callbacks(execute=True):
            sync_catalog()
        assert rung() == [(Job.FETCH_PICTURE.value, (Picture.objects.get().pk,))]

    def test_only_languages_both_sides_have_are_asked_for(self, upstream: Upstream) -> None:
        upstream.locales = ["fr", "en"]
        sync_catalog()
        assert last_success() is not None


class TestSecondSync:
    @pytest.mark.usefixtures("upstream")
    def test_nothing_is_written_to_the_mirror(self) -> None:
        sync_catalog()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run = sync_catalog()
        written = [found["sql"] for found in queries if found["sql"].startswith(WRITES)]
        assert written
        assert all('"catalog_syncrun"' in sql for sql in written)
        assert run.report == {}

    def test_only_the_lists_are_asked_for(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.asked.clear()
        sync_catalog()
        assert [path for path in upstream.asked if path[-1].isdigit() or path.endswith("hours")] == []
        assert upstream.asked.count("/tickets") == 2  # annual ones are asked for by themselves

    def test_details_and_hours_that_grew_old_are_read_again(self, upstream: Upstream) -> None:
        sync_catalog()
        long_ago = timezone.now() - timedelta(days=2)
        Museum.objects.update(read_at=long_ago)
        OpeningHours.objects.update(read_at=long_ago)
        upstream.museums[5]["description"] = {"de": "<p>Neu</p>"}
        upstream.asked.clear()
        run = sync_catalog()
        assert upstream.asked.count("/museums/5") == 1
        assert upstream.asked.count("/museums/5/opening_hours") == 7
        assert run.report["museums"]["updated"] == {
            "5": {"descriptions": [{"de": "<p>Alt</p>"}, {"de": "<p>Neu</p>"}]}
        }

    @pytest.mark.usefixtures("upstream")
    def test_old_details_that_say_the_same_are_only_noted(self) -> None:
        sync_catalog()
        before = Ticket.objects.get(pk=1).updated_at
        Ticket.objects.update(read_at=timezone.now() - timedelta(days=2))
        assert sync_catalog().report == {}
        after = Ticket.objects.get(pk=1)
        assert after.updated_at == before
        assert after.read_at > timezone.now() - timedelta(minutes=5)


class TestChanges:
    def test_a_changed_price_is_written_and_reported_field_by_field(self, upstream: Upstream) -> None:
        sync_catalog()
        created = Ticket.objects.get(pk=2).created_at
        upstream.tickets[2] |= {"price_cents": 1500, "museum_ids": []}
        run = sync_catalog()
        assert run.report == {
            "tickets": {
                "created": [],
                "updated": {"2": {"price_cents": [1400, 1500], "museums": [[5], []]}},
                "retired": [],
                "returned": [],
                "skipped": [],
            }
        }
        changed = Ticket.objects.get(pk=2)
        assert (changed.price_cents, changed.museums.count(), changed.created_at) == (1500, 0, created)

    def test_whom_a_ticket_is_for_follows_its_titles_and_a_correction_stays(self, upstream: Upstream) -> None:
        upstream.tickets[1] = ticket(1, title={"de": "Erde – Kind", "en": "Earth"})
        sync_catalog()
        assert Ticket.objects.get(pk=1).visitor == "child"
        Ticket.objects.filter(pk=1).update(visitor_kind_by_staff="family")
        upstream.tickets[1] = ticket(1, title={"de": "Erde – Ermäßigt"}, price_cents=9)
        sync_catalog()
        refresh([1])
        found = Ticket.objects.get(pk=1)
        assert (found.price_cents, found.visitor_kind, found.visitor) == (9, "reduced", "family")

    def test_what_vanishes_is_retired_and_what_comes_back_is_live_again(self, upstream: Upstream) -> None:
        sync_catalog()
        gone = upstream.tickets.pop(3)
        assert sync_catalog().report["tickets"]["retired"] == [3]
        assert Ticket.objects.get(pk=3).retired_at is not None
        assert sync_catalog().report == {}
        upstream.tickets[3] = gone
        assert sync_catalog().report["tickets"]["returned"] == [3]
        assert Ticket.objects.get(pk=3).retired_at is None

    def test_a_record_that_cannot_be_read_is_not_gone(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.tickets[3]["price_cents"] = upstream.tickets[3]["title"] = None
        upstream.tickets[3]["ticket_type"] = {"unknown": []}
        run = sync_catalog()
        assert Ticket.objects.get(pk=3).retired_at is None
        assert run.ok

    def test_a_record_that_vanishes_between_list_and_detail_is_left_out(self, upstream: Upstream) -> None:
        upstream.broken = lambda path: (404, "{}") if path == "/tickets/2" else None
        sync_catalog()
        assert set(Ticket.objects.values_list("pk", flat=True)) == {1, 3}


class TestUpstreamTrouble:
    @pytest.mark.parametrize("path", ["/locales", "/exhibitions", "/tickets/4", "/museums/6/opening_hours"])
    @pytest.mark.parametrize(
        ("status", "body"), [(401, '{"error": "key"}'), (200, "<html>we are back soon</html>"), (422, "[]")]
    )
    def test_nothing_is_taken_away(self, upstream: Upstream, path: str, status: int, body: str) -> None:
        sync_catalog()
        before = set(Ticket.objects.live().values_list("pk", flat=True))
        upstream.museums[6] = upstream.museums[5] | {"id": 6}
        upstream.tickets |= {4: ticket(4), 1: ticket(1, price_cents=9999)}
        del upstream.tickets[2]
        upstream.broken = lambda asked: (status, body) if asked.startswith(path) else None
        with pytest.raises(SyncError, match="did not deliver the catalogue"):
            sync_catalog()
        assert before <= set(Ticket.objects.live().values_list("pk", flat=True))
        newest = SyncRun.objects.first()
        assert newest is not None
        assert (newest.ok, newest.running, bool(newest.error)) == (False, None, True)

    def test_a_server_error_half_way(self, upstream: Upstream) -> None:
        sync_catalog()
        before = snapshot()
        upstream.tickets |= {4: ticket(4), 5: ticket(5)}
        upstream.broken = lambda asked: (500, "") if asked == "/tickets/5" else None
        with pytest.raises(SyncError, match="did not deliver the catalogue"):
            sync_catalog()
        assert upstream.asked.count("/tickets/4") == 1
        assert snapshot() == before

    def test_nobody_answers(self, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        gateway.reset()
        with pytest.raises(CommandError, match="did not deliver"):
            call_command("sync_catalog")
        assert SyncRun.objects.filter(ok=False).count() == 1

    @pytest.mark.parametrize("kind", ["museums", "exhibitions", "tickets"])
    def test_a_list_that_is_suddenly_empty_is_not_believed(self, upstream: Upstream, kind: str) -> None:
        sync_catalog()
        before = snapshot()
        getattr(upstream, kind).clear()
        with pytest.raises(SyncError, match=f"lists no {kind} at all"):
            sync_catalog()
        assert snapshot() == before
        sync_catalog(allow_empty=True)
        assert snapshot() != before

    def test_the_job_records_a_failure_and_goes_on(self, upstream: Upstream) -> None:
        upstream.broken = lambda _path: (401, "{}")
        sync_task()
        assert SyncRun.objects.get().error.startswith("The ticket system did not deliver the catalogue")


class TestOneAtATime:
    def test_a_second_run_is_turned_away(self, upstream: Upstream) -> None:
        SyncRun.objects.create(running=True)
        with pytest.raises(SyncBusyError):
            sync_catalog()
        assert upstream.asked == []

    @pytest.mark.usefixtures("upstream")
    def test_a_run_without_a_sign_of_life_is_taken_over(self) -> None:
        dead = SyncRun.objects.create(running=True)
        SyncRun.objects.update(alive_at=timezone.now() - timedelta(minutes=5))
        assert sync_catalog().ok
        dead.refresh_from_db()
        assert (dead.running, dead.ok, bool(dead.error)) == (None, False, True)

    @pytest.mark.usefixtures("upstream")
    def test_a_killed_process_of_this_machine_is_taken_over_at_once(self) -> None:
        killed = subprocess.Popen(["sleep", "60"])
        SyncRun.objects.create(running=True, process=f"{socket.gethostname()}:{killed.pid}")
        try:
            with pytest.raises(SyncBusyError):
                sync_catalog()
        finally:
            killed.kill()
            killed.wait()
        assert sync_catalog().ok

    def test_a_process_of_another_machine_has_the_benefit_of_the_doubt(self) -> None:
        SyncRun.objects.create(running=True, process="elsewhere:999999999")
        with pytest.raises(SyncBusyError):
            sync_catalog()

    @pytest.mark.usefixtures("upstream")
    def test_a_run_that_lost_its_claim_writes_nothing(self) -> None:
        def taken_over(what: str, done: int, total: int) -> None:
            SyncRun.objects.update(running=None, error="taken over")

        with pytest.raises(SyncError, match="took over"):
            sync_catalog(progress=taken_over)
        assert Museum.objects.count() == 0
        assert SyncRun.objects.get().error == "taken over"

    @pytest.mark.usefixtures("upstream")
    def test_a_run_that_breaks_off_frees_its_claim(self) -> None:
        def interrupted(what: str, done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sync_catalog(progress=interrupted)
        assert SyncRun.objects.get().running is None
        assert sync_catalog().ok


class TestCommand:
    def run(self, *args: str) -> str:
        out = io.StringIO()
        call_command("sync_catalog", *args, stdout=out)
        return out.getvalue().strip()

    def test_it_says_what_changed(self, upstream: Upstream) -> None:
        assert self.run() == "museums: 1 new\nexhibitions: 1 new\ntickets: 3 new"
        upstream.tickets[2]["price_cents"] = 1
        assert self.run() == "tickets: 1 changed (price_cents 1)"
        assert self.run() == "nothing changed"

    def test_a_fresh_catalogue_is_left_alone(self, upstream: Upstream) -> None:
        self.run("--if-older", "60")
        upstream.asked.clear()
        assert self.run("--if-older", "60") == "The catalogue is fresh, nothing to do."
        assert upstream.asked == []
        self.run("--if-older", "0")
        assert upstream.asked


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    @pytest.mark.usefixtures("upstream")
    def test_a_terminal_sees_a_bar_that_is_gone_in_the_end(self) -> None:
        terminal = Terminal()
        with progress_bar(terminal) as progress:
            sync_catalog(progress=progress)
        drawn = terminal.getvalue().split("\r\x1b[K")
        assert f"[{'#' * 16}{'.' * 8}] tickets 2/3" in drawn
        assert drawn[-1] == ""

    @pytest.mark.usefixtures("upstream")
    def test_anything_else_sees_nothing(self) -> None:
        file = io.StringIO()
        with progress_bar(file) as progress:
            sync_catalog(progress=progress)
        assert file.getvalue() == ""


class TestRefresh:
    def test_a_single_ticket_is_read_again_and_written(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.tickets[2] |= {"price_cents": 1600, "bookable": False}
        assert refresh([2])[2].price_cents == 1600
        assert Ticket.objects.get(pk=2).bookable is False
        assert sync_catalog().report == {}

    def test_a_ticket_that_is_gone_is_retired(self, upstream: Upstream) -> None:
        sync_catalog()
        del upstream.tickets[2]
        assert refresh([1, 2]).keys() == {1}
        assert Ticket.objects.get(pk=2).retired_at is not None

    def test_an_upstream_failure_writes_nothing(self, upstream: Upstream) -> None:
        sync_catalog()
        before = snapshot()
        upstream.broken = lambda path: (503, "") if path == "/tickets/2" else None
        with pytest.raises(Unavailable):
            refresh([1, 2])
        assert snapshot() == before

    def test_a_sync_under_way_does_not_undo_it(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.tickets[2]["price_cents"] = 1500
        OpeningHours.objects.all().delete()

        def refreshed_meanwhile(what: str, done: int, total: int) -> None:
            if what == "opening hours" and done == 1:  # the sync has read the tickets by now
                upstream.tickets[2]["price_cents"] = 1600
                refresh([2])

        sync_catalog(progress=refreshed_meanwhile)
        assert Ticket.objects.get(pk=2).price_cents == 1600
        assert sync_catalog().report == {}


def snapshot() -> dict[str, list[dict[str, Any]]]:
    models: list[type[Model]] = [Museum, Exhibition, Ticket, OpeningHours, Picture]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}
