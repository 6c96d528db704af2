"""Promises a mail: the row is written with the state it tells of, the bell rings after commit."""

from urllib.parse import urlsplit

from django.conf import settings

from orders.models import Delivery, Order
from shop.jobs import Job
from shop.queue import ring


def announce(order: Order, kind: Delivery.Kind, *, serial: int = 0) -> Delivery:
    """Make sure the mail of this kind (and resend number) will be sent once; return its row."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    message_id = f"<{order.number}.{kind.value}.{serial}@{host}>"
    delivery, _ = Delivery.objects.get_or_create(
        order=order, kind=kind, serial=serial, defaults={"message_id": message_id}
    )
    ring(Job.SEND_MAIL, delivery.pk)
    return delivery
