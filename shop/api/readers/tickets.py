"""Readers of tickets: anything in, a record or BadRecord out."""

from collections.abc import Callable, Mapping
from functools import partial

from shop.api import reading
from shop.api.readers import shared
from shop.api.readers.shared import Context
from shop.api.records import SubTicket, Ticket, TicketContent, TicketType

TYPE_WORDS = {
    "time_slot": TicketType.TIME_SLOT,
    "normal": TicketType.NORMAL,
    "day_ticket": TicketType.NORMAL,
    "day": TicketType.NORMAL,
    "annual": TicketType.ANNUAL,
}


def ticket(context: Context) -> Callable[[object], Ticket]:
    """Reader of tickets."""
    return partial(_ticket, context)


def content(context: Context) -> Callable[[object], TicketContent]:
    """Reader of the free texts of one ticket."""

    def read(value: object) -> TicketContent:
        data = reading.mapping(value)
        texts = reading.contents(data.get("content"), context.locales)
        return TicketContent(reading.required_id(data), texts)

    return read


def _ticket(context: Context, value: object) -> Ticket:
    data = reading.mapping(value)
    prices = _dynamic_prices(data.get("dynamic_prices"))
    return Ticket(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        sub_title=context.text(data, "sub_title"),
        description=context.text(data, "description"),
        ticket_type=_ticket_type(data),
        bookable=reading.flag(data.get("bookable")) is True
        and _is_priced(data)
        and None not in prices.values()
        and not _is_blocked(data),
        museum_ids=reading.identifiers(data.get("museum_ids")),
        exhibition_ids=reading.identifiers(data.get("exhibition_ids")),
        quota_ids=reading.identifiers(data.get("quota_ids")),
        price_cents=shared.cents(data.get("price_cents")) or 0,
        dynamic_prices={key: cents for key, cents in prices.items() if cents is not None},
        discount=shared.discount(data) or 0,
        vat_bp=reading.basis_points(data.get("vat_pct")) or 0,
        tax_included=reading.flag(data.get("tax_included")) is not False,
        first_entry=shared.minutes(data.get("first_entry")),
        last_entry=shared.minutes(data.get("last_entry")),
        entry_duration=shared.minutes(data.get("entry_duration")) or None,
        min_persons=shared.count(data.get("min_persons")) or 0,
        max_persons=reading.identifier(data.get("max_persons")),
        personalizeable=reading.flag(data.get("personalizeable")) or False,
        attendees_required=reading.text(data.get("attendees")) == "required",
        identification=_identification(data.get("identification")),
        after_sale_information=context.text(data, "after_sale_information"),
        location=shared.location(data.get("location")),
        content=reading.contents(data.get("content"), context.locales),
        sub_ticket_ids=reading.identifiers(data.get("sub_ticket_ids")),
        is_sub_ticket=reading.flag(data.get("is_sub_ticket")) or False,
        sub_ticket_min_gap_minutes=shared.count(data.get("sub_ticket_min_gap_minutes")),
        is_mantle=reading.flag(data.get("is_mantle")) or False,
        sub_tickets=_sub_tickets(context, data.get("sub_tickets")),
        shop_order=reading.integer(data.get("shop_order")) or 0,
    )


def _ticket_type(data: Mapping[str, object]) -> TicketType:
    known = TYPE_WORDS.get(reading.text(data.get("ticket_type")))
    if known is not None:
        return known
    return TicketType.NORMAL if data.get("entry_duration") is None else TicketType.TIME_SLOT


def _dynamic_prices(value: object) -> dict[str, int | None]:
    """Prices by slot key as upstream spells it; None for one that cannot be trusted."""
    return {
        str(key): shared.cents(price) if reading.moment(key) else None
        for key, price in reading.mapping(value).items()
    }


def _is_priced(data: Mapping[str, object]) -> bool:
    """Are unit price, discount and VAT all there and in their bounds, and no prices of slots hidden from us?"""
    per_slot = data.get("dynamic_prices")
    return (
        shared.cents(data.get("price_cents")) is not None
        and shared.has_sound_terms(data)
        and (not per_slot or isinstance(per_slot, Mapping))
    )


def _is_blocked(data: Mapping[str, object]) -> bool:
    """A largest number of 0 is no limit on a ticket for a day, but ends the sale of an annual one."""
    return _ticket_type(data) is TicketType.ANNUAL and shared.count(data.get("max_persons")) == 0


def _sub_tickets(context: Context, value: object) -> tuple[SubTicket, ...]:
    """Parts of a mantle, by their id in a map or within each."""
    rows = value.items() if isinstance(value, Mapping) else [(None, row) for row in reading.rows(value)]
    given = [{"id": key} | dict(reading.mapping(row)) for key, row in rows]
    return shared.members("sub ticket", given, partial(_sub_ticket, context))


def _sub_ticket(context: Context, value: object) -> SubTicket:
    data = reading.mapping(value)
    return SubTicket(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        description=context.text(data, "description"),
        min_persons=shared.count(data.get("min_persons")) or 0,
        max_persons=reading.identifier(data.get("max_persons")),
    )


def _identification(value: object) -> bool:
    """Must proof be shown at the door? A flag for some accounts, a word for others."""
    said = reading.flag(value)
    return bool(reading.text(value)) if said is None else said
