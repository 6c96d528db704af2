"""Staff see everything about an order and can do no harm to it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.lifecycle import Outcome, State, Step
from orders.models import Admission, JournalEntry, Order
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
LIST = reverse("admin:orders_order_changelist")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("staff"))
    return client


def test_an_order_is_found_by_name_mail_and_part_of_a_barcode(staff: Client) -> None:
    order = an_order()
    Admission.objects.create(item=order.items.get(), position=1, barcode="4034210297633-5")
    other = an_order(given_name="Paul", family_name="Other", email="paul@example.org")
    for sought in ("Brandt", "ida@example.org", "40342102"):
        page = staff.get(LIST, {"q": sought}).content.decode()
        assert order.number in page
        assert other.number not in page


def test_the_page_of_an_order_tells_its_story_and_offers_no_change(staff: Client) -> None:
    order = an_order(attention="compare both")
    JournalEntry.objects.create(
        order=order, step=Step.CREATE, outcome=Outcome.OK, answer={"total_cents": 2800}
    )
    page = staff.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    for expected in (order.number, "compare both", "reserve at the museum", "€28.00", "Colour as Space"):
        assert expected in page
    assert 'name="_save"' not in page
    assert order.upstream_token == ""


def test_the_token_of_the_museum_is_shown_nowhere(staff: Client) -> None:
    order = an_order(upstream_token="secret-token-of-the-museum")
    page = staff.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert "secret-token-of-the-museum" not in page


def test_the_worklist_shows_what_needs_staff(staff: Client) -> None:
    calm, urgent = an_order(), an_order(attention="compare both")
    page = staff.get(LIST, {"attention": "yes"}).content.decode()
    assert urgent.number in page
    assert calm.number not in page


def test_looking_again_only_makes_the_order_due(staff: Client) -> None:
    later = timezone.now() + timedelta(hours=1)
    order = an_order(state=State.FINALIZE_UNKNOWN, due_at=later)
    done = an_order(state=State.REFUSED, due_at=later)
    staff.post(LIST, {"action": "look_again", "_selected_action": [order.pk, done.pk]})
    assert Order.objects.get(pk=order.pk).due_at < later
    assert Order.objects.get(pk=done.pk).due_at == later
    assert Order.objects.get(pk=order.pk).state == State.FINALIZE_UNKNOWN
