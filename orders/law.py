"""The texts an order was placed under: kept with it, sent with its first mail, shown on its page."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string

from orders.law_models import AgreedText, TextCopy
from orders.models import Order
from orders.snapshot import TextSnapshot
from shop.markup import plain_lines

RIGHTS = "rights"  # the notice which of the things ordered can be withdrawn from; the mail says it in its own words


def keep_texts(order: Order, texts: Iterable[TextSnapshot]) -> None:
    """Keep the texts of an order just written; the words of each only once."""
    texts = list(texts)
    copies = {text.sha256: TextCopy(sha256=text.sha256, body=text.body) for text in texts}
    TextCopy.objects.bulk_create(copies.values(), ignore_conflicts=True)
    AgreedText.objects.bulk_create(
        AgreedText(order=order, name=text.name, title=text.title, version=text.version, copy_id=text.sha256)
        for text in texts
    )


def texts_of(order: Order) -> list[AgreedText]:
    """Return the texts with their words, in the order they were agreed to."""
    return list(order.texts.select_related("copy"))


def rights_notice(texts: Iterable[AgreedText]) -> str:
    """Return in plain words what can be withdrawn from; empty for an order that was told nothing."""
    return next((plain_lines(text.copy.body) for text in texts if text.name == RIGHTS), "")


def as_file(order: Order, text: AgreedText) -> str:
    """Return a text as a whole HTML page that needs nothing else, to be kept by the buyer."""
    return render_to_string("orders/mail/text.html", {"order": order, "text": text})
