"""One customer tries every address of the shop with all they know: nothing of another comes out or changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core import serializers
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from checkout.models import Basket
from orders import passes, sharing
from orders.documents import storage
from orders.lifecycle import State
from orders.models import Admission, Delivery, Document, Order, TicketShare
from tests.checkout.given import ADULT, a_time
from tests.checkout.test_hostile_visitors import addresses
from tests.checkout.visitor import Visitor
from tests.orders.given import an_order
from tests.sandbox_process import Sandbox

ROUTES = [
    *sorted({route.removeprefix("^") for route in addresses(get_resolver())}),
    "admin/",
    "admin/orders/order/",
]
PAPER = b"%PDF-1.7 the ticket of Wilhelmina"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with a finished order: ticket, documents, a shared ticket."""

    order: Order
    document: Document
    share: TicketShare


def a_person(given: str, family: str, email: str, barcode: str) -> Person:
    order = an_order(
        state=State.READY, given_name=given, family_name=family, email=email, city=f"{family}stadt"
    )
    Admission.objects.create(item=order.items.get(), position=0, barcode=barcode)
    file = storage().save(
        f"{order.number}.pdf", ContentFile(PAPER if given == "Wilhelmina" else b"%PDF-1.7 mine")
    )
    document = Document.objects.create(
        order=order, kind=Document.Kind.SHEETS, state=Document.State.STORED, size=20, file=file
    )
    Delivery.objects.create(
        order=order, kind=Delivery.Kind.READY, serial=0, state=Delivery.State.SENT, message_id=order.number
    )
    share = sharing.share(passes.of_order(order)[0])
    return Person(order, document, share)


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def guesses(victim: Person, mine: Person) -> list[str]:
    """What a customer may know or try in the place of a key or a number."""
    theirs = victim.order
    return [
        *(mine.order.secret, mine.share.secret, str(theirs.pk), theirs.number, theirs.key),
        *(theirs.secret[:-1], theirs.secret.swapcase(), f"{theirs.secret} ", str(victim.document.pk), "1"),
    ]


def everything_of(person: Person) -> list[str]:
    """All that must never come out."""
    order = person.order
    barcodes = Admission.objects.filter(item__order=order).values_list("barcode", flat=True)
    return [order.secret, order.given_name, order.family_name, order.email, person.share.secret, *barcodes]


def stored(person: Person) -> str:
    rows = [person.order, *person.order.items.all(), person.document, *person.order.deliveries.all()]
    for row in rows:
        row.refresh_from_db()
    return str(serializers.serialize("json", [*rows, *TicketShare.objects.filter(pk=person.share.pk)]))


@pytest.mark.usefixtures("_english")
def test_another_customer_reaches_and_changes_nothing(programme: Sandbox, settings: LazySettings) -> None:
    settings.AVAILABILITY_SECONDS = 300
    victim = a_person("Wilhelmina", "Quastenberg", "wilhelmina@private.example", "VICTIM-0001")
    mine = a_person("Otto", "Normal", "otto@mine.example", "MINE-0001")
    visitor = Visitor(Client())
    visitor.add(a_time(ADULT), {ADULT: 1})
    visitor.fill_in(method="invoice")
    basket_of_victim = Basket.objects.create()
    before, private = stored(victim), [*everything_of(victim), basket_of_victim.secret]
    words = {
        **{"order": victim.order.number, "number": victim.order.number, "email": "otto@mine.example"},
        **{"q": victim.order.number, "id": str(victim.order.pk), "basket": str(basket_of_victim.pk)},
    }
    asked = 0
    for route in ROUTES:
        parts = re.findall(r"<[^>]+>", route)
        second = [str(victim.document.pk), "1", victim.order.number]
        for fill in product(*[guesses(victim, mine), second][: len(parts)]):
            rest = iter([*fill, "1", "1"])
            path = "/" + re.sub(r"<[^>]+>", lambda _: quote(next(rest), safe=""), route)  # noqa: B023 - used at once
            for answer in (visitor.client.get(path, words), visitor.client.post(path, words)):
                asked += 1
                told = (answer.getvalue() if answer.streaming else answer.content).decode("utf-8", "replace")
                told += str(answer.headers)
                found = [word for word in private if word in told and word not in path]
                assert not found, (path, found)
                assert "the ticket of Wilhelmina" not in told, path
    assert asked > 1000
    assert stored(victim) == before


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_the_same_addresses_with_the_right_key_do_open(client: Client) -> None:
    """Else the test above would prove nothing."""
    victim = a_person("Wilhelmina", "Quastenberg", "wilhelmina@private.example", "VICTIM-0001")
    secret = victim.order.secret
    assert "Quastenberg" in client.get(reverse("orders:withdraw"), {"order": secret}).content.decode()
    assert "VICTIM-0001" in client.get(reverse("orders:ticket", args=[secret, 1])).content.decode()
    paper = client.get(reverse("orders:document", args=[secret, victim.document.pk]))
    assert paper.getvalue() == PAPER
    assert victim.order.number in client.get(reverse("orders:order", args=[secret])).content.decode()


def test_all_addresses_of_orders_are_tried() -> None:
    """However the routes are written, the documents of an order are among them."""
    assert any("<str:secret>/documents/<int:pk>.pdf" in route for route in ROUTES)
    assert len(ROUTES) > 40
