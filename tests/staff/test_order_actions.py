"""The page of an order offers what is safe in its state, says what will happen, and does it once."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import desk, transitions
from orders.lifecycle import State
from orders.models import Cancellation, Delivery, Order, OrderItem, Payment, Refund
from orders.payments import ledger
from shop.options import Product
from staff import order_actions
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db


def page(boss: Client, order: Order) -> str:
    return boss.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def act(order: Order, name: str) -> str:
    return reverse("admin:orders_order_act", args=[order.pk, name])


def offered(boss: Client, order: Order) -> set[str]:
    return set(re.findall(rf"/order/{order.pk}/do/(\w+)/", page(boss, order)))


def paid(state: State = State.READY, method: str = "invoice", **fields: object) -> Order:
    order = an_order(state=state, payment_method=method, upstream_token="key", **fields)
    payment = desk.book(order, Payment.State.OPEN)
    ledger.turn(payment, Payment.State.CAPTURED)
    return order


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (State.PLACED, {"look"}),
        (State.DRAFT_UNKNOWN, {"look"}),
        (State.PAID, {"look"}),
        (State.FINALIZE_UNKNOWN, {"look"}),
        (State.FINALIZED, {"look", "refund"}),
        (State.READY, {"mail", "refund"}),
        (State.REFUND_DUE, {"look"}),
        (State.REFUSED, set()),
        (State.EXPIRED, set()),
        (State.REFUNDED, set()),
    ],
)
def test_each_state_offers_what_is_safe_in_it(boss: Client, state: State, names: set[str]) -> None:
    order = paid(state)
    assert offered(boss, order) == names
    for other in order_actions.KINDS.keys() - names:
        answer = boss.post(act(order, other), {"amount": "1.00", "seen_cents": "0"}, follow=True)
        assert "nothing was done" in answer.content.decode()
    assert not order.refunds.exists()
    assert not LogEntry.objects.exists()


def test_asking_first_says_what_will_happen_and_changes_nothing(boss: Client) -> None:
    order = paid(State.PAID, due_at=timezone.now() + timedelta(hours=1))
    due = order.due_at
    assert "Nothing is sent twice." in boss.get(act(order, "look")).content.decode()
    order.refresh_from_db()
    assert order.due_at == due
    assert boss.post(act(order, "look")).status_code == 302
    order.refresh_from_db()
    assert order.due_at < due
    assert LogEntry.objects.get().change_message == "looked at again"


def test_the_tickets_are_sent_again_each_time_anew(boss: Client) -> None:
    order = paid()
    for _ in range(2):
        boss.post(act(order, "mail"))
    serials = order.deliveries.filter(kind=Delivery.Kind.READY).values_list("serial", flat=True)
    assert list(serials) == [0, 1]


def test_a_page_sent_twice_returns_the_money_once(boss: Client) -> None:
    order = paid()
    for _ in range(2):
        boss.post(act(order, "refund"), {"amount": "10.00", "seen_cents": "0"})
    refund = order.refunds.get()
    assert (refund.cents, refund.state, refund.by_hand) == (1000, Refund.State.REFUSED, True)  # no provider
    assert "return" in Order.objects.get().attention
    assert "Return money by hand" in page(boss, order)


def test_more_than_is_left_is_refused_and_keeps_what_was_typed(boss: Client) -> None:
    order = paid()
    answer = boss.post(act(order, "refund"), {"amount": "28.01", "seen_cents": "0"})
    assert answer.status_code == 422
    assert "So much is not left of this payment." in answer.content.decode()
    assert 'value="28.01"' in answer.content.decode()
    assert boss.post(act(order, "refund"), {"amount": "0", "seen_cents": "0"}).status_code == 422
    assert not order.refunds.exists()


def test_items_are_cancelled_by_the_rules_for_what_was_shown(boss: Client, settings: Settings) -> None:
    order = paid()
    item = order.items.get()
    OrderItem.objects.update(upstream_item_id=5)
    assert "cancel" not in offered(boss, order)  # no rule allows it
    settings.CANCELLATION_RULES = {Product.DATED: (1, 10)}
    assert "cancel" in offered(boss, order)
    shown = boss.post(act(order, "cancel"), {"item": [item.pk]}).content.decode()
    assert 'name="agreed" value="2520"' in shown
    assert not order.cancellations.exists()
    boss.post(act(order, "cancel"), {"item": [item.pk], "agreed": "2800"})  # not what was shown
    assert not order.cancellations.exists()
    boss.post(act(order, "cancel"), {"item": [item.pk], "agreed": "2520"})
    row = order.cancellations.get()
    assert (row.state, row.refund_cents, row.fee_cents) == (Cancellation.State.WAITING, 2520, 280)
    assert "cancel" not in offered(boss, order)


def test_a_transfer_that_is_awaited_leads_to_where_it_is_entered(boss: Client) -> None:
    order = an_order(state=State.AWAITING, payment_method="transfer", pay_until=timezone.now())
    payment = desk.book(order, Payment.State.OPEN)
    assert reverse("admin:orders_payment_receive", args=[payment.pk]) in page(boss, order)
    transitions.move(order, State.EXPIRED)
    Payment.objects.update(state=Payment.State.FAILED)
    assert reverse("admin:orders_payment_receive", args=[payment.pk]) not in page(boss, order)


def test_mails_are_seen_in_both_languages_and_never_sent(boss: Client) -> None:
    order = paid()
    address = reverse("admin:orders_order_mails", args=[order.pk])
    for language, words in {"de": "Ihre Karten", "en": "Your tickets"}.items():
        told = boss.get(address, {"kind": "ready", "language": language}).content.decode()
        assert words in told
        looks = boss.get(
            reverse("admin:orders_order_mail_page", args=[order.pk]), {"kind": "ready", "language": language}
        )
        assert words in looks.content.decode()
        assert "script-src" not in looks["Content-Security-Policy"]
        assert "sandbox" in looks["Content-Security-Policy"]
    order.refresh_from_db()
    assert order.language == "en"
    assert not order.deliveries.exists()


def test_a_mail_that_tells_of_nothing_is_not_there(boss: Client) -> None:
    order = paid()
    looks = reverse("admin:orders_order_mail_page", args=[order.pk])
    assert boss.get(looks, {"kind": "cancelled", "language": "en"}).status_code == 404
    assert boss.get(looks, {"kind": "ready", "language": "xx"}).status_code == 404
    assert boss.get(act(order, "nonsense")).status_code == 404
