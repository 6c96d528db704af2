"""The states of an order and the transitions between them, as data.

An order moves only through `transitions.move`, which checks this table and updates conditionally on the old state,
so of two workers (or a worker and a customer) exactly one makes a transition.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    PLACED = "placed", _("placed, to be reserved at the museum")
    AWAITING = "awaiting", _("waiting for the bank transfer")
    DRAFT_UNKNOWN = "draft_unknown", _("reservation in doubt, being checked")
    DRAFTED = "drafted", _("reserved, waiting for payment")
    AUTHORISED = "authorised", _("payment authorised, to be collected")
    PAID = "paid", _("paid, to be booked at the museum")
    FINALIZE_UNKNOWN = "finalize_unknown", _("booking in doubt, being checked")
    FINALIZED = "finalized", _("booked, tickets being made")
    READY = "ready", _("tickets ready")
    REFUSED = "refused", _("refused by the museum, nothing charged")
    PRICE_CHANGED = "price_changed", _("price changed, nothing charged")
    CANCELLING = "cancelling", _("being given back to the museum, nothing charged")
    EXPIRED = "expired", _("not paid in time, nothing charged")
    REFUND_DUE = "refund_due", _("not booked, money to be returned")
    REFUNDED = "refunded", _("not booked, money returned")


S = State

# state -> the states that may follow it
TRANSITIONS: dict[State, frozenset[State]] = {
    S.PLACED: frozenset(
        {S.DRAFTED, S.DRAFT_UNKNOWN, S.REFUSED, S.PRICE_CHANGED, S.CANCELLING}
        | {S.AWAITING, S.REFUND_DUE}  # of orders paid in advance
    ),
    S.AWAITING: frozenset({S.PLACED, S.EXPIRED, S.REFUND_DUE}),
    S.DRAFT_UNKNOWN: frozenset({S.DRAFTED, S.PLACED, S.CANCELLING}),
    S.DRAFTED: frozenset({S.AUTHORISED, S.PAID, S.CANCELLING}),
    S.AUTHORISED: frozenset({S.PAID, S.DRAFTED, S.CANCELLING}),
    S.PAID: frozenset({S.FINALIZED, S.FINALIZE_UNKNOWN, S.REFUND_DUE}),
    S.FINALIZE_UNKNOWN: frozenset({S.FINALIZED, S.PAID, S.REFUND_DUE}),
    S.FINALIZED: frozenset({S.READY}),
    S.CANCELLING: frozenset(
        {S.EXPIRED, S.PRICE_CHANGED, S.REFUSED, S.REFUND_DUE}  # `Order.refusal` says which
    ),
    S.REFUND_DUE: frozenset({S.REFUNDED}),
    S.READY: frozenset(),
    S.REFUSED: frozenset(),
    S.PRICE_CHANGED: frozenset(),
    S.EXPIRED: frozenset(),
    S.REFUNDED: frozenset(),
}

FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
FAILED = FINAL - {S.READY}  # ended without tickets and without money kept
IN_DOUBT = frozenset({S.DRAFT_UNKNOWN, S.FINALIZE_UNKNOWN})
# The engine moves these on when `Order.due_at` has come; FINALIZED belongs to the makers of documents.
DRIVEN = frozenset(State) - FINAL - {S.FINALIZED}


class Step(TextChoices):
    """What the journal records: one upstream, payment or delivery act."""

    CREATE = "create", _("reserve at the museum")
    LOOKUP = "lookup", _("look up at the museum")
    RECEIVE = "receive", _("money received, entered by staff")
    PAY = "pay", _("collect the payment")
    FINALIZE = "finalize", _("book at the museum")
    DOCUMENTS = "documents", _("make the tickets")
    MAIL = "mail", _("send mail")
    CANCEL = "cancel", _("give back at the museum")
    RELEASE = "release", _("close the payment, nothing charged")
    REFUND = "refund", _("return the money")
    WITHDRAW = "withdraw", _("pass a withdrawal on to the museum")
    PERSONALISE = "personalise", _("make an annual ticket out to somebody")
    RATE = "rate", _("pass a rating on to the museum")


class Outcome(TextChoices):
    OPEN = "open", _("begun, no answer recorded")
    OK = "ok", _("done")
    REFUSED = "refused", _("refused")
    UNAVAILABLE = "unavailable", _("not processed, try later")
    UNKNOWN = "unknown", _("sent, outcome unknown")
