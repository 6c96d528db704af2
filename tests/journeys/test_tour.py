"""A group tour with surcharges and equipment, from the list to the price line by line."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visit
from tests.journeys.test_purchase import Way

pytestmark = pytest.mark.journey

TOUR = 930  # 90 euros for the group, 15 for the kiln, a piece of clay for 2.50 each, headsets to borrow
ENGLISH, ADULTS = "2", "3"
WAYS = [Way("de", phone=True, script=False), Way("en", phone=False, script=True)]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_twelve_people_six_pieces_of_clay_two_headsets(visit: Callable[..., Visit], way: Way) -> None:
    window = visit(name=f"tour-{way}", script=way.script, phone=way.phone, language=way.language)
    page = window.page
    window.go(f"/{way.language}/tours/")
    page.select_option("#language", ENGLISH)
    page.locator(".find button.go").click()
    expect(page).to_have_url(re.compile(f"language={ENGLISH}"))
    window.check("tours")

    page.locator(f".card a[href$='/tours/{TOUR}/']").click()
    page.select_option("#language", ENGLISH)
    page.select_option("#age_group", ADULTS)
    page.fill("#people", "12")
    page.locator("#who button").click()
    expect(page.locator(".cal")).to_be_visible()
    window.check("days")

    month = page.locator(".cal caption").inner_text()
    page.locator(".months a").last.click()  # which has days enough, whatever day it is
    expect(page.locator(".cal caption")).not_to_have_text(month)
    page.locator(".cal a").nth(1).click()
    page.locator("a.slot").first.click()
    expect(page.locator("#surcharge-16")).to_have_value("0")
    window.check("start")

    page.fill("#surcharge-16", "6")
    page.fill("#equipment-7", "2")
    page.locator("#equipment-7").blur()
    if not way.script:
        page.locator("#price [data-without-script] button").click()
    expect(page.locator("#price .total").last).to_have_text(re.compile(r"120[.,]00"))
    expect(page.locator("#price dt").filter(has_text=re.compile("2 × (Funkhörer|Headsets)"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"people=12.*surcharge-16=6.*equipment-7=2"))
    window.check("price")

    page.reload()  # the address says it all
    expect(page.locator("#price .total").last).to_have_text(re.compile(r"120[.,]00"))
