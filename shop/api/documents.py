"""The documents group: papers of finalized orders. The order token in their address is a secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from shop.api.calls import Body, Call, Query
from shop.api.reading import BadRecord
from shop.api.timing import Patience
from shop.api.transport import Caller

DOCUMENT_BYTES = 20_000_000
NO_DOCUMENT_TYPES = frozenset({"text/html", "application/json"})


@dataclass(frozen=True, slots=True)
class Format:
    """What a document is asked for as, and what its bytes begin with."""

    name: str
    media_type: str
    start: bytes


PDF = Format("PDF", "application/pdf", b"%PDF-")
PASSBOOK = Format("passbook", "application/vnd.apple.pkpass", b"PK\x03\x04")


class Documents:
    """Official documents, read piece by piece up to 20 MB. `NotFound`: not there (yet), or not for this token.

    `barcode_id` asks for the page of one admission only, `locale` for a language.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def ticket_pdf(
        self,
        order_id: str | int,
        sale_id: int,
        token: str,
        *,
        barcode_id: int | None = None,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """The PDF of one ticket item, one page per ticket. `sale_id` is the item's `attributes_id`."""
        values = {"order_id": order_id, "sale_id": sale_id}
        query = _query(token, barcode_id, locale)
        return self._fetch("/orders/:order_id/tickets/:sale_id.pdf", values, query, patience)

    def event_pdf(
        self,
        order_id: str | int,
        booking_id: int,
        token: str,
        *,
        barcode_id: int | None = None,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """The confirmation of one event item. `booking_id` is the item's `attributes_id`."""
        values = {"order_id": order_id, "booking_id": booking_id}
        query = _query(token, barcode_id, locale)
        return self._fetch("/orders/:order_id/events/:booking_id.pdf", values, query, patience)

    def tour_pdf(
        self,
        order_id: str | int,
        booking_id: int,
        token: str,
        *,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """The confirmation of one tour item. `booking_id` is the item's `attributes_id`."""
        values = {"order_id": order_id, "booking_id": booking_id}
        query = _query(token, None, locale)
        return self._fetch("/orders/:order_id/tours/:booking_id.pdf", values, query, patience)

    def coupon_pdf(
        self,
        order_id: str | int,
        sale_id: int,
        token: str,
        *,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """The vouchers of one coupon item. `sale_id` is the item's `attributes_id`."""
        values = {"order_id": order_id, "sale_id": sale_id}
        query = _query(token, None, locale)
        return self._fetch("/orders/:order_id/coupons/:sale_id.pdf", values, query, patience)

    def invoice_pdf(
        self,
        order_id: str | int,
        token: str,
        *,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """The invoice; only orders whose `invoice` is true have one."""
        query = _query(token, None, locale)
        return self._fetch("/orders/:order_id/invoice.pdf", {"order_id": order_id}, query, patience)

    def passbook(
        self,
        order_id: str | int,
        sale_id: int,
        barcode: str,
        token: str,
        *,
        locale: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> bytes:
        """One admission for the wallet of a phone (pkpass); only where the item announces passbooks."""
        route = "/orders/:order_id/tickets/:sale_id/passbooks/:barcode.pkpass"
        values = {"order_id": order_id, "sale_id": sale_id, "barcode": barcode}
        return self._fetch(route, values, _query(token, None, locale), patience, PASSBOOK)

    def _fetch(
        self,
        route: str,
        values: Mapping[str, str | int],
        query: Query,
        patience: Patience,
        wanted: Format = PDF,
    ) -> bytes:
        call = Call(
            "GET",
            route,
            values,
            query=query,
            accept=wanted.media_type,
            limit=DOCUMENT_BYTES,
            authorised=False,
            patience=patience,
        )
        understand: Callable[[Body], bytes] = partial(_content, wanted)
        return self._caller.fetch(call, understand)


def _query(token: str, barcode_id: int | None, locale: str | None) -> Query:
    return (
        ("token", token),
        *((("barcode_id", str(barcode_id)),) if barcode_id is not None else ()),
        *((("locale", locale),) if locale else ()),
    )


def _content(wanted: Format, body: Body) -> bytes:
    if body.media_type in NO_DOCUMENT_TYPES or not body.content.startswith(wanted.start):
        raise BadRecord(f"the answer is no {wanted.name}")
    return body.content
