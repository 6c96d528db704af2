"""What this ticket system offers beyond the necessary. Nothing here orders or holds anything."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from orders.models import Order as OurOrder
from shop.api import errors
from shop.api.records import Order
from shop.doctor.basics import Patient
from shop.doctor.findings import Ability, Level
from shop.options import Feature

LOOK_BACK = timedelta(days=30)
NEWEST = 100  # orders looked at, the newest first
Look = Callable[[Patient], Ability]


def reservations(patient: Patient) -> Ability:
    """Can places be held? A request that must be refused for its data shows that the route is there."""
    tickets = patient.gomus.probes.head("tickets", per_page=1).ids
    if not tickets:
        return Ability(Feature.RESERVATIONS, None, "there is no ticket to ask for.")
    if patient.gomus.probes.takes_holds(tickets[0]):
        return Ability(Feature.RESERVATIONS, True, "places can be held before they are ordered.")
    return Ability(Feature.RESERVATIONS, False, "our key cannot hold places.")


def coupons(patient: Patient) -> Ability:
    """Are there vouchers to sell?"""
    try:
        count = patient.gomus.probes.head("coupons", per_page=1).total
    except (errors.NotFound, errors.Forbidden) as error:
        return Ability(Feature.COUPONS, False, f"the list of vouchers is closed to us ({error.status}).")
    if count:
        return Ability(Feature.COUPONS, True, f"{count} on sale.")
    return Ability(Feature.COUPONS, False, "none is on sale.")


def order_parts(patient: Patient) -> Ability:
    """Can the tickets of an order be listed apart? Needs an order to look at."""
    newest = next(iter(_orders(patient)), None)
    if newest is None:
        return Ability(Feature.ORDER_PARTS, None, "nobody can know before the first order.")
    if patient.gomus.order_parts.tickets(newest.token) is not None:
        return Ability(Feature.ORDER_PARTS, True, "the tickets of an order can be listed apart.")
    return Ability(Feature.ORDER_PARTS, False, "an order shows its tickets itself.")


def direct_orders(patient: Patient) -> Ability:
    """Does creating an order buy it at once? Only orders that exist can tell."""
    ours = OurOrder.objects.exclude(upstream_token="").order_by("-created_at").first()
    if ours is not None:
        return _created(ours.upstream_binding, f"order {ours.number}")
    if any(not order.is_finalized() for order in _orders(patient)):
        return _created(False, "a draft among the orders")
    return Ability(Feature.DIRECT_ORDERS, None, "nobody can know before the first order.")


def _created(at_once: bool, proof: str) -> Ability:
    how = "creating an order already buys it" if at_once else "an order begins as a draft"
    return Ability(Feature.DIRECT_ORDERS, at_once, f"{how}, as {proof} shows.")


def _orders(patient: Patient) -> list[Order]:
    today = timezone.localdate()
    try:
        listed = patient.gomus.orders.list(today - LOOK_BACK, today + timedelta(days=1))
        return list(islice(listed, NEWEST))
    except errors.Forbidden:
        return []  # said by the check of its own


def not_known(feature: Feature, error: errors.GomusError) -> Ability:
    """What remains when the question itself failed."""
    return Ability(feature, None, f"asking failed ({error}). Run the doctor again.", Level.WARNING)


LOOKS: tuple[tuple[Feature, Look], ...] = (
    (Feature.RESERVATIONS, reservations),
    (Feature.COUPONS, coupons),
    (Feature.ORDER_PARTS, order_parts),
    (Feature.DIRECT_ORDERS, direct_orders),
)
