"""How far a buyer has come. What they typed lives in their session; the names belong to one basket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checkout import addresses
from checkout.models import Basket
from checkout.seen import Named, Overview
from counter import selling
from orders.payments import methods
from orders.snapshot import Attendee, Buyer

KEY = "checkout"
STEPS: dict[str, Promise] = {
    "contact": _("Contact"),
    "names": _("Names"),
    "payment": _("Payment"),
    "review": _("Review"),
}


LASTING = ("contact", "payment")  # what is not asked for again when the same visitor orders again


@dataclass(slots=True)
class Progress:
    """One buyer on the way to order one basket."""

    session: SessionBase
    basket: Basket
    seen: Overview
    seller: User | None = None  # staff who sell at the counter

    def answers(self, step: str) -> dict[str, str]:
        """What was entered at a step, for another basket before as well; names for this one. Empty if nothing yet."""
        found: dict[str, str] = self._kept().get(step, {})
        return found

    def answer(self, step: str, data: dict[str, Any]) -> None:
        """Remember a step. The names of another basket are forgotten."""
        entered = {name: str(value) for name, value in data.items()}
        self.session[KEY] = {**self._kept(), "basket": self.basket.secret, step: entered}

    def forget(self) -> None:
        """Somebody else sits here now: nothing typed so far is theirs."""
        self.session.pop(KEY, None)

    @property
    def steps(self) -> list[str]:
        """The steps this basket needs."""
        wanted = {"names": bool(self.named), "payment": self.seen.total_cents > 0}
        return [step for step in STEPS if wanted.get(step, True)]

    @property
    def named(self) -> list[Named]:
        """What carries names."""
        return self.seen.named

    def missing_before(self, step: str) -> str | None:
        """The first step before this one that is not answered yet."""
        earlier = self.steps[: self.steps.index(step)]
        return next((one for one in earlier if not self._is_answered(one)), None)

    def next_step(self) -> str:
        """The first step not answered yet; so who came back from the review to change something returns to it."""
        return self.missing_before("review") or "review"

    def trail(self, step: str) -> list[tuple[str, Promise, bool, bool]]:
        """All steps as (name, title, is it this one, can one go back to it)."""
        at = self.steps.index(step)
        return [(name, STEPS[name], number == at, number < at) for number, name in enumerate(self.steps)]

    @property
    def method(self) -> str:
        """How the buyer pays; what costs nothing needs no choice."""
        return self.answers("payment").get("method", "") if self.seen.total_cents else "free"

    @property
    def methods(self) -> list[str]:
        """How the buyer may pay for all of this."""
        offered = methods.offered(methods.first_of(entry.at for entry in self.seen.entries))
        return [*selling.METHODS, *offered] if self.seller else offered

    def buyer(self) -> Buyer:
        """Who buys; the address only where an invoice goes to it. KeyError before contact is answered."""
        contact = self.answers("contact")
        address = addresses.as_told(self.answers("payment")) if self.method == "invoice" else {}
        return Buyer(contact["given_name"], contact["family_name"], contact["email"], **address)

    def attendees(self, one: Named) -> tuple[Attendee, ...]:
        """The names for one line or good, in order; empty if it carries none."""
        if not one.asks_names:
            return ()
        names = self.answers("names")
        pairs = (
            (names.get(f"given-{one.slug}-{n}", ""), names.get(f"family-{one.slug}-{n}", ""))
            for n in range(one.number)
        )
        return tuple(Attendee(given, family) for given, family in pairs)

    def _kept(self) -> dict[str, Any]:
        """What the session holds: the same person buys again, but other people may come."""
        found: dict[str, Any] = self.session.get(KEY, {})
        if found.get("basket") == self.basket.secret:
            return found
        return {step: answers for step, answers in found.items() if step in LASTING}

    def _is_answered(self, step: str) -> bool:
        if step == "names":
            people = [person for one in self.named for person in self.attendees(one)]
            return all(person.given_name and person.family_name for person in people)
        if step == "payment":
            return self.method in self.methods
        return bool(self.answers(step))
