"""A visit is rated once, after it, where the museum takes ratings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import rating, tasks
from orders.lifecycle import State, Step
from orders.models import Order, OrderItem, Rating
from tests.orders.clock import Clock, drive
from tests.orders.given import an_order
from tests.orders.museum import Museum
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
RATE = "PUT /orders/:id/rate"


def visited(**fields: object) -> Order:
    order = an_order(state=State.READY, upstream_token="tok")
    order.items.update(**{"slot_at": timezone.now() - timedelta(days=1)} | fields)
    return order


def send(client: Client, order: Order, stars: str) -> str:
    return client.post(
        reverse("orders:rate", args=[order.secret]), {"stars": stars}, follow=True
    ).content.decode()


def test_the_page_asks_once(client: Client) -> None:
    order = visited()
    address = reverse("orders:rate", args=[order.secret])
    assert (
        address
        in client.get(
            reverse("orders:order", args=[order.secret]), headers={"Accept-Language": "en"}
        ).content.decode()
    )
    send(client, order, "4")
    assert address not in send(client, order, "1")
    assert Rating.objects.get().stars == 4


@pytest.mark.parametrize("stars", ["", "0", "6", "four", "4.5", "99999999999999999999"])
def test_only_one_to_five(client: Client, stars: str) -> None:
    send(client, visited(), stars)
    assert not Rating.objects.exists()


def test_not_before_the_visit_and_not_without_a_key(settings: Settings) -> None:
    assert rating.may_rate(visited())
    assert not rating.may_rate(visited(slot_at=timezone.now() + timedelta(hours=1)))
    assert not rating.may_rate(visited(slot_at=None, kind=OrderItem.Kind.ANNUAL))
    assert not rating.may_rate(visited(cancelled_at=timezone.now()))
    order = visited()
    Order.objects.update(state=State.FINALIZED)
    order.refresh_from_db()
    assert not rating.rate(order, 5)
    settings.GOMUS_CUSTOMER_TOKEN = ""
    assert not rating.may_rate(visited())


def test_the_museum_gets_it_once_it_answers(museum: Museum, clock: Clock, sandbox: Sandbox) -> None:
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    Order.objects.update(state=State.READY)
    order.items.update(slot_at=timezone.now() - timedelta(days=1))
    order.refresh_from_db()
    assert rating.rate(order, 5)
    row = Rating.objects.get()
    sandbox.fault(RATE, "drop_after", times=None)
    tasks.forward_rating(row.pk)
    row.refresh_from_db()
    assert row.state == Rating.State.WAITING
    assert rating.due() == []
    sandbox.heal()
    clock.forward(hours=1)
    assert rating.due() == [row.pk]
    tasks.forward_rating(row.pk)
    row.refresh_from_db()
    assert row.state == Rating.State.SENT
    assert museum.client().orders.get(order.upstream_token).rating == 5
    assert order.journal.filter(step=Step.RATE).count() == 2


def test_a_no_of_the_museum_is_kept(museum: Museum, settings: Settings) -> None:
    settings.GOMUS_CUSTOMER_TOKEN = "nobody"
    row = Rating.objects.create(order=visited(), stars=3)
    tasks.forward_rating(row.pk)
    row.refresh_from_db()
    assert row.state == Rating.State.REFUSED
