"""Orders as the API tells them, item by item, each type with its own attributes."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.booking.order import Item, Order
from sandbox.routes.shapes import location
from sandbox.state import State
from sandbox.wire import Speech

Json = dict[str, Any]
CUSTOMER = ("id", "foreign_id", "name", "surname", "email")
API = "/api/v4"


class Receipts:
    """Writes orders over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def show(self, order: Order, said: Speech, detail: bool = False) -> Json:
        row: Json = {
            "id": order.id,
            "token": order.token,
            "status": order.status,
            "is_valid": order.is_valid,
            "completed": order.completed,
            "total_price_cents": order.total,
            "total": order.total,
            "comment": order.comment,
            "reference": order.reference,
            "rating": order.rating,
            "invoice": order.is_valid and order.total > 0,
            "source": "resellershop",
            "created_at": order.created_at,
            "expires_at": order.expires_at,
            "canceled_at": order.canceled_at,
            "customer": order.customer and {name: order.customer.get(name) for name in CUSTOMER},
            "payment": order.payment,
            "items": [self.item(order, item, said) for item in order.items],
        }
        if detail:
            row["payment_status"] = None
            row["billing_address_id"] = None
        return row

    def item(self, order: Order, item: Item, said: Speech) -> Json:
        told = {
            "Ticket": self._ticket,
            "Event": self._event,
            "Tour": self._tour,
            "Coupon": self._coupon,
            "Merchandise": self._article,
        }[item.type](order, item, said)
        return {
            "id": item.id,
            "type": item.type,
            "price_cents": self._cents(item),
            "vat_pct": item.vat,
            "tax_included": True,
            "canceled_at": item.canceled_at,
            "attributes": {"id": item.sale_id, "title": said.say(item.title)} | told,
        }

    def _cents(self, item: Item) -> int:
        """What is told as the price; the amount of a value voucher stands in its attributes."""
        if item.type == "Coupon" and item.facts["value_cents"]:
            return 0
        by_piece = item.type == "Ticket" and self.state.switches.item_price_mode == "unit"
        return item.cents // item.quantity if by_piece else item.cents

    # --- by type ----------------------------------------------------------------------------------------

    def _ticket(self, order: Order, item: Item, said: Speech) -> Json:
        ticket = self.state.world.tickets.get(item.product)
        codes = self.barcodes(order, item)
        return {
            "sub_title": said.say(ticket.sub_title) if ticket else None,
            "ticket_id": item.product,
            "quantity": item.quantity,
            "ticket_type": self._type_word(item.facts["ticket_type"]),
            "start_time": item.time,
            "location": self._place(ticket.house if ticket else None),
            "barcodes": [
                row | {"passbook_url": _link(order, item, f"passbooks/{row['barcode']}.pkpass")}
                for row in codes
            ],
            "after_sale_information": said.say(ticket.after_sale) if ticket else None,
            "passbooks": True,
            "is_voucher": False,
            "ical_url": _link(order, item, "") if codes and item.time else None,
            "attendees": item.facts["attendees"],
            "sub_ticket_times": item.facts["sub_ticket_times"],
            "sub_ticket_sales": self._subs(item, said),
        }

    def _type_word(self, word: str) -> str:
        return self.state.switches.ticket_type_words if word == "normal" else word

    def _subs(self, item: Item, said: Speech) -> list[Json]:
        return [
            {
                "id": item.sale_id * 100 + number,
                "title": said.say(self.state.world.tickets[int(sub)].title),
                "quantity": item.quantity,
                "start_time": at,
            }
            for number, (sub, at) in enumerate(item.facts["sub_ticket_times"].items())
        ]

    def _event(self, order: Order, item: Item, said: Speech) -> Json:
        facts, event = item.facts, self.state.world.events.get(item.facts["event_id"])
        scaled = [row | {"title": said.say(row["title"])} for row in facts["quantities"]]
        codes = [row["barcode"] for row in self.barcodes(order, item)] or [None] * len(facts["seats"])
        return {
            "date_id": item.product,
            "event_id": facts["event_id"],
            "start_time": item.time,
            "location": self._place(event.house if event else None),
            "ical_url": _link(order, item, "") if order.is_valid else None,
            **({"quantities": scaled} if scaled else {"quantity": item.quantity}),
            **({"seats": [row | {"barcode": code} for row, code in zip(facts["seats"], codes, strict=False)]}
               if facts["seats"] else {}),
        }  # fmt: skip

    def _tour(self, order: Order, item: Item, said: Speech) -> Json:
        facts, tour = item.facts, self.state.world.tours.get(item.product)
        words = [
            row | {"title": said.say(row["title"]), "description": said.say(row["description"])}
            for row in facts["prices"]
        ]
        return {
            "tour_id": item.product,
            "start_time": item.time,
            "participants": item.quantity,
            "language": self._tag("languages", facts["language_id"]),
            "age_group": self._tag("age_groups", facts["age_group_id"]),
            "prices": words,
            "equipment": facts["equipment"],
            "location": self._place(tour.house if tour else None),
            "ical_url": _link(order, item, "") if order.is_valid else None,
        }

    def _coupon(self, _order: Order, item: Item, _said: Speech) -> Json:
        worth = item.facts["value_cents"]
        return {"quantity": item.quantity, "value_cents": worth, "codes": item.codes if item.active else []}

    def _article(self, _order: Order, item: Item, _said: Speech) -> Json:
        return {"quantity": item.quantity}

    # --- parts ------------------------------------------------------------------------------------------

    def barcodes(self, order: Order, item: Item) -> list[Json]:
        return item.barcodes if self.coded(order) else []

    def coded(self, order: Order) -> bool:
        """Are the codes there? The museum may take its time to make them."""
        if order.finalized_at is None:
            return False
        delay = timedelta(seconds=self.state.switches.barcode_delay_s)
        return self.state.clock.now() >= datetime.fromisoformat(order.finalized_at) + delay

    def _place(self, house: int | None) -> Json | None:
        return location(self.state.world.houses[house]) if house is not None else None

    def _tag(self, kind: str, number: int | None) -> str | None:
        """The name of a language or an age group, in the language of the instance."""
        tag = self.state.world.tags[kind].get(number or 0)
        return tag.name["de"] if tag else None


FOLDERS = {"Ticket": "tickets", "Event": "events", "Tour": "tours"}


def _link(order: Order, item: Item, rest: str) -> str:
    """An address of a document, relative to the host; without a rest, the calendar entry."""
    path = f"{API}/orders/{order.token}/{FOLDERS[item.type]}/{item.sale_id}"
    return f"{path}/{rest}?token={order.token}" if rest else f"{path}.ics?token={order.token}"
