"""Staff find an order by what they hold in their hands, and a scanner opens it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders import desk, seeking
from orders.lifecycle import State
from orders.models import Admission, Order, Payment
from tests.orders.clock import Clock, drive
from tests.orders.given import an_order
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db
LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("staff"))
    return client


@pytest.fixture
def order() -> Order:
    order = an_order()
    Admission.objects.create(item=order.items.get(), position=1, barcode="AB34210297633-5")
    an_order(given_name="Paul", family_name="Other", email="paul@example.org")
    return order


def found(staff: Client, **query: str) -> set[str]:
    return {row.number for row in staff.get(LIST, query).context["cl"].queryset}


@pytest.mark.parametrize("sent", ["AB34210297633-5", "ab34210297633-5", " *AB34210297633-5* "])
def test_a_scanned_barcode_opens_its_order(staff: Client, order: Order, sent: str) -> None:
    answer = staff.get(LIST, {"q": sent})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:orders_order_change", args=[order.pk])


def test_a_number_or_payment_opens_its_order(staff: Client, order: Order) -> None:
    payment = desk.book(order, Payment.State.OPEN)
    for sent in (order.number.lower(), payment.reference):
        assert staff.get(LIST, {"q": sent})["Location"].endswith(f"/{order.pk}/change/")


def test_what_names_two_orders_or_a_part_of_one_opens_none(staff: Client, order: Order) -> None:
    other = Order.objects.exclude(pk=order.pk).get()
    Admission.objects.create(item=other.items.get(), position=1, barcode="AB34210297633-5")
    assert found(staff, q="AB34210297633-5") == {order.number, other.number}
    assert found(staff, q="AB3421") == {order.number, other.number}
    assert seeking.exact("") is None
    assert seeking.exact("**") is None


def test_a_museum_and_a_day_are_found_too(staff: Client, order: Order) -> None:
    item = order.items.get()
    assert item.slot_at is not None
    item.museum, item.slot_at = "House of Sand", timezone.now() + timedelta(days=9)
    item.save()
    other = Order.objects.exclude(pk=order.pk).get()
    on = timezone.localtime(item.slot_at).date()
    assert found(staff, q="of Sand") == found(staff, museum="House of Sand") == {order.number}
    assert found(staff, q=on.isoformat()) == found(staff, q=f"{on:%d.%m.%Y}") == {order.number}
    assert found(staff, visit="tomorrow") == {other.number}
    assert found(staff, visit="today") == set()


@pytest.mark.parametrize("text", ["2026-13-01", "30.02.2026", "12", "", "Ida"])
def test_what_is_no_day_is_searched_as_words(text: str) -> None:
    assert seeking.day(text) is None
    assert seeking.day("1.3.2026") == date(2026, 3, 1)


def test_the_door_stays_shut_for_who_may_not_see_orders(order: Order) -> None:
    client = Client()
    client.force_login(User.objects.create_user("looker", is_staff=True))
    assert client.get(LIST, {"q": order.number}).status_code == 403


# --- at the museum --------------------------------------------------------------------------------------------


def said(staff: Client, code: str) -> str:
    answer = staff.get(LIST, {"q": code}, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.django_db(transaction=True)
def test_a_barcode_only_the_museum_knows_opens_our_order(museum: Museum, clock: Clock, staff: Client) -> None:
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    code = museum.client().orders.get(order.upstream_token).items[0].barcodes[0].barcode
    Admission.objects.filter(item__order=order).delete()
    assert staff.get(LIST, {"q": f"*{code}*"})["Location"].endswith(f"/{order.pk}/change/")


@pytest.mark.django_db(transaction=True)
def test_a_barcode_of_another_seller_is_named(museum: Museum, clock: Clock, staff: Client) -> None:
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    code = museum.client().orders.get(order.upstream_token).items[0].barcodes[0].barcode
    Order.objects.filter(pk=order.pk).update(upstream_token="other")
    Admission.objects.filter(item__order=order).delete()
    assert f"{code} belongs to {order.number} at the museum" in said(staff, code)


def test_a_barcode_nobody_knows_and_a_museum_that_is_away_are_told(museum: Museum, staff: Client) -> None:
    assert "Neither this shop nor the museum’s system knows the barcode 4711-0815" in said(staff, "4711-0815")
    museum.fault("barcode", "status_503", times=None)
    assert "does not answer" in said(staff, "4711-0815")


@pytest.mark.parametrize(
    "text", ["Brandt", "2026-12-01", "12345", "VT-ABC123", "4711 0815 99", "ida@example1.org"]
)
def test_what_is_no_barcode_is_asked_of_nobody(text: str) -> None:
    assert not seeking.looks_scanned(text)
