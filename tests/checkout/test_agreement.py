"""What a buyer is told about the law before the button, and what the order keeps of it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.urls import reverse

from orders.models import Order
from shop import texts
from shop.models import LegalText
from shop.options import Product
from tests.checkout.given import ADULT, a_time
from tests.checkout.visitor import Visitor

pytestmark = pytest.mark.django_db
NO_RIGHT = "Tickets für einen festen Tag oder eine feste Uhrzeit: Es besteht kein Widerrufsrecht"


@pytest.fixture
def buyer(visitor: Visitor) -> Visitor:
    visitor.add(a_time(ADULT), {ADULT: 1})
    visitor.fill_in()
    return visitor


def publish(body: str) -> LegalText:
    row = LegalText.objects.create(name="terms", language="de", body=body)
    texts.publish(row)
    return row


def test_the_rule_is_told_where_one_chooses_and_before_the_button(buyer: Visitor) -> None:
    assert NO_RIGHT in buyer.client.get(reverse("catalog:ticket", args=[ADULT])).content.decode()
    review = buyer.page("review")
    assert review.index(NO_RIGHT) < review.index("Zahlungspflichtig bestellen")


def test_the_order_keeps_the_rule_as_it_was_told(buyer: Visitor, settings: LazySettings) -> None:
    settings.WITHDRAWAL_RIGHTS = settings.WITHDRAWAL_RIGHTS | {Product.DATED: 20}
    buyer.order()
    order = Order.objects.get()
    assert "binnen 20 Tagen" in order.consent
    assert "binnen 20 Tagen" in order.texts.select_related("copy").get(name="rights").copy.body


def test_the_order_keeps_the_texts_as_they_were(buyer: Visitor) -> None:
    old = publish("<p>Alt.</p>")
    buyer.order()
    publish("<p>Neu.</p>")
    kept = {text.name: text for text in Order.objects.get().texts.select_related("copy")}
    assert list(kept) == ["terms", "privacy", "withdrawal", "rights"]
    assert (kept["terms"].version, kept["terms"].copy.body) == (old.pk, "<p>Alt.</p>")
    assert kept["privacy"].version is None  # an outline still


def test_new_terms_between_look_and_click_are_shown_first(buyer: Visitor) -> None:
    publish("<p>Alt.</p>")
    seen = buyer.agreed()
    publish("<p>Neu.</p>")
    assert buyer.order(seen)["Location"] == reverse("checkout:review")
    assert not Order.objects.exists()
    buyer.order()
    assert Order.objects.get().texts.select_related("copy").get(name="terms").copy.body == "<p>Neu.</p>"
