"""What follows when a provider called, or when it is time to ask about a payment that was given up."""

from django.utils import timezone

from orders import desk
from orders.models import Payment
from orders.payments import events, ledger
from orders.payments.port import PaymentError


def handle(event_id: int) -> None:
    """Ask the provider about the payment an event names, and book what it says; later again if it does not answer."""
    event = events.claim(event_id)
    if event is None:
        return
    try:
        desk.observe(event.payment.order)
    except PaymentError:
        events.later(event)
        return
    events.handled(event)


def look_again(payment_id: int) -> None:
    """Ask about a payment that was given up: its page may have been paid at the last moment."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.look_at is None or payment.look_at > timezone.now():
        return
    ledger.looked(payment)
    try:
        desk.observe(payment.order)
    except PaymentError:
        return  # asked again at the next planned look


def due() -> list[int]:
    """Return the ids of given-up payments to ask about now."""
    given_up = Payment.objects.filter(state__in=ledger.UNPAID, look_at__lte=timezone.now())
    return list(given_up.order_by("look_at").values_list("pk", flat=True))
