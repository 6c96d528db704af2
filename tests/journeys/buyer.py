"""What a buyer does in the shop, step by step, in any language and with or without JavaScript."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import Visit

ADULT, REDUCED = 311, 312  # time slots of 30 minutes, 14 and 7 euros, one quota


@dataclass
class Buyer:
    """A visitor who buys. Every step ends on the page after it, checked for accessibility and trouble."""

    visit: Visit
    language: str = "en"

    @property
    def page(self) -> Page:
        return self.visit.page

    def choose_slot(self, ticket: int = ADULT) -> str:
        """From the ticket page turn to the next month and pick a free day and a time with room; returns the key."""
        self.visit.go(f"/{self.language}/tickets/{ticket}/")
        self.visit.check("ticket")
        self.turn_the_month()
        day = self.free_day(1)
        self.page.locator(f".cal a[href='{day}']").click()
        expect(self.page.locator(f".cal a[href='{day}']")).to_have_attribute("aria-current", "date")
        self.roomy_slots().first.click()
        expect(self.page.locator(f"input[name=q-{ticket}]")).to_be_visible()
        self.visit.check("slot")
        return self.page.locator("input[name=time]").input_value()

    def turn_the_month(self) -> None:
        """To the next month, which has free days enough on whatever day these tests run."""
        month = self.page.locator(".cal caption").inner_text()
        self.page.locator(".months a").last.click()
        expect(self.page.locator(".cal caption")).not_to_have_text(month)

    def free_day(self, number: int) -> str:
        """The address of a free day of the month shown, counted from zero."""
        return self.page.locator(".cal a").nth(number).get_attribute("href") or ""

    def roomy_slots(self) -> Locator:
        """Times that are free, not just a few left."""
        return self.page.locator("a.slot:has(.state.ok)")

    def add(self, **numbers: int) -> None:
        """Type the numbers (by ticket id, `q311=2`) and put them into the basket."""
        for name, number in numbers.items():
            field = self.page.locator(f"input[name=q-{name.removeprefix('q')}]")
            field.fill(str(number))
            field.blur()
        self.page.locator("#quote button.go").click()
        expect(self.page).to_have_url(re.compile("/basket/$"))
        self.visit.check("basket")

    def to_checkout(self) -> None:
        self.page.locator("aside a.go").click()
        expect(self.page.locator("#id_email")).to_be_visible()
        self.visit.check("contact")

    def give_contact(self, email: str = "ida.brandt@example.org") -> None:
        self.page.fill("#id_given_name", "Ida")
        self.page.fill("#id_family_name", "Brandt-Łódź")
        self.page.fill("#id_email", email)
        self.go_on()

    def go_on(self) -> None:
        self.page.locator("main form button.go").click()

    def choose_payment(self, method: str = "demo") -> None:
        self.visit.check("payment")
        self.page.check(f"input[value={method}]")
        self.go_on()
        expect(self.page.locator("#id_terms")).to_be_visible()
        self.visit.check("review")

    def order(self) -> None:
        """Agree and press the button."""
        self.page.check("#id_terms")
        self.page.locator("main form button.go").click()
        expect(self.page).to_have_url(re.compile("/order/|/demo/pay/"))

    def reach_payment_page(self) -> None:
        """With JavaScript the shop takes the buyer there, without it there is a button."""
        if not self.visit.script:
            self.reload_until("form[action$='/pay/'] button.go")
            self.visit.check("please-pay")
            self.page.locator("form[action$='/pay/'] button.go").click()
        expect(self.page).to_have_url(re.compile("/demo/pay/"))
        self.visit.check("pay")

    def pay(self, decision: str = "pay") -> None:
        self.page.locator(f"button[value={decision}]").click()
        expect(self.page).to_have_url(re.compile("/order/"))

    def wait_for_tickets(self) -> None:
        """The order page tells the truth until the tickets are there."""
        tickets = "a[href$='tickets.pdf']"
        if self.visit.script:
            expect(self.page.locator(tickets)).to_be_visible(timeout=40_000)
        else:
            self.reload_until(tickets)
        self.visit.check("order")

    def reload_until(self, selector: str) -> None:
        """Without JavaScript the page is asked for again, as its refresh header would."""
        for _ in range(60):
            if self.page.locator(selector).count():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"{selector} never came: {self.page.locator('main').inner_text()}")

    def fetch(self, selector: str) -> bytes:
        """Download what a link leads to, with the cookies of the visitor."""
        href = self.page.locator(selector).first.get_attribute("href")
        answer = self.page.request.get(f"{self.visit.base_url}{href}")
        assert answer.status == 200, href
        return bytes(answer.body())
