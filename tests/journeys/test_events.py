"""Two ways into an event: people by scale price on a phone without JavaScript, seats on a desk with it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visit

KILN, CONCERT = 820, 821
pytestmark = pytest.mark.journey


def test_people_by_price_on_a_phone_without_scripts(visit: Callable[..., Visit]) -> None:
    window = visit(name="event-prices", script=False, phone=True, language="de")
    page = window.page
    window.go("/de/")
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("link", name="Veranstaltungen").click()
    page.fill("#q", "Brennofn")
    page.locator(".find button.go").click()
    expect(page.locator("main .card")).to_have_count(1)
    window.check("found")

    page.locator("main .card a").click()
    page.locator(".months a").last.click()  # the next month has dates on whatever day this runs
    page.locator(".month li a:has(time)").nth(1).click()
    expect(page).to_have_url(re.compile(rf"/events/{KILN}/\?date=\d+#date$"))
    page.fill("#scale-61", "2")
    page.fill("#scale-62", "1")
    page.locator("#sum button").click()
    expect(page).to_have_url(re.compile(r"\?date=\d+&scale-61=2&scale-62=1#sum$"))
    expect(page.locator("#sum dd.total")).to_have_text(re.compile("32,00"))
    window.check("sum")


def test_seats_by_keyboard_on_a_desk(visit: Callable[..., Visit]) -> None:
    window = visit(name="event-seats", dark=True)
    page = window.page
    window.go(f"/en/events/{CONCERT}/")
    page.locator(".months a").last.click()
    expect(page).to_have_url(re.compile("month="))
    page.locator(".month li a:has(time)").nth(1).click()
    expect(page.locator("#date h2")).to_be_focused()
    plan = page.get_by_role("group", name="Seat plan; the list below says the same")
    first = plan.get_by_role("checkbox").first
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-checked", "true")
    expect(page.locator("input[name=seat]:checked")).to_have_count(1)
    expect(page.locator("#sum dd.total")).to_have_text("€24.00")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("input[name=seat]:checked")).to_have_count(2)
    expect(page.locator("#sum dd.total")).not_to_have_text("€24.00")
    window.check("chosen")

    page.locator("input[name=seat]:checked").first.uncheck()
    expect(first).to_have_attribute("aria-checked", "false")
    expect(page.locator("#sum dd.total")).not_to_have_text("€48.00")
