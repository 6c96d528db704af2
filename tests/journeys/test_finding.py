"""From "Saturday, two adults and a child" to the basket, in one step and two clicks."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visit
from tests.journeys.buyer import ADULT
from tests.journeys.test_purchase import Way

CHILD = ADULT + 2
pytestmark = pytest.mark.journey

WAYS = [Way("de", phone=True, script=False), Way("en", phone=False, script=True)]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_two_adults_and_a_child_on_saturday(visit: Callable[..., Visit], way: Way) -> None:
    window = visit(name=f"find-{way}", script=way.script, phone=way.phone, language=way.language)
    window.go(f"/{way.language}/")
    window.check("home")
    page = window.page
    page.fill("#children", "1")
    page.locator("button[name=day]").last.click()
    expect(page).to_have_url(re.compile(r"/find/\?.*adults=2.*children=1.*day="))
    window.check("found")

    page.fill("#q", "Gefase" if way.language == "de" else "vesels")
    page.locator(".find button.go").click()
    expect(page.locator(".house")).to_have_count(1)
    window.check("narrowed")

    visit_of_three = page.locator(".line", has=page.locator(f"a.go[href*='/tickets/{ADULT}/']"))
    expect(visit_of_three.locator(".state.ok, .state.few")).to_be_visible()
    price = visit_of_three.locator(".price").inner_text()
    visit_of_three.locator("a.go").click()
    expect(page).to_have_url(re.compile(r"/tickets/\d+/\?day=.*time=.*#who$"))
    expect(page.locator(f"#q-{ADULT}")).to_have_value("2")
    expect(page.locator(f"#q-{CHILD}")).to_have_value("1")
    window.check("chosen")
    page.locator("#quote button.go").click()
    expect(page).to_have_url(re.compile("/basket/$"))
    expect(page.locator("main")).to_contain_text(price)
    window.check("basket")
