"""A buyer withdraws: on a phone without JavaScript, from the foot of any page, to the receipt."""

from collections.abc import Callable

import pytest

from tests.journeys.browser import Visit
from tests.waiting import until

pytestmark = pytest.mark.journey


def test_from_the_foot_of_a_page_to_the_receipt(visit: Callable[..., Visit]) -> None:
    window = visit(name="withdrawing", script=False, phone=True, language="de")
    page = window.page
    window.go("/de/about/withdrawal/")
    window.check("instruction")
    page.get_by_role("link", name="Vertrag widerrufen").click()
    window.check("withdraw")
    page.fill("#id_number", "die Jahreskarte vom 3. Mai")
    page.fill("#id_given_name", "Ida")
    page.fill("#id_family_name", "Brandt")
    page.locator("main form button.go").click()
    window.check("withdraw-missing")
    page.fill("#id_email", "withdrawing@example.org")
    page.locator("main form button.go").click()
    window.check("withdraw-confirm")
    page.get_by_role("button", name="Widerruf bestätigen").click()
    window.check("withdrawn")
    assert "die Jahreskarte vom 3. Mai" in page.locator("main").inner_text()

    def mailed() -> bool:
        window.go("/de/demo/mail/")
        return "withdrawing@example.org" in page.locator("main").inner_text()

    until(mailed, what="the receipt by mail")
    page.get_by_role("link", name="Ihr Widerruf ist eingegangen").first.click()
    assert "die Jahreskarte vom 3. Mai" in page.locator("main").inner_text()
