"""The papers a museum would make: PDF, calendar entry, wallet pass. Core fonts, so nothing must be installed."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from fpdf import FPDF

from sandbox.booking.order import Item, Order
from sandbox.data.houses import House

# The core fonts know these 256 characters and no others.
LATIN = "latin-1"
PLAIN = str.maketrans({"–": "-", "—": "-", "„": '"', "“": '"', "”": '"', "’": "'", "€": "EUR", "…": "..."})
WORDS = {
    "de": {"at": "{:%d.%m.%Y, %H:%M} Uhr", "order": "Bestellung", "of": "Karte {} von {}", "invoice": "Rechnung",
           "sum": "Summe", "people": "Personen", "voucher": "Gutschein im Wert von {} EUR"},
    "en": {"at": "{:%d %B %Y, %H:%M}", "order": "Order", "of": "ticket {} of {}", "invoice": "Invoice",
           "sum": "Total", "people": "people", "voucher": "Voucher worth {} EUR"},
}  # fmt: skip


def tickets(order: Order, item: Item, codes: list[str], house: House | None, language: str) -> bytes:
    """One page per code: of a ticket, a seat, or the group of a tour."""
    pdf = _new(f"{order.reference or order.id}")
    said, people = WORDS[language], item.facts.get("attendees", [])
    for code in codes:
        number = [row["barcode"] for row in item.barcodes].index(code)
        pdf.add_page()
        _head(pdf, item, house, language)
        if number < len(people):
            _line(pdf, 13, f"{people[number].get('name', '')} {people[number].get('surname', '')}")
        if item.type == "Tour":
            _line(pdf, 13, f"{item.quantity} {said['people']}")
        pdf.ln(8)
        pdf.code39(f"*{code}*", x=20, y=pdf.get_y(), w=0.9, h=18)
        pdf.ln(24)
        _line(pdf, 12, code)
        place = said["of"].format(number + 1, len(item.barcodes))
        _line(pdf, 9, f"{said['order']} {order.reference or order.id} - {place}")
    return bytes(pdf.output())


def coupons(item: Item, language: str) -> bytes:
    """One page per voucher."""
    pdf = _new(item.title[language])
    for code in item.codes:
        pdf.add_page()
        _line(pdf, 24, item.title[language], bold=True)
        _line(pdf, 15, WORDS[language]["voucher"].format(_euro(item.facts["value_cents"])))
        _line(pdf, 18, code, bold=True)
    return bytes(pdf.output())


def invoice(order: Order, language: str) -> bytes:
    """A plain invoice of the active items."""
    said = WORDS[language]
    pdf = _new(f"{said['invoice']} {order.id}")
    pdf.add_page()
    _line(pdf, 22, f"{said['invoice']} {order.id}", bold=True)
    for item in order.active_items():
        _line(pdf, 12, f"{item.quantity} x {item.title[language]}: {_euro(item.cents)} EUR ({item.vat} %)")
    _line(pdf, 14, f"{said['sum']} {_euro(order.total)} EUR", bold=True)
    return bytes(pdf.output())


def calendar(item: Item, house: House | None, language: str) -> str:
    """A calendar entry of the visit (RFC 5545); an hour long, for nobody says when a visit ends."""
    start = datetime.fromisoformat(item.time or "1970-01-01T00:00:00+00:00")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//sandbox//tickets//DE",
        "BEGIN:VEVENT",
        f"UID:{item.sale_id}@sandbox.example",
        f"DTSTAMP:{_utc(start)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(start + timedelta(hours=1))}",
        f"SUMMARY:{_escaped(item.title[language])}",
        f"LOCATION:{_escaped(f'{house.title[language]}, {house.street}, {house.zip_code} Berlin' if house else '')}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join([*lines, ""])


def wallet(order: Order, item: Item, code: str, language: str) -> bytes:
    """A wallet pass: a ZIP with pass.json and its manifest. It is not signed, so no phone will take it for real."""
    barcode = {"format": "PKBarcodeFormatCode128", "message": code, "messageEncoding": "iso-8859-1"}
    facts: dict[str, Any] = {
        "formatVersion": 1,
        "serialNumber": code,
        "passTypeIdentifier": "pass.example.sandbox",
        "teamIdentifier": "SANDBOX",
        "organizationName": "Sandbox",
        "description": item.title[language],
        "relevantDate": item.time,
        "barcodes": [barcode],
        "eventTicket": {
            "primaryFields": [{"key": "title", "label": str(order.id), "value": item.title[language]}]
        },
    }
    body = json.dumps(facts, ensure_ascii=False).encode()
    manifest = {"pass.json": hashlib.sha1(body, usedforsecurity=False).hexdigest()}
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        archive.writestr("pass.json", body)
        archive.writestr("manifest.json", json.dumps(manifest))
    return found.getvalue()


def _head(pdf: FPDF, item: Item, house: House | None, language: str) -> None:
    if house:
        _line(pdf, 26, house.title[language], bold=True)
    _line(pdf, 15, item.title[language])
    for at in [item.time, *item.facts.get("sub_ticket_times", {}).values()]:
        if at:
            _line(pdf, 13, WORDS[language]["at"].format(datetime.fromisoformat(at)))
    if house:
        _line(pdf, 11, f"{house.street}, {house.zip_code} Berlin")


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _utc(at: datetime) -> str:
    return f"{datetime.fromtimestamp(at.timestamp(), UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _new(title: str) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_margin(20)
    pdf.set_title(title)
    return pdf


def _line(pdf: FPDF, size: int, text: str, *, bold: bool = False) -> None:
    pdf.set_font("Helvetica", style="B" if bold else "", size=size)
    pdf.multi_cell(0, size * 0.55, text.translate(PLAIN).encode(LATIN, "replace").decode(LATIN))
    pdf.ln(2)
