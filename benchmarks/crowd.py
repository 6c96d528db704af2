"""Visitors by the hundred: each browses, fills a basket or buys, with the pauses of people, and counts what it got.

One event loop drives them all, so what is measured includes the time the loop itself was busy.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import httpx

BROWSE, BASKET, BUY = 0.90, 0.08, 0.02
PAUSE = (1.0, 9.0)  # seconds between two pages of a person
CONTACT = {"given_name": "Ida", "family_name": "Brandt", "email": "ida@example.org"}
ADDRESS = {"street": "Weg 1", "zip_code": "24105", "city": "Kiel"}
CATALOGUE = (
    "/de/",
    "/de/museums/",
    "/de/exhibitions/",
    "/de/events/",
    "/de/tours/",
    "/en/",
    "/en/exhibitions/",
)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
AGREED = re.compile(r'name="agreed" value="([^"]+)"')
COUNTRY = re.compile(r'<option value="(\d+)"')


@dataclass(slots=True)
class Goods:
    """What there is to see and to buy: addresses of pages, the ticket, its times, and the one time many want."""

    pages: tuple[str, ...]
    ticket: int
    times: tuple[str, ...]
    wanted: str


@dataclass(slots=True)
class Seen:
    """What the crowd got: seconds by kind of page, troubles by their words, numbers of orders of the bought."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    troubles: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def percentile(self, kind: str, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        times = sorted(self.seconds[kind])
        return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0


class Trouble(Exception):
    """An answer that no visitor should get."""


class Person:
    """One visitor with cookies of their own."""

    def __init__(self, client: httpx.AsyncClient, seen: Seen, luck: random.Random) -> None:
        self._client, self._seen, self._luck = client, seen, luck

    async def pause(self) -> None:
        await asyncio.sleep(self._luck.uniform(*PAUSE))

    async def look(self, kind: str, path: str, **sent: str) -> httpx.Response:
        """Ask for a page, or send a form if there is something to send; note how long it took."""
        begun = time.perf_counter()
        try:
            call = self._client.post(path, data=sent) if sent else self._client.get(path)
            answer = await call
        except httpx.HTTPError as error:
            raise Trouble(f"{kind}: {type(error).__name__}") from error
        self._seen.seconds[kind].append(time.perf_counter() - begun)
        if answer.status_code >= 400 and answer.status_code != 422:
            raise Trouble(f"{kind}: {answer.status_code}")
        return answer

    async def browse(self, goods: Goods) -> None:
        for _ in range(self._luck.randint(3, 8)):
            if self._luck.random() < 0.15:
                await self.look("ticket page with live places", f"/de/tickets/{goods.ticket}/")
            else:
                await self.look("catalogue", self._luck.choice(goods.pages))
            await self.pause()

    async def fill_basket(self, goods: Goods, at: str) -> bool:
        """Put two tickets into the basket; return whether they are in it."""
        here = f"/de/tickets/{goods.ticket}/"
        query = httpx.QueryParams({"day": at[:10], "time": at})
        page = await self.look("ticket page with live places", f"{here}?{query}")
        await self.pause()
        choice = {"anchor": str(goods.ticket), "time": at, f"q-{goods.ticket}": "2"}
        added = await self.look("basket: add", "/de/basket/add/", csrfmiddlewaretoken=_token(page), **choice)
        if added.status_code == 422 or "basket" not in added.headers.get("location", ""):
            return False
        await self.look("basket", "/de/basket/")
        return True

    async def fill(self, goods: Goods) -> None:
        filled = await self.fill_basket(goods, self._luck.choice(goods.times))
        self._seen.outcomes["baskets filled" if filled else "baskets refused: sold out"] += 1
        await self.pause()
        await self.look("basket", "/de/basket/")

    async def buy(self, goods: Goods) -> None:
        """Buy two tickets for the time everybody wants; be content when it is sold out."""
        if not await self.fill_basket(goods, goods.wanted):
            self._seen.outcomes["buyers too late for the wanted time"] += 1
            return
        await self.pause()
        page = await self.look("checkout", "/de/checkout/contact/")
        await self.look("checkout", "/de/checkout/contact/", csrfmiddlewaretoken=_token(page), **CONTACT)
        page = await self.look("checkout", "/de/checkout/payment/")
        paying = {"method": "invoice", **ADDRESS, "country": _first(COUNTRY, page, "country")}
        await self.look("checkout", "/de/checkout/payment/", csrfmiddlewaretoken=_token(page), **paying)
        await self.pause()
        page = await self.look("checkout", "/de/checkout/review/")
        if not (agreed := AGREED.search(page.text)):
            self._seen.outcomes["buyers too late for the wanted time"] += 1
            return
        sent = {"terms": "on", "agreed": agreed[1]}
        done = await self.look("checkout", "/de/checkout/review/", csrfmiddlewaretoken=_token(page), **sent)
        where = done.headers.get("location", "")
        if "/order/" not in where:
            self._seen.outcomes["buyers too late for the wanted time"] += 1
            return
        self._seen.outcomes["orders placed"] += 1
        for _ in range(3):
            await self.pause()
            await self.look("order page", where)


async def crowd(base_url: str, goods: Goods, *, number: int, seconds: float, seed: int) -> Seen:
    """Let `number` visitors come and go for so long; who leaves is followed by the next one."""
    seen, until = Seen(), time.monotonic() + seconds
    transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=number, keepalive_expiry=2))
    kinds = _kinds(number)

    async def place(at: int) -> None:
        luck = random.Random(seed + at)  # noqa: S311 - nothing is kept secret with it
        await asyncio.sleep(luck.uniform(0, PAUSE[1]))  # they do not all come at once
        while time.monotonic() < until:
            client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=30)
            person = Person(client, seen, luck)
            act = {BROWSE: person.browse, BASKET: person.fill, BUY: person.buy}[kinds[at]]
            try:
                await act(goods)
            except Trouble as trouble:
                seen.troubles[str(trouble)] += 1
                await person.pause()

    await asyncio.gather(*(place(at) for at in range(number)))
    await transport.aclose()
    return seen


def _kinds(number: int) -> list[float]:
    baskets, buyers = round(number * BASKET), max(1, round(number * BUY))
    return [BUY] * buyers + [BASKET] * baskets + [BROWSE] * (number - buyers - baskets)


def _token(page: httpx.Response) -> str:
    return _first(TOKEN, page, "form")


def _first(pattern: re.Pattern[str], page: httpx.Response, what: str) -> str:
    found = pattern.search(page.text)
    if found is None:
        raise Trouble(f"{page.url.path}: no {what} on the page ({page.status_code})")
    return found[1]
