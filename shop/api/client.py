"""The client itself: one object with groups of calls over one pool of connections."""

import time
from collections.abc import Callable

import httpx

from shop.api.annual import Annual
from shop.api.availability import Availability
from shop.api.calls import Answer
from shop.api.catalogue import Catalogue
from shop.api.documents import Documents
from shop.api.events import Events
from shop.api.order_parts import OrderParts
from shop.api.orders import Orders
from shop.api.probes import Probes
from shop.api.reference import Reference
from shop.api.reservations import Reservations
from shop.api.retry import RetryPolicy
from shop.api.timing import Patience, Timeouts
from shop.api.tours import Tours
from shop.api.transport import Caller

TIMEOUTS = Timeouts()
RETRY = RetryPolicy()


class Gomus:
    """A go~mus ticket system seen through one reseller key. Thread-safe; share one per process, close it once.

    `transport` lets a test answer with a function. `on_answer` hears about every try. `before_call` may
    raise `Unavailable` to keep a call from being made at all.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeouts: Timeouts = TIMEOUTS,
        retry: RetryPolicy = RETRY,
        sleep: Callable[[float], None] = time.sleep,
        on_answer: Callable[[Answer], None] | None = None,
        before_call: Callable[[Patience], None] | None = None,
    ) -> None:
        self._caller = Caller(
            base_url,
            token,
            transport=transport,
            timeouts=timeouts,
            retry=retry,
            sleep=sleep,
            on_answer=on_answer,
            before_call=before_call,
        )
        self.catalogue = Catalogue(self._caller)
        self.availability = Availability(self._caller)
        self.events = Events(self._caller)
        self.tours = Tours(self._caller)
        self.reference = Reference(self._caller)
        self.reservations = Reservations(self._caller)
        self.orders = Orders(self._caller)
        self.order_parts = OrderParts(self._caller)
        self.documents = Documents(self._caller)
        self.annual = Annual(self._caller)
        self.probes = Probes(self._caller)

    def close(self) -> None:
        """Close all connections."""
        self._caller.close()
