"""What a sync changed, for staff to read: every field with its old and new value, prices apart from the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.models import Term
from catalog.report import KindReport, Report
from catalog.shelves import SHELVES
from shop.markup import plain
from shop.money import format_money

CENTS = frozenset({"price_cents", "price_from", "value_cents"})
PRICES = CENTS | {"dynamic_prices", "discount", "vat_bp", "tax_included"}
FIELDS = {
    "price_cents": gettext_lazy("price, as told"),
    "price_from": gettext_lazy("lowest price"),
    "value_cents": gettext_lazy("value"),
    "dynamic_prices": gettext_lazy("prices by time"),
    "discount": gettext_lazy("discount in per cent"),
    "vat_bp": gettext_lazy("VAT in hundredths of a per cent"),
    "tax_included": gettext_lazy("VAT included"),
    "titles": gettext_lazy("title"),
    "sub_titles": gettext_lazy("subtitle"),
    "descriptions": gettext_lazy("text"),
    "picture": gettext_lazy("picture"),
    "bookable": gettext_lazy("on sale"),
    "start_time": gettext_lazy("start"),
}
MOST = 1000  # changes shown of one run


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one product. `address` is its page among the staff pages; old and new are ready to be read."""

    kind: str
    title: str
    address: str
    field: str
    old: str
    new: str
    is_price: bool


def changes(report: Report) -> list[Change]:
    """Every changed field of a run, a thousand at most; two queries per kind that changed."""
    return [change for kind, told in report.items() for change in _changes(kind, told)][:MOST]


def comings_and_goings(report: Report) -> Iterator[tuple[str, str, str]]:
    """For each kind: its name, what happened, and to which."""
    for kind, told in report.items():
        words = {_("new"): told["created"], _("gone"): told["retired"], _("back"): told["returned"]}
        for what, numbers in words.items():
            if numbers:
                titles = _titles(kind, numbers[:MOST])
                yield _kind(kind), what, _listed(titles.get(pk, f"#{pk}") for pk in numbers)
        if told["skipped"]:
            yield _kind(kind), _("unreadable"), _listed(told["skipped"])


def _changes(kind: str, told: KindReport) -> Iterator[Change]:
    numbers = [int(pk) for pk in told["updated"]][:MOST]
    titles = _titles(kind, numbers)
    for pk in numbers:
        for field, (old, new) in told["updated"][str(pk)].items():
            before, after = _said(field, old, new)
            address = _address(kind, pk)
            title = titles.get(pk, f"#{pk}")
            yield Change(
                _kind(kind), title, address, str(FIELDS.get(field, field)), before, after, field in PRICES
            )


def _kind(name: str) -> str:
    """What records of a kind are called."""
    shelf = SHELVES[name]
    return str(Term.Kind(name).label if shelf.kind else shelf.model._meta.verbose_name_plural)


def _titles(kind: str, numbers: Iterable[int]) -> dict[int, str]:
    shelf = SHELVES[kind]
    rows = shelf.rows().filter(pk__in=shelf.keys(numbers))
    return {shelf.number(row): str(row) for row in rows}


def _address(kind: str, pk: int) -> str:
    shelf = SHELVES[kind]
    [key] = shelf.keys([pk])
    return reverse(f"admin:catalog_{shelf.model._meta.model_name}_change", args=[key])


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _said(field: str, old: object, new: object) -> tuple[str, str]:
    """Both values in words; of values by language or by time only where they differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return _pairs(old, keys), _pairs(new, keys)
    return _value(field, old), _value(field, new)


def _pairs(values: Mapping[str, object], keys: Iterable[str]) -> str:
    return "; ".join(f"{key}: {_value('', values[key])}" for key in keys if key in values) or "–"


def _value(field: str, value: object) -> str:
    if value in (None, "", [], {}):
        return "–"
    if field in CENTS and isinstance(value, int):
        return format_money(value, settings.CURRENCY, get_language() or settings.LANGUAGE_CODE)
    return plain(value) if isinstance(value, str) else str(value)
