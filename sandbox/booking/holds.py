"""Reservations: short holds on places before an order."""

import secrets
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.booking import reading
from sandbox.booking.basket import Basket, Json, Line
from sandbox.booking.deadlines import Deadlines
from sandbox.booking.entries import entry
from sandbox.booking.tickets import lack, most_of
from sandbox.catalogue.model import Ticket
from sandbox.catalogue.stock import Place, Stock
from sandbox.clock import Clock, stamp
from sandbox.errors import ApiError, Fault, not_found, refuse
from sandbox.store import Store

ONCE = timedelta(minutes=5)
AT_MOST = timedelta(minutes=60)


@dataclass(slots=True)
class Hold:
    token: str
    account: str
    quantity: int
    ticket_id: int
    start_at: str
    created_at: str
    valid_until: str


class Holds:
    """Live holds draw from the stock like orders do."""

    def __init__(self, store: Store, stock: Stock, clock: Clock) -> None:
        self.store, self.stock, self.clock = store, stock, clock
        self.live: dict[str, Hold] = {}
        self._deadlines = Deadlines()
        for token, body in store.all("hold").items():
            self.live[token] = Hold(**body)
            self._deadlines.add(datetime.fromisoformat(body["valid_until"]), token)
            self.stock.take(self.draws(self.live[token]))

    def create(self, wanted: Json, account: str) -> Hold:
        """Hold places of a ticket at a time for five minutes."""
        ticket = self._ticket(wanted.get("ticket_id"))
        at = entry(self.stock, ticket, wanted.get("start_at"), "reservation.start_at")
        quantity = _quantity(ticket, wanted.get("quantity"))
        if isinstance(at, Fault):
            raise ApiError(422, at)
        self._check_room(ticket, at, quantity)
        now = self.clock.now()
        until = stamp(now + ONCE)
        hold = Hold(secrets.token_urlsafe(16), account, quantity, ticket.id, stamp(at), stamp(now), until)
        self._keep(hold)
        self.stock.take(self.draws(hold))
        return hold

    def change(self, token: str, wanted: Json, account: str) -> Hold:
        """Prolong a hold, perhaps with another quantity; it never outlives an hour."""
        hold = self._find(token, account)
        created, now = datetime.fromisoformat(hold.created_at), self.clock.now()
        if now >= created + AT_MOST:
            text = ("Länger geht es nicht.", "The limit is reached.")
            raise refuse("reservation_limit_reached", *text, "reservation")
        ticket, before = self.stock.world.tickets[hold.ticket_id], self.draws(hold)
        quantity = _quantity(ticket, wanted.get("quantity", hold.quantity))
        self.stock.take(before, -1)
        try:
            self._check_room(ticket, datetime.fromisoformat(hold.start_at), quantity)
        except ApiError:
            self.stock.take(before)
            raise
        hold.quantity = quantity
        hold.valid_until = stamp(min(now + ONCE, created + AT_MOST))
        self.stock.take(self.draws(hold))
        self._keep(hold)
        return hold

    def delete(self, token: str, account: str) -> None:
        self._find(token, account)
        with self.store.saving():
            self.consume([token])

    def consume(self, tokens: list[str]) -> None:
        """End holds; the caller has opened the transaction."""
        for token in tokens:
            if hold := self.live.pop(token, None):
                self.stock.take(self.draws(hold), -1)
                self.store.drop("hold", token)

    def check(self, line: Line, basket: Basket) -> None:
        """A live hold listed by an item must be for its ticket and time; unknown ones are ignored."""
        for number, token in enumerate(line.holds):
            hold = self.live.get(token)
            if hold and (
                line.at is None or (hold.ticket_id, hold.start_at) != (line.product, stamp(line.at))
            ):
                de, en = (
                    "Diese Reservierung gilt für etwas anderes.",
                    "This reservation is for something else.",
                )
                meta = {"ticket_id": hold.ticket_id, "time": hold.start_at}
                basket.wrong("reservation_mismatch", de, en, line.index, f"reservations[{number}]", **meta)

    def mine(self, tokens: list[str], account: str) -> list[str]:
        """The live holds among the tokens; those of another account are as unknown as any other text."""
        return [token for token in dict.fromkeys(tokens) if self._owner(token) == account]

    def credit(self, tokens: list[str]) -> Counter[Place]:
        """What the caller's own holds take from the stock."""
        own: Counter[Place] = Counter()
        for token in set(tokens) & set(self.live):
            own.update(dict(self.draws(self.live[token])))
        return own

    def draws(self, hold: Hold) -> list[tuple[Place, int]]:
        ticket = self.stock.world.tickets[hold.ticket_id]
        return list(self.stock.draws(ticket, datetime.fromisoformat(hold.start_at), hold.quantity).items())

    def expire(self, now: datetime) -> None:
        """End the holds whose time is over."""
        ended = [
            token
            for token in self._deadlines.over(now)
            if token in self.live and datetime.fromisoformat(self.live[token].valid_until) <= now
        ]
        if ended:
            with self.store.saving():
                self.consume(ended)

    def _ticket(self, value: Any) -> Ticket:
        ticket = self.stock.world.tickets.get(reading.whole(value) or 0)
        path = "reservation.ticket_id"
        if ticket is None or ticket.id in self.stock.world.hidden:
            raise refuse("unknown_product", "Unbekannte Karte.", "Unknown ticket.", path)
        if ticket.subs or ticket.is_sub or ticket.ticket_type == "annual":
            text = ("Diese Karte lässt sich nicht reservieren.", "This ticket cannot be reserved.")
            raise refuse("not_reservable", *text, path)
        if not ticket.bookable:
            raise refuse("not_bookable", "Karte nicht buchbar.", "Ticket not bookable.", path)
        return ticket

    def _check_room(self, ticket: Ticket, at: datetime, quantity: int) -> None:
        if fault := lack(self.stock, ticket, at, quantity, "reservation.start_at"):
            raise ApiError(422, fault)

    def _owner(self, token: str) -> str | None:
        hold = self.live.get(token)
        return hold.account if hold else None

    def _find(self, token: str, account: str) -> Hold:
        if self._owner(token) != account:
            raise not_found()
        return self.live[token]

    def _keep(self, hold: Hold) -> None:
        with self.store.saving():
            self.store.put("hold", hold.token, asdict(hold))
        self.live[hold.token] = hold
        self._deadlines.add(datetime.fromisoformat(hold.valid_until), hold.token)


def _quantity(ticket: Ticket, value: Any) -> int:
    """A number of at least one and not over the limit; too few is a matter of the order."""
    path, count = "reservation.quantity", reading.whole(value)
    if count is None or count < 1:
        raise refuse("quantity_invalid", "Die Anzahl fehlt.", "The quantity is missing.", path)
    most = most_of(ticket)
    if most is not None and count > most:
        meta = {"ticket_id": ticket.id, "max_persons": most, "requested": count}
        raise refuse("quantity_above_maximum", f"Höchstens {most}.", f"At most {most}.", path, **meta)
    return count
