"""Annual tickets get names: who holds each card, from when, where it is sent."""

import secrets
from datetime import date, datetime
from typing import Any

from sandbox.booking import reading
from sandbox.booking.order import Item, Json, Order
from sandbox.booking.orders import Orders
from sandbox.catalogue.model import Ticket
from sandbox.clock import stamp, wall
from sandbox.errors import ApiError, Fault, not_found, refuse

HOLDER = ("name", "surname", "email")
ADDRESS = ("addr_street", "addr_zip", "addr_city", "addr_country_id")


class Annual:
    """Personalisation of the annual tickets of valid orders. What is known of a card is kept in its item."""

    def __init__(self, orders: Orders) -> None:
        self.orders, self.store = orders, orders.store
        self.holders: dict[str, Json] = orders.store.all("holder")

    def order(self, token: str | None) -> Order:
        """The valid order of a token."""
        order = self.orders.by_token.get(token or "")
        if order is None or not order.is_valid:
            raise not_found()
        return order

    def items(self, order: Order) -> list[Item]:
        return [item for item in order.active_items() if item.facts.get("ticket_type") == "annual"]

    def ticket(self, item: Item) -> Ticket:
        return self.orders.stock.world.tickets[item.product]

    def photo_mandatory(self, item: Item) -> bool:
        return bool(self.ticket(item).identification)

    def cards(self, item: Item) -> dict[int, Json]:
        """What is known of every card of an item, by the id of its personalisation."""
        kept = item.facts.setdefault("cards", {})
        ids = [item.sale_id * 1000 + number for number in range(item.quantity)]
        return {number: kept.setdefault(str(number), {}) for number in ids}

    def ready(self, item: Item, card: Json) -> bool:
        return bool(card.get("customer")) and (bool(card.get("photo")) or not self.photo_mandatory(item))

    def status(self, item: Item) -> str:
        cards = self.cards(item).values() if self.ticket(item).personalizeable else ()
        return "ready_to_send" if all(self.ready(item, card) for card in cards) else "not_ready_to_send"

    # --- changes ----------------------------------------------------------------------------------------

    def new_holder(self, given: Any) -> Json:
        """Create a holder with an address; the token in the answer assigns the holder to a card."""
        told = _holder(given, (*HOLDER, "customer_salutation_id", *ADDRESS), "customer")
        number = 70_001 + len(self.holders)
        holder = _told(told, number) | {"personalization_token": secrets.token_urlsafe(12)}
        self.holders[holder["personalization_token"]] = holder
        with self.store.saving():
            self.store.put("holder", holder["personalization_token"], holder)
        return holder

    def assign(self, order: Order, number: int, given: Any) -> tuple[Item, Json]:
        """Give a card to a holder, by the holder's token."""
        item, card = self._card(order, number)
        wanted = given if isinstance(given, dict) else {}
        holder = self.holders.get(str(wanted.get("customer_personalization_token")))
        if holder is None:
            raise _odd("personalization.customer_personalization_token")
        address = holder["addresses"][0]["id"]
        if wanted.get("customer_adress_id") != address:
            raise _odd("personalization.customer_adress_id")
        card |= {
            "customer": holder,
            "address_id": address,
            "dispatch_mode_id": wanted.get("dispatch_mode_id"),
        }
        self.orders.save(order)
        return item, card

    def begin(self, order: Order, sale: int, given: Any) -> Item:
        """Change the first day of an annual ticket."""
        item = self._sale(order, sale)
        wanted = given if isinstance(given, dict) else {}
        item.time = stamp(self._first_day(wanted.get("start_at"), "ticket_sale.start_at"))
        item.facts["dispatch_mode_id"] = wanted.get("dispatch_mode_id")
        self.orders.save(order)
        return item

    def photo(self, order: Order, number: int, size: int) -> tuple[Item, Json]:
        """Keep that a photo was sent; its bytes are of no use here."""
        item, card = self._card(order, number)
        if not size:
            raise refuse("missing_field", "Die Datei fehlt.", "The file is missing.", "file")
        card["photo"] = size
        self.orders.save(order)
        return item, card

    def finalize(self, order: Order, given: Any) -> Item:
        """Name the holders of all cards of a sale at once; all or nothing."""
        wanted = given if isinstance(given, dict) else {}
        item = self._sale(order, reading.whole(wanted.get("ticket_sale_id")) or 0)
        start = self._first_day(wanted.get("start_at"), "personalization.start_at")
        rows, cards = wanted.get("personalizations"), self.cards(item)
        if not isinstance(rows, list) or not rows:
            raise refuse(
                "missing_field", "Namen fehlen.", "Holders are missing.", "personalization.personalizations"
            )
        named: dict[int, Json] = {}
        for place, row in enumerate(rows):
            path = f"personalization.personalizations[{place}]"
            number = reading.whole(row.get("id")) if isinstance(row, dict) else None
            if number is None or number not in cards:
                raise _odd(f"{path}.id")
            if self.photo_mandatory(item) and not cards[number].get("photo"):
                raise refuse("missing_field", "Das Foto fehlt.", "The photo is missing.", f"{path}.photo")
            named[number] = _holder(row.get("customer"), HOLDER, f"{path}.customer")
        for number, told in named.items():
            cards[number]["customer"] = _told(told, number)
        item.time = stamp(start)
        self.orders.save(order)
        return item

    def send(self, item: Item) -> None:
        """The house sends the cards; from now on nothing can be changed."""
        item.facts["sent_at"] = stamp(self.orders.clock.now())

    # --- finding ----------------------------------------------------------------------------------------

    def _sale(self, order: Order, sale: int) -> Item:
        item = next((item for item in self.items(order) if item.sale_id == sale), None)
        if item is None:
            raise not_found()
        if item.facts.get("sent_at"):
            raise refuse("invalid_value", "Schon verschickt.", "Already sent.", "ticket_sale")
        return item

    def _card(self, order: Order, number: int) -> tuple[Item, Json]:
        item = self._sale(order, number // 1000)
        cards = self.cards(item)
        if number not in cards:
            raise not_found()
        return item, cards[number]

    def _first_day(self, value: Any, path: str) -> datetime:
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError:
            raise _odd(path) from None
        if not self.orders.clock.today() <= day <= date(2200, 1, 1):
            raise _odd(path)
        return wall(day, 0)


def _odd(path: str) -> ApiError:
    return refuse("invalid_value", "Diese Angabe passt nicht.", "This value does not fit.", path)


def _holder(given: Any, names: tuple[str, ...], path: str) -> Json:
    """The data of a holder, as text; a form may have turned some of it into numbers."""
    told = given if isinstance(given, dict) else {}
    faults = [
        Fault("missing_field", f"{name} fehlt.", f"{name} is missing.", f"{path}.{name}")
        for name in names
        if reading.text(told.get(name)) is None
    ]
    if faults:
        raise ApiError(422, *faults)
    return told


def _told(told: Json, number: int) -> Json:
    """A holder as the API tells it."""
    address = {
        "id": number * 10,
        "street": reading.text(told.get("addr_street")) or "",
        "zip": reading.text(told.get("addr_zip")) or "",
        "city": reading.text(told.get("addr_city")) or "",
        "country_id": reading.whole(told.get("addr_country_id")),
    }
    words = {name: reading.text(told.get(name)) for name in HOLDER}
    salutation = reading.whole(told.get("customer_salutation_id"))
    return {"id": number, **words, "salutation_id": salutation, "addresses": [address]}
