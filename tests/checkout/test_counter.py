"""Selling at the counter: the buyers' own checkout, ways to pay that only staff see, and money taken once."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from checkout.models import Basket
from counter.models import CounterSale
from orders import desk, returns, selectors
from orders.engine import advance
from orders.lifecycle import State
from orders.models import LedgerLine, Order, Payment, Refund
from orders.payments.port import PaymentRefused
from staff import worklists
from tests.checkout.given import ADULT, a_time
from tests.checkout.visitor import Visitor
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(visitor: Visitor) -> Visitor:
    """Somebody of the counter with a basket for the person in front of them."""
    person = User.objects.create_user("ida", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename="sell"))
    visitor.client.force_login(person)
    visitor.add(a_time(ADULT), {ADULT: 2})
    return visitor


def sold(seller: Visitor, method: str = "cash") -> Order:
    seller.fill_in(method=method)
    assert seller.order().status_code == 302
    return Order.objects.get()


def sale_page(order: Order) -> str:
    return reverse("admin:counter_sale", args=[order.pk])


def booked(order: Order) -> Order:
    for _ in range(6):
        advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.FINALIZED
    return order


def test_only_who_sells_at_the_counter_sees_its_ways_to_pay(seller: Visitor) -> None:
    seller.post("contact", {"given_name": "Ida", "family_name": "Brandt", "email": "ida@example.org"})
    page = seller.page("payment")
    assert 'value="cash"' in page
    assert 'value="counter_card"' in page
    User.objects.get().user_permissions.clear()
    page = seller.page("payment")
    assert 'value="cash"' not in page


def test_a_visitor_cannot_choose_them_by_hand(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    visitor.post("contact", {"given_name": "Ida", "family_name": "Brandt", "email": "ida@example.org"})
    assert visitor.post("payment", {"method": "cash"}).status_code == 422
    assert visitor.get("review").status_code == 302
    assert not Order.objects.exists()


def test_who_loses_the_right_meanwhile_orders_nothing(seller: Visitor) -> None:
    seller.fill_in(method="cash")
    agreed = seller.agreed()
    User.objects.get().user_permissions.clear()
    seller.order(agreed)
    assert not Order.objects.exists()


def test_without_the_second_factor_nobody_sells(seller: Visitor, settings: Settings) -> None:
    settings.REQUIRE_TWO_FACTOR = True
    seller.post("contact", {"given_name": "Ida", "family_name": "Brandt", "email": "ida@example.org"})
    assert 'value="cash"' not in seller.page("payment")


def test_the_order_is_marked_booked_like_any_other_and_paid_once(seller: Visitor) -> None:
    order = sold(seller)
    assert order.counter_sale.seller_name == "ida"
    page = seller.client.get(sale_page(order)).content.decode()
    assert "Nehmen Sie noch kein Geld" in page
    seller.client.post(sale_page(order))  # too early: not booked yet
    assert not LedgerLine.objects.filter(kind="captured").exists()
    booked(order)
    payment = order.payments.get()
    assert (payment.provider, payment.state, payment.collected_cents) == ("cash", Payment.State.PROMISED, 0)
    assert "28,00" in seller.client.get(sale_page(order)).content.decode()
    for _ in range(2):
        assert seller.client.post(sale_page(order)).status_code == 302
    payment.refresh_from_db()
    assert (payment.state, payment.collected_cents) == (Payment.State.CAPTURED, order.total_cents)
    assert payment.ledger.filter(kind="captured").count() == 1


def test_the_next_customer_finds_nothing_of_the_one_before(seller: Visitor) -> None:
    sold(seller)
    seller.client.cookies.pop("basket")
    seller.add(a_time(ADULT), {ADULT: 1})
    page = seller.page("contact")
    assert "Brandt" not in page
    assert Basket.objects.count() == 2


def test_cash_goes_back_by_hand(seller: Visitor) -> None:
    order = booked(sold(seller))
    seller.client.post(sale_page(order))
    refund = returns.promise(order.payments.get(), 1400, Refund.Reason.CANCELLED)
    with pytest.raises(PaymentRefused):
        returns.settle(refund)
    refund.refresh_from_db()
    assert (refund.state, refund.by_hand) == (Refund.State.REFUSED, True)
    assert returns.returned_by_hand(refund, by="ida")


def test_what_nobody_has_taken_stands_on_the_worklist() -> None:
    order = an_order(state=State.READY, payment_method="counter_card")
    payment = desk.book(order, Payment.State.PROMISED)

    def waiting() -> int:
        found = worklists.for_person(User(is_superuser=True, is_active=True))
        return next(work.count for work in found if work.title == "Am Schalter zu kassieren")

    assert waiting() == 1
    assert desk.take_at_counter(payment, by="ida")
    assert waiting() == 0


def test_an_invoice_is_never_taken_at_the_counter() -> None:
    payment = desk.book(an_order(state=State.READY, payment_method="invoice"), Payment.State.PROMISED)
    assert not desk.take_at_counter(payment, by="ida")
    payment.refresh_from_db()
    assert payment.state == Payment.State.PROMISED


def test_the_page_of_a_sale_is_for_sellers_and_sales_only(seller: Visitor) -> None:
    order = sold(seller)
    other = an_order()
    assert seller.client.get(sale_page(other)).status_code == 404
    guest = User.objects.create_user("guest", is_staff=True)
    client = Client()
    client.force_login(guest)
    assert client.get(sale_page(order)).status_code == 403
    assert CounterSale.objects.count() == 1
    assert selectors.live_order(order.key) == order
