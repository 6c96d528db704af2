"""Annual tickets are made out to persons: asked once, told to the museum once, and never more than is known."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from orders import cards, mail, personalising, tasks
from orders.lifecycle import State
from orders.models import Card, Delivery, Order, OrderItem
from tests.orders.clock import Clock, drive
from tests.orders.given import a_line, an_order
from tests.orders.museum import Museum
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
C = Card.State
PLAIN, WITH_PHOTO = 601, 602
ASSIGN = "PUT /annual/personalizations/:number"
CUSTOMERS, UPLOAD, LOOK = (
    "POST /annual/customers",
    "POST /annual/personalizations/:number/upload",
    "GET /annual/order",
)
JPEG = b"\xff\xd8\xff\xe0 a portrait"
PERSON = {
    "salutation_id": "2",
    "given_name": "Noah",
    "family_name": "Brandt",
    "email": "noah@example.org",
    "street": "Feldstraße 8",
    "zip_code": "01067",
    "city": "Kiel",
    "country_id": "60",
    "dispatch_mode_id": "1",
}


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def bought(museum: Museum, clock: Clock, ticket_id: int = PLAIN, quantity: int = 2) -> Order:
    """A booked order of annual tickets whose papers are made."""
    cents = 6500 if ticket_id == PLAIN else 3500
    payload = {"type": "Ticket", "attributes": {"id": ticket_id, "quantity": quantity}}
    line = a_line(
        ticket_id=ticket_id, quantity=quantity, unit_cents=cents, kind=OrderItem.Kind.ANNUAL, payload=payload
    )
    order = museum.order(line, payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    Order.objects.update(state=State.READY)
    order.refresh_from_db()
    assert cards.orders_to_ask() == [order.pk]
    tasks.ask_about_cards(order.pk)
    assert cards.orders_to_ask() == []
    return order


def first(order: Order) -> Card:
    return Card.objects.filter(item__order=order).order_by("position")[0]


def enter(client: Client, card: Card, **changes: Any) -> int:
    """Send the form of a card; returns the status of the answer."""
    address = reverse("orders:card", args=[card.item.order.secret, card.pk])
    return client.post(address, PERSON | changes).status_code


def work(card: Card) -> str:
    """Let its time come, and the sweep's task run."""
    Card.objects.update(due_at=timezone.now())
    tasks.personalise_card(card.pk)
    card.refresh_from_db()
    return card.state


def names(museum: Museum, order: Order) -> list[str]:
    """Whom the museum knows, card by card."""
    [sale] = museum.client().annual.order(order.upstream_token).sales
    return [
        f"{one.customer.name} {one.customer.surname}" if one.customer else "" for one in sale.personalizations
    ]


def page(client: Client, order: Order) -> str:
    return client.get(reverse("orders:order", args=[order.secret])).content.decode()


def photo(content: bytes = JPEG, name: str = "ida.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_the_customer_is_asked_once_and_the_museum_knows_the_holder(
    museum: Museum, clock: Clock, client: Client
) -> None:
    order = bought(museum, clock)
    assert [card.state for card in cards.of_order(order)] == [C.OPEN, C.OPEN]
    [delivery] = order.deliveries.filter(kind=Delivery.Kind.CARDS)
    mail.send(delivery.pk)
    assert reverse("orders:cards", args=[order.secret]) in outbox.outbox[-1].body
    card = first(order)
    assert reverse("orders:card", args=[order.secret, card.pk]) in page(client, order)
    assert enter(client, card) == 302
    assert "We are telling the museum: Noah Brandt" in page(client, order)
    assert work(card) == C.DONE
    assert names(museum, order) == ["Noah Brandt", ""]
    assert "Made out to Noah Brandt" in page(client, order)
    assert (card.email, card.street, card.country_id) == ("", "", None), "no longer needed here"
    assert enter(client, card, given_name="Somebody") == 302, "too late"
    assert work(card) == C.DONE
    assert names(museum, order) == ["Noah Brandt", ""]


def test_a_photo_is_wanted_where_the_museum_wants_one_and_kept_nowhere(
    museum: Museum, clock: Clock, client: Client
) -> None:
    order = bought(museum, clock, WITH_PHOTO, 1)
    card = first(order)
    address = reverse("orders:card", args=[order.secret, card.pk])
    for wrong, word in (
        ({}, "makes this card with one"),
        ({"photo": photo(b"GIF89a")}, "no JPEG or PNG"),
        ({"photo": photo(b"")}, "empty"),
        ({"photo": photo(JPEG + bytes(10_000_000))}, "more than 10 MB"),
    ):
        answer = client.post(address, PERSON | wrong)
        assert (answer.status_code, word in answer.content.decode()) == (422, True), word
        assert 'value="Noah"' in answer.content.decode()
    assert enter(client, card, photo=photo()) == 302
    card.refresh_from_db()
    kept = card.photo
    assert storages["documents"].exists(kept)
    assert "ida" not in kept
    assert work(card) == C.DONE
    [sale] = museum.client().annual.order(order.upstream_token).sales
    assert sale.personalizations[0].ready
    assert (card.photo, storages["documents"].exists(kept)) == ("", False)


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ("salutation_id", "Please choose one."),
        ("city", "the museum needs it"),
        ("email", "the museum needs it"),
    ],
)
def test_what_the_museum_demands_must_be_there(
    client: Client, missing: str, word: str, museum: Museum
) -> None:
    card = an_open_card()
    address = reverse("orders:card", args=[card.item.order.secret, card.pk])
    answer = client.post(address, PERSON | {missing: ""})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    card.refresh_from_db()
    assert card.state == C.OPEN


def an_open_card(**fields: Any) -> Card:
    order = an_order(state=State.READY, upstream_token="tok")
    order.items.update(kind=OrderItem.Kind.ANNUAL)
    return Card.objects.create(**{"item": order.items.get(), "position": 1, "state": C.OPEN} | fields)


@pytest.mark.parametrize("call", [CUSTOMERS, ASSIGN])
def test_a_lost_answer_is_looked_up_and_told_as_a_doubt(
    museum: Museum, clock: Clock, client: Client, sandbox: Sandbox, call: str
) -> None:
    order = bought(museum, clock)
    card = first(order)
    enter(client, card)
    sandbox.fault(call, "drop_after", times=None)
    assert work(card) == C.DOUBT
    assert "has not answered clearly" in page(client, order)
    sandbox.heal()
    sandbox.fault(LOOK, "status_500", times=None)
    assert work(card) == C.DOUBT, "nobody knows, so nothing is said and nothing repeated"
    sandbox.heal()
    sandbox.forget_requests()
    assert work(card) == C.DONE
    assert names(museum, order) == ["Noah Brandt", ""]
    again = sum(number for route, number in sandbox.counts().items() if route.startswith("PUT"))
    assert again == (1 if call == CUSTOMERS else 0), "what was done is not done again"


def test_a_photo_whose_answer_was_lost_is_sent_again(
    museum: Museum, clock: Clock, client: Client, sandbox: Sandbox
) -> None:
    order = bought(museum, clock, WITH_PHOTO, 1)
    card = first(order)
    enter(client, card, photo=photo())
    sandbox.fault(UPLOAD, "drop_after", times=None)
    assert work(card) == C.DOUBT
    assert card.photo
    sandbox.heal()
    assert work(card) == C.DONE
    assert not card.photo


def test_a_museum_that_is_away_is_told_later(
    museum: Museum, clock: Clock, client: Client, sandbox: Sandbox
) -> None:
    order = bought(museum, clock)
    card = first(order)
    enter(client, card)
    sandbox.fault(CUSTOMERS, "status_503", times=None)
    for _ in range(personalising.TOLD_AFTER):
        assert work(card) in Card.UNDER_WAY
    order.refresh_from_db()
    assert "cannot be made out" in order.attention
    sandbox.heal()
    assert work(card) == C.DONE


def test_a_no_comes_back_to_the_customer_with_what_was_entered(
    museum: Museum, clock: Clock, client: Client
) -> None:
    order = bought(museum, clock)
    card = first(order)
    enter(client, card)
    museum.refuse("/annual/customers")
    assert work(card) == C.REFUSED
    assert "could not take this over. No." in page(client, order).replace("\n", " ")
    assert [row.serial for row in order.deliveries.filter(kind=Delivery.Kind.CARDS)] == [0, 1]
    form = client.get(reverse("orders:card", args=[order.secret, card.pk])).content.decode()
    assert 'value="noah@example.org"' in form
    museum.refuse("/nothing")
    assert enter(client, card, given_name="Nora") == 302
    assert work(card) == C.DONE
    assert names(museum, order) == ["Nora Brandt", ""]


def test_a_cancelled_ticket_is_made_out_to_nobody(museum: Museum, clock: Clock, client: Client) -> None:
    order = bought(museum, clock, WITH_PHOTO, 1)
    card = first(order)
    enter(client, card, photo=photo())
    card.refresh_from_db()
    kept = card.photo
    order.items.update(cancelled_at=timezone.now())
    assert work(card) == C.NONE
    assert not storages["documents"].exists(kept)
    assert client.get(reverse("orders:cards", args=[order.secret])).status_code == 404


def test_a_museum_that_does_not_tell_its_cards_is_asked_again_ever_later(
    museum: Museum, clock: Clock, sandbox: Sandbox
) -> None:
    sandbox.fault(LOOK, "status_500", times=None)
    order = bought(museum, clock)
    assert cards.of_order(order) == []
    assert first(order).due_at > timezone.now()
    sandbox.heal()
    clock.forward(minutes=1)
    assert cards.orders_to_ask() == [order.pk]
    tasks.ask_about_cards(order.pk)
    assert len(cards.of_order(order)) == 2


def test_two_at_once_take_one_name(museum: Museum) -> None:
    card = an_open_card()
    person = cards.Person("Ida", "Brandt", "ida@example.org", 1, "Weg 1", "24105", "Kiel", 60)
    cards.enter(card, person)
    with pytest.raises(cards.NotOpen):
        cards.enter(card, person, cards.Portrait(JPEG, "image/jpeg"))
    assert not any(
        name.endswith(".jpeg") for name in storages["documents"].listdir("")[1] if name not in ("",)
    )


def test_a_card_of_another_order_is_not_there(client: Client) -> None:
    mine, other = an_open_card(), an_open_card()
    assert client.get(reverse("orders:card", args=[mine.item.order.secret, other.pk])).status_code == 404
    Order.objects.update(state=State.FINALIZED)
    assert client.get(reverse("orders:cards", args=[mine.item.order.secret])).status_code == 404


def test_without_an_answer_nothing_is_asked_of_anybody(
    client: Client, museum: Museum, sandbox: Sandbox
) -> None:
    sandbox.fault("GET /countries", "status_503", times=None)
    card = an_open_card()
    answer = client.get(reverse("orders:card", args=[card.item.order.secret, card.pk]))
    assert answer.status_code == 503
    assert "does not answer just now" in answer.content.decode()
