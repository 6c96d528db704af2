"""A museum cancels before the visit: it is noticed, the customer is told once, and staff see to the money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from orders import mail, passes, reconciling, tasks, vigil
from orders.lifecycle import State
from orders.models import Cancellation, Delivery, Document, Finding, Order, Refund
from orders.services import place_order
from shop import gateway
from shop.api.records import ItemCancellation
from tests.orders.clock import Clock, drive
from tests.orders.given import a_snapshot, an_order
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def bought(museum: Museum, clock: Clock) -> Order:
    """A booked order of two items, two people each."""
    snapshot = a_snapshot(museum.line(), museum.line(), payment_method="invoice")
    order = place_order(snapshot=snapshot)
    drive(order, clock, until=State.FINALIZED)
    Document.objects.filter(kind=Document.Kind.SHEETS).update(state=Document.State.STORED)
    Order.objects.update(state=State.READY)
    order.refresh_from_db()
    return order


def there(museum: Museum, order: Order, *positions: int) -> None:
    """Let the museum cancel these items, or the whole order."""
    orders = museum.client().orders
    if not positions:
        orders.cancel(order.upstream_token)
        return
    theirs = [order.items.get(position=position).upstream_item_id or 0 for position in positions]
    orders.cancel_items(order.upstream_token, ItemCancellation(tuple(theirs)))


def told(order: Order) -> list[str]:
    for delivery in order.deliveries.filter(kind=Delivery.Kind.CALLED_OFF, sent_at=None):
        mail.send(delivery.pk)
    return [str(letter.body) for letter in outbox.outbox if "has cancelled" in letter.body]


def test_a_cancelled_part_no_longer_admits_and_everybody_knows(
    museum: Museum, bought: Order, client: Client
) -> None:
    there(museum, bought, 0)
    for _ in range(2):
        Order.objects.update(watched_at=None)
        tasks.watch_visits()
    assert [one.item.position for one in passes.of_order(bought)] == [1, 1]
    assert bought.documents.get(kind=Document.Kind.SHEETS).state == Document.State.WAITING
    row = Cancellation.objects.get()
    assert (row.by_museum, row.whole, row.refund_cents) == (True, False, 2800)
    [letter] = told(bought)
    assert "It cost: €28.00" in letter, "by invoice: nothing is paid yet"
    assert "You need not pay for it" in letter
    assert "Everything else of your order stays as it is" in letter
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "The museum has cancelled a part of your order" in page
    finding = Finding.objects.get()
    assert (finding.kind, finding.facts["owed_cents"]) == (Finding.Kind.PARTLY, 2800)
    bought.refresh_from_db()
    assert "partly cancelled" in bought.attention
    assert not Refund.objects.exists(), "the money is for staff"


def test_a_cancelled_order_is_told_as_one(museum: Museum, bought: Order, client: Client) -> None:
    there(museum, bought)
    vigil.watch()
    assert passes.of_order(bought) == []
    assert Finding.objects.get().kind == Finding.Kind.CANCELLED
    [letter] = told(bought)
    assert "€56.00" in letter
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "The museum has cancelled your order" in page
    assert reverse("orders:tickets_pdf", args=[bought.secret]) not in page


def test_the_night_finds_nothing_new_and_forgets_nothing(museum: Museum, bought: Order, clock: Clock) -> None:
    there(museum, bought, 1)
    vigil.watch()
    clock.forward(hours=1)
    reconciling.compare()
    finding = Finding.objects.get()
    assert (finding.kind, finding.gone_at) == (Finding.Kind.PARTLY, None)
    there(museum, bought)
    vigil.look(bought.pk)
    assert Cancellation.objects.filter(by_museum=True).count() == 2
    assert len(told(bought)) == 2


def test_nothing_happens_where_nothing_was_cancelled(museum: Museum, bought: Order) -> None:
    assert vigil.watch() == 1
    assert vigil.watch() == 0, "asked a moment ago"
    bought.refresh_from_db()
    assert (bought.attention, bought.claim) == ("", "")
    assert not Cancellation.objects.exists()
    assert not Finding.objects.exists()


def test_what_the_customer_is_giving_back_is_left_to_that(museum: Museum, bought: Order) -> None:
    facts = {"item_ids": [], "whole": True, "fee_cents": 0, "refund_cents": 0}
    Cancellation.objects.create(order=bought, serial=1, **facts)
    there(museum, bought)
    vigil.watch()
    assert Cancellation.objects.count() == 1
    assert not Finding.objects.exists()


def test_a_museum_that_does_not_answer_is_asked_again(museum: Museum, bought: Order, clock: Clock) -> None:
    there(museum, bought)
    museum.fault("get", "status_503", times=None)
    assert vigil.watch() == 0
    bought.refresh_from_db()
    assert (bought.watched_at, bought.claim) == (None, "")
    museum.heal()
    gateway.reset()
    assert vigil.watch() == 1
    assert Cancellation.objects.get().by_museum


def test_a_busy_order_is_asked_about_later(museum: Museum, bought: Order) -> None:
    Order.objects.update(claim="other", claimed_until=timezone.now() + timedelta(minutes=1))
    assert vigil.watch() == 0
    assert museum.client().orders.get(bought.upstream_token).is_valid


def test_near_visits_come_first_and_few_at_a_time(settings: Settings) -> None:
    settings.WATCH_PER_MINUTE = 2
    now = timezone.now()

    def visit(days: float, asked_minutes_ago: int | None = None, **fields: object) -> int:
        asked = now - timedelta(minutes=asked_minutes_ago) if asked_minutes_ago is not None else None
        order = an_order(**{"state": State.READY, "upstream_token": "tok", "watched_at": asked} | fields)
        order.items.update(slot_at=now + timedelta(days=days))
        return order.pk

    later, soon, long_ago = visit(9), visit(1, 40), visit(1, 300)
    visit(1, 5)  # asked a moment ago
    visit(9, 300)  # a visit that far off is asked about less often
    visit(-1)  # over
    visit(1, state=State.FINALIZED)
    visit(1, upstream_token="")
    assert vigil.due() == [long_ago, soon]
    Order.objects.filter(pk=soon).update(watched_at=now)
    assert vigil.due() == [long_ago, later]
    settings.WATCH_PER_MINUTE = 0
    assert vigil.due() == []
