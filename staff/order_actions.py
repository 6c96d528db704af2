"""What staff may do with an order as it is now: what is safe in its state, each with a sentence on what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from counter import selling
from orders import cancelling, deliveries, returns
from orders.lifecycle import DRIVEN, State
from orders.models import Cancellation, Delivery, Document, Order, Payment, Refund
from orders.payments.port import PaymentError
from orders.payments.transfer import TRANSFER
from shop.jobs import Job
from shop.queue import ring

BOOKED = (State.FINALIZED, State.READY)
P = Payment.State


class NotNow(Exception):
    """The order has moved on: what was asked for is not safe any more, and was not done."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done at `address`; `meaning` says what will happen."""

    name: str
    title: str | Promise
    meaning: str | Promise
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str | Promise
    meaning: str | Promise
    right: str
    safe: Callable[[Order], bool]


def _looks(order: Order) -> bool:
    waiting = order.documents.filter(state=Document.State.WAITING)
    return order.state in DRIVEN or order.state == State.FINALIZED or waiting.exists()


def _mails(order: Order) -> bool:
    ready = order.state == State.READY and bool(order.email)
    return ready and order.items.filter(cancelled_at=None).exists()


def _cancels(order: Order) -> bool:
    busy = order.cancellations.filter(state__in=Cancellation.OPEN).exists()
    return not busy and bool(cancelling.options(order))


def returnable(order: Order) -> Payment | None:
    """Return the payment of a booked order that still has money to give back."""
    if order.state not in BOOKED:
        return None
    collected = order.payments.filter(state=P.CAPTURED)
    return next((one for one in collected if one.collected_cents > one.returned_cents), None)


KINDS = {
    "look": _Kind(
        _("Ask again now"),
        _(
            "A worker asks museum and payment provider what is true and goes on from there. Nothing is sent twice."
        ),
        "orders.change_order",
        _looks,
    ),
    "mail": _Kind(
        _("Send the tickets again"),
        _("The mail with the tickets goes once more to the buyer’s address."),
        "orders.change_order",
        _mails,
    ),
    "cancel": _Kind(
        _("Cancel items"),
        _(
            "The museum cancels what you choose, by the rules buyers have too. Then the money goes back by itself."
        ),
        "orders.change_order",
        _cancels,
    ),
    "refund": _Kind(
        _("Return money"),
        _(
            "The provider returns what you enter; tickets stay valid. For what the museum has cancelled itself."
        ),
        "orders.change_payment",
        lambda order: returnable(order) is not None,
    ),
}


def actions(order: Order, person: User | AnonymousUser) -> list[Action]:
    """Return what this person may do with the order now."""
    found = [
        Action(name, kind.title, kind.meaning, reverse("admin:orders_order_act", args=[order.pk, name]))
        for name, kind in KINDS.items()
        if person.has_perm(kind.right) and kind.safe(order)
    ]
    return [*found, *_elsewhere(order, person)]


def allowed(order: Order, person: User | AnonymousUser, name: str) -> bool:
    """Is the action known, safe now, and this person's to do?"""
    kind = KINDS.get(name)
    return kind is not None and person.has_perm(kind.right) and kind.safe(order)


def _elsewhere(order: Order, person: User | AnonymousUser) -> Iterator[Action]:
    """What has a page of its own."""
    if person.has_perm("orders.change_payment"):
        for payment in order.payments.filter(provider=TRANSFER.name, state=P.OPEN):
            address = reverse("admin:orders_payment_receive", args=[payment.pk])
            told = _("What stands on the bank statement; the whole sum lets the shop book.")
            yield Action("transfer", _("Confirm a transfer"), told, address)
    if isinstance(person, User) and selling.seller(person) and hasattr(order, "counter_sale"):
        told = _("What to take for it, and the tickets to print.")
        yield Action("till", _("The counter’s page"), told, reverse("admin:counter_sale", args=[order.pk]))
    by_hand = order.refunds.filter(by_hand=True).exclude(state=Refund.State.DONE)
    if person.has_perm("orders.change_refund") and by_hand.exists():
        address = f"{reverse('admin:orders_refund_changelist')}?q={order.number}"
        told = _("Transfer the money, then mark the refund as done there.")
        yield Action("by_hand", _("Return money by hand"), told, address)


def look(order: Order) -> None:
    """Make the order due and ring for it."""
    Order.objects.filter(pk=order.pk, state__in=DRIVEN).update(due_at=timezone.now())
    order.documents.filter(state=Document.State.WAITING).update(due_at=timezone.now())
    ring(Job.FETCH_DOCUMENTS if order.state in BOOKED else Job.ADVANCE_ORDER, order.pk)


def mail(order: Order) -> None:
    """Promise one more mail with the tickets. The row is touched first, so that two at once count each other."""
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(updated_at=timezone.now())
        earlier = order.deliveries.filter(kind=Delivery.Kind.READY)
        deliveries.announce(order, Delivery.Kind.READY, serial=earlier.count())


def refund(order: Order, amount: Decimal, *, seen_cents: int) -> Refund:
    """Return so much, once: `seen_cents` is what had gone back when the page was shown. Raises NotNow.

    The provider's no, or one who cannot return it, leaves the refund on the worklist for hands.
    """
    payment = returnable(order)
    if payment is None or payment.returned_cents != seen_cents:
        raise NotNow(order.number)
    try:
        with transaction.atomic():
            locked = Payment.objects.select_for_update().get(pk=payment.pk)
            if locked.returned_cents != seen_cents:
                raise NotNow(order.number)
            row = returns.promise(locked, int(amount * 100), Refund.Reason.CANCELLED)
    except returns.NotReturnable as error:
        raise NotNow(order.number) from error
    try:
        returns.settle(row)
    except PaymentError:
        row.refresh_from_db()  # in the journal; the sweep tries again, or it is on the worklist
    return row
