"""Declarations to withdraw: taken from anybody, receipted at once, passed on to the museum once.

Nobody learns from us whether an order exists: every declaration is answered alike.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.law_models import Withdrawal
from orders.lifecycle import FAILED
from orders.models import Order
from shop import letters
from shop.dates import clock, full_date
from shop.jobs import Job
from shop.letters import Content
from shop.models import Letter
from shop.preview import absolute
from shop.queue import ring

log = logging.getLogger(__name__)

MOST_PER_ADDRESS = 5  # in a day: each sends a mail
MOST_AT_ALL = 120  # in ten minutes
Forward = Withdrawal.Forward


class TooMany(Exception):
    """More declarations than anybody has reason to send; they can still write to the seller."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declares. `number` names the contract in their words, at best by its order number."""

    number: str
    given_name: str
    family_name: str
    email: str
    note: str = ""


def declare(*, nonce: str, language: str, declaration: Declaration) -> Withdrawal:
    """Take a declaration and promise its receipt; the same `nonce` gives the same one again. Raises TooMany."""
    with transaction.atomic():
        known = Withdrawal.objects.filter(nonce=nonce).first()
        if known is not None:
            return known
        _refuse_floods(declaration.email)
        order = _order_of(declaration)
        passed_on = order is not None and order.state not in FAILED
        row, new = Withdrawal.objects.get_or_create(
            nonce=nonce,
            defaults={
                "language": language,
                "number": declaration.number,
                "given_name": declaration.given_name,
                "family_name": declaration.family_name,
                "email": declaration.email,
                "note": declaration.note,
                "order": order,
                "forward": Forward.WAITING if passed_on else Forward.NONE,
            },
        )
        if new:
            row.receipt = letters.promise(Letter.Kind.WITHDRAWAL, row.email, _receipt(row))
            row.save(update_fields=["receipt"])
            if passed_on:
                ring(Job.FORWARD_WITHDRAWAL, row.pk)
    log.info("withdrawal %s received", row.pk)
    return row


def due() -> list[int]:
    """Return the ids of declarations to pass on now, and of those left behind by a worker that died."""
    now = timezone.now()
    waiting = Withdrawal.objects.filter(forward=Forward.WAITING, due_at__lte=now)
    left = Withdrawal.objects.filter(forward=Forward.SENDING, claimed_until__lte=now)
    return [*waiting.values_list("pk", flat=True), *left.values_list("pk", flat=True)]


def facts(row: Withdrawal) -> list[tuple[str, str]]:
    """Return what was declared, with date and time of its receipt to the second, in the active language."""
    told = [
        (_("Received on"), received(row)),
        (_("Contract"), row.number),
        (_("Name"), f"{row.given_name} {row.family_name}"),
        (_("E-mail address"), row.email),
    ]
    return [*told, (_("What you wrote"), row.note)] if row.note else told


def received(row: Withdrawal) -> str:
    """Return date and time of receipt, in the shop's time zone and the active language."""
    language = translation.get_language() or row.language
    at = timezone.localtime(row.received_at)
    when = {
        "day": full_date(at.date(), language),
        "time": f"{clock(at, language)}:{at:%S}",
        "zone": f"{at:%Z}",
    }
    return _("%(day)s, %(time)s (%(zone)s)") % when


def _receipt(row: Withdrawal) -> Content:
    with translation.override(row.language):
        name = {"name": f"{row.given_name} {row.family_name}"}
        return Content(
            subject=_("We have received your withdrawal"),
            greeting=_("Hello %(name)s,") % name,
            opening=[
                _(
                    "this confirms that we have received your declaration to withdraw. Please keep this mail; it "
                    "proves content, date and time."
                ),
                _("You declared: “I withdraw from the contract named below.”"),
            ],
            facts=facts(row),
            link=absolute(reverse("orders:withdrawn", args=[row.secret])),
            link_label=_("Receipt as a page"),
            closing=[
                _(
                    "We now look whether a right of withdrawal exists for what you bought and write to you. If it "
                    "does, you get your money back within 14 days, the way you paid."
                )
            ],
        )


def _order_of(declaration: Declaration) -> Order | None:
    """The order whose number and e-mail address both fit."""
    number = declaration.number.strip().upper().removeprefix("#")
    return Order.objects.filter(number=number, email__iexact=declaration.email).first()


def _refuse_floods(email: str) -> None:
    day, minutes = timedelta(days=1), timedelta(minutes=10)
    if letters.written_lately(Letter.Kind.WITHDRAWAL, email, day) >= MOST_PER_ADDRESS:
        raise TooMany
    if Withdrawal.objects.filter(received_at__gt=timezone.now() - minutes).count() >= MOST_AT_ALL:
        raise TooMany


def patience(attempts: int) -> timedelta:
    """How long to wait before passing a declaration on again."""
    return min(timedelta(seconds=settings.SWEEP_SECONDS * 2 ** min(attempts, 12)), timedelta(hours=1))
