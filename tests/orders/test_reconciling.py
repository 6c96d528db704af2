"""Every night orders, museum and money are compared: what can be put right is, the rest is told to staff once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders import reconciling, services, tasks
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Comparison, DemoCharge, Finding, Order, Payment
from orders.payments import demo
from shop import gateway
from tests.orders.clock import Clock, drive
from tests.orders.given import an_order
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)
Kind = Finding.Kind
LATER = {"minutes": 16}


def booked(museum: Museum, clock: Clock) -> Order:
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    return order


def found() -> list[tuple[str, str]]:
    """What a comparison finds now, by number and kind."""
    tasks.compare_orders()
    return sorted(Finding.objects.filter(gone_at=None).values_list("reference", "kind"))


def test_where_all_is_well_nothing_is_found(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    clock.forward(**LATER)
    assert found() == []
    run = Comparison.objects.get()
    assert (run.whole, run.theirs, run.ours, run.note) == (True, 1, 1, "")
    order.refresh_from_db()
    assert order.attention == ""


def test_what_moved_just_now_is_left_alone(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    gateway.client().orders.cancel(order.upstream_token)
    assert found() == []
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.CANCELLED)]


def test_cancelled_at_the_museum_is_told_once_until_staff_have_settled_it(
    museum: Museum, clock: Clock
) -> None:
    order = booked(museum, clock)
    gateway.client().orders.cancel(order.upstream_token)
    clock.forward(**LATER)
    assert found() == found() == [(order.number, Kind.CANCELLED)]
    order.refresh_from_db()
    assert "cancelled at the museum" in order.attention
    staff = Client(headers={"Accept-Language": "en"})
    staff.force_login(User.objects.create_superuser("staff"))
    finding = Finding.objects.get()
    page = staff.get(reverse("admin:orders_finding_changelist"), {"settled": "no"}).content.decode()
    assert order.number in page
    assert order.upstream_token not in page + str(finding.facts) + finding.key
    chosen = {"action": "settle", "_selected_action": [finding.pk]}
    staff.post(reverse("admin:orders_finding_changelist"), chosen)
    order.refresh_from_db()
    assert order.attention == ""
    found()
    order.refresh_from_db()
    finding.refresh_from_db()
    assert (order.attention, finding.settled_by) == ("", "staff")
    assert finding.settled_at is not None


def test_paid_and_not_booked_is_tried_again_at_once(museum: Museum, clock: Clock) -> None:
    order = museum.order(payment_method="invoice")
    museum.fault("finalize", "status_503_retry", times=None)
    drive(order, clock, turns=3)
    clock.forward(**LATER)
    far = timezone.now() + timedelta(days=300)
    Order.objects.filter(pk=order.pk).update(due_at=far)
    assert found() == [(order.number, Kind.WAITING)]
    museum.heal()
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.FINALIZED
    clock.forward(**LATER)
    assert found() == []
    assert Finding.objects.get().gone_at is not None


def test_a_draft_that_nobody_needs_is_given_back(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    museum.create_again(order)
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.LEFT)]
    advance(order.pk)
    (live,) = museum.live(order)
    assert (live["status"], live["token"]) == ("finalized", order.upstream_token)
    assert found() == []


def test_the_draft_of_an_order_that_ended_is_given_back(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    advance(order.pk)
    Order.objects.filter(pk=order.pk).update(state=State.EXPIRED)
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.LEFT)]
    advance(order.pk)
    assert museum.live(order) == []


def test_booked_there_and_not_paid_here_is_for_staff(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    Order.objects.filter(pk=order.pk).update(state=State.REFUNDED)
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.UNPAID)]
    order.refresh_from_db()
    assert "not paid here" in order.attention
    assert len(museum.live(order)) == 1


def test_booked_here_without_any_money(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    order.payments.update(state=Payment.State.FAILED)
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.UNPAID)]


def test_another_total_and_an_open_order_at_the_museum(museum: Museum, clock: Clock) -> None:
    dearer = booked(museum, clock)
    Order.objects.filter(pk=dearer.pk).update(total_cents=2700)
    unbooked = museum.order()
    advance(unbooked.pk)
    Order.objects.filter(pk=unbooked.pk).update(state=State.READY)
    Payment.objects.create(
        order=unbooked, provider="invoice", reference="x", amount_cents=2800, state=Payment.State.PROMISED
    )
    clock.forward(**LATER)
    assert found() == sorted([(dearer.number, Kind.PRICE), (unbooked.number, Kind.UNBOOKED)])
    facts = Finding.objects.get(kind=Kind.PRICE).facts
    assert (facts["total_cents"], facts["expected_cents"]) == (2800, 2700)


def test_an_order_the_museum_does_not_know_and_one_we_do_not_know(museum: Museum, clock: Clock) -> None:
    stranger = museum.order()
    advance(stranger.pk)
    stranger.delete()
    lost = an_order(state=State.READY, total_cents=0, upstream_token="no-such-token-at-the-museum")
    clock.forward(**LATER)
    assert found() == sorted([(stranger.number, Kind.UNKNOWN), (lost.number, Kind.MISSING)])
    assert len(museum.live(stranger)) == 1


def test_money_of_an_order_that_came_to_nothing(museum: Museum, clock: Clock) -> None:
    order = an_order(state=State.EXPIRED)
    facts = {"amount_cents": 2800, "collected_cents": 2800, "returned_cents": 1000}
    Payment.objects.create(
        order=order, provider="transfer", reference="x", state=Payment.State.CAPTURED, **facts
    )
    clock.forward(**LATER)
    assert found() == [(order.number, Kind.KEPT)]
    assert Finding.objects.get().facts == {"left_cents": 1800}
    Payment.objects.update(returned_cents=2800)
    assert found() == []
    order.refresh_from_db()
    assert (order.attention, museum.orders_of(order)) == ("", [])


def test_money_the_provider_no_longer_has(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    advance(order.pk)
    order.refresh_from_db()
    services.start_payment(order=order, return_url="/")
    demo.decide(DemoCharge.objects.get(), pay=True)
    drive(order, clock, until=State.FINALIZED)
    clock.forward(**LATER)
    assert found() == []
    DemoCharge.objects.update(state=DemoCharge.State.REFUNDED)
    assert found() == [(order.number, Kind.MONEY_GONE)]


def test_a_silent_museum_is_noted_and_closes_nothing(museum: Museum, clock: Clock) -> None:
    order = booked(museum, clock)
    gateway.client().orders.cancel(order.upstream_token)
    clock.forward(**LATER)
    found()
    museum.fault("list", "status_503", times=None)
    assert found() == [(order.number, Kind.CANCELLED)]
    last = Comparison.objects.first()
    assert last is not None
    assert (last.whole, last.theirs) == (False, 0)
    assert last.note
    assert last.ended_at is not None


def test_a_list_longer_than_the_bound_makes_nothing_missing(
    museum: Museum, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = booked(museum, clock), booked(museum, clock)
    monkeypatch.setattr(reconciling, "MOST_ORDERS", 1)
    clock.forward(**LATER)
    assert found() == []
    assert not Comparison.objects.get().whole
    assert first.pk != second.pk
