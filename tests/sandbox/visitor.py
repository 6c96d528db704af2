"""Looks around at a sandbox: shortcuts for tests that only read."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from tests.sandbox.buyer import Buyer

Json = dict[str, Any]


def get(buyer: Buyer, path: str, **query: Any) -> Any:
    answer = buyer.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def public(buyer: Buyer, path: str) -> httpx.Response:
    """Ask without any key."""
    return httpx.get(f"{buyer.sandbox.base_url}/api/v4{path}")


def ids(buyer: Buyer, name: str, query: str = "") -> set[int]:
    """The ids on the first hundred rows of a list."""
    return {row["id"] for row in buyer.http.get(f"/{name}?per_page=100&{query}").json()[name]}


def dates(buyer: Buyer, event: int, **query: Any) -> list[Json]:
    """The dates of an event in the coming month, tomorrow first."""
    first = buyer.today() + timedelta(days=1)
    span = {"start_at": str(first), "end_at": str(first + timedelta(days=30)), "per_page": 100}
    found: list[Json] = get(buyer, f"/events/{event}/dates", **(span | query))["dates"]
    return found


def days_with(buyer: Buyer, weekday: int) -> Iterator[str]:
    """The coming days of a weekday."""
    first = buyer.today() + timedelta(days=1 + (weekday - buyer.today().weekday() - 1) % 7)
    return (str(first + timedelta(days=7 * number)) for number in range(20))


def instants(values: list[str]) -> list[datetime]:
    return [datetime.fromisoformat(value) for value in values]


def day_of(row: Json) -> date:
    return datetime.fromisoformat(row["start_time"]).date()
