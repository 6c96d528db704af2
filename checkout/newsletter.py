"""Newsletters by double opt-in: a tick, a mail, a click. Nobody is subscribed before the click.

The API of the ticket system has no way to subscribe anybody, so the subscriptions stay here; staff export them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.reference import Newsletter
from checkout.newsletter_models import Subscription
from shop import letters
from shop.letters import Content
from shop.models import Letter
from shop.preview import absolute

VALID = timedelta(days=7)  # for the link in the mail; after it nobody can confirm the wish
MOST_MAILS = 3  # to one address in a day


def wording() -> str:
    """What one agrees to by ticking a newsletter, in the active language."""
    return _(
        "Yes, %(seller)s may send me the newsletters I have ticked. I can unsubscribe at any time, by the link in the "
        "confirmation mail or by a message to %(email)s."
    ) % {"seller": settings.SELLER_NAME, "email": settings.CONTACT_EMAIL}


def ask(*, email: str, wanted: Sequence[Newsletter]) -> None:
    """Note the wish and send the mail to confirm it; nothing for what the address has already, or too many mails."""
    email = email.strip()
    with transaction.atomic():
        new = [one for one in wanted if one.id not in _known_ids(email)]
        if not new or letters.written_lately(Letter.Kind.NEWSLETTER, email, timedelta(days=1)) >= MOST_MAILS:
            return
        row = Subscription.objects.create(
            email=email,
            groups=[{"id": one.id, "name": one.name} for one in new],
            language=get_language() or settings.LANGUAGE_CODE,
            wording=wording(),
        )
        letters.promise(Letter.Kind.NEWSLETTER, email, _letter(row))


def is_open(row: Subscription) -> bool:
    """Can the wish still be confirmed?"""
    return row.confirmed_at is None and row.left_at is None and row.asked_at > timezone.now() - VALID


def confirm(row: Subscription) -> bool:
    """Make the wish a subscription; False if it is one, was given up, or is too old."""
    open_rows = Subscription.objects.filter(pk=row.pk, confirmed_at=None, left_at=None)
    return bool(open_rows.filter(asked_at__gt=timezone.now() - VALID).update(confirmed_at=timezone.now()))


def leave(row: Subscription) -> None:
    """End the subscription, or give up the wish."""
    Subscription.objects.filter(pk=row.pk, left_at=None).update(left_at=timezone.now())


def forget_unconfirmed() -> int:
    """Forget wishes nobody confirmed: without a click there is no consent to keep a name for. Returns how many."""
    kept = timedelta(days=settings.RETENTION_DAYS["newsletters"])
    return Subscription.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - kept).delete()[0]


def _known_ids(email: str) -> set[int]:
    """What the address is subscribed to, or has been sent a mail for that still counts."""
    rows = Subscription.objects.filter(email__iexact=email, left_at=None)
    return {group["id"] for row in rows if row.confirmed_at or is_open(row) for group in row.groups}


def _letter(row: Subscription) -> Content:
    return Content(
        subject=_("Please confirm your newsletter"),
        greeting=_("Hello,"),
        opening=[
            _("someone, probably you, ordered newsletters for this address at %(shop)s:")
            % {"shop": settings.SHOP_NAME},
            row.names,
            _("We send them only after you have confirmed this with the link below. It is valid for 7 days."),
        ],
        link=absolute(reverse("checkout:newsletter", args=[row.token])),
        link_label=_("Confirm, or unsubscribe later"),
        closing=[
            _("If it was not you, simply ignore this mail: nothing more will be sent to you."),
            row.wording,
        ],
    )
