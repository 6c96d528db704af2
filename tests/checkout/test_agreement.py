"""What a buyer is told about the law before the button, and what the order keeps of it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.urls import reverse

from catalog.models import EventDate
from orders.models import Order
from shop import texts
from shop.models import LegalText
from shop.options import Product
from tests.checkout.given import ADULT, a_time
from tests.checkout.programme import (
    ANNUAL,
    CABINET,
    GROUP_TOUR,
    TWO_HOUSES,
    VESSELS,
    combined_form,
    entries,
)
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

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


def pages_of_everything() -> dict[Product, list[str]]:
    """Where one chooses, with everything chosen that the page wants."""
    date = EventDate.objects.coming().order_by("start_time")[0]
    both = combined_form(entries(TWO_HOUSES, VESSELS, CABINET), **{f"kind-{TWO_HOUSES}": 1})
    day = next(iter(both.values()))[:10]
    return {
        Product.DATED: [
            reverse("catalog:ticket", args=[ADULT]),
            f"{reverse('catalog:event', args=[date.event_id])}?date={date.pk}",
            f"{reverse('catalog:ticket', args=[TWO_HOUSES])}?{urlencode({**both, 'day': day})}",
        ],
        Product.TOUR: [reverse("catalog:tour", args=[GROUP_TOUR])],
        Product.ANNUAL: [reverse("catalog:ticket", args=[ANNUAL])],
        Product.VOUCHER: [reverse("catalog:vouchers")],
    }


def test_every_kind_tells_the_configured_rule_where_one_chooses(
    visitor: Visitor, programme: Sandbox, settings: LazySettings
) -> None:
    settings.WITHDRAWAL_RIGHTS = {product: 20 + number for number, product in enumerate(Product)}
    for number, product in enumerate(Product):
        for page in pages_of_everything().get(product, ()):
            told = visitor.client.get(page).content.decode()
            assert f"binnen {20 + number} Tagen" in told, page
            assert told.count("binnen 2") == 1, page


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
