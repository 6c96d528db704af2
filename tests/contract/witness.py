"""Asks a running sandbox and holds every single answer to the document."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from tests.contract import document
from tests.sandbox.buyer import ADULT, Buyer
from tests.sandbox_process import Sandbox

Json = dict[str, Any]
API = "/api/v4"


class Witness:
    """Speaks to one sandbox; `seen` are the operations whose answers it has judged."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.buyer = Buyer(sandbox)
        self.http = httpx.Client(base_url=sandbox.base_url, timeout=30)
        self.seen: set[str] = set()

    def ask(
        self,
        method: str,
        address: str,
        *,
        key: str | None = "sandbox-reseller",
        body: object = None,
        **more: Any,
    ) -> httpx.Response:
        """Send one request; its answer must be what the document says."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        answer = self.http.request(method, address, headers=headers, json=body, **more)
        operation = document.operation_of(method, answer.request.url.path)
        told = f"{operation}: {answer.status_code} {answer.text[:500]}"
        assert document.faults(operation, answer) == [], told
        self.seen.add(operation)
        return answer

    def get(self, address: str, status: int = 200, **more: Any) -> Json:
        """Read something that must come with this status."""
        return self.told("GET", address, status, **more)

    def told(self, method: str, address: str, status: int, **more: Any) -> Json:
        """Ask, and return the JSON of an answer that must have this status; {} if it has none."""
        answer = self.ask(method, f"{API}{address}", **more)
        assert answer.status_code == status, answer.text
        has_json = answer.headers.get("content-type") == "application/json"
        found: Json = answer.json() if has_json else {}
        return found

    def filled(self, address: str) -> str:
        """An address with something the sandbox really has in place of each {name}."""
        return re.sub(r"\{(\w+)\}", lambda found: quote(str(self._found(found[1])), safe=""), address)

    def _found(self, name: str) -> object:
        return self._finders[name]()

    @cached_property
    def _finders(self) -> dict[str, Callable[[], object]]:
        today = self.buyer.today()
        return {
            "museum": lambda: self._first("museums"),
            "exhibition": lambda: self._first("exhibitions"),
            "ticket": lambda: ADULT,
            "day": self.buyer.day,
            "start": today.isoformat,
            "end": (today + timedelta(days=30)).isoformat,
            "late": (today + timedelta(days=60)).isoformat,
            "event": lambda: self._dated()["event_id"],
            "date": lambda: self._dated()["id"],
            "seating": self._seating,
            "tour": lambda: self._first("tours"),
            "tour_day": lambda: self._start()[:10],
            "tour_time": self._start,
            "coupon": lambda: self._first("coupons"),
            "equipment": lambda: self._equipped()[1],
            "equipped": lambda: self._equipped()[0],
        }

    def _rows(self, name: str, query: str = "") -> list[Json]:
        rows: list[Json] = self.get(f"/{name}?per_page=100{query}")[name]
        return rows

    def _first(self, name: str) -> object:
        return self._rows(name)[0]["id"]

    def _dated(self) -> Json:
        """Return an event date of the coming weeks."""
        return self._rows("dates", self.filled("&start_at={start}&end_at={end}"))[0]

    def _seating(self) -> str:
        """Return the number in the address of a seating plan's picture."""
        for date in self._rows("dates", self.filled("&start_at={start}&end_at={end}")):
            detail = self.get(f"/events/{date['event_id']}/dates/{date['id']}")
            for plan in detail["date"]["seatings"]:
                return str(plan["visual_url"]).rpartition("/")[2].removesuffix(".svg")
        raise AssertionError("no event date of the sandbox has a seating plan")

    def _start(self) -> str:
        """Return a time at which the first tour can start."""
        days = self.get(self.filled("/tours/{tour}/start_times?start_at={start}&end_at={end}&depth=all"))[
            "data"
        ]
        return str(next(times[0] for times in days.values() if times))

    def _equipped(self) -> tuple[object, object]:
        """Return a tour with equipment and its first piece."""
        for tour in self._rows("tours"):
            if tour["equipment"]:
                return tour["id"], self.get(f"/tours/{tour['id']}")["tour"]["equipment"][0]["id"]
        raise AssertionError("no tour of the sandbox has equipment")
