"""The reservations group: holds on places for a few minutes, before an order is made of them."""

from shop.api import reading
from shop.api.calls import Call
from shop.api.errors import NotFound
from shop.api.readers import orders as readers
from shop.api.records import Hold, HoldChange, HoldCreate
from shop.api.timing import Patience
from shop.api.transport import Caller


class Reservations:
    """Holds of this account. A hold is no guarantee: another sales channel may take its places.

    Writes raise `Refused` (final), `Unavailable` (certainly not done) or `OutcomeUnknown`. There is no way to look
    a hold up: a lost one ends by itself after five minutes.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, wanted: HoldCreate, *, patience: Patience = Patience.WORKER) -> Hold:
        """Hold places. A repetition is a second hold."""
        call = Call("POST", "/tickets/reservations", body=wanted.as_json(), patience=patience)
        return self._caller.read(call, reading.unwrapped("reservation", readers.hold))

    def refresh(self, token: str, change: HoldChange, *, patience: Patience = Patience.WORKER) -> Hold:
        """Prolong a hold, up to an hour after its creation. May be repeated; `NotFound`: it has ended."""
        call = Call(
            "PUT", "/tickets/reservations/:token", {"token": token}, body=change.as_json(), patience=patience
        )
        return self._caller.read(call, reading.unwrapped("reservation", readers.hold))

    def delete(self, token: str, *, patience: Patience = Patience.WORKER) -> None:
        """Let a hold go. May be repeated: one that is gone already is what was wanted."""
        call = Call(
            "DELETE", "/tickets/reservations/:token", {"token": token}, empty_ok=True, patience=patience
        )
        try:
            self._caller.read(call, reading.mapping)
        except NotFound:
            return
