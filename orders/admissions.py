"""Takes over what the ticket system says of an order: sale ids, admissions by barcode, codes of vouchers.

What it announces for the wallet of a phone is written down as documents to fetch.
"""

from collections.abc import Iterable

from orders.models import Admission, Document, Order, OrderItem
from shop.api import records

TYPES = {
    OrderItem.Kind.TICKET: "Ticket",
    OrderItem.Kind.COMBINED: "Ticket",
    OrderItem.Kind.ANNUAL: "Ticket",
    OrderItem.Kind.EVENT: "Event",
    OrderItem.Kind.TOUR: "Tour",
    OrderItem.Kind.COUPON: "Coupon",
}


def record(order: Order, upstream: records.Order) -> int:
    """Store sale ids and barcodes that are new; return how many barcodes are still missing. Safe to repeat."""
    items = list(order.items.filter(cancelled_at=None))
    missing = 0
    for item, theirs in zip(items, pair(items, upstream.items), strict=True):
        if theirs is None:
            missing += wanted(item)
            continue
        known: dict[str, object] = {"upstream_item_id": theirs.id, "sale_id": theirs.attributes_id}
        if theirs.codes:
            known["codes"] = list(theirs.codes)
        OrderItem.objects.filter(pk=item.pk).update(**known)
        missing += _store_seats(item, theirs) if item.seats else _store(item, theirs)
    return missing


def wanted(item: OrderItem) -> int:
    """How many barcodes the item is expected to get. Bookings of events and tours have none but for their seats."""
    return item.quantity if item.kind in OrderItem.ADMITTING else len(item.seats)


def pair(ours: list[OrderItem], theirs: Iterable[records.OrderItem]) -> list[records.OrderItem | None]:
    """Return for each of our items the one upstream that means it: same product and quantity, at best same time.

    Of vouchers upstream does not tell the product: at best the title is the same.
    """
    left = [item for item in theirs if item.canceled_at is None]
    paired: list[records.OrderItem | None] = []
    for item in ours:
        alike = [their for their in left if _is_alike(item, their)]
        best = max(alike, key=lambda their: _likeness(item, their), default=None)
        if best is not None:
            left.remove(best)
        paired.append(best)
    return paired


def _is_alike(ours: OrderItem, theirs: records.OrderItem) -> bool:
    product = {
        "Ticket": theirs.ticket_id,
        "Event": theirs.date_id,
        "Tour": theirs.tour_id,
        "Coupon": ours.product_id,
    }.get(theirs.type)
    same_type = theirs.type == TYPES[OrderItem.Kind(ours.kind)]
    return same_type and (product, theirs.quantity) == (ours.product_id, ours.quantity)


def _likeness(ours: OrderItem, theirs: records.OrderItem) -> tuple[bool, bool]:
    return theirs.start_time == ours.slot_at, theirs.title == ours.title


def _store(item: OrderItem, theirs: records.OrderItem) -> int:
    """Give every barcode that is new the next free position: the order of the answers may differ."""
    known = set(item.admissions.values_list("barcode", flat=True))
    fresh = [barcode for barcode in theirs.barcodes if barcode.barcode not in known]
    announced: list[Document] = []
    for position, barcode in enumerate(fresh, start=len(known) + 1):
        admission = Admission.objects.create(
            item=item,
            position=position,
            upstream_id=barcode.id,
            barcode=barcode.barcode,
            name=_name(item, position),
        )
        if theirs.has_passbooks or barcode.passbook_url:
            kind = Document.Kind.PASSBOOK
            announced.append(Document(order_id=item.order_id, item=item, admission=admission, kind=kind))
    Document.objects.bulk_create(announced)
    return max(0, wanted(item) - len(known) - len(fresh))


def _store_seats(item: OrderItem, theirs: records.OrderItem) -> int:
    """Every seat has its place in the order and its own barcode; seats upstream does not tell of are not waited for."""
    codes = {seat.seat_id: seat.barcode for seat in theirs.seats}
    for position, seat in enumerate(item.seats, start=1):
        if codes.get(seat):
            facts = {"barcode": codes[seat], "name": _seat_name(item, position)}
            Admission.objects.get_or_create(item=item, position=position, defaults=facts)
    return sum(seat in codes and not codes[seat] for seat in item.seats)


def _name(item: OrderItem, position: int) -> str:
    """Who comes with this admission, where the museum wanted names."""
    if position > len(item.attendees):
        return ""
    person = item.attendees[position - 1]
    return f"{person['given_name']} {person['family_name']}"


def _seat_name(item: OrderItem, position: int) -> str:
    """The names of the seats stand last in the details."""
    names = item.details[-len(item.seats) :]
    return str(names[position - 1])[:400] if len(names) == len(item.seats) else ""
