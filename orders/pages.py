"""What the page behind an order's secret link says, state by state. Words and links only, nothing is done here."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.endings import ENDED
from orders.lifecycle import FINAL, IN_DOUBT, State
from orders.models import LedgerLine, Order, Payment
from orders.payments.methods import alternatives, is_late, provider_of
from orders.refusals import words_of
from shop.dates import clock
from shop.money import format_money

PATIENCE = timedelta(seconds=30)  # after this the buyer hears that the page may be closed
HURRY = timedelta(minutes=5)  # so long before the places go back the buyer is warned
TEMPLATES = {
    "processing": "orders/processing.html",
    "pay": "orders/pay.html",
    "transfer": "orders/transfer.html",
    "ended": "orders/ended.html",
    "ready": "orders/order.html",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the progress list; exactly one is `now`."""

    label: str | Promise
    state: str  # done, now, next


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a template of the order page needs besides the order itself.

    `look` changes when the whole page must be shown anew, `stamp` also when only its moving part differs.
    """

    kind: str
    title: str
    sentence: str
    moving: bool  # ask again by itself
    steps: tuple[Step, ...] = ()
    patience: str = ""
    declined: bool = False
    methods: dict[str, Promise] = field(default_factory=dict)
    way_out: str = ""
    way_out_label: str = ""
    museum_says: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return TEMPLATES[self.kind]

    @property
    def look(self) -> str:
        return hashlib.blake2s(f"{self.kind} {self.title} {self.moving}".encode(), digest_size=6).hexdigest()

    @property
    def stamp(self) -> str:
        now = [step.state for step in self.steps].index("now") if self.steps else 0
        return f"{self.look}-{now}-{int(bool(self.patience))}"


def page_of(order: Order) -> Page:
    """Return what the order's page says now, in the active language."""
    if order.state == State.READY and not order.items.filter(cancelled_at=None).exists():
        return Page("ready", _("Your order is cancelled"), "", moving=False)
    if order.state == State.READY:
        return Page("ready", _("Your tickets are ready"), "", moving=False)
    if order.state == State.DRAFTED and provider_of(order).redirects and not _is_pending(order):
        return _ended(order, "expired") if is_late(order) else _pay(order)
    if order.state == State.AWAITING and (payment := _open_payment(order)):
        return _transfer(order, payment)
    if order.state in ENDINGS:
        return _ended(order)
    return _processing(order)


STEPS = {
    "reserve": gettext_lazy("Reserve your places at the museum"),
    "pay": gettext_lazy("Payment"),
    "book": gettext_lazy("Book at the museum"),
    "tickets": gettext_lazy("Make your tickets"),
}
NOW = {
    State.PLACED: "reserve",
    State.AWAITING: "pay",
    State.DRAFT_UNKNOWN: "reserve",
    State.DRAFTED: "pay",
    State.AUTHORISED: "pay",
    State.PAID: "book",
    State.FINALIZE_UNKNOWN: "book",
    State.FINALIZED: "tickets",
}


def _processing(order: Order) -> Page:
    doubt = order.state in IN_DOUBT
    sentence = _doubt(order) if doubt else SENTENCES[NOW[State(order.state)]]
    since = order.state_since if doubt else order.created_at
    patience = _patience(order) if timezone.now() - since > PATIENCE else ""
    title = _("We are checking with the museum") if doubt else _("Your order is on its way")
    return Page("processing", title, str(sentence), moving=True, steps=_steps(order), patience=patience)


def _patience(order: Order) -> str:
    """Only who has paid or promised will get a mail; before that the link is the way back."""
    unpaid = order.state in BEFORE_PAYMENT and not provider_of(order).in_advance
    if unpaid and not _is_pending(order):
        return _(
            "This is taking longer than usual. You may close this page and come back by its link: nothing has been "
            "charged."
        )
    return _(
        "This is taking longer than usual. You may close this page: we will write to %(email)s as soon as there is "
        "news."
    ) % {"email": order.email}


BEFORE_PAYMENT = (State.PLACED, State.DRAFT_UNKNOWN, State.DRAFTED)
SENTENCES = {
    "reserve": gettext_lazy("We are reserving your places at the museum."),
    "pay": gettext_lazy("We are confirming your payment."),
    "book": gettext_lazy("We are booking your places at the museum."),
    "tickets": gettext_lazy("Your places are booked. We are making your tickets."),
}


def _doubt(order: Order) -> str:
    if order.state == State.DRAFT_UNKNOWN:
        return _(
            "The museum’s system has not answered clearly. We are checking whether your places are reserved. "
            "Nothing has been charged."
        )
    return _(
        "Your payment has arrived. The museum’s system has not answered clearly, so we are checking whether your "
        "places are booked. Please do not pay again."
    )


def _steps(order: Order) -> tuple[Step, ...]:
    provider = provider_of(order)
    names = [name for name in STEPS if name != "pay" or provider.redirects]
    now = NOW[State(order.state)]
    if provider.in_advance:  # the money first; it is there when anything is reserved
        names = ["pay", *names]
        now = "reserve" if order.state == State.DRAFTED else now
    at = names.index(now if now in names else "book")
    states = ["done"] * at + ["now"] + ["next"] * (len(names) - at - 1)
    return tuple(Step(STEPS[name], state) for name, state in zip(names, states, strict=True))


def _pay(order: Order) -> Page:
    last = order.payments.order_by("-id").first()
    declined = last is not None and last.state in (Payment.State.FAILED, Payment.State.VOIDED)
    sentence = _("Your places are reserved. Please pay now so that we can book them.")
    if declined:
        sentence = _(
            "The payment did not go through and nothing was charged. Your places are still reserved."
        )
    title = _("Payment did not go through") if declined else _("Please pay now")
    return Page(
        "pay",
        title,
        sentence,
        moving=True,
        declined=declined,
        steps=_steps(order),
        patience=_hurry(order),
        methods=alternatives(order),
    )


def _hurry(order: Order) -> str:
    """The warning that the time to pay ends soon; "" while there is enough."""
    if order.pay_until is None or order.pay_until - timezone.now() > HURRY:
        return ""
    return _(
        "Your places are held until %(time)s only. If you have not paid by then they go back to the museum; nothing "
        "is charged, and you can order the same again."
    ) % {"time": clock(order.pay_until, get_language() or order.language)}


def _open_payment(order: Order) -> Payment | None:
    return order.payments.filter(state=Payment.State.OPEN).first()


def _is_pending(order: Order) -> bool:
    """Has the customer done everything, and only the provider still waits for the money?"""
    return order.payments.filter(state=Payment.State.OPEN, pending=True).exists()


def _transfer(order: Order, payment: Payment) -> Page:
    sentence = _(
        "We book your places as soon as your money has arrived. Until then they are not held for you."
    )
    if payment.collected_cents:
        came = format_money(payment.collected_cents, order.currency, get_language() or order.language)
        sentence = _("%(sum)s of your transfer have arrived. Please transfer the rest.") % {"sum": came}
    return Page(
        "transfer",
        _("Please transfer the money"),
        sentence,
        moving=True,
        steps=_steps(order),
        methods=alternatives(order),
    )


ENDINGS = frozenset({State.CANCELLING, State.REFUND_DUE} | (FINAL - {State.READY}))


def _ended(order: Order, ending: str = "") -> Page:
    ending = ending or _ending(order)
    title, sentence, label = words_of(ending)
    said = () if ending in ENDED and ending != "refused" else tuple(order.refusal.get("messages", ()))
    return Page(
        "ended",
        str(title),
        f"{sentence} {_new_price(order)}".strip(),
        moving=order.state not in FINAL,
        way_out=reverse("checkout:again", args=[order.secret]) if order.state in FINAL else "",
        way_out_label=str(label),
        museum_says=said,
    )


def _new_price(order: Order) -> str:
    cents = order.refusal.get("expected_total")
    if not isinstance(cents, int):
        return ""
    new, old = (
        format_money(sum_, order.currency, get_language() or order.language)
        for sum_ in (cents, order.total_cents)
    )
    return _("It is %(new)s instead of %(old)s.") % {"new": new, "old": old}


COLLECTED = (Payment.State.CAPTURED, Payment.State.RETURNING, Payment.State.REFUNDED)


def _ending(order: Order) -> str:
    """Return the key of the words that fit how the order ended."""
    code = order.refusal.get("code", "")
    if order.state in (State.REFUND_DUE, State.REFUNDED):
        collected = order.payments.filter(state__in=COLLECTED).exists()
        if collected and code == "not_paid_in_full":
            return f"part_{'done' if order.state == State.REFUNDED else 'due'}"
        return f"{'refund' if collected else 'unbooked'}_{'done' if order.state == State.REFUNDED else 'due'}"
    if code == "" and order.state in (State.CANCELLING, State.EXPIRED):
        if order.payments.filter(collected_cents__gt=0).exists():
            return "expired_returned"
        if provider_of(order).in_advance:
            return "expired_transfer"
        held = order.payments.filter(state=Payment.State.VOIDED, ledger__kind=LedgerLine.Kind.AUTHORISED)
        late = order.payments.filter(state=Payment.State.VOIDED, trouble=Payment.Trouble.LATE)
        return "expired_held" if held.exists() or late.exists() else "expired"
    return code or "refused"
