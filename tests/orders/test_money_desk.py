"""Staff and money: a transfer is entered once, a wrong amount is asked about, troubles stay on the worklist."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders import desk, returns
from orders.lifecycle import State
from orders.models import LedgerLine, Order, Payment, Refund
from tests.orders.given import an_order
from tests.orders.test_transitions import together

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("staff"))
    return client


@pytest.fixture
def payment() -> Payment:
    order = an_order(
        state=State.AWAITING, payment_method="transfer", pay_until=timezone.now() + timedelta(days=5)
    )
    return desk.book(order, Payment.State.OPEN)


def enter(staff: Client, payment: Payment, amount: str, **more: str) -> int:
    address = reverse("admin:orders_payment_receive", args=[payment.pk])
    seen = str(payment.collected_cents)
    return staff.post(address, {"amount": amount, "seen_cents": seen, "note": "12", **more}).status_code


def test_the_right_amount_lets_the_order_go_on_and_is_taken_once(staff: Client, payment: Payment) -> None:
    page = staff.get(reverse("admin:orders_payment_receive", args=[payment.pk])).content.decode()
    assert "28.00" in page
    assert enter(staff, payment, "28.00") == 302
    assert enter(staff, payment, "28.00") == 422  # the button twice
    order = Order.objects.get()
    assert order.state == State.PLACED
    assert LedgerLine.objects.filter(kind=LedgerLine.Kind.RECEIVED).count() == 1
    assert order.journal.get().answer["by"] == "staff"


@pytest.mark.parametrize("amount", ["27.99", "280.00", "0", "-28", "x", ""])
def test_a_wrong_amount_is_not_taken_at_once(staff: Client, payment: Payment, amount: str) -> None:
    assert enter(staff, payment, amount) == 422
    assert Order.objects.get().state == State.AWAITING
    assert not LedgerLine.objects.filter(kind=LedgerLine.Kind.RECEIVED).exists()


def test_a_wrong_amount_that_is_true_goes_to_the_worklist(staff: Client, payment: Payment) -> None:
    assert enter(staff, payment, "20.00", other="on") == 302
    assert payment.order.number in staff.get(LIST, {"attention": "yes"}).content.decode()
    assert "missing" in Order.objects.get().attention


def test_who_may_only_look_enters_nothing(payment: Payment) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_payment", "view_order"]))
    client = Client()
    client.force_login(looker)
    assert enter(client, payment, "28.00") == 403
    assert enter(Client(), payment, "28.00") == 302  # to the login
    assert Order.objects.get().state == State.AWAITING


def test_trouble_stays_on_the_worklist_until_staff_settle_it(staff: Client, payment: Payment) -> None:
    Payment.objects.update(trouble=Payment.Trouble.DOUBLE)
    assert payment.order.number in staff.get(LIST, {"attention": "yes"}).content.decode()
    staff.post(
        reverse("admin:orders_payment_changelist"), {"action": "settle", "_selected_action": [payment.pk]}
    )
    assert payment.order.number not in staff.get(LIST, {"attention": "yes"}).content.decode()


def test_money_returned_by_hand_is_said_so(staff: Client, payment: Payment) -> None:
    Order.objects.update(state=State.EXPIRED)
    desk.receive(payment, 2800, note="", by="staff")
    refund = payment.refunds.get()
    assert payment.order.number in staff.get(LIST, {"attention": "yes"}).content.decode()
    staff.post(
        reverse("admin:orders_refund_changelist"), {"action": "returned", "_selected_action": [refund.pk]}
    )
    payment.refresh_from_db()
    assert payment.state == Payment.State.REFUNDED
    assert payment.collected_cents == payment.returned_cents == 2800


def test_the_page_of_a_payment_tells_its_book(staff: Client, payment: Payment) -> None:
    page = staff.get(reverse("admin:orders_payment_change", args=[payment.pk])).content.decode()
    assert f"{payment.reference}-started" in page
    assert reverse("admin:orders_payment_receive", args=[payment.pk]) in page


def test_two_refunds_at_once_never_return_more_than_there_is(payment: Payment) -> None:
    Payment.objects.update(state=Payment.State.CAPTURED, collected_cents=2800, provider="demo")

    def promise() -> bool:
        try:
            returns.promise(Payment.objects.get(), 1500, Refund.Reason.CANCELLED)
        except returns.NotReturnable:
            return False
        return True

    assert together(4, promise).count(True) == 1
    assert Payment.objects.get().returned_cents == Refund.objects.get().cents == 1500


def test_two_who_enter_the_same_transfer_let_the_order_go_on_once(payment: Payment) -> None:
    together(3, lambda: desk.receive(Payment.objects.get(), 2800, note="", by="staff"))
    assert Order.objects.get().state == State.PLACED
    found = Payment.objects.get()
    assert (found.collected_cents, found.returned_cents) == (8400, 5600)  # the others are returned by hand
    assert Refund.objects.filter(by_hand=True).count() == 2
