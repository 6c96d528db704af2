"""Print-at-home tickets: all admissions of an order in one PDF, one barcode per A4 sheet. For workers only."""

from __future__ import annotations

import atexit
import base64
import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from orders import passes
from orders.code39 import NotPrintable, Symbol, symbol
from orders.ink import Bars
from orders.models import Admission, Order, OrderItem
from shop.money import vat_part

FOLDER = Path(__file__).parent / "sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: an admission with its symbol, or the confirmation of a booking that has no barcode.

    `price_cents` is what this sheet's tickets cost, `taxes` the VAT in it as (basis points, cents).
    """

    item: OrderItem
    number: int
    price_cents: int
    taxes: tuple[tuple[int, int], ...]
    admission: Admission | None = None
    symbol: Symbol | None = None

    @property
    def seated(self) -> bool:
        """Is its name that of a seat?"""
        return bool(self.item.seats)

    @property
    def details(self) -> list[str]:
        """What was chosen; of the seats only its own, which is its name."""
        found: list[str] = self.item.details
        return found[: len(found) - len(self.item.seats)] if self.admission and self.seated else found


@dataclass(frozen=True, slots=True)
class Printout:
    content: bytes
    pages: int


def render(order: Order) -> Printout:
    """Return the PDF of all tickets of an order in the order's language. Raises code39.NotPrintable."""
    return _printed(order, _sheets(order), alone=False)


def render_one(order: Order, item_id: int | None, admission_id: int | None) -> Printout:
    """Return the sheet of one ticket alone, without order number and price. Raises code39.NotPrintable.

    `admission_id` None: of a booking that has no barcode.
    """
    for one in passes.of_order(order):
        if (one.item.pk, one.admission.pk if one.admission else None) == (item_id, admission_id):
            return _printed(order, [_sheet(one.item, one.admission, 1, 1)], alone=True)
    raise NotPrintable("the ticket is no longer part of its order")


def _printed(order: Order, sheets: list[Sheet], *, alone: bool) -> Printout:
    with translation.override(order.language):
        context = {"order": order, "sheets": sheets, "seller_name": settings.SELLER_NAME, "alone": alone}
        html = render_to_string("orders/sheets.html", context | {"LANGUAGE_CODE": order.language})
    drawn = {f"bars:{sheet.number}": Bars(sheet.symbol) for sheet in sheets if sheet.symbol}
    with _nobody_tidies():
        return Printout(_pdf(html, drawn), len(sheets))


def _sheets(order: Order) -> list[Sheet]:
    """A sheet for every admission, one for a booking without any, none for vouchers; in the order of the items."""
    found = passes.of_order(order)
    of_item = Counter(one.item.pk for one in found if one.admission)
    return [_sheet(one.item, one.admission, one.number, of_item[one.item.pk]) for one in found]


def _sheet(item: OrderItem, admission: Admission | None, number: int, sheets: int) -> Sheet:
    if item.kind in OrderItem.ADMITTING and sheets:
        price, taxed = item.unit_cents, [(item.unit_cents, item.vat_bp or 0)]
    else:
        price, taxed = item.total_cents, item.taxed
    rates: dict[int, int] = {}
    for cents, rate in taxed:
        rates[rate] = rates.get(rate, 0) + cents
    taxes = tuple((rate, vat_part(cents, rate)) for rate, cents in rates.items() if rate and cents)
    drawn = symbol(admission.barcode) if admission else None
    return Sheet(item, number, price, taxes, admission, drawn)


@contextmanager
def _nobody_tidies() -> Iterator[None]:
    """Keep the garbage collector from walking the growing tree of boxes again and again, in vain."""
    tidy = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if tidy:
            gc.enable()


def _pdf(html: str, images: dict[str, Bars]) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 - costs a quarter of a second and 50 MB, only workers pay it

    styles, fonts, fetcher = _tools()
    document = HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(
        stylesheets=[styles], font_config=fonts, cache=images, pdf_variant="pdf/ua-1"
    )
    return pdf


@cache
def _tools() -> tuple[Any, Any, Any]:
    """The parsed style sheet with our fonts inside, made once per process; nothing is fetched from anywhere."""
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fonts, fetcher = FontConfiguration(), URLFetcher(allowed_protocols={"data"})
    text = _faces() + (FOLDER / "sheets.css").read_text(encoding="utf-8")
    return CSS(string=text, font_config=fonts, url_fetcher=fetcher), fonts, fetcher


# The fonts must be let go while the interpreter still stands.
atexit.register(_tools.cache_clear)
FAMILIES = {"source-sans-3": "Ticket Sans", "source-serif-4": "Ticket Serif"}


def _faces() -> str:
    """Our fonts. The letters beyond Western Europe are a family of their own, named second in every font list."""
    faces = []
    for file in sorted((FOLDER / "fonts").glob("*.woff2")):
        source = next(name for name in FAMILIES if file.stem.startswith(name))
        subset, weight, _style = file.stem.removeprefix(f"{source}-").rsplit("-", 2)
        family = FAMILIES[source] + (" Extended" if subset == "latin-ext" else "")
        data = base64.b64encode(file.read_bytes()).decode()
        faces.append(
            f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
            f' src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
        )
    return "\n".join(faces)
