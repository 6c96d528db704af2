"""Tickets as pages: all of an order for its buyer, one for whoever has its link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from orders import passes, sharing
from orders.lifecycle import State
from orders.models import Admission, Document, Order, OrderItem, TicketShare
from orders.visits import entry_of
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def ready() -> Order:
    """An order of two people and a guided tour."""
    order = an_order(state=State.READY)
    item = order.items.get()
    for position in range(2):
        Admission.objects.create(item=item, position=position, barcode=f"VT-4711-{position}")
    item.pk, item.position, item.kind, item.title = None, 1, OrderItem.Kind.TOUR, "By <lamplight>"
    item.save()
    return order


def page(client: Client, order: Order, number: int) -> str:
    answer = client.get(reverse("orders:ticket", args=[order.secret, number]))
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def act(client: Client, name: str, order: Order, number: int = 1) -> None:
    answer = client.post(reverse(f"orders:{name}", args=[order.secret, number]))
    assert answer["Location"] == reverse("orders:ticket", args=[order.secret, number])


def shared(client: Client, number: int = 1) -> tuple[str, str]:
    """Return the secret of the newest link, and the page behind it."""
    secret = TicketShare.objects.latest("pk").secret
    answer = client.get(reverse("orders:shared", args=[secret]))
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    return secret, answer.content.decode()


def test_every_ticket_of_the_order_has_its_page(client: Client, ready: Order) -> None:
    order_page = client.get(reverse("orders:order", args=[ready.secret])).content.decode()
    for number in (1, 2, 3):
        assert reverse("orders:ticket", args=[ready.secret, number]) in order_page
    for number in (1, 2):
        found = page(client, ready, number)
        assert f'aria-label="Barcode VT-4711-{number - 1}"' in found
        assert f'd="{passes.of_order(ready)[number - 1].symbol.path}"' in found  # type: ignore[union-attr]
        assert " style=" not in found
    booking = page(client, ready, 3)
    assert "<svg class=" not in booking
    assert ready.number in booking
    assert "By &lt;lamplight&gt;" in booking


def test_a_code_that_has_no_bars_is_shown_in_letters(client: Client, ready: Order) -> None:
    Admission.objects.filter(position=0).update(barcode="grün<4711>")
    found = page(client, ready, 1)
    assert "grün&lt;4711&gt;" in found
    assert "<svg class=" not in found


@pytest.mark.parametrize("number", [0, 4, 10**9])
def test_other_numbers_are_not_there(client: Client, ready: Order, number: int) -> None:
    for name in ("ticket", "visit"):
        assert client.get(reverse(f"orders:{name}", args=[ready.secret, number])).status_code == 404
    assert client.post(reverse("orders:share", args=[ready.secret, number])).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFTED, State.FINALIZED, State.REFUNDED])
def test_before_and_without_tickets_there_is_nothing_to_show(
    client: Client, ready: Order, state: State
) -> None:
    act(client, "share", ready)
    secret, _ = shared(client)
    Order.objects.update(state=state)
    assert client.get(reverse("orders:ticket", args=[ready.secret, 1])).status_code == 404
    assert client.get(reverse("orders:shared", args=[secret])).status_code == 404


def test_a_link_shows_one_ticket_and_nothing_else(client: Client, ready: Order) -> None:
    act(client, "share", ready, 2)
    secret, found = shared(client)
    assert len(secret) >= 32
    assert f"/en/ticket/{secret}/" in page(client, ready, 2)
    assert secret not in page(client, ready, 1)
    assert "VT-4711-1" in found
    for hidden in ("VT-4711-0", "lamplight", ready.secret, ready.number, ready.email, "Brandt", "28.00"):
        assert hidden not in found


def test_sharing_twice_gives_the_same_link(client: Client, ready: Order) -> None:
    for _ in range(2):
        act(client, "share", ready, 1)
        act(client, "share", ready, 3)
    assert TicketShare.objects.count() == 2


def test_a_link_taken_back_never_works_again(client: Client, ready: Order) -> None:
    act(client, "share", ready)
    old, _ = shared(client)
    act(client, "unshare", ready)
    assert client.get(reverse("orders:shared", args=[old])).status_code == 404
    assert client.get(reverse("orders:shared_visit", args=[old])).status_code == 404
    assert "Take the link back" not in page(client, ready, 1)
    act(client, "share", ready)
    new, _ = shared(client)
    assert new != old
    assert client.get(reverse("orders:shared", args=[old])).status_code == 404


def test_links_are_made_and_ended_by_forms_of_ours_only(ready: Order) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("share", "unshare"):
        address = reverse(f"orders:{name}", args=[ready.secret, 1])
        assert strict.post(address).status_code == 403
        assert strict.get(address).status_code == 405
    assert not TicketShare.objects.exists()
    assert strict.get(reverse("orders:shared", args=["guessed"])).status_code == 404


def test_the_visit_goes_into_a_calendar(client: Client, ready: Order) -> None:
    sharing.share(passes.of_order(ready)[0])
    secret, found = shared(client)
    item = ready.items.get(position=0)
    assert item.slot_at is not None
    for address, link in (
        (reverse("orders:visit", args=[ready.secret, 1]), f"/order/{ready.secret}/tickets/1/"),
        (reverse("orders:shared_visit", args=[secret]), f"/ticket/{secret}/"),
    ):
        answer = client.get(address)
        assert answer["Content-Type"].startswith("text/calendar")
        told = answer.content.decode().replace("\r\n ", "")
        assert "SUMMARY:Colour as Space" in told
        assert "Paul-Lincke-Ufer 40" in told
        assert re.search(rf"URL:http.*{link}\r\n", told)
    assert reverse("orders:shared_visit", args=[secret]) in found


def test_an_entry_lasts_as_long_as_the_visit_may_begin_or_goes_on(ready: Order) -> None:
    item = ready.items.get(position=0)
    at = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    item.slot_at, item.slot_minutes = at, 30
    entry = entry_of(item, "https://shop.example/x")
    assert entry is not None
    assert (entry.starts_at, entry.ends_at) == (at, at + timedelta(minutes=30))
    assert "enter between 10:00 and 10:30" in entry.description
    item.slot_minutes, item.whole_day = None, True
    entry = entry_of(item, "")
    assert entry is not None
    assert entry.ends_at is not None
    assert timezone.localtime(entry.ends_at).strftime("%H:%M") == "00:00"
    item.whole_day = False
    parts = [{"title": t, "museum": "", "address": "", "at": a, "minutes": 15} for t, a in times(at)]
    item.parts = parts
    entry = entry_of(item, "")
    assert entry is not None
    assert (entry.starts_at, entry.ends_at) == (at, at + timedelta(hours=2, minutes=15))
    item.parts, item.slot_at = [], None
    assert entry_of(item, "") is None


def times(at: datetime) -> list[tuple[str, str]]:
    return [("Lower", (at + timedelta(hours=2)).isoformat()), ("Upper", at.isoformat()), ("Garden", "")]


def test_what_has_no_date_has_no_calendar(client: Client, ready: Order) -> None:
    OrderItem.objects.update(slot_at=None)
    assert reverse("orders:visit", args=[ready.secret, 1]) not in page(client, ready, 1)
    assert client.get(reverse("orders:visit", args=[ready.secret, 1])).status_code == 404


# --- files of one ticket --------------------------------------------------------------------------------------


def kept(order: Order, kind: Document.Kind, position: int) -> Document:
    """A stored file of the ticket with this position."""
    admission = Admission.objects.get(item__order=order, position=position)
    facts = {"state": Document.State.STORED, "file": f"{kind.value}-{position}"}
    row, _ = Document.objects.get_or_create(order=order, item=admission.item, admission=admission, kind=kind)
    Document.objects.filter(pk=row.pk).update(**facts)
    storages["documents"].save(facts["file"], ContentFile(facts["file"].encode()))
    return row


def test_a_pass_is_offered_where_it_is_stored(client: Client, ready: Order) -> None:
    kept(ready, Document.Kind.PASSBOOK, 1)
    first, second = (reverse("orders:pass", args=[ready.secret, number]) for number in (1, 2))
    assert first not in page(client, ready, 1)
    assert client.get(first).status_code == 404
    order_page = client.get(reverse("orders:order", args=[ready.secret])).content.decode()
    assert (second in order_page, first in order_page) == (True, False)
    assert second in page(client, ready, 2)
    answer = client.get(second)
    assert answer["Content-Type"] == "application/vnd.apple.pkpass"
    assert answer.getvalue() == b"passbook-1"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_shared_ticket_has_its_own_files_and_no_others(client: Client, ready: Order) -> None:
    act(client, "share", ready, 2)
    for kind in (Document.Kind.PASSBOOK, Document.Kind.SINGLE):
        kept(ready, kind, 0)
    secret, found = shared(client)
    addresses = [reverse(f"orders:{name}", args=[secret]) for name in ("shared_pass", "shared_pdf")]
    for address in addresses:
        assert address not in found
        assert client.get(address).status_code == 404
    kept(ready, Document.Kind.PASSBOOK, 1)
    kept(ready, Document.Kind.SINGLE, 1)
    _, found = shared(client)
    for address, content in zip(addresses, (b"passbook-1", b"single-1"), strict=True):
        assert address in found
        assert client.get(address).getvalue() == content
    act(client, "unshare", ready, 2)
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_sharing_orders_the_sheet_of_this_one_ticket(client: Client, ready: Order) -> None:
    for _ in range(2):
        act(client, "share", ready, 2)
        act(client, "share", ready, 3)
    rows = Document.objects.filter(kind=Document.Kind.SINGLE).order_by("pk")
    assert [(row.state, row.admission and row.admission.barcode) for row in rows] == [
        (Document.State.WAITING, "VT-4711-1"),
        (Document.State.WAITING, None),
    ]
