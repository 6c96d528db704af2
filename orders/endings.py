"""The words for an order that came to nothing: title, sentence, and the label of the way on."""

from django.utils.translation import gettext_lazy

_back = gettext_lazy("Back to your basket")
_elsewhen = gettext_lazy("Choose another time")
ENDED = {
    "refused": (
        gettext_lazy("The museum could not take this order"),
        gettext_lazy("Nothing has been booked and nothing has been charged."),
        _back,
    ),
    "sold_out": (
        gettext_lazy("These places have just been sold"),
        gettext_lazy("Someone was quicker. Nothing has been booked and nothing has been charged."),
        _elsewhen,
    ),
    "slot_unavailable": (
        gettext_lazy("This time is no longer offered"),
        gettext_lazy(
            "The museum has changed its times. Nothing has been booked and nothing has been charged."
        ),
        _elsewhen,
    ),
    "time_in_past": (
        gettext_lazy("This time has passed"),
        gettext_lazy("Entry has already begun. Nothing has been booked and nothing has been charged."),
        _elsewhen,
    ),
    "unavailable": (
        gettext_lazy("The museum’s system cannot be reached"),
        gettext_lazy(
            "We tried for ten minutes. Nothing has been booked and nothing has been charged. Your basket is kept: "
            "please order again later."
        ),
        _back,
    ),
    "wrong_total": (
        gettext_lazy("The price has changed"),
        gettext_lazy(
            "Nothing has been booked and nothing has been charged. Your basket has the museum’s new price: please "
            "order again if you agree."
        ),
        gettext_lazy("See the new price"),
    ),
    "expired": (
        gettext_lazy("The time to pay has passed"),
        gettext_lazy(
            "Your places go back to the museum and nothing has been charged. Everything you entered is kept: you can "
            "order the same again."
        ),
        gettext_lazy("Order the same again"),
    ),
    "expired_held": (
        gettext_lazy("The time to pay has passed"),
        gettext_lazy(
            "Your payment came too late and was released: nothing has been charged. Your places were given back."
        ),
        _back,
    ),
    "expired_returned": (
        gettext_lazy("The time to pay has passed"),
        gettext_lazy("Your payment came too late. You get all of it back. Nothing has been booked."),
        _back,
    ),
    "expired_transfer": (
        gettext_lazy("Your transfer has not arrived in time"),
        gettext_lazy(
            "Nothing has been booked. If your money is still on its way, you will get all of it back."
        ),
        _back,
    ),
    "part_due": (
        gettext_lazy("The whole sum has not arrived in time"),
        gettext_lazy("Nothing has been booked. What you transferred goes back to you."),
        _back,
    ),
    "part_done": (
        gettext_lazy("The whole sum has not arrived in time"),
        gettext_lazy("Nothing has been booked. We have returned what you transferred."),
        _back,
    ),
    "refund_due": (
        gettext_lazy("The museum could not book your places"),
        gettext_lazy(
            "You will get all of your money back. We will write to you as soon as it is on its way."
        ),
        _back,
    ),
    "refund_done": (
        gettext_lazy("Your money is on its way back"),
        gettext_lazy("The museum could not book your places. We have returned the whole amount."),
        _back,
    ),
    "unbooked_due": (
        gettext_lazy("The museum could not book your places"),
        gettext_lazy("You have nothing to pay. We are closing the order."),
        _back,
    ),
    "unbooked_done": (
        gettext_lazy("The museum could not book your places"),
        gettext_lazy("You have nothing to pay; an invoice for this order is void."),
        _back,
    ),
}
