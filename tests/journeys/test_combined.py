"""One ticket, two museums, one day: a time for each, and another combination when one of them is full."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Visit
from tests.journeys.buyer import Buyer
from tests.journeys.test_purchase import Way

pytestmark = pytest.mark.journey

ADULT, VESSELS, CABINET = 501, 511, 512
WAYS = [Way("de", phone=True, script=False), Way("en", phone=False, script=True)]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_two_museums_and_another_way_when_one_is_full(
    visit: Callable[..., Visit], operator: httpx.Client, way: Way
) -> None:
    window = visit(name=f"combined-{way}", script=way.script, phone=way.phone, language=way.language)
    page, buyer = window.page, Buyer(window, way.language)
    window.go(f"/{way.language}/tickets/{ADULT}/")
    two_adults(page, script=way.script)
    window.check("people")

    buyer.turn_the_month()
    day, later = buyer.free_day(1), day_of(buyer.free_day(2))
    page.locator(f".cal a[href='{day}']").click()
    expect(page.locator(f".cal a[href='{day}']")).to_have_attribute("aria-current", "date")
    for part in (VESSELS, CABINET):
        page.locator(f"section[aria-labelledby=part-{part}] a.slot").first.click()
        expect(page.locator(f"#sum input[name=part-{part}]")).to_be_attached()
    expect(page.locator(f"#sum input[name='kind-{ADULT}']")).to_have_value("2")
    window.check("chosen")

    times = {VESSELS: key(later, 11), CABINET: key(later, 14)}
    operator.post("/left", json={"ticket_id": CABINET, "time": times[CABINET], "left": 0}).raise_for_status()
    wish = {f"part-{part}": at for part, at in times.items()} | {f"kind-{ADULT}": "2", "day": str(later)}
    window.go(f"/{way.language}/tickets/{ADULT}/?{urlencode(wish)}")
    ways = page.locator(".note a.btn")
    expect(ways).to_have_count(3)
    window.check("full")
    ways.first.click()
    expect(page.locator("#sum input[name^=part-]")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"kind-{ADULT}=2"))
    window.check("another-way")
    page.locator("#sum button.go").click()
    expect(page).to_have_url(re.compile("/basket/$"))
    expect(page.locator("main")).to_contain_text("38,00" if way.language == "de" else "38.00")
    window.check("basket")


def two_adults(page: Page, *, script: bool) -> None:
    """The stepper where scripts run, the field and its button elsewhere."""
    if script:
        page.locator(f".step:has(#kind-{ADULT}) button").last.click()
    else:
        page.fill(f"#kind-{ADULT}", "2")
        page.locator("#people button:visible:not([data-by])").click()
    expect(page.locator(f"#sum input[name='kind-{ADULT}']")).to_have_value("2")


def day_of(address: str) -> date:
    """The day a link of the calendar leads to."""
    found = re.search(r"day=([\d-]+)", address)
    assert found
    return date.fromisoformat(found[1])


def key(day: date, hour: int) -> str:
    """A full hour as the sandbox spells it."""
    return datetime.combine(day, time(hour), ZoneInfo("Europe/Berlin")).isoformat()
