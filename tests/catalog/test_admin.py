"""Staff look at the mirror; nobody can change it there, but what is shown of a product (see test_curating)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from catalog.models import Event, OpeningHours, SyncRun, Ticket
from shop.jobs import Job
from tests.catalog import rows
from tests.catalog.bells import rung

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff"))
    return client


@pytest.fixture
def everything() -> None:
    house = rows.museum(1)
    rows.ticket(3, museums=[house], exhibitions=[rows.exhibition(2, house)])
    rows.picture("a")
    language = rows.term("languages", 9)
    event = rows.event(4, house)
    rows.tour(6, house)
    rows.coupon(7)
    rows.event_date(2**40, event, timezone.now() + timedelta(days=1), language=language)
    OpeningHours.objects.create(museum=house, day=timezone.localdate(), read_at=timezone.now())
    report = {"tickets": {"created": [3], "updated": {}, "retired": [], "returned": [], "skipped": []}}
    SyncRun.objects.create(ok=True, finished_at=timezone.now(), report=report)


KINDS = ["openinghours", "picture", "syncrun", "eventdate", "term"]


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_looked_at_and_not_changed(staff: Client, kind: str) -> None:
    listed = staff.get(reverse(f"admin:catalog_{kind}_changelist"))
    assert listed.status_code == 200
    pk = listed.context["cl"].queryset.get().pk
    page = staff.get(reverse(f"admin:catalog_{kind}_change", args=[pk]))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert staff.post(reverse(f"admin:catalog_{kind}_change", args=[pk]), {}).status_code == 403
    assert staff.get(reverse(f"admin:catalog_{kind}_add")).status_code == 403
    assert staff.post(reverse(f"admin:catalog_{kind}_delete", args=[pk]), {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("everything")
def test_an_event_shows_its_next_date_only(staff: Client) -> None:
    event, now = Event.objects.get(), timezone.now()
    soonest = rows.event_date(1, event, now + timedelta(hours=2))
    rows.event_date(2, event, now - timedelta(hours=2))
    rows.retire(rows.event_date(3, event, now + timedelta(hours=1)))
    listed = staff.get(reverse("admin:catalog_event_changelist"))
    assert [shown.next_start for shown in listed.context["cl"].queryset] == [soonest.start_time]


@pytest.mark.usefixtures("everything")
def test_whom_a_ticket_is_for_can_be_corrected(staff: Client) -> None:
    page = reverse("admin:catalog_ticket_change", args=[3])
    wish = {"visitor_kind_by_staff": "child", "visitor_kind": "group", "price_cents": "1"}
    assert staff.post(page, wish).status_code == 302
    ticket = Ticket.objects.get(pk=3)
    assert (ticket.visitor, ticket.visitor_kind, ticket.price_cents) == ("child", "other", 1400)
    assert staff.post(page, {"visitor_kind_by_staff": "dragon"}).status_code == 200
    assert staff.post(page, {"visitor_kind_by_staff": ""}).status_code == 302
    assert Ticket.objects.get(pk=3).visitor == "other"


@pytest.mark.usefixtures("everything")
def test_a_ticket_cannot_be_added_or_deleted_nor_corrected_by_those_who_may_only_look(client: Client) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    client.force_login(looker)
    page = reverse("admin:catalog_ticket_change", args=[3])
    assert client.get(page).status_code == 200
    assert client.post(page, {"visitor_kind_by_staff": "child"}).status_code == 403
    client.force_login(User.objects.create_superuser("staff"))
    assert client.get(reverse("admin:catalog_ticket_add")).status_code == 403
    assert client.post(reverse("admin:catalog_ticket_delete", args=[3]), {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(("words", "found"), [("Ticket 3 en", 1), ("3", 1), ("no such thing", 0)])
def test_titles_are_searched_in_every_language(staff: Client, words: str, found: int) -> None:
    listed = staff.get(reverse("admin:catalog_ticket_changelist"), {"q": words})
    assert listed.context["cl"].result_count == found


@pytest.mark.usefixtures("everything")
def test_a_run_tells_what_it_changed(staff: Client) -> None:
    assert b"tickets: 1 new" in staff.get(reverse("admin:catalog_syncrun_changelist")).content


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("chosen", [[], ["1"]])
def test_a_sync_can_be_asked_for(
    staff: Client, chosen: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rung()
    ask = {"action": "sync_now", "_selected_action": chosen}
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(reverse("admin:catalog_museum_changelist"), ask, follow=True)
    assert answer.status_code == 200
    assert rung() == [(Job.SYNC_CATALOG.value, ())]
