"""The words for orders the ticket system refused, by its own code: title, sentence, and the label of the way on."""

from django.utils.translation import gettext_lazy

from orders.endings import ENDED

_change = gettext_lazy("Change your basket")
_again = gettext_lazy("Back to your basket")
Words = tuple[object, object, object]

_gone: Words = (
    gettext_lazy("Something in your basket is no longer sold"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Your basket shows what can still be had."
    ),
    _change,
)
_number: Words = (
    gettext_lazy("The museum does not sell this number"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please change the number in your basket and order "
        "again."
    ),
    _change,
)
_prices: Words = (
    gettext_lazy("The museum has changed its prices to choose from"),
    gettext_lazy("Nothing has been booked and nothing has been charged. Please choose the prices again."),
    _change,
)
_seats: Words = (
    gettext_lazy("A seat you chose cannot be had"),
    gettext_lazy("Nothing has been booked and nothing has been charged. Please choose other seats."),
    _change,
)
_times: Words = (
    gettext_lazy("The times you chose do not fit"),
    gettext_lazy("Nothing has been booked and nothing has been charged. Please choose other times."),
    gettext_lazy("Choose another time"),
)
_names: Words = (
    gettext_lazy("The museum needs the names of everybody who comes"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please order again and check the names."
    ),
    _again,
)
_equipment: Words = (
    gettext_lazy("Something you wanted to borrow has just been given away"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please choose less of it, or another time."
    ),
    _change,
)
_group: Words = (
    gettext_lazy("The tour is not held like this"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please choose its language and age group again."
    ),
    _change,
)
_buyer: Words = (
    gettext_lazy("The museum did not accept your details"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please check your name, e-mail address and "
        "address, and order again."
    ),
    _again,
)
_payment: Words = (
    gettext_lazy("The museum did not accept this way to pay"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Please order again and pay another way."
    ),
    _again,
)
_voucher: Words = (
    gettext_lazy("The museum does not accept this voucher"),
    gettext_lazy("Nothing has been booked and nothing has been charged. Please order again without it."),
    _change,
)
_closed: Words = (
    gettext_lazy("The museum has closed this order"),
    gettext_lazy(
        "Nothing has been booked and nothing has been charged. Your basket is kept: please order again."
    ),
    _again,
)

REFUSALS: dict[str, Words] = {
    **dict.fromkeys(("unknown_product", "not_bookable", "not_reservable", "sub_ticket_only"), _gone),
    **dict.fromkeys(
        (
            "items_empty",
            "participants_mismatch",
            "quantity_above_maximum",
            "quantity_below_minimum",
            "quantity_invalid",
            "reservation_limit_reached",
            "surcharge_quantity",
        ),
        _number,
    ),
    **dict.fromkeys(
        ("scale_price_required", "unknown_scale_price", "surcharges_required", "unknown_surcharge"), _prices
    ),
    **dict.fromkeys(("seats_required", "seat_unavailable", "seat_category_mismatch"), _seats),
    **dict.fromkeys(
        ("time_missing", "time_invalid", "sub_ticket_times_missing", "sub_ticket_times_too_close"), _times
    ),
    **dict.fromkeys(("attendees_missing", "attendees_count", "attendee_incomplete"), _names),
    "equipment_unavailable": _equipment,
    **dict.fromkeys(("language_required", "language_unavailable", "age_group_invalid"), _group),
    **dict.fromkeys(("customer_invalid", "customer_not_found"), _buyer),
    "payment_invalid": _payment,
    "coupon_invalid": _voucher,
    **dict.fromkeys(("order_expired", "order_cancelled", "already_cancelled", "already_finalized"), _closed),
}


def words_of(code: str) -> Words:
    """What to say of an order that ended for this reason; what is no reason of a buyer's is told in general."""
    return ENDED.get(code) or REFUSALS.get(code) or ENDED["refused"]
