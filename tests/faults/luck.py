"""Bad luck by the dice of one seed: answers lost or spoilt on the way to the museum and to the payment provider, and
the death of whoever is at work, before any statement to the database and around every call.

A death here costs no process: `Died` is no Exception, so nothing of the shop catches it, and until the next life begins
every further statement and call dies as well. What was committed before stays, as after a SIGKILL.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.db import connection

from orders.models import Payment
from orders.payments.port import Charge, PaymentUnavailable, Provider

BEFORE = ("not_sent", "unanswered", "status_500", "status_503", "status_429", "late")
AFTER = ("unheard", "bad_gateway", "empty", "cut")
DEATH_PER_STATEMENT = 0.012


class Died(BaseException):
    """The process at work is no more."""


class Luck:
    """Deals out at most `mishaps` mishaps, then none any more."""

    def __init__(self, dice: random.Random, mishaps: int) -> None:
        self.dice = dice
        self.story: list[str] = []
        self._left = mishaps
        self._dead = False

    def calm(self) -> None:
        """From now on all goes well."""
        self._left = 0

    def strikes(self, chance: float) -> bool:
        if self._left and self.dice.random() < chance:
            self._left -= 1
            return True
        return False

    def meet(self, where: str, chance: float) -> None:
        """Die here, perhaps."""
        if self._dead:
            raise Died
        if self.strikes(chance):
            self.story.append(f"died: {where[:90]}")
            self._dead = True
            raise Died

    def statement(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.meet(sql, DEATH_PER_STATEMENT)
        return execute(sql, *rest)

    @contextmanager
    def life(self, what: str) -> Iterator[None]:
        """One process that does something, and may die of it."""
        self.story.append(what)
        self._dead = False
        try:
            with connection.execute_wrapper(self.statement):
                yield
        except Died:
            pass
        finally:
            self._dead = False


class UnluckyWay(httpx.BaseTransport):
    """The way to the museum. What is `late` arrives when `arrive` is called, long after it was given up."""

    def __init__(self, luck: Luck) -> None:
        self.luck = luck
        self._way = httpx.HTTPTransport(verify=False)  # the certificates are not needed and cost 70 ms
        self._late: list[httpx.Request] = []

    def arrive(self) -> None:
        """Let what was believed lost come through."""
        while self._late:
            request = self._late.pop(0)
            self.luck.story.append(f"late: {request.method} {request.url.path[-30:]}")
            self._way.handle_request(request).read()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        where = f"{request.method} {request.url.path[-30:]}"
        self.luck.meet(f"ask {where}", 0.05)
        kind = self.luck.dice.choice(BEFORE + AFTER) if self.luck.strikes(0.25) else ""
        if kind:
            self.luck.story.append(f"{kind}: {where}")
        if kind in BEFORE:
            return self._before(kind, request)
        answer = self._way.handle_request(request)
        content = answer.read()
        self.luck.meet(f"hear {where}", 0.08)
        if kind == "unheard":
            raise httpx.ReadTimeout("no answer", request=request)
        if kind == "bad_gateway":
            return httpx.Response(502, text="<h1>Bad Gateway</h1>")
        if kind == "empty":
            return httpx.Response(200)
        return httpx.Response(answer.status_code, content=content[: len(content) // 2]) if kind else answer

    def _before(self, kind: str, request: httpx.Request) -> httpx.Response:
        if kind == "not_sent":
            raise httpx.ConnectError("refused", request=request)
        if kind in ("unanswered", "late"):
            if kind == "late":
                self._late.append(request)
            raise httpx.ReadTimeout("no answer", request=request)
        headers = {"Retry-After": "1"} if kind != "status_500" else {}
        return httpx.Response(int(kind[-3:]), headers=headers, json={"error": "Not now."})

    def close(self) -> None:
        self._way.close()


class UnluckyProvider:
    """A payment provider that may not hear, may not be heard, and whose caller may die."""

    def __init__(self, provider: Provider, luck: Luck) -> None:
        self._provider, self.luck = provider, luck
        self.name, self.title = provider.name, provider.title
        self.redirects, self.in_advance = provider.redirects, provider.in_advance

    def start(self, payment: Payment, return_url: str) -> str:
        return str(self._call("start", payment, return_url))

    def fetch(self, payment: Payment) -> Charge:
        charge: Charge = self._call("fetch", payment)
        return charge

    def capture(self, payment: Payment) -> Charge:
        charge: Charge = self._call("capture", payment)
        return charge

    def void(self, payment: Payment) -> Charge:
        charge: Charge = self._call("void", payment)
        return charge

    def refund(self, payment: Payment, cents: int, key: str) -> None:
        self._call("refund", payment, cents, key)

    def _call(self, act: str, payment: Payment, *rest: object) -> Any:
        self.luck.meet(f"before {act}", 0.04)
        if self.luck.strikes(0.12):
            self.luck.story.append(f"provider does not hear: {act}")
            raise PaymentUnavailable("not heard")
        said = getattr(self._provider, act)(payment, *rest)
        self.luck.meet(f"after {act}", 0.06)
        if self.luck.strikes(0.12):
            self.luck.story.append(f"provider is not heard: {act}")
            raise PaymentUnavailable("answer lost")
        return said
