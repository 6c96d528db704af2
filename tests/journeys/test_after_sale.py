"""What follows a sale: tickets are sent again, shared and given back, annual tickets made out, links asked for."""

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Visit
from tests.journeys.buyer import Buyer
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.journey
# A grey point: the smallest picture a camera could make.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def placed(stack: Stack, what: str, email: str, language: str) -> str:
    """The secret of an order placed without a browser."""
    return stack.shell(f"from tests.journeys import seeds\nprint(seeds.{what}({email!r}, {language!r}))")


def test_one_of_three_is_shared_and_another_given_back(stack: Stack, visit: Callable[..., Visit]) -> None:
    window = visit(name="after-sale", language="en")
    page, secret = window.page, placed(stack, "three_tickets", "after-sale@example.org", "en")
    window.go(f"/en/order/{secret}/")
    Buyer(window).wait_for_tickets()
    page.locator("form[action$='/resend/'] button").click()
    expect(
        page.locator(".note, .messages, [role=status]").filter(has_text="after-sale@example.org").first
    ).to_be_visible()

    page.get_by_role("link", name=re.compile("^Ticket 2")).click()
    window.check("ticket")
    page.get_by_role("button", name="Make a link").click()
    shared = page.locator("#share").input_value()
    window.check("ticket-shared")
    page.goto(shared)
    Buyer(window).reload_until("a[href$='ticket.pdf']")
    window.check("shared")
    assert secret not in page.content()
    assert Buyer(window).fetch("a[href$='ticket.pdf']").startswith(b"%PDF-")

    give_back(window, secret, 1)
    expect(page.locator("main .tix").first).to_be_visible()
    assert (
        page.locator("main a[href*='/tickets/']:not([href$=pkpass])").filter(has_text="Ticket").count() == 2
    )
    give_back(window, secret, 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your order is cancelled")
    window.check("all-cancelled")
    page.goto(shared)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Colour as Space")


def give_back(window: Visit, secret: str, number: int) -> None:
    """Cancel so many lines and wait until the museum has."""
    page = window.page
    window.go(f"/en/order/{secret}/cancel/")
    window.check("cancel")
    for box in page.locator("input[name=item]").all()[:number]:
        box.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("input[name=agreed]")).to_have_value(str(1260 * number))
    window.check("cancel-confirm")
    page.locator("main form button.go").click()
    expect(page).to_have_url(re.compile(f"/order/{secret}/$"))
    done = f"You pay €{12.6 * number:.2f} less"  # by invoice: nothing is paid yet
    until(lambda: bool(page.reload()) and done in page.locator("main").inner_text(), what="the cancellation")
    window.check("cancelled")


def test_an_annual_ticket_is_made_out_by_link(stack: Stack, visit: Callable[..., Visit]) -> None:
    window = visit(name="annual", script=False, phone=True, language="de")
    page, email = window.page, "annual@example.org"
    secret = placed(stack, "annual_ticket", email, "de")
    window.go("/de/orders/")
    window.check("find")
    page.fill("#id_email", email)
    page.locator("main form button.go").click()
    window.check("links-sent")

    window.go(f"/de/order/{secret}/")
    Buyer(window, "de").reload_until("a[href*='/cards/']")
    window.check("order-with-card")
    page.locator("a[href*='/cards/']").click()
    page.select_option("#id_salutation_id", label="Frau")
    page.fill("#id_city", "")
    page.locator("main form button.go").click()
    window.check("card-missing")
    expect(page.locator(".errors a")).to_have_count(3)  # the city, how it is sent, the photo
    page.fill("#id_city", "Kiel")
    page.select_option("#id_dispatch_mode_id", label="Post")
    page.set_input_files("#id_photo", {"name": "ida.png", "mimeType": "image/png", "buffer": PNG})
    window.check("card")
    page.locator("main form button.go").click()
    made_out = "Ausgestellt auf Ida Brandt."
    until(lambda: bool(page.reload()) and made_out in page.locator("main").inner_text(), what="the card")
    window.check("cards")
