"""The book of findings: each is written once, seen again, and closed when it is gone or staff have settled it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from orders import transitions
from orders.finding_models import Finding
from orders.models import Order

Kind = Finding.Kind
# What staff read at the order; the findings of all other kinds do not need them.
WORDS = {
    Kind.UNPAID: "booked at the museum, but not paid here: cancel it there, or ask for the money",
    Kind.UNBOOKED: "booked here, but not at the museum: compare both",
    Kind.CANCELLED: "cancelled at the museum: ask there, and return the money if it stays so",
    Kind.PARTLY: "partly cancelled at the museum, the customer knows: return the money of these items",
    Kind.MISSING: "not found at the museum: compare both",
    Kind.PRICE: "another total at the museum: compare both",
    Kind.KEPT: "the order came to nothing, but its money is still here: return it",
    Kind.MONEY_GONE: "the payment provider no longer has the money of this order: look there",
}
# Whether these are still so is not asked every night of every order.
STAYS = (Kind.MONEY_GONE, Kind.PARTLY)


def report(
    kind: Finding.Kind, order: Order | None, reference: str, *, what: str = "", **facts: Any
) -> Finding:
    """Write a finding down, or that it is still there; `what` tells two of a kind and a number apart.

    Staff see it at the order until they have settled it.
    """
    now = timezone.now()
    with transaction.atomic():
        finding, _ = Finding.objects.update_or_create(
            key=":".join(filter(None, (kind.value, reference[:100], what))),
            defaults={"seen_at": now, "gone_at": None, "facts": facts},
            create_defaults={
                **{"kind": kind, "order": order, "reference": reference[:100], "facts": facts},
                **{"found_at": now, "seen_at": now, "made_at": order.created_at if order else None},
            },
        )
        words = WORDS.get(kind)
        if order and words and finding.settled_at is None and not order.attention:
            transitions.update(order, attention=words)
    return finding


def close_gone(since: datetime, before: datetime, kinds: Iterable[Finding.Kind]) -> int:
    """Close what was not seen any more since `before`, of orders placed from `since` on; return how many."""
    old = Finding.objects.filter(
        kind__in=[kind for kind in kinds if kind not in STAYS],
        gone_at=None,
        seen_at__lt=before,
        made_at__gte=since,
    )
    closed = 0
    for finding in old.select_related("order"):
        with transaction.atomic():
            closed += Finding.objects.filter(pk=finding.pk).update(gone_at=timezone.now())
            _take_off_worklist(finding)
    return closed


def settle(findings: Iterable[Finding], *, by: str) -> int:
    """Staff have seen to these; return how many were open."""
    done = 0
    for finding in findings:
        with transaction.atomic():
            open_ = Finding.objects.filter(pk=finding.pk, settled_at=None)
            done += open_.update(settled_at=timezone.now(), settled_by=by[:150])
            _take_off_worklist(finding)
    return done


def _take_off_worklist(finding: Finding) -> None:
    """Only our own words: what else staff were told about the order stays."""
    words = WORDS.get(Finding.Kind(finding.kind))
    if words and finding.order_id:
        Order.objects.filter(pk=finding.order_id, attention=words).update(attention="")
