"""What the museum lets choose from when an annual ticket is made out: asked once for everybody, kept for hours."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from shop import gateway
from shop.api import Patience
from shop.api.errors import Refused
from shop.flight import get_or_compute

FRESH, STALE, LOCK = 3600, 7 * 24 * 3600, 20  # seconds

Choice = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Ids at the museum with their words. Without `dispatch_modes` nobody is asked how a card is sent."""

    salutations: tuple[Choice, ...]
    countries: tuple[Choice, ...]
    dispatch_modes: tuple[Choice, ...]


def choices(language: str) -> Choices:
    """Return the lists in this language, the shop's own country first. Raises GomusError."""
    found = get_or_compute(
        f"cards:choices:{language}", lambda: _asked(language), fresh=FRESH, stale=STALE, lock=LOCK
    )
    return found.value


def _asked(language: str) -> Choices:
    reference = gateway.client().reference
    countries = sorted(
        reference.countries(language, patience=Patience.WEB),
        key=lambda one: (one.code != settings.COUNTRY, one.name.casefold()),
    )
    return Choices(
        salutations=tuple(
            (one.id, one.name) for one in reference.salutations(language, patience=Patience.WEB)
        ),
        countries=tuple((one.id, one.name) for one in countries),
        dispatch_modes=_dispatch_modes(language),
    )


def _dispatch_modes(language: str) -> tuple[Choice, ...]:
    """Ways of sending are optional: an installation that refuses the list has none."""
    try:
        modes = list(gateway.client().reference.dispatch_modes(language, patience=Patience.WEB))
    except Refused:
        return ()
    return tuple((mode.id, mode.name.pick(language)) for mode in modes)
