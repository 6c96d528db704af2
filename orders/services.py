"""What customers do with orders: place one, go and pay, pay in another way."""

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders import desk, law, transitions
from orders.lifecycle import State
from orders.models import Order, OrderItem, Payment
from orders.payments.methods import PROVIDERS, alternatives
from orders.selectors import live_order
from orders.snapshot import LineSnapshot, OrderSnapshot
from shop.jobs import Job
from shop.queue import ring

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread or mistyped
NUMBER_LENGTH = 6
TRIES = 10


def place_order(*, snapshot: OrderSnapshot) -> Order:
    """Write the order and ring for it. The same snapshot key gives the same order, unless that came to nothing."""
    for _ in range(TRIES):
        order = live_order(snapshot.key)
        if order is not None:
            return order
        try:
            return _write(snapshot)
        except IntegrityError:
            continue  # the same key at the same moment, or a number already taken
    raise RuntimeError("no free order number found")


def start_payment(*, order: Order, return_url: str) -> str:
    """Return where the customer pays, always the same page while one payment is open.

    NotPayable: the order does not wait for a payment (any more). PaymentError: the provider cannot be reached.
    """
    desk.observe(order)  # paid already in another tab?
    payment = desk.open_payment(order)
    return PROVIDERS[payment.provider].start(payment, return_url)


def choose_method(*, order: Order, method: str) -> bool:
    """Pay in another way: closes what is open first. False when the order no longer waits or may not be paid so."""
    desk.observe(order)
    order.refresh_from_db()
    if method not in alternatives(order):
        return False
    for payment in order.payments.filter(state=Payment.State.OPEN):
        desk.release(order, payment)
    if order.state == State.AWAITING:  # nothing is reserved yet
        changed = transitions.move(order, State.PLACED, payment_method=method, pay_until=None)
    else:
        changed = transitions.update(order, payment_method=method, due_at=timezone.now())
    ring(Job.ADVANCE_ORDER, order.pk)
    return changed


def new_number() -> str:
    """Return a fresh order number such as VT-7K3QX9."""
    return f"{settings.ORDER_PREFIX}-{''.join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))}"


@transaction.atomic
def _write(snapshot: OrderSnapshot) -> Order:
    buyer = snapshot.buyer
    order = Order.objects.create(
        number=new_number(),
        key=snapshot.key,
        language=snapshot.language,
        given_name=buyer.given_name,
        family_name=buyer.family_name,
        email=buyer.email,
        company=buyer.company,
        street=buyer.street,
        zip_code=buyer.zip_code,
        city=buyer.city,
        country=buyer.country,
        region=buyer.region,
        vat_id=buyer.vat_id,
        payment_method=snapshot.payment_method,
        currency=snapshot.currency,
        total_cents=snapshot.total_cents,
        consent=snapshot.consent,
    )
    OrderItem.objects.bulk_create(
        _item(order, position, line) for position, line in enumerate(snapshot.lines)
    )
    law.keep_texts(order, snapshot.texts)
    ring(Job.ADVANCE_ORDER, order.pk)
    return order


def _item(order: Order, position: int, line: LineSnapshot) -> OrderItem:
    attendees = [{"given_name": a.given_name, "family_name": a.family_name} for a in line.attendees]
    return OrderItem(
        order=order,
        position=position,
        kind=line.kind,
        product_id=line.product_id,
        title=line.title,
        visitor=line.visitor,
        museum=line.museum,
        address=line.address,
        slot_key=line.slot_key,
        slot_at=line.slot_at,
        slot_minutes=line.slot_minutes,
        whole_day=line.whole_day,
        quantity=line.quantity,
        unit_cents=line.unit_cents,
        total_cents=line.total_cents,
        vat_bp=line.vat_bp,
        discount=line.discount,
        details=list(line.details),
        parts=[dict(part) for part in line.parts],
        charges=[dict(charge) for charge in line.charges],
        after_sale=line.after_sale,
        attendees=attendees,
        payload=dict(line.payload),
        choice=dict(line.choice),
    )
