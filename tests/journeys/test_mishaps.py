"""What goes wrong on the way, and that the shop says so, keeps everything and shows the way out."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import Visit, visiting
from tests.journeys.buyer import ADULT, Buyer
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.journey
SHORT_DRAFT = 190  # seconds; the shop stops taking money three minutes before a draft ends


def orders_of(operator: httpx.Client, email: str) -> list[dict[str, object]]:
    """What the museum has of a customer, newest first."""
    ledger = operator.get("/ledger").json()
    assert ledger["broken"] == []
    return [order for order in ledger["orders"] if (order["customer"] or {}).get("email") == email]


def sell_out(operator: httpx.Client, time: str) -> None:
    operator.post("/left", json={"ticket_id": ADULT, "time": time, "left": 0}).raise_for_status()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_sold_out_time_is_not_a_link_and_a_link_to_it_offers_others(
    visit: Callable[..., Visit], operator: httpx.Client, script: bool
) -> None:
    buyer = Buyer(visit(name="sold-out", script=script, phone=True))
    buyer.visit.go(f"/en/tickets/{ADULT}/")
    buyer.turn_the_month()
    day = buyer.free_day(4 if script else 5)
    buyer.visit.go(day)
    wanted = buyer.roomy_slots().first.get_attribute("href") or ""
    key = httpx.URL(wanted).params["time"]
    sell_out(operator, key)
    until(lambda: not offers(buyer, day, wanted), what="the page learning that the time is sold out")
    expect(buyer.page.locator(f".slot.off:has(time[datetime='{key}'])")).to_contain_text("sold out")
    buyer.visit.check("sold-out")
    buyer.visit.go(f"{wanted.partition('#')[0]}&q-{ADULT}=2")
    note = buyer.page.locator(".note", has_text="does not have enough places")
    expect(note.locator("a")).to_have_count(3)
    buyer.visit.check("alternatives")
    note.locator("a").first.click()
    expect(buyer.page.locator(f"input[name=q-{ADULT}]")).to_have_value("2")
    assert buyer.page.locator("input[name=time]").input_value() != key


def offers(buyer: Buyer, day: str, slot: str) -> bool:
    buyer.visit.go(day.partition("#")[0])  # with the fragment the browser would only scroll
    return buyer.page.locator(f"a.slot[href='{slot}']").count() > 0


def test_places_sold_in_the_last_second_cost_nothing_and_the_basket_is_kept(
    browser: Browser, new_stack: Callable[..., Stack]
) -> None:
    # Held places could not be sold to anybody else.
    stack = new_stack(AVAILABILITY_SECONDS="300", SWEEP_SECONDS="1", FEATURES_OFF="reservations")
    with (
        visiting(browser, stack.base_url, name="last-second") as window,
        httpx.Client(base_url=f"{stack.sandbox_url}/_sandbox") as operator,
    ):
        buyer = Buyer(window)
        key = buyer.choose_slot()
        buyer.add(q311=2)
        buyer.to_checkout()
        buyer.give_contact()
        buyer.choose_payment()
        sell_out(operator, key)
        buyer.order()
        expect(buyer.page.locator("h1")).to_have_text("These places have just been sold")
        buyer.page.wait_for_load_state("networkidle")
        buyer.visit.check("sold")
        assert operator.get("/ledger").json()["orders"] == []
        buyer.page.locator("main form button.go").click()
        expect(buyer.page.locator(".tix")).to_contain_text("Earth, Fire, Hand")
        buyer.visit.check("basket-kept")


def test_a_declined_payment_may_be_tried_again(visit: Callable[..., Visit], operator: httpx.Client) -> None:
    email = "declined@example.org"
    buyer = Buyer(visit(name="declined", phone=True))
    buyer.choose_slot()
    buyer.add(q311=1)
    buyer.to_checkout()
    buyer.give_contact(email)
    buyer.choose_payment()
    buyer.order()
    buyer.reach_payment_page()
    buyer.pay("decline")
    expect(buyer.page.locator("h1")).to_have_text("Payment did not go through")
    buyer.visit.check("declined")
    assert orders_of(operator, email) == [], "nothing was finalized"
    buyer.page.locator("form[action$='/pay/'] button.go").click()
    buyer.reach_payment_page()
    buyer.pay()
    buyer.wait_for_tickets()
    (order,) = orders_of(operator, email)
    assert (order["status"], order["total"]) == ("finalized", 1400)


def test_an_abandoned_payment_gives_the_places_back(
    visit: Callable[..., Visit], operator: httpx.Client
) -> None:
    operator.post("/switches", json={"draft_ttl_s": SHORT_DRAFT}).raise_for_status()
    buyer = Buyer(visit(name="abandoned"))
    buyer.choose_slot()
    buyer.add(q311=2)
    buyer.to_checkout()
    buyer.give_contact("abandoned@example.org")
    buyer.choose_payment()
    buyer.order()
    buyer.reach_payment_page()
    buyer.page.locator("main a", has_text="Back to the shop").click()
    expect(buyer.page.locator("h1")).to_have_text("Please pay now")
    number = re.search(r"VT-\w+", buyer.page.locator(".eyebrow").inner_text(), re.IGNORECASE)
    expect(buyer.page.locator("h1")).to_have_text("The time to pay has passed", timeout=40_000)
    buyer.visit.check("time-passed")
    ledger = operator.get("/ledger").json()["orders"]
    (given_back,) = [order for order in ledger if number and order["reference"] == number.group().upper()]
    assert given_back["status"] == "cancelled"
    buyer.page.locator("main form button.go").click()
    expect(buyer.page.locator("h1")).to_have_text("Review and order")  # nothing is to be typed again
    expect(buyer.page.locator("main")).to_contain_text("Earth, Fire, Hand")
    expect(buyer.page.locator("main")).to_contain_text("abandoned@example.org")


def test_while_the_ticket_system_is_down_one_may_look_but_not_buy(
    visit: Callable[..., Visit], operator: httpx.Client
) -> None:
    buyer = Buyer(visit(name="down", phone=True))
    buyer.choose_slot(ticket=421)
    buyer.add(q421=1)
    operator.post("/switches", json={"maintenance": "html"}).raise_for_status()
    for path in ("/en/", "/en/museums/", "/en/exhibitions/", "/en/museums/1/", "/en/exhibitions/11/"):
        buyer.visit.go(path)
        buyer.visit.check("looking")
    buyer.visit.go("/en/tickets/441/")
    expect(buyer.page.locator("main")).to_contain_text("cannot see the free places")
    buyer.visit.check("no-places")
    until(lambda: paused(buyer), what="the basket saying that buying is paused")
    expect(buyer.page.locator(".tix")).to_contain_text("Thread by Thread")
    buyer.visit.check("paused")
    operator.post("/switches", json={"maintenance": "off"}).raise_for_status()
    until(lambda: not paused(buyer), what="the shop selling again")


def paused(buyer: Buyer) -> bool:
    buyer.visit.go("/en/basket/")
    return "paused until" in buyer.page.locator("main").inner_text()
