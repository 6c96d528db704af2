"""Pure: what a tour costs a group, line by line, as the ticket system's price list and the API's price rules say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.models.base import pick
from catalog.prices import Charge, gross_sum, shares
from shop.api.records import Price, PriceKind, Text, TourPrices
from shop.markup import plain
from shop.money import vat_part


@dataclass(frozen=True, slots=True)
class BillLine:
    """One price as charged. `cents` is gross, before the discount. `group`: once for all, else `count` times `each`."""

    price: Price
    name: str
    note: str
    count: int
    each: int
    cents: int

    @property
    def group(self) -> bool:
        return self.price.group


@dataclass(frozen=True, slots=True)
class Tax:
    """The VAT of one rate contained in the total."""

    vat_bp: int
    cents: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The price of a tour. All amounts are gross cents.

    `off_cents`: what the discount of `discount` per cent takes off the lines. `scales` and `surcharges`: the numbers
    by id that an order has to name, those that nobody chooses included; `scales` is empty for a tour with one price.
    """

    lines: tuple[BillLine, ...]
    total_cents: int
    discount: int
    off_cents: int
    taxes: tuple[Tax, ...]
    scales: Mapping[int, int]
    surcharges: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Option:
    """A price that the visitor chooses a number of. `most`: how many at most. `on`: the number chosen."""

    id: int
    name: str
    note: str
    cents: int
    group: bool
    most: int
    on: int


def scale_prices(told: TourPrices) -> tuple[Price, ...]:
    """The prices a group is divided between, the dearest first: everybody pays it who is not given another one."""
    scales = [price for price in told.prices if price.kind is PriceKind.SCALE]
    return tuple(sorted(scales, key=lambda price: -price.price_cents))


def optional_surcharges(told: TourPrices) -> tuple[Price, ...]:
    """What may be had besides. Nothing of it is ever chosen beforehand."""
    return tuple(price for price in _surcharges(told) if price.optional)


def reduced_options(told: TourPrices, people: int, wanted: Mapping[int, int]) -> tuple[Option, ...]:
    """The scale prices to choose from, by `wanted` numbers per id; the dearest is for the rest and not among them."""
    return _options(told, scale_prices(told)[1:], people, wanted)


def surcharge_options(told: TourPrices, people: int, wanted: Mapping[int, int]) -> tuple[Option, ...]:
    """The optional surcharges, by `wanted` numbers per id."""
    return _options(told, optional_surcharges(told), people, wanted)


def divide(told: TourPrices, people: int, wanted: Mapping[int, int]) -> dict[int, int] | None:
    """People by scale price, without zeros; {} for a tour with one price, None when more are wanted than come."""
    scales = scale_prices(told)
    if not scales:
        return {}
    first, *others = scales
    chosen = {_id(price): wanted.get(_id(price), 0) for price in others}
    chosen[_id(first)] = people - sum(chosen.values())
    return {key: count for key, count in chosen.items() if count} if chosen[_id(first)] >= 0 else None


def bill(told: TourPrices, people: int, scales: Mapping[int, int], wanted: Mapping[int, int]) -> Bill:
    """The price for so many people, divided as `divide` says, with `wanted` numbers of optional surcharges by id."""
    counted = [*_base(told, people, scales), *_extras(told, people, wanted)]
    charges = [
        Charge(price.price_cents, _times(price, count), _vat(told, price))
        for price, count in counted
        if count
    ]
    counted = [(price, count) for price, count in counted if count]
    total = gross_sum(charges, discount=told.discount, tax_included=told.tax_included)
    full = shares(charges, discount=0, tax_included=told.tax_included)
    return Bill(
        lines=tuple(
            BillLine(price, _words(price.title), _words(price.description), count, _each(told, price), cents)
            for (price, count), cents in zip(counted, full, strict=True)
        ),
        total_cents=total,
        discount=told.discount,
        off_cents=sum(full) - total,
        taxes=_taxes(told, charges),
        scales=dict(scales),
        surcharges={
            _id(price): _times(price, count) for price, count in counted if price.kind is PriceKind.SURCHARGE
        },
    )


def _base(told: TourPrices, people: int, scales: Mapping[int, int]) -> list[tuple[Price, int]]:
    """Scale prices win over others beside them; of the others those that are no choice are charged."""
    if found := scale_prices(told):
        return [(price, scales.get(_id(price), 0)) for price in found]
    return [(price, people) for price in told.prices if price.kind is PriceKind.FLAT and not price.optional]


def _extras(told: TourPrices, people: int, wanted: Mapping[int, int]) -> Iterable[tuple[Price, int]]:
    for price in _surcharges(told):
        most = 1 if price.group else people
        yield price, min(wanted.get(_id(price), 0), most) if price.optional else people


def _surcharges(told: TourPrices) -> tuple[Price, ...]:
    return tuple(price for price in told.prices if price.kind is PriceKind.SURCHARGE)


def _options(
    told: TourPrices, prices: Sequence[Price], people: int, wanted: Mapping[int, int]
) -> tuple[Option, ...]:
    return tuple(
        Option(
            id=_id(price),
            name=_words(price.title),
            note=_words(price.description),
            cents=_each(told, price),
            group=price.group,
            most=1 if price.group and price.kind is PriceKind.SURCHARGE else people,
            on=wanted.get(_id(price), 0),
        )
        for price in prices
    )


def _taxes(told: TourPrices, charges: Sequence[Charge]) -> tuple[Tax, ...]:
    """The VAT per rate, highest first, none at 0 %."""
    paid = shares(charges, discount=told.discount, tax_included=told.tax_included)
    sums: dict[int, int] = {}
    for charge, cents in zip(charges, paid, strict=True):
        sums[charge.vat_bp] = sums.get(charge.vat_bp, 0) + cents
    return tuple(
        Tax(rate, vat_part(cents, rate)) for rate, cents in sorted(sums.items(), reverse=True) if rate
    )


def _each(told: TourPrices, price: Price) -> int:
    """One of it in gross cents, before the discount."""
    charge = Charge(price.price_cents, 1, _vat(told, price))
    return gross_sum([charge], discount=0, tax_included=told.tax_included)


def _times(price: Price, count: int) -> int:
    return 1 if price.group else count


def _vat(told: TourPrices, price: Price) -> int:
    return told.vat_bp if price.vat_bp is None else price.vat_bp


def _id(price: Price) -> int:
    """The number of a scale price or a surcharge."""
    return price.scale_price_id or price.price_surcharge_id or 0


def _words(text: Text) -> str:
    """In the active language, without markup."""
    return plain(pick(text.as_dict()))
