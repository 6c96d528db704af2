"""Customers give tickets back: what is shown is what returns, and only once the museum has cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from orders import cancelling, mail, passes, tasks
from orders.lifecycle import Outcome, State, Step
from orders.models import Cancellation, Delivery, DemoCharge, Document, Order, OrderItem, Payment, Refund
from orders.services import place_order
from shop.options import Product
from tests.orders.clock import Clock, drive
from tests.orders.given import a_snapshot, an_order
from tests.orders.museum import Museum
from tests.orders.payers import DemoPayer
from tests.shop.test_settings import faults_of, settings_of

pytestmark = pytest.mark.django_db(transaction=True)
C = Cancellation.State


@pytest.fixture(autouse=True)
def _rules(settings: Settings) -> Iterator[None]:
    settings.CANCELLATION_RULES = {Product.DATED: (24, 10)}
    with translation.override("en"):
        yield


@pytest.fixture
def bought(museum: Museum, clock: Clock) -> Order:
    """A paid and booked order of two items, two people each."""
    order = place_order(snapshot=a_snapshot(museum.line(), museum.line()))
    drive(order, clock, until=State.DRAFTED)
    payer = DemoPayer()
    payer.go(order)
    payer.pay()
    drive(order, clock, until=State.FINALIZED)
    Document.objects.filter(kind=Document.Kind.SHEETS).update(state=Document.State.STORED)
    Order.objects.update(state=State.READY)
    order.refresh_from_db()
    return order


def ids(order: Order) -> list[int]:
    return list(order.items.values_list("pk", flat=True))


def asked(order: Order, *positions: int) -> Cancellation:
    chosen = [ids(order)[position] for position in positions]
    return cancelling.ask(order, chosen, agreed_cents=cancelling.quote(order, chosen).refund_cents)


def state(row: Cancellation) -> str:
    row.refresh_from_db()
    return row.state


def again(row: Cancellation) -> str:
    """Let its time come, and the sweep's task run."""
    Cancellation.objects.update(due_at=timezone.now())
    tasks.cancel_items(row.pk)
    return state(row)


def returned() -> list[int]:
    return [cents for charge in DemoCharge.objects.all() for cents in charge.refunds.values()]


def told(order: Order) -> list[str]:
    kinds = (Delivery.Kind.CANCELLED, Delivery.Kind.RETURNED)
    return [delivery.kind for delivery in order.deliveries.filter(kind__in=kinds)]


def live(museum: Museum, order: Order) -> int:
    theirs = museum.client().orders.get(order.upstream_token)
    return sum(item.canceled_at is None for item in theirs.items) if not theirs.is_cancelled() else 0


# --- what is offered ------------------------------------------------------------------------------------------


def a_ready_order(**fields: object) -> Order:
    order = an_order(state=State.READY, upstream_token="tok")
    order.items.update(**{"upstream_item_id": 5, "slot_at": timezone.now() + timedelta(days=3)} | fields)
    return order


def test_without_a_rule_nothing_is_offered(client: Client, settings: Settings) -> None:
    order = a_ready_order()
    address = reverse("orders:cancel", args=[order.secret])
    assert address in client.get(reverse("orders:order", args=[order.secret])).content.decode()
    settings.CANCELLATION_RULES = {}
    assert cancelling.options(order) == []
    assert address not in client.get(reverse("orders:order", args=[order.secret])).content.decode()
    assert "Nothing of this order can be cancelled" in client.get(address).content.decode()


def test_the_rule_of_the_class_says_until_when(clock: Clock) -> None:
    order = a_ready_order()
    [option] = cancelling.options(order)
    assert (option.fee_cents, option.refund_cents) == (280, 2520)
    clock.forward(days=2)
    assert cancelling.options(order) == []
    order.items.update(kind=OrderItem.Kind.TOUR, slot_at=timezone.now() + timedelta(days=30))
    assert cancelling.options(order) == []
    order.items.update(kind=OrderItem.Kind.TICKET, upstream_item_id=None)
    assert cancelling.options(order) == []


@pytest.mark.parametrize("other", sorted(set(State) - {State.READY}))
def test_only_a_ready_order_can_be_cancelled(client: Client, other: State) -> None:
    order = a_ready_order()
    Order.objects.update(state=other)
    assert client.get(reverse("orders:cancel", args=[order.secret])).status_code == 404
    assert client.post(reverse("orders:cancel_confirm", args=[order.secret])).status_code == 404


def test_the_amount_is_shown_before_anything_happens(client: Client) -> None:
    order = a_ready_order()
    item = str(ids(order)[0])
    page = client.post(reverse("orders:cancel", args=[order.secret]), {"item": item}).content.decode()
    assert "−€2.80" in page
    assert "€25.20" in page
    assert not Cancellation.objects.exists()
    sent = dict(re.findall(r'name="(item|agreed)" value="(\d+)"', page))
    assert sent == {"item": item, "agreed": "2520"}
    confirm = reverse("orders:cancel_confirm", args=[order.secret])
    for _ in range(2):  # a double click
        assert client.post(confirm, sent)["Location"] == reverse("orders:order", args=[order.secret])
    row = Cancellation.objects.get()
    assert (row.whole, row.fee_cents, row.refund_cents) == (True, 280, 2520)
    assert "under way" in client.get(reverse("orders:order", args=[order.secret])).content.decode()
    assert "under way" in client.get(reverse("orders:cancel", args=[order.secret])).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"item": "x", "agreed": "2520"},
        {"item": "0", "agreed": "2520"},
        {"item": "mine", "agreed": "2800"},
        {"item": "mine", "agreed": "-1"},
        {"item": "mine"},
        {"item": "theirs", "agreed": "2520"},
    ],
)
def test_nothing_else_than_what_was_shown_is_cancelled(client: Client, sent: dict[str, str]) -> None:
    order, other = a_ready_order(), a_ready_order()
    known = {"mine": str(ids(order)[0]), "theirs": str(ids(other)[0])}
    data = {name: known.get(value, value) for name, value in sent.items()}
    confirm = reverse("orders:cancel_confirm", args=[order.secret])
    assert client.post(confirm, data)["Location"] == reverse("orders:cancel", args=[order.secret])
    assert not Cancellation.objects.exists()
    assert Client(enforce_csrf_checks=True).post(confirm, data).status_code == 403


# --- at the museum --------------------------------------------------------------------------------------------


def test_an_item_is_cancelled_and_its_money_returned_once(
    museum: Museum, bought: Order, client: Client
) -> None:
    row = asked(bought, 0)
    assert returned() == []
    for _ in range(3):
        assert again(row) == C.DONE
    assert live(museum, bought) == 1
    assert returned() == [2520]
    assert told(bought) == ["cancelled", "returned"]
    assert bought.journal.get(step=Step.CANCEL).outcome == Outcome.OK
    assert [one.item.pk for one in passes.of_order(bought)] == [ids(bought)[1]] * 2
    assert bought.documents.get(kind=Document.Kind.SHEETS).state == Document.State.WAITING
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "€25.20 go back to you" in page
    with pytest.raises(cancelling.NotAllowed):
        asked(bought, 0)


def test_the_rest_of_an_order_is_cancelled_as_a_whole(museum: Museum, bought: Order, client: Client) -> None:
    assert again(asked(bought, 0)) == C.DONE
    row = asked(bought, 1)
    assert row.whole
    assert again(row) == C.DONE
    assert museum.client().orders.get(bought.upstream_token).is_cancelled()
    assert returned() == [2520, 2520]
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "Your order is cancelled" in page
    assert client.post(reverse("orders:resend", args=[bought.secret])).status_code == 404


def test_the_mails_say_what_was_cancelled_and_returned(bought: Order) -> None:
    again(asked(bought, 0))
    for delivery in bought.deliveries.filter(kind__in=["cancelled", "returned"]):
        mail.send(delivery.pk)
    cancelled, refunded = outbox.outbox[-2:]
    for part in ("Fee: €2.80", "You get back: €25.20"):
        assert part in cancelled.body
    assert "returned €25.20 to you for what was cancelled" in refunded.body


def test_a_lost_answer_is_looked_up_before_any_money_returns(museum: Museum, bought: Order) -> None:
    row = asked(bought, 0)
    museum.fault("cancel", "drop_after")
    assert again(row) == C.DOUBT
    assert returned() == []
    museum.fault("get", "status_500", times=None)
    assert again(row) == C.DOUBT
    assert returned() == []
    museum.heal()
    assert again(row) == C.DONE
    assert returned() == [2520]
    assert bought.journal.filter(step=Step.CANCEL).count() == 1, "not sent twice"


def test_what_never_arrived_is_sent_again(museum: Museum, bought: Order) -> None:
    row = asked(bought, 0)
    Cancellation.objects.update(state=C.DOUBT)  # its worker died before it called
    assert again(row) == C.DONE
    assert (live(museum, bought), returned()) == (1, [2520])


def test_a_no_of_the_museum_leaves_everything(museum: Museum, bought: Order, client: Client) -> None:
    row = asked(bought, 0)
    museum.refuse("/cancellations")
    assert again(row) == C.REFUSED
    assert (live(museum, bought), returned(), told(bought)) == (2, [], [])
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "did not allow" in page


def test_what_staff_cancelled_at_the_museum_meanwhile_counts(museum: Museum, bought: Order) -> None:
    row = asked(bought, 0, 1)
    museum.client().orders.cancel(bought.upstream_token)
    assert again(row) == C.DONE
    assert returned() == [5040]


def test_what_is_not_paid_yet_does_not_come_back(bought: Order, client: Client) -> None:
    bought.payments.update(state=Payment.State.PROMISED, collected_cents=0)
    page = client.get(reverse("orders:cancel", args=[bought.secret])).content.decode()
    assert "you pay €25.20 of €28.00 less" in page
    again(asked(bought, 0))
    mail.send(bought.deliveries.get(kind=Delivery.Kind.CANCELLED).pk)
    assert "You pay less: €25.20" in outbox.outbox[-1].body
    page = client.get(reverse("orders:order", args=[bought.secret])).content.decode()
    assert "You pay €25.20 less" in page
    assert "go back to you" not in page
    assert returned() == []


def test_money_staff_returned_meanwhile_is_not_returned_twice(museum: Museum, bought: Order) -> None:
    payment = bought.payments.get()
    payment.returned_cents = payment.collected_cents
    payment.save()
    assert again(asked(bought, 0)) == C.DONE
    assert not Refund.objects.exists()
    bought.refresh_from_db()
    assert "nothing collected covers the refund" in bought.attention


def test_a_busy_order_waits(bought: Order) -> None:
    row = asked(bought, 0)
    Order.objects.update(claim="other", claimed_until=timezone.now() + timedelta(minutes=1))
    assert again(row) == C.WAITING
    assert cancelling.due() == []
    Order.objects.update(claim="", claimed_until=None)
    assert again(row) == C.DONE


# --- the rules ------------------------------------------------------------------------------------------------


def test_the_rules_are_read_from_the_environment() -> None:
    assert settings_of(DEMO="1")["CANCELLATION_RULES"] == {}
    found = settings_of(DEMO="1", CANCELLATION_RULES="dated=48:10, voucher=0:0")["CANCELLATION_RULES"]
    assert found == {Product.DATED: (48, 10), Product.VOUCHER: (0, 0)}


@pytest.mark.parametrize("value", ["dated", "dated=48", "seats=1:1", "dated=1:101", "dated=-1:0"])
def test_nonsense_stops_the_start(value: str) -> None:
    assert "CANCELLATION_RULES" in faults_of(DEMO="1", CANCELLATION_RULES=value)
