"""Plays Stripe: checkout sessions, payment intents and refunds, form-encoded, idempotent, with signed calls."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.server import Answer, Server

KEY, SECRET = "sk_test_standin", "whsec_standin"


class Stripe(Server):
    """The customer acts through `pay`, `decline`; `ledger` says where the money of a session is."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.refuse_capture = 0
        self._replies: dict[str, tuple[str, Answer]] = {}
        self._serial = itertools.count(1)

    # --- the customer -------------------------------------------------------------------------------------

    def pay(self, session_id: str, cents: int | None = None) -> None:
        session = self.sessions[session_id]
        assert session["status"] == "open", "this page is closed"
        self.force(session_id, cents)

    def force(self, session_id: str, cents: int | None = None, status: str = "requires_capture") -> None:
        """Let money come whatever we did with the page: it was paid at the very moment we closed it."""
        session = self.sessions[session_id]
        amount = session["amount_total"] if cents is None else cents
        intent = {
            "id": f"pi_{next(self._serial)}",
            "object": "payment_intent",
            "status": status,
            "amount": amount,
            "amount_received": amount if status == "succeeded" else 0,
            "currency": session["currency"],
            "latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0},
        }
        self.intents[intent["id"]] = intent
        session |= {"status": "complete", "url": None, "payment_intent": intent["id"]}

    def call(self, session_id: str, kind: str = "checkout.session.completed") -> dict[str, Any]:
        """Return what a call about the session looks like on the wire: arguments of a test client's `post`."""
        body = {"id": f"evt_{kind}_{session_id}", "object": "event", "type": kind}
        text = json.dumps(body | {"data": {"object": self.sessions[session_id]}})
        return {
            "data": text,
            "content_type": "application/json",
            "headers": {"Stripe-Signature": sign(text)},
        }

    def ledger(self, session_id: str) -> tuple[str, int]:
        """Return (collected, held or nothing; cents the shop has in the end)."""
        intent = self.intents.get(self.sessions[session_id]["payment_intent"] or "")
        if intent is None:
            return self.sessions[session_id]["status"], 0
        return intent["status"], intent["amount_received"] - intent["latest_charge"]["amount_refunded"]

    # --- the wire -----------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> Answer:
        if headers.get("Authorization") != f"Bearer {KEY}":
            return error(401, "invalid_api_key")
        key = headers.get("Idempotency-Key", "")
        if method == "POST" and key in self._replies:
            before, reply = self._replies[key]
            return (
                reply if before == path + body else error(400, "idempotency_key_in_use", "idempotency_error")
            )
        reply = self._act(method, urlsplit(path), {k: v[-1] for k, v in parse_qs(body).items()})
        if method == "POST" and key:
            self._replies[key] = (path + body, reply)
        return reply

    def _act(self, method: str, url: Any, sent: dict[str, str]) -> Answer:  # noqa: PLR0911 - one per route
        match method, url.path.removeprefix("/v1/").split("/"):
            case "POST", ["checkout", "sessions"]:
                return self._open(sent)
            case "GET", ["checkout", "sessions", session_id] if session_id in self.sessions:
                return ok(self._expanded(self.sessions[session_id], "expand" in url.query))
            case "POST", ["checkout", "sessions", session_id, "expire"]:
                session = self.sessions[session_id]
                if session["status"] != "open":
                    return error(400, "resource_already_expired")
                session |= {"status": "expired", "url": None}
                return ok(session)
            case "POST", ["payment_intents", intent_id, act]:
                return self._turn(self.intents[intent_id], act, sent)
            case "GET", ["refunds"]:
                wanted = parse_qs(url.query)["payment_intent"][0]
                found = [refund for refund in self.refunds if refund["payment_intent"] == wanted]
                return ok({"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"})
            case "POST", ["refunds"]:
                return self._refund(sent)
        return error(404, "resource_missing")

    def _open(self, sent: dict[str, str]) -> Answer:
        serial = next(self._serial)
        assert sent["payment_intent_data[capture_method]"] == "manual"
        session = {
            "id": f"cs_test_{serial}",
            "object": "checkout.session",
            "status": "open",
            "url": f"https://checkout.stripe.com/c/pay/cs_test_{serial}",
            "amount_total": int(sent["line_items[0][price_data][unit_amount]"]),
            "currency": sent["line_items[0][price_data][currency]"],
            "metadata": {"reference": sent["metadata[reference]"]},
            "client_reference_id": sent["client_reference_id"],
            "expires_at": int(sent["expires_at"]),
            "payment_intent": None,
        }
        self.sessions[str(session["id"])] = session
        return ok(session)

    def _expanded(self, session: dict[str, Any], expand: bool) -> dict[str, Any]:
        intent = self.intents.get(session["payment_intent"] or "")
        return session | {"payment_intent": intent} if expand and intent else session

    def _turn(self, intent: dict[str, Any], act: str, sent: dict[str, str]) -> Answer:
        if intent["status"] != "requires_capture":
            return error(400, "payment_intent_unexpected_state")
        if act == "cancel":
            intent["status"] = "canceled"
        elif self.refuse_capture:
            self.refuse_capture -= 1
            return error(402, "card_declined", "card_error")
        else:
            intent |= {"status": "succeeded", "amount_received": int(sent["amount_to_capture"])}
        return ok(intent)

    def _refund(self, sent: dict[str, str]) -> Answer:
        intent = self.intents[sent["payment_intent"]]
        charge, cents = intent["latest_charge"], int(sent["amount"])
        if charge["amount_refunded"] + cents > intent["amount_received"]:
            return error(400, "charge_already_refunded")
        charge["amount_refunded"] += cents
        refund = {
            "id": f"re_{next(self._serial)}",
            "object": "refund",
            "status": "succeeded",
            "amount": cents,
            "payment_intent": intent["id"],
            "metadata": {"key": sent["metadata[key]"]},
        }
        self.refunds.append(refund)
        return ok(refund)


def sign(text: str, secret: str = SECRET, at: int | None = None) -> str:
    at = int(time.time()) if at is None else at
    proof = hmac.new(secret.encode(), f"{at}.{text}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={proof}"


def ok(thing: dict[str, Any]) -> Answer:
    return 200, json.dumps(thing)


def error(status: int, code: str, kind: str = "invalid_request_error") -> Answer:
    return status, json.dumps({"error": {"type": kind, "code": code, "message": "No."}})
