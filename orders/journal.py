"""The journal: every upstream, payment and delivery act is a row, written before the act and closed after it.

A row left OPEN says: this process died in the middle, so nobody knows whether the act happened.
"""

import hashlib
import json
import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.lifecycle import Outcome, Step
from orders.models import JournalEntry, Order
from orders.payments.port import PaymentRefused, PaymentUnavailable
from shop.api.errors import GomusError, OutcomeUnknown, Refused

log = logging.getLogger(__name__)

DIED = {"error": "the process ended before an answer was recorded"}


class Entry:
    """One open row of the journal; `note` what staff should read, `close` it together with what follows."""

    def __init__(self, row: JournalEntry) -> None:
        self.row = row

    @property
    def is_open(self) -> bool:
        return self.row.outcome == Outcome.OPEN

    def note(self, **summary: Any) -> None:
        """Add to the answer staff will read. JSON values only, never tokens or personal data."""
        self.row.answer = self.row.answer | summary

    def close(self, outcome: Outcome) -> None:
        """Record the outcome. Inside `atomic()` it becomes true together with its consequences, or not at all."""
        self.row.outcome = outcome
        self.row.ended_at = timezone.now()
        self.row.save(update_fields=["outcome", "ended_at", "answer"])
        log.info("order %s: %s %s", self.row.order_id, self.row.step, outcome.value)


@contextmanager
def step(order: Order, step: Step, payload: object = None) -> Iterator[Entry]:
    """Run the block as one journaled act outside of any transaction; errors of upstream and payment name its outcome.

    An entry the block did not close becomes OK. Any other exception leaves the row OPEN: nobody knows.
    """
    with transaction.atomic(durable=True):
        row = JournalEntry.objects.create(order=order, step=step, payload_hash=fingerprint(payload))
    entry = Entry(row)
    try:
        yield entry
    except (GomusError, PaymentRefused, PaymentUnavailable) as error:
        entry.note(error=str(error), **_codes(error))
        entry.close(_outcome(error))
        raise
    if entry.is_open:
        entry.close(Outcome.OK)


def in_doubt(order: Order, step: Step) -> bool:
    """Was the latest such act begun without a known outcome, or done without its consequence being stored?

    A look-up after it has settled the question.
    """
    last = order.journal.filter(step__in=(step, Step.LOOKUP)).order_by("-id").first()
    settled = (Outcome.REFUSED, Outcome.UNAVAILABLE)
    return last is not None and last.step == step and last.outcome not in settled


def abandon(order: Order, steps: Collection[Step]) -> None:
    """Close the rows that a dead process left OPEN as UNKNOWN. Hold the claim first."""
    left = order.journal.filter(step__in=steps, outcome=Outcome.OPEN)
    left.update(outcome=Outcome.UNKNOWN, ended_at=timezone.now(), answer=DIED)


def abandon_old(before: datetime) -> int:
    """Close what was left OPEN since `before` by somebody no worker follows, such as a page; return how many."""
    now = timezone.now()
    free = Q(order__claimed_until=None) | Q(order__claimed_until__lte=now)
    left = JournalEntry.objects.filter(free, outcome=Outcome.OPEN, begun_at__lt=before)
    return left.update(outcome=Outcome.UNKNOWN, ended_at=now, answer=DIED)


def fingerprint(payload: object) -> str:
    """Return the SHA-256 of a JSON-like payload, empty for none: proves that a repeat sends the same."""
    if payload is None:
        return ""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, Refused | PaymentRefused):
        return Outcome.REFUSED
    return Outcome.UNKNOWN if isinstance(error, OutcomeUnknown) else Outcome.UNAVAILABLE


def _codes(error: Exception) -> Mapping[str, Any]:
    return {"status": error.status, "code": error.code} if isinstance(error, Refused) else {}
