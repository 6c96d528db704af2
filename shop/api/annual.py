"""The annual group: making annual tickets out to persons. The order's token opens everything; it is a secret."""

from datetime import date

from shop.api import reading
from shop.api.calls import Call, Upload
from shop.api.readers import annual as readers
from shop.api.records import (
    AnnualCustomer,
    AnnualOrder,
    Assignment,
    HolderCreate,
    PersonalizationFinish,
    Photo,
)
from shop.api.timing import Patience
from shop.api.transport import Caller


class Annual:
    """Personalisation of the annual tickets of one order, named by its token.

    Writes raise `Refused` (final), `Unavailable` (certainly not done) or `OutcomeUnknown` (look first). What their
    answers hold is not documented, so they return nothing: `order` shows what became of them.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def order(self, token: str, *, patience: Patience = Patience.WORKER) -> AnnualOrder:
        """The order with its annual tickets and who they are made out to."""
        call = Call("GET", "/annual/order", query=_opened(token), authorised=False, patience=patience)
        return self._caller.read(call, reading.unwrapped("order", readers.order))

    def create_customer(
        self, token: str, holder: HolderCreate, *, patience: Patience = Patience.WORKER
    ) -> AnnualCustomer:
        """Make a person known; the answer's `personalization_token` names that person from now on."""
        call = Call(
            "POST",
            "/annual/customers",
            query=_opened(token),
            body=holder.as_json(),
            authorised=False,
            patience=patience,
        )
        return self._caller.read(call, readers.created_customer)

    def assign(
        self,
        token: str,
        personalization_id: int,
        assignment: Assignment,
        *,
        patience: Patience = Patience.WORKER,
    ) -> None:
        """Make one card out to a person made known before. May be repeated."""
        route = "/annual/personalizations/:id"
        self._put(token, route, personalization_id, assignment.as_json(), patience)

    def set_start(
        self,
        token: str,
        sale_id: int,
        start: date,
        *,
        dispatch_mode_id: int | None = None,
        patience: Patience = Patience.WORKER,
    ) -> None:
        """Say from which day the tickets of a sale are valid, and how they are sent. May be repeated."""
        wanted: dict[str, object] = {"start_at": f"{start.isoformat()} 00:00:00"}
        if dispatch_mode_id is not None:
            wanted["dispatch_mode_id"] = dispatch_mode_id
        self._put(token, "/annual/ticket_sales/:id", sale_id, {"ticket_sale": wanted}, patience)

    def upload(
        self, token: str, personalization_id: int, photo: Photo, *, patience: Patience = Patience.WORKER
    ) -> None:
        """Send the portrait for one card. Its name upstream says nothing about the person."""
        call = Call(
            "POST",
            "/annual/personalizations/:id/upload",
            {"id": personalization_id},
            query=_opened(token),
            upload=Upload(
                f"photo.{photo.media_type.removeprefix('image/')}", photo.content, photo.media_type
            ),
            empty_ok=True,
            authorised=False,
            patience=patience,
        )
        self._caller.read(call, _done)

    def finish(
        self, token: str, finish: PersonalizationFinish, *, patience: Patience = Patience.WORKER
    ) -> None:
        """Make all cards of a sale out at once. Upload photos first where they are needed."""
        call = Call(
            "POST",
            "/annual/personalization/finalize",
            query=_opened(token),
            body=finish.as_json(),
            empty_ok=True,
            authorised=False,
            patience=patience,
        )
        self._caller.read(call, _done)

    def _put(self, token: str, route: str, number: int, body: dict[str, object], patience: Patience) -> None:
        call = Call(
            "PUT",
            route,
            {"id": number},
            query=_opened(token),
            body=body,
            empty_ok=True,
            authorised=False,
            patience=patience,
        )
        self._caller.read(call, _done)


def _opened(token: str) -> tuple[tuple[str, str], ...]:
    return (("token", token),)


def _done(_answer: object) -> None:
    """Any JSON or nothing at all says that it was done; a page of HTML does not get here."""
