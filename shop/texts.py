"""The seller's legal texts: what counts now, what counted when somebody ordered, and what is still to be written.

A published version never changes. Where none is published yet, a placeholder stands in its place: an outline with
gaps like [[name and address]], good for a demo and refused by `check --deploy`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from shop import edition
from shop.markup import clean_page
from shop.models import LegalText

GAP = re.compile(r"\[\[.*?\]\]", re.DOTALL)
Name = LegalText.Name
AGREED = (Name.TERMS, Name.PRIVACY, Name.WITHDRAWAL)  # what an order is placed under


@dataclass(frozen=True, slots=True)
class Text:
    """One text as visitors read it. `version` is None for a placeholder, `since` for one and for a draft."""

    name: str
    language: str
    body: SafeString  # sanitised HTML
    version: int | None = None
    since: datetime | None = None

    @property
    def title(self) -> str:
        with translation.override(self.language):
            return str(Name(self.name).label)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def is_placeholder(self) -> bool:
        return self.version is None


def current(name: str, language: str) -> Text:
    """Return what counts now."""
    return current_of([name], language)[0]


def current_of(names: Iterable[str], language: str) -> list[Text]:
    """Return what counts now of several texts, in this order; one query."""
    names = list(names)
    rows = {row.name: row for row in _newest().filter(name__in=names, language=language).order_by("id")}
    return [of_row(rows[name]) if name in rows else placeholder(name, language) for name in names]


def published(name: str, version: int) -> Text | None:
    """Return a version that counts or counted once; None if there is no such."""
    row = LegalText.objects.filter(pk=version, name=name, published_at__isnull=False).first()
    return of_row(row) if row else None


def versions(name: str, language: str) -> list[LegalText]:
    """Return all published versions, the newest first, without their words."""
    rows = LegalText.objects.filter(name=name, language=language, published_at__isnull=False)
    return list(rows.defer("body").order_by("-published_at", "-id"))


def of_row(row: LegalText) -> Text:
    body = mark_safe(row.body)  # noqa: S308 - sanitised before it was stored
    return Text(row.name, row.language, body, row.pk, row.published_at)


def placeholder(name: str, language: str) -> Text:
    """Return the outline that stands where no text is published."""
    facts = {
        "seller_name": settings.SELLER_NAME,
        "shop_name": settings.SHOP_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "public_url": settings.PUBLIC_URL,
    }
    body = render_to_string(f"shop/placeholder/{name}.{language}.html", facts)
    return Text(name, language, mark_safe(clean_page(body)))  # noqa: S308 - just sanitised


def publish(row: LegalText) -> bool:
    """Make a draft count from now on. False: it counts already, or somebody has removed it."""
    drafts = LegalText.objects.filter(pk=row.pk, published_at__isnull=True)
    if not drafts.update(published_at=timezone.now()):
        return False
    edition.renew()  # pages kept ready-made show the old text
    return True


def has_gaps(body: str) -> bool:
    """Return whether parts of an outline are still to be filled in."""
    return GAP.search(body) is not None


def unfinished() -> list[tuple[str, str]]:
    """Return (title, language) of every text without a published version that is whole. Reads the database."""
    rows = {(row.name, row.language): row.body for row in _newest().order_by("id")}
    wanted = [(name, code) for name in Name for code, _ in settings.LANGUAGES]
    return [
        (str(name.label), code)
        for name, code in wanted
        if not rows.get((name.value, code)) or has_gaps(rows[name.value, code])
    ]


def _newest() -> QuerySet[LegalText]:
    rows = LegalText.objects.filter(published_at__isnull=False)
    later = rows.filter(
        name=OuterRef("name"), language=OuterRef("language"), published_at__gt=OuterRef("published_at")
    )
    return rows.filter(~Exists(later))
