"""Whatever the ticket system refuses an order for, its buyer reads why in two languages and has a way on."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from orders.endings import ENDED
from orders.lifecycle import State
from orders.models import Order
from orders.pages import page_of
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db

GENERAL = "The museum could not take this order"
TOLD = {  # every code of the API's registry, by what its buyer is told
    "Something in your basket is no longer sold": "unknown_product not_bookable not_reservable sub_ticket_only",
    "The museum does not sell this number": "items_empty participants_mismatch quantity_above_maximum "
    "quantity_below_minimum quantity_invalid reservation_limit_reached surcharge_quantity",
    "The museum has changed its prices to choose from": "scale_price_required unknown_scale_price "
    "surcharges_required unknown_surcharge",
    "A seat you chose cannot be had": "seats_required seat_unavailable seat_category_mismatch",
    "The times you chose do not fit": "time_missing time_invalid sub_ticket_times_missing "
    "sub_ticket_times_too_close",
    "The museum needs the names of everybody who comes": "attendees_missing attendees_count attendee_incomplete",
    "Something you wanted to borrow has just been given away": "equipment_unavailable",
    "The tour is not held like this": "language_required language_unavailable age_group_invalid",
    "The museum did not accept your details": "customer_invalid customer_not_found",
    "The museum did not accept this way to pay": "payment_invalid",
    "The museum does not accept this voucher": "coupon_invalid",
    "The museum has closed this order": "order_expired order_cancelled already_cancelled already_finalized",
    "These places have just been sold": "sold_out",
    "This time is no longer offered": "slot_unavailable",
    "This time has passed": "time_in_past",
    "The price has changed": "wrong_total",
    GENERAL: "malformed_json missing_field invalid_value range_invalid range_too_long unknown_locale "
    "reservation_mismatch unknown_order_item item_already_cancelled item_redeemed not_implemented",
}
CODES = [(code, title) for title, codes in TOLD.items() for code in codes.split()]


@pytest.fixture
def order() -> Order:
    return an_order(state=State.REFUSED)


def test_every_code_has_its_words_and_a_way_on(order: Order) -> None:
    for code, title in [*CODES, ("never_heard_of", GENERAL), ("", GENERAL)]:
        order.refusal = {"code": code, "messages": ["Not like this."]}
        order.state = State.PRICE_CHANGED if code == "wrong_total" else State.REFUSED
        with translation.override("en"):
            english = page_of(order)
        with translation.override("de"):
            german = page_of(order)
        assert english.title == title, code
        assert german.title != english.title, code
        assert german.way_out_label != english.way_out_label, code
        for page, nothing in ((english, "Nothing has been booked"), (german, "nichts gebucht")):
            assert nothing in page.sentence, code
            assert page.way_out.endswith(f"/basket/again/{order.secret}/"), code
        assert english.museum_says == (() if code in ENDED else ("Not like this.",)), code


def test_the_way_on_is_a_button_of_the_page(client: Client, order: Order) -> None:
    order.refusal = {"code": "seat_unavailable", "messages": ["<b>Row 1</b>, seat 2"]}
    order.save()
    page = client.get(reverse("orders:order", args=[order.secret])).content.decode()
    assert f'action="{reverse("checkout:again", args=[order.secret])}"' in page
    assert "&lt;b&gt;Row 1" in page
