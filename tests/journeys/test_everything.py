"""One basket with something of everything, bought in one go: the museum's ledger has exactly that."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visit
from tests.journeys.buyer import ADULT, REDUCED, Buyer
from tests.journeys.test_purchase import Way

pytestmark = pytest.mark.journey

TWO_HOUSES, KILN, CONCERT, TOUR, VOUCHER = 501, 820, 821, 930, 4
TWELVE = "language=2&age_group=3&people=12&surcharge-16=6&equipment-7=2"
WAYS = [Way("de", phone=True, script=True), Way("en", phone=False, script=False)]
ITEMS = [  # kind, number, cents
    ("Coupon", 1, 2000),
    ("Event", 2, 4800),
    ("Event", 3, 3200),
    ("Ticket", 1, 700),
    ("Ticket", 2, 2800),
    ("Ticket", 2, 3800),
    ("Tour", 12, 12000),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_basket_with_everything(visit: Callable[..., Visit], operator: httpx.Client, way: Way) -> None:
    name = f"everything-{way}"
    window = visit(name=name, script=way.script, phone=way.phone, language=way.language)
    basket = Basket(window, way.language)
    basket.put_tickets()
    basket.put_combined()
    basket.put_seats()
    basket.put_places()
    basket.put_tour()
    basket.put_voucher()
    window.check("basket")
    basket.to_checkout()
    basket.give_contact(email=f"{name}@example.org")
    basket.choose_payment()
    basket.order()
    basket.reach_payment_page()
    basket.pay()
    basket.wait_for_tickets()

    (sold,) = [
        order
        for order in operator.get("/ledger").json()["orders"]
        if (order["customer"] or {}).get("email") == f"{name}@example.org"
    ]
    assert (sold["status"], sold["total"]) == ("finalized", sum(cents for _kind, _number, cents in ITEMS))
    assert sorted((item["type"], item["quantity"], item["cents"]) for item in sold["items"]) == ITEMS


class Basket(Buyer):
    """Puts one product after the other into the basket, each from its own page."""

    def put_tickets(self) -> None:
        self._choose_day(f"tickets/{ADULT}/?q-{ADULT}=2&q-{REDUCED}=1")
        self.roomy_slots().first.click()
        expect(self.page.locator(f"input[name=q-{ADULT}]")).to_have_value("2")
        self._add("#quote")

    def put_combined(self) -> None:
        self._choose_day(f"tickets/{TWO_HOUSES}/?kind-{TWO_HOUSES}=2")
        for number in (1, 2):
            self.page.locator("section[aria-labelledby^=part-]").nth(number - 1).locator(
                "a.slot"
            ).first.click()
            expect(self.page.locator("#sum input[name^=part-]")).to_have_count(number)
        self._add("#sum")

    def put_seats(self) -> None:
        self._choose_date(CONCERT)
        seats = self.page.locator("input[name=seat]")
        for number in range(2):
            seats.nth(number).check()
        if not self.visit.script:
            self.page.locator("#sum button[data-without-script]").click()
        expect(self.page.locator("#sum dd.total")).to_contain_text("48")
        self._add("#sum")

    def put_places(self) -> None:
        self._choose_date(KILN)
        chosen = self.page.url.removeprefix(self.visit.base_url).partition("#")[0]
        self.visit.go(f"{chosen}&scale-61=2&scale-62=1")
        self._add("#sum")

    def put_tour(self) -> None:
        self._choose_day(f"tours/{TOUR}/?{TWELVE}")
        self.page.locator("a.slot").first.click()
        expect(self.page.locator("#price dd.total")).to_contain_text("120")
        self.visit.check("tour")
        self._add("#price")

    def put_voucher(self) -> None:
        self.visit.go(f"/{self.language}/vouchers/")
        self.visit.check("vouchers")
        self._add(f"form:has(input[name=coupon][value='{VOUCHER}'])", "button.btn")

    def _choose_day(self, address: str) -> None:
        self.visit.go(f"/{self.language}/{address}")
        self.turn_the_month()
        day = self.free_day(1)
        self.page.locator(f".cal a[href='{day}']").click()
        expect(self.page.locator(".cal a[aria-current=date]")).to_be_visible()

    def _choose_date(self, event: int) -> None:
        self.visit.go(f"/{self.language}/events/{event}/")
        self.page.locator(".months a").last.click()
        self.page.wait_for_url("**month=**")
        self.page.locator(".month li a:has(time)").nth(1).click()
        self.page.wait_for_url("**date=**")

    def _add(self, part: str, button: str = "button.go") -> None:
        self.page.locator(f"{part} {button}").click()
        self.page.wait_for_url("**/basket/")
