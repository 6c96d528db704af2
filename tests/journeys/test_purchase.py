"""The way from a day to tickets that scan, with and without JavaScript, on a phone and on a desk, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pypdfium2
import pytest
import zxingcpp

from tests.journeys.browser import Visit
from tests.journeys.buyer import ADULT, REDUCED, Buyer
from tests.waiting import until

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Way:
    """How a visitor comes."""

    language: str
    phone: bool
    script: bool
    dark: bool = False

    def __str__(self) -> str:
        return f"{self.language}-{'phone' if self.phone else 'desk'}-{'script' if self.script else 'plain'}"


WAYS = [
    Way("de", phone=True, script=True),
    Way("en", phone=False, script=True, dark=True),
    Way("en", phone=True, script=False),
    Way("de", phone=False, script=False),
]
MAILED = {
    "de": ("Wir haben Ihre Bestellung {} erhalten", "Ihre Karten, Bestellung {}"),
    "en": ("We have received your order {}", "Your tickets, order {}"),
}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_two_adults_and_one_reduced(visit: Callable[..., Visit], operator: httpx.Client, way: Way) -> None:
    name = str(way)
    window = visit(name=name, script=way.script, phone=way.phone, language=way.language, dark=way.dark)
    buyer = Buyer(window, way.language)
    key = buyer.choose_slot()
    buyer.add(q311=2, q312=1)
    buyer.to_checkout()
    email = f"two-and-one-{name}@example.org"  # nobody else of this shop has it
    buyer.give_contact(email=email)
    buyer.choose_payment()
    buyer.order()
    buyer.reach_payment_page()
    buyer.pay()
    buyer.wait_for_tickets()

    sold = next(
        o for o in operator.get("/ledger").json()["orders"] if (o["customer"] or {}).get("email") == email
    )
    assert sold["status"] == "finalized"
    assert sold["total"] == 3500
    assert [(i["ticket_id"], i["quantity"], i["time"]) for i in sold["items"]] == [
        (ADULT, 2, key),
        (REDUCED, 1, key),
    ]
    codes = [code for item in sold["items"] for code in item["barcodes"]]
    assert scanned(buyer.fetch("a[href$='tickets.pdf']")) == codes
    assert buyer.fetch("a[href*='/documents/']").startswith(b"%PDF")
    subjects = [subject.format(sold["reference"]) for subject in MAILED[way.language]]
    until(
        lambda: all(subject in letters(buyer) for subject in subjects),
        seconds=90,  # a worker that died in the middle frees its mail after thirty
        what="a mail of the order and one of the tickets",
    )
    assert letters(buyer).count(email) == 2


def letters(buyer: Buyer) -> str:
    """The page of the demo's letter box."""
    return buyer.page.request.get(f"{buyer.visit.base_url}/{buyer.language}/demo/mail/").text()


def scanned(pdf: bytes) -> list[str]:
    """What a scanner reads from each sheet printed at 200 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number in range(len(document)):
        image = document[number].render(scale=200 / 72, grayscale=True).to_pil()
        found += [code.text for code in zxingcpp.read_barcodes(image)]
    return found
