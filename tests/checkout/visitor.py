"""A visitor of the shop, at the level of requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse

from catalog import reference
from checkout.cookies import COOKIE
from checkout.models import Basket, BasketLine

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

CONTACT = {"given_name": "Ida", "family_name": "Brandt", "email": "ida@example.org"}
ADDRESS = {"street": "Weg 1", "zip_code": "24105", "city": "Kiel", "country": "Deutschland"}


class Visitor:
    """Fills the forms of the shop and sends them."""

    def __init__(self, client: Client) -> None:
        self.client = client

    # --- the basket ---------------------------------------------------------------------------------------

    def add(self, time: str, party: dict[int, object], **more: str) -> Answer:
        """Send the ticket page's form; the first kind named is the page's own."""
        data = {"anchor": str(next(iter(party))), "time": time, **more}
        data |= {f"q-{pk}": str(number) for pk, number in party.items()}
        return self.post("add", data)

    def quote(self, time: str, party: dict[int, object]) -> Answer:
        data = {"anchor": str(next(iter(party))), "time": time}
        data |= {f"q-{pk}": str(number) for pk, number in party.items()}
        return self.client.get(reverse("checkout:quote"), data)

    def change(self, **data: object) -> Answer:
        """Send one of the basket's forms."""
        return self.post("change", {name: str(value) for name, value in data.items()})

    def renumber(self, line: BasketLine, number: object) -> Answer:
        return self.post("change", {f"n-{line.pk}": str(number)})

    @property
    def basket(self) -> Basket:
        cookie = self.client.cookies[COOKIE]
        secret = cookie.value.split(":")[0]
        return Basket.objects.get(secret=secret)

    @property
    def lines(self) -> list[tuple[int, int]]:
        """What is in the basket: (ticket id, number), in order."""
        return [(line.ticket_id, line.quantity) for line in self.basket.lines.all()]

    # --- the checkout -------------------------------------------------------------------------------------

    def fill_in(self, *, method: str = "invoice", **contact: str) -> None:
        """Answer contact and payment."""
        self.post("contact", CONTACT | contact)
        self.post("payment", {"method": method, **ADDRESS, **_country()})

    def agreed(self) -> str:
        """Open the review and return the hidden word of what is seen there."""
        found = re.search(r'name="agreed" value="([^"]+)"', self.page("review"))
        assert found, "the review does not say what is agreed to"
        return found[1]

    def order(self, agreed: str = "") -> Answer:
        """Press the button under what is seen now, or under what was seen before."""
        return self.post("review", {"terms": "on", "agreed": agreed or self.agreed()})

    # --- pages --------------------------------------------------------------------------------------------

    def get(self, name: str, *args: Any) -> Answer:
        return self.client.get(reverse(f"checkout:{name}", args=args))

    def post(self, name: str, data: dict[str, str], *args: Any) -> Answer:
        return self.client.post(reverse(f"checkout:{name}", args=args), data)

    def page(self, name: str) -> str:
        """The words of a page that must be there."""
        answer = self.get(name)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
        return answer.content.decode()

    def told(self) -> str:
        """The messages waiting for the next page, read on the basket's."""
        return " ".join(str(message) for message in self.get("basket").context["messages"])


def _country() -> dict[str, str]:
    """The first country of the list; without a list it is typed."""
    offered = reference.countries()
    return {"country": str(offered[0].id)} if offered else {}
