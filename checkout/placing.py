"""From an agreed basket to an order: the snapshot of what was seen and the one order it may become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from checkout import agreement, consent, holding, holds
from checkout.goods_services import kept
from checkout.items import ticket_item
from checkout.models import Basket
from checkout.overview import Overview, PricedGood, PricedLine, Visit
from checkout.progress import Progress
from counter import selling
from orders.lifecycle import FAILED
from orders.models import Order, OrderItem
from orders.services import place_order
from orders.snapshot import Attendee, Buyer, LineSnapshot, OrderSnapshot

MOST_LETTERS = {column.name: column.max_length for column in OrderItem._meta.concrete_fields}

_signer = Signer(salt="checkout.agreed")


class Changed(Exception):
    """What the buyer saw is not what would be ordered. `old_cents`: the total they saw, if they saw a valid one."""

    def __init__(self, old_cents: int | None = None) -> None:
        super().__init__("the basket has changed since the buyer saw it")
        self.old_cents = old_cents


def agreed(progress: Progress) -> str:
    """Return what the buyer sees, signed: the total, and a digest of lines, names, buyer and way to pay."""
    snapshot = _snapshot(progress)
    seen = [
        snapshot.key,
        asdict(snapshot.buyer),
        snapshot.payment_method,
        [(text.name, text.sha256) for text in snapshot.texts],
        [(dict(line.payload), line.total_cents, line.vat_bp) for line in snapshot.lines],
    ]
    digest = hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
    return _signer.sign(f"{snapshot.total_cents}-{digest}")


def order_basket(progress: Progress, token: str) -> Order:
    """Place the order of the basket, once, however often and fast it is asked for.

    `token` is what `agreed` gave the buyer's page. Raises Changed when it is not what would be ordered now.
    """
    if (old := _agreed_cents(token)) is None or token != agreed(progress):
        raise Changed(old)
    with transaction.atomic():
        basket = Basket.objects.select_for_update().filter(pk=progress.basket.pk).first()
        if basket is None:
            raise Changed(old)
        if basket.order is not None and basket.order.state not in FAILED:
            if not _is_by(basket.order, progress.buyer()):
                raise Changed(old)  # somebody on another device was quicker
            return basket.order  # the other one of two clicks
        if basket.order is not None or not _is_as_seen(basket, progress):
            raise Changed(old)
        order = place_order(snapshot=_snapshot(progress, _tokens(basket)))
        if progress.seller:
            selling.note(order, progress.seller)
        Basket.objects.filter(pk=basket.pk).update(order=order, touched_at=timezone.now())
    return order


def _is_by(order: Order, buyer: Buyer) -> bool:
    """Was it placed by the same person?"""
    placed = (order.given_name, order.family_name, order.email)
    return placed == (buyer.given_name, buyer.family_name, buyer.email)


def _agreed_cents(token: str) -> int | None:
    try:
        return int(_signer.unsign(token).split("-")[0])
    except BadSignature:
        return None


def _is_as_seen(basket: Basket, progress: Progress) -> bool:
    """Has nobody changed the basket between our look at it and its lock?"""
    lines = set(basket.lines.values_list("pk", "ticket_id", "slot_key", "quantity"))
    goods = dict(basket.goods.values_list("pk", "choice"))
    seen = progress.seen
    same = lines == _content(seen) and goods == {good.row.pk: good.row.choice for good in seen.goods}
    return basket.revision == progress.basket.revision and same


def _content(seen: Overview) -> set[tuple[int, int, str, int]]:
    lines = [priced.line for priced in seen.lines]
    return {(line.pk, line.ticket_id, line.slot_key, line.quantity) for line in lines}


def _tokens(basket: Basket) -> Mapping[int, Sequence[str]]:
    """What the order brings along of the places held for it, by line."""
    if not holding.is_on():
        return {}
    now = timezone.now()
    return {line: holds.tokens(rows, now) for line, rows in holds.by_line(holds.of(basket)).items()}


def _snapshot(progress: Progress, tokens: Mapping[int, Sequence[str]] | None = None) -> OrderSnapshot:
    """What is ordered. The tokens of holds come last: they change, and are nothing anybody agrees to."""
    return OrderSnapshot(
        key=key_of(progress.basket),
        language=get_language() or settings.LANGUAGE_CODE,
        buyer=progress.buyer(),
        payment_method=progress.method,
        currency=settings.CURRENCY,
        total_cents=progress.seen.total_cents,
        lines=tuple(
            line for entry in progress.seen.entries for line in _lines(progress, entry, tokens or {})
        ),
        consent=consent.as_text(agreement.notice(progress.seen)),
        texts=agreement.agreed_texts(progress.seen),
    )


def key_of(basket: Basket) -> str:
    """Name this try to order this basket; made of its secret, so that no other basket ever has the same."""
    return hashlib.sha256(f"{basket.secret} {basket.revision}".encode()).hexdigest()


def _lines(
    progress: Progress, entry: Visit | PricedGood, tokens: Mapping[int, Sequence[str]]
) -> list[LineSnapshot]:
    if isinstance(entry, PricedGood):
        return [good_snapshot(entry, progress.attendees(entry))]
    return [_line(progress, entry, line, tokens.get(line.line.pk, ())) for line in entry.lines]


def good_snapshot(priced: PricedGood, people: Sequence[Attendee] = ()) -> LineSnapshot:
    """Return what the order keeps of a good, in the active language."""
    good, museum = priced.good, priced.museum
    at, ends_at = priced.at, good.ends_at
    rates = {charge.vat_bp for charge in priced.charges if charge.cents} or {0}
    charges = [{**charge.as_json(), "title": charge.title or good.title} for charge in priced.charges]
    payload = good.payload(people)
    return LineSnapshot(
        kind=good.kind,
        product_id=payload["attributes"]["id"],
        title=_fit(good.title, "title"),
        visitor=_fit(good.visitor, "visitor"),
        museum=_fit(museum.title if museum else "", "museum"),
        address=_fit(museum.address if museum else "", "address"),
        slot_key=payload["attributes"].get("time") or payload["attributes"].get("start_time") or "",
        slot_at=at,
        slot_minutes=round((ends_at - at).total_seconds() / 60) if at and ends_at else None,
        whole_day=False,
        quantity=good.number,
        unit_cents=_per_piece(priced),
        total_cents=priced.cents,
        vat_bp=rates.pop() if len(rates) == 1 else None,
        discount=good.discount,
        after_sale=good.after_sale(),
        attendees=tuple(people),
        payload=payload,
        details=tuple(good.details()),
        parts=tuple(good.parts()),
        charges=tuple(charges),
        choice=kept(priced),
    )


def _per_piece(priced: PricedGood) -> int:
    """What one of it costs, rounded half up; of what is sold by the piece."""
    return (2 * priced.cents + priced.number) // (2 * priced.number)


def _line(progress: Progress, visit: Visit, priced: PricedLine, tokens: Sequence[str]) -> LineSnapshot:
    line, ticket, museum = priced.line, priced.ticket, visit.museum
    people = progress.attendees(priced)
    minutes = round((line.slot_ends_at - line.slot_at).total_seconds() / 60)
    return LineSnapshot(
        product_id=ticket.pk,
        title=_fit(priced.title, "title"),
        visitor=_fit(priced.name if priced.name != priced.title else "", "visitor"),
        museum=_fit(museum.title if museum else "", "museum"),
        address=_fit(museum.address if museum else ticket.address, "address"),
        slot_key=line.slot_key,
        slot_at=line.slot_at,
        slot_minutes=None if ticket.whole_day else minutes or None,
        whole_day=ticket.whole_day,
        quantity=line.quantity,
        unit_cents=ticket.gross_at(line.slot_key),
        total_cents=priced.cents,
        vat_bp=ticket.vat_bp,
        discount=ticket.discount,
        after_sale=ticket.after_sale_information,
        attendees=people,
        payload=ticket_item(ticket.pk, line.slot_key, line.quantity, people, reservations=tokens),
    )


def _fit(text: str, column: str) -> str:
    """Museums may write more than an order keeps."""
    return text[: MOST_LETTERS[column]]
