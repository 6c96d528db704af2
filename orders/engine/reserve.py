"""The first phase: a draft at the museum that holds the places, made once however often the network fails."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import requests
from orders.engine import collect, lookup, pace
from orders.journal import Entry
from orders.lifecycle import Outcome, State, Step
from orders.models import JournalEntry, Order
from orders.transitions import go, update
from shop import features, gateway
from shop.api import records
from shop.api.errors import Forbidden, OutcomeUnknown, Refused, Unauthorized, Unavailable
from shop.features import Feature

GIVE_UP = timedelta(minutes=10)  # nothing was processed for so long: the buyer should know
MARGIN = timedelta(
    minutes=3
)  # between the end of paying and the end of the draft, for collecting and booking
POLLS = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 30, 60, 120))
NOT_REPEATED = "reservation in doubt and not found: not made again, because a second one could be binding"
SURPLUS_AFTER = timedelta(minutes=10)


def create_draft(order: Order) -> datetime | None:
    """PLACED: ask the museum for the places at the agreed total."""
    if collect.needs_money_first(order):
        go(order, State.AWAITING)
        return None
    request = requests.create(order)
    try:
        with pace.act(order, Step.CREATE, request.as_json()) as entry:
            created = gateway.client().orders.create(request)
            _adopt(order, entry, created.order, unexpected=created.meta.is_unexpected())
    except OutcomeUnknown:
        go(order, State.DRAFT_UNKNOWN)
    except Unavailable as error:
        return _unavailable(order, error)
    except Refused as refusal:
        _refuse(order, refusal)
    return None


def find_draft(order: Order) -> datetime | None:
    """DRAFT_UNKNOWN: look for the draft by our reference until it is found or surely does not exist."""
    now = timezone.now()
    if order.attempts < len(POLLS) and now < (next_poll := order.state_since + POLLS[order.attempts]):
        return next_poll
    try:
        with pace.act(order, Step.LOOKUP) as entry:
            live = lookup.live_orders_of(order)
            entry.note(found=len(live))
            if live:
                _adopt(order, entry, live[0], several=len(live) > 1)
                return None
    except (Unavailable, Refused) as error:
        return pace.again(order, "reservation in doubt and the museum's system does not answer", error)
    return _not_found(order)


def _not_found(order: Order) -> datetime | None:
    if order.attempts + 1 < len(POLLS):
        update(order, attempts=order.attempts + 1)
        return order.state_since + POLLS[order.attempts]
    if _creates_drafts():
        go(order, State.PLACED, surplus_due_at=timezone.now() + SURPLUS_AFTER, surplus_last=False)
        return None
    update(order, attempts=order.attempts + 1)
    pace.attend(order, NOT_REPEATED)
    return timezone.now() + pace.SLOWLY


def _creates_drafts() -> bool:
    """Does this account create drafts? The operator may say so, else our latest creation, else the doctor's finding.

    Without any proof we take orders for binding.
    """
    direct = features.chosen(Feature.DIRECT_ORDERS)
    if direct is None:
        direct = _created_directly()
    if direct is None:
        direct = features.found(Feature.DIRECT_ORDERS)
    return direct is False


def _created_directly() -> bool | None:
    """Was our latest order binding by its creation? None: we have not created any."""
    created = JournalEntry.objects.filter(step=Step.CREATE, outcome=Outcome.OK).order_by("-id").first()
    return None if created is None else bool(created.answer.get("binding", True))


def _adopt(
    order: Order, entry: Entry, theirs: records.Order, *, unexpected: bool = False, several: bool = False
) -> None:
    """Take `theirs` as our reservation; one that is not what was agreed goes back."""
    known: dict[str, object] = {
        "upstream_token": theirs.token,
        "upstream_id": theirs.id,
        "upstream_binding": theirs.is_finalized(),
        "upstream_has_invoice": theirs.invoice,
    }
    if several:
        known |= {"surplus_due_at": timezone.now(), "surplus_last": False}
    refusal = _objection(order, theirs, unexpected)
    with transaction.atomic():
        entry.note(total_cents=theirs.total_cents, binding=theirs.is_finalized())
        entry.close(Outcome.OK)
        if refusal:
            go(order, State.CANCELLING, refusal=refusal, **known)
        else:
            go(order, State.DRAFTED, pay_until=_pay_until(theirs), **known)


def _objection(order: Order, theirs: records.Order, unexpected: bool) -> dict[str, object]:
    if theirs.total_cents != order.total_cents:
        return {"code": "wrong_total", "expected_total": theirs.total_cents, "item_totals": []}
    if unexpected or len(theirs.items) != order.items.count():
        return {"code": "unexpected"}
    return {}


def _pay_until(theirs: records.Order) -> datetime:
    ours = timezone.now() + timedelta(minutes=settings.DRAFT_MINUTES)
    return min(ours, theirs.expires_at - MARGIN) if theirs.expires_at else ours


def _unavailable(order: Order, error: Unavailable) -> datetime | None:
    if collect.money_is_here(order):
        return pace.again(order, "paid in advance, but the museum's system does not answer", error)
    if pace.waited(order) < GIVE_UP:
        return pace.again(order, "", error)
    go(order, State.REFUSED, refusal={"code": "unavailable"})
    return None


def _refuse(order: Order, refusal: Refused) -> None:
    detail = next((detail for detail in refusal.details if detail.code == "wrong_total"), None)
    told: dict[str, object] = {
        "code": refusal.code,
        "messages": [text[:300] for text in refusal.messages[:5]],
    }
    if "wrong_total" in refusal.codes():
        meta = detail.meta if detail else {}
        totals = {name: meta.get(name) for name in ("expected_total", "item_totals")}
        end = _end(order, State.PRICE_CHANGED)
        go(order, end, refusal=told | totals | {"code": "wrong_total"})
        return
    items = [detail.item_index for detail in refusal.details if detail.item_index is not None]
    told["item"] = items[0] if items else None
    barred = isinstance(refusal, Unauthorized | Forbidden) or refusal.status != 422
    why = f"the museum's system does not let us order: {refusal}" if barred else ""
    go(order, _end(order, State.REFUSED), refusal=told, attention=why)


def _end(order: Order, unpaid: State) -> State:
    """Who has paid in advance gets the money back first."""
    return State.REFUND_DUE if collect.money_is_here(order) else unpaid
