"""What an order is placed under: the seller's texts as they are now, and what can be withdrawn from."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checkout.overview import Overview
from orders.law import RIGHTS
from orders.snapshot import TextSnapshot
from shop import rights, texts
from shop.options import Product


def products(seen: Overview) -> list[Product]:
    """Return the class of everything in the basket, as the rules of withdrawal divide it."""
    tickets = [rights.product_of("ticket") for _visit in seen.visits]
    return [*tickets, *(rights.product_of(good.row.kind, dated=good.at is not None) for good in seen.goods)]


def notice(seen: Overview) -> list[str]:
    """Return what can be withdrawn from, a sentence per class of things in the basket."""
    return rights.notice(products(seen))


def agreed_texts(seen: Overview) -> tuple[TextSnapshot, ...]:
    """Return the texts an order placed now is placed under, in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    found = [
        TextSnapshot(text.name, text.title, text.version, text.sha256, str(text.body))
        for text in texts.current_of(texts.AGREED, language)
    ]
    body = str(format_html_join("\n", "<p>{}</p>", ((line,) for line in notice(seen))))
    digest = hashlib.sha256(body.encode()).hexdigest()
    return (*found, TextSnapshot(RIGHTS, _("What you can withdraw from"), None, digest, body))
