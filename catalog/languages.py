"""In which languages texts are read from upstream."""

from __future__ import annotations

from django.conf import settings

from shop.api import Gomus, Patience


def shop_locales(gomus: Gomus, *, patience: Patience = Patience.WORKER) -> list[str]:
    """The shop's languages upstream has texts in, in the shop's order; upstream's default if they share none."""
    offered = gomus.catalogue.locales(patience=patience)
    return [code for code, _ in settings.LANGUAGES if code in offered] or offered[:1]
