"""What waits for staff, list by list: how much, where it is, and what it means in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import SyncRun
from orders import worklists
from orders.lifecycle import State
from orders.models import Finding, Order, Payment, Refund, Withdrawal
from orders.payments.promises import AT_COUNTER
from orders.payments.transfer import TRANSFER
from shop import gateway
from shop.models import Letter

Person = User | AnonymousUser
BOOKED = (State.FINALIZED, State.READY)
SYNCS_MISSED = 3  # so many intervals without a good sync: the mirror is old


@dataclass(frozen=True, slots=True)
class Worklist:
    """`count` things wait at `address`; zero means all is well."""

    title: str | Promise
    meaning: str | Promise
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str | Promise
    meaning: str | Promise
    right: str  # who may see the list it leads to
    count: Callable[[], int]
    view: str
    query: dict[str, str]


def for_person(person: Person) -> list[Worklist]:
    """Every list this person may open, the most urgent first."""
    return [
        Worklist(
            kind.title,
            kind.meaning,
            kind.count(),
            reverse(f"admin:{kind.view}_changelist") + (f"?{urlencode(kind.query)}" if kind.query else ""),
        )
        for kind in _kinds()
        if person.has_perm(kind.right)
    ]


def _kinds() -> Iterable[_Kind]:
    yield from _of_orders()
    yield from _of_money()
    yield _Kind(
        _("Findings to settle"),
        _("Something does not agree with the museum or the money, or the museum has cancelled a visit."),
        "orders.view_finding",
        Finding.objects.filter(settled_at=None, gone_at=None).count,
        "orders_finding",
        {"settled": "no"},
    )
    yield _Kind(
        _("Withdrawals to settle"),
        _("A buyer has withdrawn. Decide, tell the buyer, then mark it as settled."),
        "orders.view_withdrawal",
        Withdrawal.objects.filter(settled_at=None).count,
        "orders_withdrawal",
        {"settled": "no"},
    )
    yield _Kind(
        _("Letters refused"),
        _("The mail server refused a receipt or confirmation. Reach the person in another way."),
        "shop.view_letter",
        Letter.objects.filter(state=Letter.State.FAILED).count,
        "shop_letter",
        {"state__exact": Letter.State.FAILED.value},
    )
    yield _Kind(
        _("Catalogue out of date"),
        _("The last good synchronisation is too long ago. The newest run says what went wrong."),
        "catalog.view_syncrun",
        lambda: int(_mirror_is_old()),
        "catalog_syncrun",
        {},
    )


def _of_orders() -> Iterable[_Kind]:
    told = {
        "unbooked": (
            _("Paid, not booked"),
            _("The buyer has paid and the museum has not booked for more than five minutes."),
        ),
        "doubt": (
            _("Outcome unknown"),
            _("A call to the museum got no answer. The shop is finding out; nothing is sent twice."),
        ),
        "yes": (
            _("Needs a decision"),
            _("The shop cannot go on alone. Each order says what is asked of you."),
        ),
        "documents": (
            _("Tickets late"),
            _("Booked more than a quarter of an hour ago, and tickets or an invoice are still missing."),
        ),
        "mails": (
            _("Mails refused"),
            _("The mail server refused the buyer’s mail. Check the address, then send it again."),
        ),
        "cancellations": (
            _("Cancellations under way"),
            _("Given back more than a quarter of an hour ago, and the museum has not confirmed it."),
        ),
        "cards": (
            _("Annual tickets in doubt"),
            _("Whether the museum knows the holder of a card is not known, or it refused what was entered."),
        ),
    }
    for name, (title, meaning) in told.items():
        found = worklists.LISTS[name](Order.objects.all())
        yield _Kind(title, meaning, "orders.view_order", found.count, "orders_order", {"attention": name})
    yield _Kind(
        _("go~mus does not answer"),
        _("Live places and bookings wait until it is back. These orders go on by themselves."),
        "orders.view_order",
        lambda: 0 if gateway.upstream_state().ok else 1,
        "orders_order",
        {"state__exact": State.PLACED.value},
    )


def _of_money() -> Iterable[_Kind]:
    waiting = Payment.objects.filter(provider=TRANSFER.name, state=Payment.State.OPEN)
    yield _Kind(
        _("Transfers to confirm"),
        _("These buyers transfer the money first. Enter what has arrived on the bank account."),
        "orders.view_payment",
        waiting.count,
        "orders_payment",
        {"provider__exact": TRANSFER.name, "state__exact": Payment.State.OPEN.value},
    )
    untaken = Payment.objects.filter(
        provider__in=AT_COUNTER, state=Payment.State.PROMISED, order__state__in=BOOKED
    )
    yield _Kind(
        _("To be taken at the counter"),
        _("Sold at the counter and booked, and nobody has said that the money is in the till."),
        "orders.view_payment",
        untaken.count,
        "orders_payment",
        {"provider__in": ",".join(AT_COUNTER), "state__exact": Payment.State.PROMISED.value},
    )
    troubles = ",".join(Payment.Trouble.values)
    yield _Kind(
        _("Payments with trouble"),
        _("Came too late, twice, or as another amount. See to it, then take it off the list."),
        "orders.view_payment",
        Payment.objects.filter(settled=False).exclude(trouble="").count,
        "orders_payment",
        {"settled__exact": "0", "trouble__in": troubles},
    )
    yield _Kind(
        _("Refunds due"),
        _("Money that has to go back and has not. Those by hand wait for your transfer."),
        "orders.view_refund",
        Refund.objects.exclude(state=Refund.State.DONE).count,
        "orders_refund",
        {"state__in": f"{Refund.State.DUE.value},{Refund.State.REFUSED.value}"},
    )


def _mirror_is_old() -> bool:
    newest = SyncRun.objects.filter(ok=True).aggregate(at=Max("finished_at"))["at"]
    allowed = timedelta(seconds=SYNCS_MISSED * settings.SYNC_SECONDS)
    return newest is None or timezone.now() - newest > allowed
