"""No secret and no person gets into logs, into errors, or into what is told about calls, whatever is called."""

import logging
import pickle
import traceback
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shop.api import Answer, Counters, Gomus, Limits, Timeouts, errors
from shop.api.records import (
    Assignment,
    Attendee,
    Customer,
    CustomerKey,
    CustomerSession,
    Finalize,
    HoldChange,
    Holder,
    HolderCreate,
    ItemCancellation,
    OrderCreate,
    Payment,
    PersonalizationFinish,
    Photo,
    Rating,
    TicketItem,
    Withdrawal,
)
from tests.api import samples
from tests.api.scripted import Step, answer, hang_up, silence
from tests.api.talking import Serving

PERSON = HolderCreate(
    "Secret-Ida", "Secret-Brandt", "secret@example.org", 1, "Secret-Weg 8", "24105", "Kiel", 49
)
ORDER = OrderCreate(
    "KMX-01",
    "secret-comment",
    (TicketItem(9, 1, None, (Attendee("Secret-Ida", "Secret-Brandt"),), ("secret-hold",)),),
    900,
)
CLOSING = Finalize(
    Customer("Secret-Ida", "Secret-Brandt", "secret@example.org", street="Secret-Weg 8"),
    Payment("pay_1", "sepa", "Bank debit", "secret-message"),
)
SESSION = CustomerSession("secret-access", "secret-client", "secret@example.org", 1_900_000_000)
ORDER_TOKEN = "secret-order-token-18"
# Whatever is said about a call must not hold this word in any case: every secret value above and below has it.
SECRET = "secret"

CALLS: dict[str, Callable[[Gomus], object]] = {
    "POST /orders": lambda gomus: gomus.orders.create(ORDER),
    "GET /orders/:id": lambda gomus: gomus.orders.get(ORDER_TOKEN),
    "GET /orders/barcode/:barcode": lambda gomus: gomus.orders.by_barcode("SECRET-4034210297633-5"),
    "GET /orders": lambda gomus: list(gomus.orders.list(date(2027, 3, 14), date(2027, 3, 14))),
    "POST /orders/:id/finalize": lambda gomus: gomus.orders.finalize(ORDER_TOKEN, CLOSING),
    "POST /orders/:id/cancellations": lambda gomus: gomus.orders.cancel_items(
        ORDER_TOKEN, ItemCancellation((7,))
    ),
    "PUT /orders/:id/rate": lambda gomus: gomus.orders.rate(
        ORDER_TOKEN, Rating(3), CustomerKey("secret-customer")
    ),
    "POST /orders/withdrawals": lambda gomus: gomus.orders.withdraw(
        Withdrawal("507733", "Secret-Ida", "Secret-Brandt", "secret@example.org", "secret note")
    ),
    "GET /orders/:order_id/tickets": lambda gomus: gomus.order_parts.tickets(ORDER_TOKEN),
    "PUT /tickets/reservations/:token": lambda gomus: gomus.reservations.refresh(
        "secret-hold", HoldChange(1)
    ),
    "DELETE /tickets/reservations/:token": lambda gomus: gomus.reservations.delete("secret-hold"),
    "GET /orders/:order_id/tickets/:sale_id.pdf": lambda gomus: gomus.documents.ticket_pdf(7, 1, ORDER_TOKEN),
    "GET /orders/:order_id/tickets/:sale_id/passbooks/:barcode.pkpass": lambda gomus: (
        gomus.documents.passbook(7, 1, "SECRET-4034210297633-5", ORDER_TOKEN)
    ),
    "GET /annual/order": lambda gomus: gomus.annual.order(ORDER_TOKEN),
    "POST /annual/customers": lambda gomus: gomus.annual.create_customer(ORDER_TOKEN, PERSON),
    "PUT /annual/personalizations/:id": lambda gomus: gomus.annual.assign(
        ORDER_TOKEN, 4, Assignment("secret-person", 9)
    ),
    "POST /annual/personalizations/:id/upload": lambda gomus: gomus.annual.upload(
        ORDER_TOKEN, 4, Photo(b"\xff\xd8\xff secret", "image/jpeg")
    ),
    "POST /annual/personalization/finalize": lambda gomus: gomus.annual.finish(
        ORDER_TOKEN, PersonalizationFinish(7, date(2027, 3, 14), (Holder(4, PERSON, date(1999, 1, 31), 1),))
    ),
}
ECHO = {"error": "Secret-Ida Secret-Brandt is barred", "token": ORDER_TOKEN, "code": "secret code"}
ENDINGS: dict[str, Step] = {
    "refused": answer(422, ECHO),
    "a stranger": answer(401, ECHO),
    "trouble": answer(500, ECHO),
    "maintenance": answer(503, ECHO, headers={"Retry-After": "2"}),
    "nonsense": answer(200, b"secret <html>", kind="text/secret"),
    "redirected": answer(302, headers={"Location": "https://secret.test/secret?token=secret"}),
    "dropped": hang_up(),
    "cut": hang_up(b"HTTP/1.1 200 OK\r\nX-Secret: secret\r\nContent-Length: 900\r\n\r\n{"),
    "silent": silence(),
}
SHORT = Limits(connect=1, read=0.2, total=1, tries=2)


@pytest.mark.parametrize("ending", list(ENDINGS))
@pytest.mark.parametrize("name", list(CALLS))
def test_nothing_said_about_a_call_is_secret(
    serving: Serving, caplog: pytest.LogCaptureFixture, name: str, ending: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="shop.api")
    heard: list[Answer] = []
    counters = Counters()

    def hear(one: Answer) -> None:
        heard.append(one)
        counters.note(one)

    gomus, _ = serving(
        ENDINGS[ending],
        timeouts=Timeouts(SHORT, SHORT),
        sleep=lambda _: None,
        on_answer=hear,
    )
    said: list[Any] = [name]
    try:
        CALLS[name](gomus)
    except errors.GomusError as error:
        said += [str(error), repr(error), str(pickle.loads(pickle.dumps(error)))]  # noqa: S301 - our own
        said += traceback.format_exception_only(error)
    said += [caplog.text, repr(heard), repr(counters.snapshot())]
    assert f"{name} " in caplog.text
    assert all(SECRET not in str(words).lower() for words in said)


def test_what_is_sent_does_not_show_itself() -> None:
    sent = (ORDER, CLOSING, PERSON, SESSION, CustomerKey("secret-customer"))
    assert SECRET not in repr(sent).lower()


def test_a_success_tells_as_little(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="shop.api")
    gomus, _ = serving(answer(200, {"order": samples.ORDER | {"token": ORDER_TOKEN}}))
    order = gomus.orders.finalize(ORDER_TOKEN, CLOSING)
    assert order.token == ORDER_TOKEN
    assert "POST /orders/:id/finalize 200 ok in" in caplog.text
    assert SECRET not in (caplog.text + repr(order)).lower()
