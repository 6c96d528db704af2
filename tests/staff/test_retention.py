"""The rules of keeping, on a clock that is moved by years: who goes, who stays, and the row that proves it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.models import Basket, Subscription
from orders import returns, transitions
from orders.lifecycle import State
from orders.models import (
    Cancellation,
    Card,
    Delivery,
    Finding,
    LinkRequest,
    Order,
    OrderItem,
    Payment,
    Refund,
    Withdrawal,
)
from shop.models import Letter
from staff import retention, tasks
from staff.models import Erasure, RetentionRun
from tests.orders.clock import Clock
from tests.orders.given import an_order
from tests.staff.people import EVERYWHERE, a_known_order, files_of, written_of

pytestmark = pytest.mark.django_db
VISIT, ALL = Erasure.Extent.VISIT, Erasure.Extent.ALL


def counted(rule: str) -> tuple[int, int]:
    count = retention.run().counts[rule]
    return count["done"], count["held"]


def test_names_of_visitors_and_tickets_go_after_the_visit_and_the_invoice_stays(clock: Clock) -> None:
    order = a_known_order()
    clock.forward(days=90)
    assert counted("tickets") == (0, 0)  # the visit was on the day after the order
    clock.forward(days=2)
    assert counted("tickets") == (1, 0)
    assert order.erasure.extent == VISIT
    assert "Orla" not in written_of(order)
    assert files_of(order) == [f"{order.number}/invoice.pdf"]
    order.refresh_from_db()
    assert (order.family_name, order.street) == ("Brandt", "Feldstraße 8")
    assert not order.items.get().shares.exists()
    assert counted("tickets") == (0, 0)


def test_after_the_years_of_bookkeeping_nobody_is_left_and_the_sale_still_is(clock: Clock) -> None:
    order = a_known_order()
    secret, before = order.secret, written_of(order)
    assert all(word in before for word in EVERYWHERE)
    clock.forward(days=3649)
    assert counted("orders") == (0, 0)
    clock.forward(days=3)
    assert counted("orders") == (1, 0)
    after = written_of(order)
    assert [word for word in (*EVERYWHERE, secret, "key-at-the-museum") if word in after] == []
    assert files_of(order) == []
    order.refresh_from_db()
    assert (order.total_cents, order.state, order.erasure.extent) == (2800, State.READY, ALL)
    assert order.payments.get().collected_cents == 2800
    assert counted("orders") == (0, 0)


def test_the_link_in_the_old_mail_opens_nothing_then(clock: Clock) -> None:
    order = a_known_order()
    address = reverse("orders:order", args=[order.secret])
    assert Client().get(address).status_code == 200
    clock.forward(days=4000)
    retention.run()
    assert Client().get(address).status_code == 404


def unfinished_payment(order: Order) -> Callable[[], object]:
    payment = order.payments.get()
    Payment.objects.filter(pk=payment.pk).update(trouble=Payment.Trouble.DOUBLE)
    return lambda: Payment.objects.update(settled=True)


def refund_due(order: Order) -> Callable[[], object]:
    payment = order.payments.get()
    Payment.objects.filter(pk=payment.pk).update(provider="transfer")
    refund = returns.promise(order.payments.get(), 1400, Refund.Reason.CANCELLED)

    def settle() -> None:
        returns.returned_by_hand(refund, by="staff")
        Delivery.objects.update(state=Delivery.State.SENT)
        transitions.update(Order.objects.get(), attention="")

    return settle


def withdrawal_open(order: Order) -> Callable[[], object]:
    row = Withdrawal.objects.create(
        nonce="1", language="en", number=order.number, email=order.email, order=order
    )
    return lambda: Withdrawal.objects.filter(pk=row.pk).update(settled_at=timezone.now())


def cancellation_open(order: Order) -> Callable[[], object]:
    row = {"item_ids": [], "whole": True, "fee_cents": 0, "refund_cents": 0}
    Cancellation.objects.create(order=order, serial=1, **row)
    return lambda: Cancellation.objects.update(state=Cancellation.State.DONE)


def finding_open(order: Order) -> Callable[[], object]:
    Finding.objects.create(kind=Finding.Kind.UNPAID, key="1", order=order, reference=order.number)
    return lambda: Finding.objects.update(settled_at=timezone.now())


def card_in_doubt(order: Order) -> Callable[[], object]:
    Card.objects.update(state=Card.State.DOUBT)
    return lambda: Card.objects.update(state=Card.State.DONE)


def attention_asked(order: Order) -> Callable[[], object]:
    transitions.update(order, attention="compare both")
    return lambda: transitions.update(order, attention="")


def mail_waiting(order: Order) -> Callable[[], object]:
    Delivery.objects.create(order=order, kind=Delivery.Kind.READY, message_id="<1@x>")
    return lambda: Delivery.objects.update(state=Delivery.State.SENT)


@pytest.mark.parametrize(
    "still_open",
    [
        unfinished_payment,
        refund_due,
        withdrawal_open,
        cancellation_open,
        finding_open,
        card_in_doubt,
        attention_asked,
        mail_waiting,
    ],
)
def test_what_is_still_open_holds_the_order(
    still_open: Callable[[Order], Callable[[], object]], clock: Clock
) -> None:
    order = a_known_order()
    settle = still_open(order)
    clock.forward(days=4000)
    run = retention.run()
    assert (run.counts["orders"]["done"], run.counts["orders"]["held"]) == (0, 1)
    assert "Feldstraße" in written_of(order)
    assert len(files_of(order)) == 3
    settle()
    assert counted("orders") == (1, 0)
    assert "Feldstraße" not in written_of(order)


@pytest.mark.parametrize("state", [State.AWAITING, State.PAID, State.FINALIZE_UNKNOWN, State.REFUND_DUE])
def test_an_order_under_way_is_never_touched(state: State, clock: Clock) -> None:
    order = a_known_order(state=state)
    clock.forward(days=5000)
    retention.run()
    assert "Feldstraße" in written_of(order)


def test_an_order_that_came_to_nothing_goes_after_a_month(clock: Clock) -> None:
    order = an_order(state=State.EXPIRED)
    clock.forward(days=29)
    assert counted("failed") == (0, 0)
    clock.forward(days=2)
    assert counted("failed") == (1, 0)
    order.refresh_from_db()
    assert (order.email, order.erasure.extent) == ("", ALL)


def test_a_voucher_lives_longer_than_its_sale(clock: Clock) -> None:
    order = a_known_order()
    OrderItem.objects.update(kind=OrderItem.Kind.COUPON, slot_at=None)
    clock.forward(days=4 * 365 + 89)
    assert counted("tickets") == (0, 0)
    assert len(files_of(order)) == 3
    clock.forward(days=2)
    assert counted("tickets") == (1, 0)


def test_baskets_links_newsletters_and_letters_have_their_days(clock: Clock) -> None:
    Basket.objects.create()
    LinkRequest.objects.create(email="ida@example.org", language="en", answered_at=timezone.now())
    Subscription.objects.create(email="ida@example.org", groups=[])
    kept = Subscription.objects.create(email="ida@example.org", groups=[], confirmed_at=timezone.now())
    Letter.objects.create(kind=Letter.Kind.ORDERS, message_id="<1@x>", state=Letter.State.SENT)
    withdrawn = {"number": "VT-1", "email": "ida@example.org", "language": "en"}
    Withdrawal.objects.create(nonce="1", settled_at=timezone.now(), **withdrawn)
    waits = Withdrawal.objects.create(nonce="2", **withdrawn)
    ends = {1: {"links"}, 7: {"baskets", "newsletters"}, 90: {"letters"}, 1095: {"withdrawals"}}
    for days, rules in ends.items():
        clock.agree()
        clock.forward(days=days, seconds=-60)
        assert {name for name, count in retention.run().counts.items() if count["done"]} == set()
        clock.forward(seconds=120)
        assert {name for name, count in retention.run().counts.items() if count["done"] == 1} == rules
    assert list(Subscription.objects.all()) == [kept]
    assert list(Withdrawal.objects.all()) == [waits]


def test_many_orders_go_in_one_night(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        an_order(state=State.EXPIRED)
    clock.forward(days=31)
    assert counted("failed") == (5, 0)
    assert set(Order.objects.values_list("email", flat=True)) == {""}


def test_the_row_of_the_night_says_what_was_done(boss: Client, clock: Clock) -> None:
    an_order(state=State.EXPIRED)
    an_order(state=State.EXPIRED, attention="compare both")
    clock.forward(days=31)
    tasks.keep_rules()
    row = RetentionRun.objects.get()
    assert row.ended_at is not None
    assert row.counts["failed"] == {"days": 30, "done": 1, "held": 1}
    boss.force_login(User.objects.get())  # the old login has ended meanwhile
    page = boss.get(reverse("admin:staff_retentionrun_changelist")).content.decode()
    assert "failed, 30 days: 1 gone, 1 still needed" in page
