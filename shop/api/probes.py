"""The probes group: harmless questions that tell what an installation has and what our key may do."""

from collections.abc import Callable
from dataclasses import dataclass

from shop.api import errors, reading
from shop.api.calls import Call
from shop.api.paging import page_of
from shop.api.transport import Caller

LONG_AGO = "2000-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class ListHead:
    """The first page of a list: ids of its rows, rows in the whole list, page size granted (None: not said)."""

    ids: tuple[int, ...]
    total: int
    per_page: int | None = None


class Probes:
    """Questions of the doctor. Nothing here leaves anything behind upstream."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def head(self, name: str, per_page: int = 100) -> ListHead:
        """The beginning of the list `name`, such as "museums", asked for with that page size."""
        return self._caller.read(Call("GET", f"/{name}").on_page(1, per_page), _head(name))

    def takes_holds(self, ticket_id: int) -> bool:
        """Can places be held? Asks for no place in the year 2000, which must be refused for its data."""
        wanted = {"ticket_id": ticket_id, "quantity": 0, "start_at": LONG_AGO}
        call = Call("POST", "/tickets/reservations", body={"reservation": wanted}, empty_ok=True)
        token = self._answer_of(call, reading.unwrapped("reservation", _token))
        if token:
            self._caller.read(
                Call("DELETE", "/tickets/reservations/:token", {"token": token}, empty_ok=True), _nothing
            )
        return token is not None

    def _answer_of(self, call: Call, reader: Callable[[object], str]) -> str | None:
        """What the route answered, "" if it refused our data, None if there is no such route for us."""
        try:
            return self._caller.read(call, reader)
        except errors.Unprocessable:
            return ""
        except errors.Refused as error:
            if error.status in {403, 404, 405}:
                return None
            raise


def _head(name: str) -> Callable[[object], ListHead]:
    def read(payload: object) -> ListHead:
        page = page_of(name, payload)
        ids = reading.identifiers([reading.mapping(row).get("id") for row in page.rows])
        meta = reading.mapping(reading.mapping(payload).get("meta"))
        total = len(page.rows) if page.total is None else page.total
        return ListHead(ids, total, reading.identifier(meta.get("per_page")))

    return read


def _token(payload: object) -> str:
    return reading.text(reading.mapping(payload).get("token"))


def _nothing(payload: object) -> None:
    """Whatever came back, it only matters that something did."""
