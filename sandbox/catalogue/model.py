"""The records of the catalogue, as the sandbox itself thinks of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime

Words = dict[str, str]


@dataclass(slots=True)
class Ticket:
    id: int
    title: Words
    sub_title: Words
    description: Words
    ticket_type: str  # time_slot, normal, annual
    house: int
    shows: tuple[int, ...]
    quotas: tuple[int, ...]
    price_cents: int
    vat: str
    first_entry: int
    last_entry: int
    entry_duration: int | None
    bookable: bool = True
    discount: int = 0
    tax_included: bool = True
    min_persons: int = 1
    max_persons: int | None = 10
    attendees: str | None = None
    identification: bool = False
    shop_order: int = 0
    after_sale: Words = field(default_factory=dict)
    subs: tuple[int, ...] = ()  # a combined ticket: one entry into each of these
    min_gap: int | None = None  # minutes between two entries of a combined ticket
    is_sub: bool = False  # free and never sold alone
    personalizeable: bool = False
    groups: tuple[int, ...] = ()
    sale: tuple[int, int] | None = None  # first and last day of sale, counted from today; None: always
    late: tuple[int, int] | None = None  # a weekday with a later last entry

    def entries(self, weekday: int) -> range:
        """The minutes of the day at which one may enter."""
        if self.entry_duration is None:
            return range(self.first_entry, self.first_entry + 1)
        return range(self.first_entry, self.last_on(weekday) + 1, self.entry_duration)

    def last_on(self, weekday: int) -> int:
        return _last(self.last_entry, self.late, weekday)

    def with_price(self, cents: int) -> "Ticket":
        return replace(self, price_cents=cents)


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats per slot. `step` None: one slot for the whole day."""

    id: int
    house: int
    tickets: tuple[int, ...]
    seats: int
    first: int
    last: int
    step: int | None
    late: tuple[int, int] | None = None

    def slot_of(self, minute: int, weekday: int) -> int | None:
        """The first minute of the slot that contains `minute`; None outside all slots."""
        if self.step is None:
            return self.first
        if not self.first <= minute < _last(self.last, self.late, weekday) + self.step:
            return None
        return self.first + (minute - self.first) // self.step * self.step


def _last(usual: int, late: tuple[int, int] | None, weekday: int) -> int:
    return late[1] if late and late[0] == weekday else usual


@dataclass(frozen=True, slots=True)
class Tag:
    """A word of one of the filter lists: a category, a language, an age group ..."""

    id: int
    name: Words


@dataclass(frozen=True, slots=True)
class Price:
    """A row of a price list. At most one of the ids is set: a scale price or a surcharge; without, a default price."""

    cents: int
    title: Words = field(default_factory=dict)
    description: Words = field(default_factory=dict)
    group: bool = False  # once, however many people
    optional: bool = False
    vat: str | None = None  # its own; None: that of the product
    scale_id: int | None = None
    surcharge_id: int | None = None
    seat_category: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    id: int
    row: int
    category: int
    title: str
    type: int | None = None


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """A room with numbered seats; `categories` maps an id to its words and colour, `rows` an id to its title."""

    id: int
    categories: dict[int, tuple[Words, str]]
    rows: dict[int, str]
    seats: tuple[Seat, ...]
    types: dict[int, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """What happens again and again: `weekdays` and `minutes` say when, in wall-clock time of the house.

    `tags` names the words of each filter list (`categories`, `languages`, `age_groups` ...) by id. Every date has
    `seats` places; of `languages` the dates take turns.
    """

    id: int
    house: int
    show: int | None
    title: Words
    sub_title: Words
    description: Words
    picture: str
    alt: Words
    credit: str
    tags: dict[str, tuple[int, ...]]
    prices: tuple[Price, ...]
    weekdays: tuple[int, ...]
    minutes: tuple[int, ...]
    seats: int
    duration: int = 60
    min_seats: int = 1
    max_per_registration: int | None = None
    vat: str = "7.0"
    tax_included: bool = True
    discount: int = 0
    featured: bool = False
    bookable: bool = True
    plan: int | None = None
    admission_tickets: tuple[int, ...] = ()
    registerable: bool = False
    every: int = 1  # weeks: it takes place in one of so many
    demand: int = 60  # per cent of the seats that other sales channels have sold at most; 100: always all


@dataclass(frozen=True, slots=True)
class EventDate:
    """One date of an event. Its id belongs to the instant, so it stays the same while the days go by."""

    id: int
    event: int
    start: datetime
    language: int | None


@dataclass(frozen=True, slots=True)
class Equipment:
    id: int
    title: Words
    count: int  # pieces in the house


@dataclass(frozen=True, slots=True)
class Tour:
    """A guided tour on demand. It may begin every 15 minutes between `first` and `last` (minutes of the day).

    `languages_limited`: each language has guides on some weekdays only (`guides`: language id to weekdays).
    `by_language`, `by_day` say which surcharges (ids) are owed for a language and for a weekday.
    """

    id: int
    house: int
    show: int | None
    title: Words
    sub_title: Words
    description: Words
    picture: str
    alt: Words
    credit: str
    tags: dict[str, tuple[int, ...]]
    prices: tuple[Price, ...]
    first: int
    last: int
    duration: int = 60
    min_people: int = 1
    max_people: int = 20
    guides: dict[int, tuple[int, ...]] = field(default_factory=dict)
    languages_limited: bool = False
    equipment: tuple[int, ...] = ()
    by_language: dict[int, tuple[int, ...]] = field(default_factory=dict)
    by_day: dict[int, tuple[int, ...]] = field(default_factory=dict)
    vat: str = "7.0"
    tax_included: bool = True
    discount: int = 0
    featured: bool = False
    bookable: bool = True
    public: bool = True  # released for the shop that anybody may use
    fees: dict[int, tuple[Price, ...]] = field(default_factory=dict)  # base prices by customer type

    def owed(self, weekday: int, language: int, audience: int = 0) -> list[Price]:
        """The price list of a day and a language: base prices, and the surcharges that apply then."""
        conditional = {one for ids in (*self.by_language.values(), *self.by_day.values()) for one in ids}
        owed = {*self.by_language.get(language, ()), *self.by_day.get(weekday, ())}
        surcharges = [one for one in self.prices if one.surcharge_id]
        base = self.fees.get(audience) or [one for one in self.prices if not one.surcharge_id]
        due = (one for one in surcharges if one.surcharge_id not in conditional or one.surcharge_id in owed)
        return [*base, *due]


@dataclass(frozen=True, slots=True)
class Coupon:
    """A voucher that is sold: what it costs and what it is worth."""

    id: int
    title: Words
    description: Words
    cents: int
    value_cents: int
    vat: str = "0.0"
    merchandise: int | None = None  # the article that stands for shipping it


@dataclass(frozen=True, slots=True)
class Merchandise:
    """An article; one of them stands for shipping vouchers."""

    id: int
    title: Words
    description: Words
    cents: int
    vat: str
