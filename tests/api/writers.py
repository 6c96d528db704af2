"""Every write the sandbox knows, as a row: what must stand before it, how it is done, how the ledger shows it.

A new writer is one more row of `WRITERS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shop.api import Gomus, Limits, Timeouts
from shop.api.records import (
    AnnualSale,
    Assignment,
    CustomerKey,
    Finalize,
    HoldChange,
    HoldCreate,
    Holder,
    HolderCreate,
    ItemCancellation,
    KnownCustomer,
    Order,
    OrderCreate,
    PersonalizationFinish,
    Photo,
    Rating,
    Slot,
    Ticket,
    TicketItem,
    TicketType,
    Withdrawal,
)
from tests.api.buying import CLOSING, LOCALES, order_of, today
from tests.sandbox_process import Sandbox

PATIENT = Timeouts(worker=Limits(connect=5, read=10, total=30, tries=5))
CUSTOMER = CustomerKey("sandbox-customer")
IDA = HolderCreate("Ida", "Brandt", "ida@example.org", 2, "Feldstraße 8", "01067", "Kiel", 1)
PORTRAIT = Photo(b"\xff\xd8\xff and a face", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is written about: an order or a hold by its token, one of its items, and who an annual card may name."""

    token: str = ""
    item_id: int = 0
    card_id: int = 0
    person: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What a test plays with: the client, the sandbox behind it, something to buy in it."""

    gomus: Gomus
    sandbox: Sandbox
    ticket: Ticket
    slot: Slot

    def ledger(self) -> dict[str, Any]:
        told: dict[str, Any] = self.sandbox.control.get("/ledger").json()
        assert told["broken"] == []
        return told

    def orders(self) -> list[dict[str, Any]]:
        """All orders the sandbox has, newest first."""
        found: list[dict[str, Any]] = self.ledger()["orders"]
        return found

    def drawn(self) -> int:
        """Places taken by orders and holds in all quotas of the ticket together, counted per quota."""
        used = sum(place["used"] for place in self.ledger()["used"])
        return int(used) // len(self.ticket.quota_ids)

    def draft(self) -> Subject:
        return _subject(self.gomus.orders.create(order_of(self.ticket, self.slot)).order)

    def final(self) -> Subject:
        return _subject(self.gomus.orders.finalize(self.draft().token, CLOSING))

    def hold(self, quantity: int = 1) -> Subject:
        wanted = HoldCreate(self.ticket.id, quantity, self.slot.key)
        return Subject(self.gomus.reservations.create(wanted).token)

    def annual(self) -> Subject:
        """An order of one annual ticket, and a person it could be made out to."""
        tickets = self.gomus.catalogue.tickets(LOCALES, types=[TicketType.ANNUAL], bookable=True)
        ticket = next(found for found in tickets if found.personalizeable)
        orders = self.gomus.orders
        wanted = OrderCreate("VT-ANNUAL", None, (TicketItem(ticket.id, 1),), ticket.price_cents)
        order = orders.finalize(orders.create(wanted).order.token, CLOSING)
        person = self.gomus.annual.create_customer(order.token, IDA)
        assignment = Assignment(person.personalization_token, person.addresses[0].id)
        sale = self.gomus.annual.order(order.token).sales[0]
        return Subject(order.token, sale.id, sale.personalizations[0].id, assignment)

    def sale(self) -> AnnualSale:
        """The annual tickets of the only order."""
        (order,) = self.orders()
        return self.gomus.annual.order(order["token"]).sales[0]


def _subject(order: Order) -> Subject:
    item_id = order.items[0].id
    assert item_id is not None
    return Subject(order.token, item_id)


def nothing(_: Stage) -> Subject:
    return Subject()


def on_order(shows: Callable[[dict[str, Any]], bool]) -> Callable[[Stage], bool]:
    """Does the only order of the ledger show it?"""

    def committed(stage: Stage) -> bool:
        (order,) = stage.orders()
        return shows(order)

    return committed


@dataclass(frozen=True, slots=True)
class Writer:
    """`do` gets what `prepare` made. `done` reads the ledger. `refused`: the same write, but against the rules.

    `looks`: success without a body is enough, because the client can look. `gone_is_done`: 404 is what was wanted.
    `once`: a repetition is refused. `wordless`: success has no body, so half of it is whole.
    """

    route: str
    do: Callable[[Stage, Subject], object]
    done: Callable[[Stage], bool]
    prepare: Callable[[Stage], Subject] = nothing
    refused: Callable[[Stage, Subject], object] | None = None
    looks: bool = True
    gone_is_done: bool = False
    once: bool = False
    wordless: bool = False


def assign(stage: Stage, subject: Subject) -> None:
    assert subject.person is not None
    stage.gomus.annual.assign(subject.token, subject.card_id, subject.person)


def finish(stage: Stage, subject: Subject) -> None:
    holder = Holder(subject.card_id, IDA, date(1990, 5, 17), 1)
    wanted = PersonalizationFinish(subject.item_id, today() + timedelta(days=30), (holder,))
    stage.gomus.annual.finish(subject.token, wanted)


def photographed(stage: Stage) -> bool:
    """Only the sandbox's own books say whether the photo is there."""
    (order,) = stage.orders()
    return bool(order["items"][0]["photos"])


WRITERS: Mapping[str, Writer] = {
    "create": Writer(
        "POST /orders",
        do=lambda stage, _: stage.gomus.orders.create(order_of(stage.ticket, stage.slot)),
        done=lambda stage: len(stage.orders()) == 1,
        refused=lambda stage, _: stage.gomus.orders.create(order_of(stage.ticket, stage.slot, total=1)),
        looks=False,
    ),
    "finalize": Writer(
        "POST /orders/:id/finalize",
        prepare=Stage.draft,
        do=lambda stage, subject: stage.gomus.orders.finalize(subject.token, CLOSING),
        done=on_order(lambda order: order["status"] == "finalized"),
        refused=lambda stage, subject: stage.gomus.orders.finalize(
            subject.token, Finalize(KnownCustomer("NOBODY"), CLOSING.payment)
        ),
    ),
    "cancel": Writer(
        "POST /orders/:id/cancellations",
        prepare=Stage.final,
        do=lambda stage, subject: stage.gomus.orders.cancel(subject.token),
        done=on_order(lambda order: order["status"] == "cancelled"),
        once=True,
    ),
    "cancel items": Writer(
        "POST /orders/:id/cancellations",
        prepare=Stage.final,
        do=lambda stage, subject: stage.gomus.orders.cancel_items(
            subject.token, ItemCancellation((subject.item_id,))
        ),
        done=on_order(lambda order: order["status"] == "finalized" and order["items"][0]["canceled"]),
        refused=lambda stage, subject: stage.gomus.orders.cancel_items(
            subject.token, ItemCancellation((10**9,))
        ),
        once=True,
    ),
    "hold": Writer(
        "POST /tickets/reservations",
        do=lambda stage, _: stage.hold(),
        done=lambda stage: stage.drawn() == 1,
        refused=lambda stage, _: stage.hold(quantity=500),
        looks=False,
    ),
    "refresh a hold": Writer(
        "PUT /tickets/reservations/:token",
        prepare=Stage.hold,
        do=lambda stage, subject: stage.gomus.reservations.refresh(subject.token, HoldChange(3)),
        done=lambda stage: stage.drawn() == 3,
        refused=lambda stage, subject: stage.gomus.reservations.refresh(subject.token, HoldChange(500)),
        looks=False,
    ),
    "delete a hold": Writer(
        "DELETE /tickets/reservations/:token",
        prepare=Stage.hold,
        do=lambda stage, subject: stage.gomus.reservations.delete(subject.token),
        done=lambda stage: stage.drawn() == 0,
        gone_is_done=True,
        wordless=True,
    ),
    "rate": Writer(
        "PUT /orders/:id/rate",
        prepare=Stage.final,
        do=lambda stage, subject: stage.gomus.orders.rate(subject.token, Rating(4), CUSTOMER),
        done=on_order(lambda order: order["rating"] == 4),
    ),
    "withdraw": Writer(
        "POST /orders/withdrawals",
        do=lambda stage, _: stage.gomus.orders.withdraw(
            Withdrawal("VT-1", "Ida", "Brandt", "ida@example.org")
        ),
        done=lambda stage: len(stage.ledger()["withdrawals"]) == 1,
        wordless=True,
    ),
    "name a person": Writer(
        "POST /annual/customers",
        prepare=Stage.annual,
        do=lambda stage, subject: stage.gomus.annual.create_customer(subject.token, IDA),
        done=lambda stage: len(stage.ledger()["holders"]) == 2,
        looks=False,
    ),
    "assign a card": Writer(
        "PUT /annual/personalizations/:id",
        prepare=Stage.annual,
        do=assign,
        done=lambda stage: stage.sale().personalizations[0].customer is not None,
        refused=lambda stage, subject: stage.gomus.annual.assign(
            subject.token, subject.card_id, Assignment("nobody", 1)
        ),
    ),
    "set the first day": Writer(
        "PUT /annual/ticket_sales/:id",
        prepare=Stage.annual,
        do=lambda stage, subject: stage.gomus.annual.set_start(
            subject.token, subject.item_id, today() + timedelta(days=40)
        ),
        done=lambda stage: bool((at := stage.sale().start_at) and at.date() == today() + timedelta(days=40)),
        refused=lambda stage, subject: stage.gomus.annual.set_start(
            subject.token, subject.item_id, date(1999, 1, 1)
        ),
    ),
    "send a photo": Writer(
        "POST /annual/personalizations/:id/upload",
        prepare=Stage.annual,
        do=lambda stage, subject: stage.gomus.annual.upload(subject.token, subject.card_id, PORTRAIT),
        done=photographed,
    ),
    "finish an annual ticket": Writer(
        "POST /annual/personalization/finalize",
        prepare=Stage.annual,
        do=finish,
        done=lambda stage: stage.sale().personalizations[0].customer is not None,
    ),
}
