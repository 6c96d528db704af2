"""The nightly comparison: our orders beside the museum's and beside the money, of the last days.

What the engine can put right it is asked to; everything else is a finding for staff. Nothing here writes to the museum
or moves money. Nor is anything journaled: a look-up in the journal tells the engine that a doubt is settled.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from orders import findings, journal
from orders.finding_models import Comparison, Finding
from orders.lifecycle import FAILED, Outcome, State, Step
from orders.models import Order, Payment
from orders.payments.methods import PROVIDERS
from orders.payments.port import ChargeState, PaymentError
from shop import gateway
from shop.api import records
from shop.api.errors import GomusError, NotFound
from shop.jobs import Job
from shop.queue import ring

log = logging.getLogger(__name__)

Kind = Finding.Kind
WINDOW = timedelta(days=14)
QUIET = timedelta(minutes=15)  # an order that moved since is in good hands
ABANDONED = timedelta(hours=1)  # no act takes so long
ASK_PROVIDER = timedelta(days=2)  # payments as young as this are asked about, so each once or twice
MOST_ORDERS, MOST_PAYMENTS, AT_ONCE = 10_000, 500, 100
BOOKED = (State.FINALIZED, State.READY)
UNDECIDED = (State.PLACED, State.AWAITING, State.DRAFT_UNKNOWN)  # the engine finds out what is its own
MONEY = (Kind.KEPT,)


def compare() -> Comparison:
    """Compare everything once. Safe to repeat at any time; a museum that does not answer is noted, not raised."""
    begun = timezone.now()
    run = Comparison.objects.create(begun_at=begun, since=timezone.localdate(begun - WINDOW))
    since = begun - WINDOW
    try:
        run.whole = _orders(run, since)
    except GomusError as error:
        run.note = str(error)[:300]
    _money(run, since)
    journal.abandon_old(begun - ABANDONED)
    # What is not paid is looked for at the museum and in our book, so it is gone only where both were read.
    findings.close_gone(since, begun, [kind for kind in Kind if run.whole] or MONEY)
    run.ended_at = timezone.now()
    run.save()
    log.info("compared %s orders of ours with %s of the museum", run.ours, run.theirs)
    return run


# --- the museum ------------------------------------------------------------------------------------------


def _orders(run: Comparison, since: datetime) -> bool:
    """Compare with what the museum lists; True when it listed everything."""
    seen: set[int] = set()
    day_after = timezone.localdate(run.begun_at) + timedelta(days=1)
    listing = gateway.client().orders.list(run.since, day_after)
    rows = islice(listing, MOST_ORDERS)
    while page := tuple(islice(rows, AT_ONCE)):
        run.theirs += len(page)
        seen |= _page(run, page)
    whole = run.theirs < MOST_ORDERS and not listing.skipped
    if whole:
        _not_listed(run, since, seen)
    return whole


def _page(run: Comparison, page: tuple[records.Order, ...]) -> set[int]:
    numbers = [theirs.reference for theirs in page if _is_ours(theirs)]
    known = {order.number: order for order in Order.objects.filter(number__in=numbers)}
    for theirs in page:
        order = known.get(theirs.reference or "")
        if order is None:
            _unknown(theirs)
        elif _is_quiet(order, run) and judge(order, theirs):
            _check(order, theirs.token)
    return {order.pk for order in known.values()}


def _is_ours(theirs: records.Order) -> bool:
    return (theirs.reference or "").startswith(f"{settings.ORDER_PREFIX}-")


def _is_quiet(order: Order, run: Comparison) -> bool:
    return order.state_since <= run.begun_at - QUIET


def _unknown(theirs: records.Order) -> None:
    """Another shop may use our prefix, so this is for staff alone."""
    if _is_ours(theirs) and not _is_gone(theirs):
        facts = {"status": theirs.status, "total_cents": theirs.total_cents, "order_id": theirs.id}
        findings.report(Kind.UNKNOWN, None, theirs.reference or "", what=_short(theirs.token), **facts)


def _check(order: Order, token: str) -> None:
    """Something seems wrong in the list: what the order itself says decides."""
    theirs = gateway.client().orders.get(token)
    order.refresh_from_db()
    kind = judge(order, theirs)
    if kind is None:
        return
    facts = {"status": theirs.status, "total_cents": theirs.total_cents, "order_id": theirs.id}
    findings.report(kind, order, order.number, what=_short(token), **facts, expected_cents=order.total_cents)
    mine = Order.objects.filter(pk=order.pk, state=order.state)
    if kind == Kind.WAITING:
        mine.update(due_at=timezone.now())
    elif kind == Kind.LEFT:
        mine.update(surplus_due_at=timezone.now(), surplus_last=False)
    if kind in Finding.BY_ITSELF:
        ring(Job.ADVANCE_ORDER, order.pk)


def judge(order: Order, theirs: records.Order) -> Finding.Kind | None:
    """Return what is wrong between an order of ours and one of the museum under its number, None if nothing is."""
    state = State(order.state)
    if theirs.token != order.upstream_token or state in FAILED:
        if _is_gone(theirs) or state in UNDECIDED:
            return None
        return Kind.UNPAID if theirs.is_finalized() else Kind.LEFT
    if state in BOOKED:
        return _judge_booked(order, theirs)
    if state in (State.PAID, State.FINALIZE_UNKNOWN):
        return Kind.WAITING
    unpaid = state in (State.DRAFTED, State.AUTHORISED) and not order.upstream_binding
    return Kind.UNPAID if unpaid and theirs.is_finalized() and not _is_gone(theirs) else None


def _judge_booked(order: Order, theirs: records.Order) -> Finding.Kind | None:
    if _is_gone(theirs):
        kind = Kind.CANCELLED
    elif not theirs.is_finalized():
        kind = Kind.UNBOOKED
    elif theirs.total_cents != order.total_cents:
        kind = Kind.PRICE
    else:
        return None
    return None if _cancelled_by_us(order) else kind


def _cancelled_by_us(order: Order) -> bool:
    done = order.journal.filter(step=Step.CANCEL, outcome=Outcome.OK)
    if any(row.answer.get("why") != "surplus reservation" for row in done):
        return True
    # A part the museum cancelled by itself has a finding of its own; the whole order is asked about again.
    noticed = order.cancellations.filter(by_museum=True)
    return noticed.exists() and not noticed.filter(whole=True).exists()


def _is_gone(theirs: records.Order) -> bool:
    return theirs.is_cancelled() or theirs.is_expired()


def _not_listed(run: Comparison, since: datetime, seen: set[int]) -> None:
    """Booked here and not in the list: the order is asked for by its own key."""
    first_whole_day = since + timedelta(days=1)  # the museum's days are not ours to the minute
    booked = Order.objects.filter(state__in=BOOKED, created_at__gte=first_whole_day)
    for order in booked.exclude(pk__in=seen).order_by("pk")[:MOST_PAYMENTS]:
        if not _is_quiet(order, run):
            continue
        try:
            _check(order, order.upstream_token)
        except NotFound:
            findings.report(Kind.MISSING, order, order.number)


# --- the money -------------------------------------------------------------------------------------------


def _money(run: Comparison, since: datetime) -> None:
    payments = Prefetch("payments", queryset=Payment.objects.order_by("pk"))
    ours = Order.objects.filter(created_at__gte=since).order_by("pk").prefetch_related(payments)
    for order in ours.iterator(chunk_size=AT_ONCE):
        run.ours += 1
        if _is_quiet(order, run):
            _money_of(order)
    for payment in islice(_young(run), MOST_PAYMENTS):
        _ask_provider(payment)


def _money_of(order: Order) -> None:
    payments = list(order.payments.all())
    came = sum(payment.collected_cents for payment in payments)
    promised = sum(p.amount_cents for p in payments if p.state == Payment.State.PROMISED)
    if order.state in BOOKED and came + promised < order.total_cents and not _cancelled_by_us(order):
        findings.report(Kind.UNPAID, order, order.number, what="money", came_cents=came)
    left = came - sum(payment.returned_cents for payment in payments)
    if order.state in FAILED and left:
        findings.report(Kind.KEPT, order, order.number, left_cents=left)


def _young(run: Comparison) -> Iterator[Payment]:
    collected = Payment.objects.filter(
        state=Payment.State.CAPTURED, returned_cents=0, created_at__gte=run.begun_at - ASK_PROVIDER
    )
    for payment in collected.order_by("-pk").select_related("order").iterator(chunk_size=AT_ONCE):
        if PROVIDERS[payment.provider].redirects:
            yield payment


def _ask_provider(payment: Payment) -> None:
    try:
        charge = PROVIDERS[payment.provider].fetch(payment)
    except PaymentError:
        return  # asked again the next night
    if charge.state != ChargeState.CAPTURED or charge.amount_cents != payment.amount_cents:
        facts = {"payment": payment.reference, "state": charge.state.value, "cents": charge.amount_cents}
        findings.report(Kind.MONEY_GONE, payment.order, payment.order.number, what=payment.reference, **facts)


def _short(token: str) -> str:
    """Tells orders apart without telling their keys."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]
