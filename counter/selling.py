"""Who may sell at the counter, how one may pay there, and the mark on what was sold."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from counter.models import CounterSale
from orders.models import Order
from orders.payments.promises import AT_COUNTER
from shop.second_factor import passed

METHODS = AT_COUNTER


def seller(person: User | AnonymousUser) -> User | None:
    """Return the person if they sell at the counter: staff with the right, who have shown their second factor."""
    if not (isinstance(person, User) and person.is_active and person.is_staff):
        return None
    return person if person.has_perm("counter.sell") and passed(person) else None


def note(order: Order, person: User) -> None:
    """Mark the order with who sold it, in the transaction that places it; a second click changes nothing."""
    sold = {"seller": person, "seller_name": person.get_full_name() or person.get_username()}
    CounterSale.objects.get_or_create(order=order, defaults=sold)
