"""Stripe with bad luck: it does not hear, it is not heard, and its calls to the shop come late, twice or never."""

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from orders.models import Order
from tests.faults.luck import Luck
from tests.standins.server import Answer
from tests.standins.stripe import Stripe, error

WAYS = ("at once", "at once", "twice", "late", "lost")


class UnluckyStripe(Stripe):
    """The stand-in, and the way between it and the shop; every life brings its own luck."""

    def __init__(self, luck: Luck) -> None:
        super().__init__()
        self.luck = luck
        self._shop = Client()
        self._soon: list[str] = []
        self._late: list[str] = []

    # --- the shop asks ------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> Answer:
        self._close_old_pages()
        if self.luck.strikes(0.06):
            self.luck.story.append(f"stripe does not hear: {method} {path[:60]}")
            return error(500, "api_error", "api_error")
        return super().answer(method, path, headers, body)

    def loses(self, call: str) -> bool:
        lost = self.luck.strikes(0.06)
        if lost:
            self.luck.story.append(f"stripe is not heard: {call[:60]}")
        return lost

    def _close_old_pages(self) -> None:
        for session in self.sessions.values():
            if session["status"] == "open" and session["expires_at"] <= time.time():
                session |= {"status": "expired", "url": None}

    # --- the customer acts --------------------------------------------------------------------------------

    def page_of(self, order: Order) -> str:
        """Return the page the customer was last sent to; empty when the shop never learned of one."""
        payment = order.payments.filter(provider="stripe").exclude(provider_reference="").last()
        return payment.provider_reference if payment else ""

    def decide(self, order: Order, *, pay: bool) -> None:
        """Pay on the page, or leave it: a declined card may be followed by another one, so nothing is said."""
        page = self.page_of(order)
        if pay and page and self.sessions[page]["status"] == "open":
            self.pay(page)
            self._tell(page)

    def pay_a_closed_page(self, order: Order) -> None:
        """The money comes in the very moment the page is closed."""
        page = self.page_of(order)
        if page and self.sessions[page]["status"] == "expired":
            self.luck.story.append("paid a closed page")
            self.force(page)
            self._tell(page)

    # --- Stripe calls -------------------------------------------------------------------------------------

    def _tell(self, page: str) -> None:
        way = self.luck.dice.choice(WAYS)
        self.luck.story.append(f"call: {way}")
        if way in ("at once", "twice"):
            self._soon += [page] * (2 if way == "twice" else 1)
        elif way == "late":
            self._late.append(page)

    def call_now(self) -> None:
        """Make the calls that are quick."""
        self._make(self._soon)

    def call_late(self) -> None:
        """Make the calls that were held up, and repeat those the shop died of."""
        self._make(self._late)

    def _make(self, pages: list[str]) -> None:
        for page in [pages.pop(0) for _ in range(len(pages))]:
            answered = False
            with self.luck.life("stripe calls"):
                answered = self._shop.post(reverse("payments:stripe"), **self.call(page)).status_code == 200
            if not answered:
                self._late.append(page)

    # --- its ledger ---------------------------------------------------------------------------------------

    def pages_of(self, order: Order) -> dict[str, dict[str, Any]]:
        """Return the sessions of an order by our reference; fails when one payment has two."""
        mine = [
            one for one in self.sessions.values() if one["client_reference_id"].startswith(f"{order.number}-")
        ]
        found = {str(one["client_reference_id"]): one for one in mine}
        assert len(found) == len(mine), "a payment has two pages"
        return found
