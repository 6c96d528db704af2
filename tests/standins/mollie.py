"""Plays Mollie: payments, captures and refunds in JSON, idempotent, and calls that carry nothing but an id."""

import itertools
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from tests.standins.server import Answer, Server

KEY = "test_standin"


class Mollie(Server):
    """The customer acts through `pay`, `decline`; `ledger` says where the money of a payment is."""

    content_type = "application/hal+json"

    def __init__(self) -> None:
        super().__init__()
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.holds = False  # this customer's method holds the money first
        self.refuse_capture = 0
        self._replies: dict[str, Answer] = {}
        self._serial = itertools.count(1)

    # --- the customer -------------------------------------------------------------------------------------

    def pay(self, payment_id: str, cents: int | None = None) -> None:
        assert self.payments[payment_id]["status"] == "open", "this page is closed"
        self.force(payment_id, cents)

    def force(self, payment_id: str, cents: int | None = None) -> None:
        """Let money come whatever we did with the page: it was paid at the very moment we closed it."""
        payment = self.payments[payment_id]
        payment["status"] = "authorized" if self.holds else "paid"
        if cents is not None:
            payment["amount"] = money(cents)
        payment["_links"].pop("checkout", None)

    def end(self, payment_id: str, status: str) -> None:
        """Decline, give up or expire."""
        self.payments[payment_id]["status"] = status
        self.payments[payment_id]["_links"].pop("checkout", None)

    def call(self, payment_id: str) -> dict[str, Any]:
        """Return what a call about the payment looks like on the wire: arguments of a test client's `post`."""
        return {"data": {"id": payment_id}}

    def ledger(self, payment_id: str) -> tuple[str, int]:
        """Return (status; cents the shop has in the end)."""
        payment = self.payments[payment_id]
        kept = cents_of(payment["amount"]) if payment["status"] == "paid" else 0
        return payment["status"], kept - cents_of(payment.get("amountRefunded", money(0)))

    # --- the wire -----------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> Answer:
        headers = {name.lower(): value for name, value in headers.items()}
        if headers.get("authorization") != f"Bearer {KEY}":
            return problem(401)
        key = headers.get("idempotency-key", "")
        if method != "GET" and key in self._replies:
            return self._replies[key]
        reply = self._act(method, urlsplit(path).path, json.loads(body) if body else {})
        if method != "GET" and key:
            self._replies[key] = reply
        return reply

    def _act(self, method: str, path: str, sent: dict[str, Any]) -> Answer:  # noqa: PLR0911 - one per route
        match method, path.removeprefix("/v2/payments").strip("/").split("/"):
            case "POST", [""]:
                return self._open(sent)
            case "GET", [payment_id] if payment_id in self.payments:
                return 200, json.dumps(self.payments[payment_id])
            case "DELETE", [payment_id]:
                self.end(payment_id, "canceled")
                return 200, json.dumps(self.payments[payment_id])
            case "POST", [payment_id, "release-authorization"]:
                self.end(payment_id, "canceled")
                return 202, ""
            case "POST", [payment_id, "captures"]:
                return self._capture(payment_id)
            case "GET", [payment_id, "refunds"]:
                found = [refund for refund in self.refunds if refund["paymentId"] == payment_id]
                page = {"count": len(found), "_embedded": {"refunds": found}}
                links = {"self": link("x"), "previous": None, "next": None, "documentation": link("d")}
                return 200, json.dumps(page | {"_links": links})
            case "POST", [payment_id, "refunds"]:
                return self._refund(payment_id, sent)
        return problem(404)

    def _open(self, sent: dict[str, Any]) -> Answer:
        payment_id = f"tr_{next(self._serial)}"
        self.payments[payment_id] = {
            "resource": "payment",
            "id": payment_id,
            "mode": "test",
            "description": sent["description"],
            "amount": sent["amount"],
            "sequenceType": "oneoff",
            "profileId": "pfl_1",
            "status": "open",
            "isCancelable": True,
            "createdAt": "2026-01-01T12:00:00+00:00",
            "webhookUrl": sent["webhookUrl"],
            "redirectUrl": sent["redirectUrl"],
            "metadata": sent["metadata"],
            "_links": {
                "self": link("self"),
                "dashboard": link("dashboard"),
                "checkout": link(f"checkout/{payment_id}"),
            },
        }
        return 201, json.dumps(self.payments[payment_id])

    def _capture(self, payment_id: str) -> Answer:
        payment = self.payments[payment_id]
        if payment["status"] != "authorized" or self.refuse_capture:
            self.refuse_capture = max(self.refuse_capture - 1, 0)
            return problem(422)
        payment |= {"status": "paid", "amountCaptured": payment["amount"]}
        capture = {
            "resource": "capture",
            "id": "cpt_1",
            "mode": "test",
            "amount": payment["amount"],
            "status": "succeeded",
            "paymentId": payment_id,
            "createdAt": "2026-01-01T12:00:00+00:00",
            "_links": {"self": link("s"), "payment": link("p"), "documentation": link("d")},
        }
        return 201, json.dumps(capture)

    def _refund(self, payment_id: str, sent: dict[str, Any]) -> Answer:
        payment = self.payments[payment_id]
        before = cents_of(payment.get("amountRefunded", money(0)))
        if before + cents_of(sent["amount"]) > cents_of(payment["amount"]) or payment["status"] != "paid":
            return problem(422)
        payment["amountRefunded"] = money(before + cents_of(sent["amount"]))
        refund = {
            "resource": "refund",
            "id": f"re_{next(self._serial)}",
            "mode": "test",
            "description": sent["description"],
            "amount": sent["amount"],
            "metadata": sent["metadata"],
            "paymentId": payment_id,
            "status": "pending",
            "createdAt": "2026-01-01T12:00:00+00:00",
            "_links": {"self": link("s"), "payment": link("p"), "documentation": link("d")},
        }
        self.refunds.append(refund)
        return 201, json.dumps(refund)


def money(cents: int) -> dict[str, str]:
    return {"currency": "EUR", "value": f"{Decimal(cents) / 100:.2f}"}


def cents_of(amount: dict[str, str]) -> int:
    return int(Decimal(amount["value"]) * 100)


def link(name: str) -> dict[str, str]:
    return {"href": f"https://www.mollie.com/{name}", "type": "application/hal+json"}


def problem(status: int) -> Answer:
    links = {"documentation": link("errors")}
    return status, json.dumps({"status": status, "title": "No", "detail": "No.", "_links": links})
