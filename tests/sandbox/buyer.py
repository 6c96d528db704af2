"""A reseller who speaks to a sandbox over HTTP, word by word."""

from datetime import date, timedelta
from typing import Any

import httpx

from tests.sandbox_process import Sandbox

Json = dict[str, Any]
ADULT, REDUCED, FREE, FAMILY = 311, 312, 313, 314  # one quota of forty; families also draw from a narrow one
NAMED = 321  # needs the names of who comes
DISCOUNT = 334  # ten per cent off 999
GROUP = 354  # ten to twenty-five people
NET = 361  # 333 and 19 % VAT on top, all day
PRESS = 444  # not bookable
CENTS = {ADULT: 1400, REDUCED: 700, FREE: 0, FAMILY: 2900, NAMED: 2200, GROUP: 600}
IDA = {"name": "Ida", "surname": "Brandt", "email": "ida@example.org"}


class Buyer:
    """Buys at one sandbox; answers come back as they are."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = sandbox.reseller

    # --- looking ------------------------------------------------------------------------------------------

    def today(self) -> date:
        return date.fromisoformat(self.http.get("/version").json()["version"]["time"][:10])

    def day(self, ahead: int = 3) -> str:
        """Return a day on which all houses of these tests are open."""
        found = self.today() + timedelta(days=ahead)
        while found.weekday() in (0, 1, 2):
            found += timedelta(days=1)
        return found.isoformat()

    def left(self, ticket: int, day: str | None = None) -> dict[str, int]:
        """Return the places left of a ticket by time."""
        answer = self.http.get(f"/tickets/{ticket}/capacity", params={"date": day or self.day()})
        data: dict[str, int] = answer.json()["data"]
        return data

    def time(self, ticket: int = ADULT, *, left: int | None = None) -> str:
        """Return a bookable time, with so many places left if said."""
        found = next(key for key, free in self.left(ticket).items() if free > 3)
        if left is not None:
            self.sandbox.set_left(ticket, found, left)
        return found

    # --- buying -------------------------------------------------------------------------------------------

    def create(self, *items: Json, total: object = None, **more: Any) -> httpx.Response:
        """Order items, with the right total unless another is said."""
        if total is None:
            attributes = [item["attributes"] for item in items]
            total = sum(CENTS.get(one["id"], 0) * one.get("quantity", 0) for one in attributes)
        return self.http.post("/orders", json={"reference": "R-1", "items": items, "total": total} | more)

    def draft(self, *items: Json, **more: Any) -> Json:
        answer = self.create(*(items or (item(ADULT, 2, self.time()),)), **more)
        assert answer.status_code == 201, answer.text
        order: Json = answer.json()["order"]
        return order

    def finalize(self, token: str, **changes: Any) -> httpx.Response:
        facts = {"customer": IDA, "payment": {"payment_id": "pay-1"}, "completed": True}
        return self.http.post(f"/orders/{token}/finalize", json={"order": facts | changes})

    def bought(self, *items: Json) -> Json:
        answer = self.finalize(self.draft(*items)["token"])
        assert answer.status_code == 200, answer.text
        order: Json = answer.json()["order"]
        return order

    def bought_for(self, total: int, *items: Json, **facts: Any) -> Json:
        """Buy items that cost so much, with other facts of the booking if said."""
        answer = self.finalize(self.draft(*items, total=total)["token"], **facts)
        assert answer.status_code == 200, answer.text
        order: Json = answer.json()["order"]
        return order

    def order(self, key: object) -> Json:
        found: Json = self.http.get(f"/orders/{key}").json()["order"]
        return found

    def cancel(self, key: object, body: Json | None = None) -> httpx.Response:
        return self.http.post(f"/orders/{key}/cancellations", json=body)


def item(ticket: int, quantity: object, time: str | None, **more: Any) -> Json:
    return {"type": "Ticket", "attributes": {"id": ticket, "quantity": quantity, "time": time} | more}


def refusal(answer: httpx.Response) -> Json:
    """Return a 422 body after checking that it is one, in every shape at once."""
    body: Json = answer.json()
    assert answer.status_code == 422, body
    assert body["error"] == body["errors"][0] == body["details"][0]["message"]
    assert body["code"] == body["details"][0]["code"]
    assert len(body["errors"]) == len(body["details"])
    assert body["request_id"].startswith("sbx-")
    return body


def codes(answer: httpx.Response) -> list[str]:
    return [detail["code"] for detail in refusal(answer)["details"]]
