"""The journal on an order's admin page reads like a story: who did what, and with what answer."""

import html
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from orders import journal, story
from orders.lifecycle import Outcome, State, Step
from orders.models import JournalEntry, Order
from tests.orders.clock import Clock, drive
from tests.orders.given import an_order
from tests.orders.museum import Museum
from tests.orders.payers import DemoPayer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def an_entry(step: Step, outcome: Outcome = Outcome.OK, **answer: object) -> JournalEntry:
    return JournalEntry.objects.create(order=an_order(), step=step, outcome=outcome, answer=answer)


def page_of(order: Order) -> str:
    staff = Client(headers={"Accept-Language": "en"})
    staff.force_login(User.objects.create_superuser("staff"))
    found = staff.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)))


def test_an_order_after_trouble_and_a_refund(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    drive(order, clock, until=State.DRAFTED)
    payer = DemoPayer()
    payer.go(order)
    payer.pay()
    museum.fault("finalize", "drop_before")
    order.refresh_from_db()
    museum.client().orders.cancel(order.upstream_token)  # as if the draft had run out
    drive(order, clock, until=State.REFUNDED)
    page = page_of(order)
    for part in (
        "€28.00, a reservation, not yet binding",
        f"payment {order.number}-1, by demo, €28.00",
        "sent, outcome unknown",
        "the museum calls it “cancelled”",
        "nothing was left to give back (already_cancelled)",
        f"payment {order.number}-1, refund {order.number}-R1, €28.00",
        "the shop",
    ):
        assert part in page, part
    assert "{" not in page.partition("journal: every act")[2].partition("documents")[0], (
        "no raw answer is shown"
    )


def test_a_death_and_a_refusal_are_told_in_words() -> None:
    entry = an_entry(Step.FINALIZE, Outcome.OPEN)
    assert story.told(entry) == ""
    journal.abandon(entry.order, [Step.FINALIZE])
    entry.refresh_from_db()
    assert "what is true is asked next" in story.told(entry)
    refused = an_entry(Step.FINALIZE, Outcome.REFUSED, error="Sold out.", status=422, code="sold_out")
    assert story.told(refused) == "Sold out. (422, sold_out)"


def test_staff_who_acted_are_named() -> None:
    entry = an_entry(Step.REFUND, refund="R1", amount_cents=500, by="jo", by_hand=True)
    assert story.who(entry) == "staff: jo"
    assert story.told(entry) == "refund R1, €5.00, transferred by hand"
    with translation.override("de"):
        assert story.who(entry) == "Personal: jo"
        assert story.told(entry) == "Rückzahlung R1, 5,00\xa0€, von Hand überwiesen"


def test_what_the_story_does_not_know_is_told_as_it_is() -> None:
    assert story.told(an_entry(Step.CANCEL, why="surplus reservation")) == "why: surplus reservation"
