"""Records of annual tickets and the persons they are made out to: what is answered and what is sent."""

from dataclasses import dataclass, field
from datetime import date, datetime

from shop.api.records.checking import require, require_id, require_words

OPEN = "not_ready_to_send"
MOST_PHOTO_BYTES = 10_000_000
PHOTO_STARTS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class AnnualAddress:
    """A postal address of a customer."""

    id: int
    street: str = field(default="", repr=False)
    zip: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    country_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnualCustomer:
    """A person the ticket system knows. `personalization_token` stands for that person in `Assignment`."""

    id: int
    name: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    salutation_id: int | None = None
    addresses: tuple[AnnualAddress, ...] = field(default=(), repr=False)
    personalization_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Personalization:
    """One card to be made out to somebody. `ready`: everything is known about that person."""

    id: int
    ready: bool = False
    customer: AnnualCustomer | None = None
    address_id: int | None = None
    dispatch_mode_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnualSale:
    """Annual tickets of one kind within an order."""

    id: int
    title: str = ""
    description: str = ""
    start_at: datetime | None = None
    sent_at: datetime | None = None
    status: str = ""
    is_personalizable: bool = False
    needs_photo: bool = False
    is_bmc_ticket: bool = False
    personalizations: tuple[Personalization, ...] = ()

    def is_open(self) -> bool:
        """May it still be made out to somebody? Nothing changes after it was sent."""
        return self.status == OPEN and self.sent_at is None


@dataclass(frozen=True, slots=True)
class AnnualOrder:
    """An order as the personalisation of its annual tickets sees it."""

    id: int
    sales: tuple[AnnualSale, ...]
    customer: AnnualCustomer | None = None
    shipping_address_id: int | None = None


@dataclass(frozen=True, slots=True)
class HolderCreate:
    """A person and where the card is sent: given name, family name; salutation and country by id."""

    name: str = field(repr=False)
    surname: str = field(repr=False)
    email: str = field(repr=False)
    salutation_id: int
    street: str = field(repr=False)
    zip: str = field(repr=False)
    city: str = field(repr=False)
    country_id: int

    def __post_init__(self) -> None:
        words = (self.name, self.surname, self.email, self.street, self.zip, self.city)
        require_words(words, "a holder needs names, e-mail address, street, zip and city")
        require_id(self.salutation_id, "a salutation")
        require_id(self.country_id, "a country")

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        return {"customer": self.fields()}

    def fields(self) -> dict[str, object]:
        """The person as upstream names its parts."""
        return {
            "name": self.name,
            "surname": self.surname,
            "email": self.email,
            "customer_salutation_id": self.salutation_id,
            "addr_city": self.city,
            "addr_country_id": self.country_id,
            "addr_street": self.street,
            "addr_zip": self.zip,
        }


@dataclass(frozen=True, slots=True)
class Assignment:
    """Makes a card out to a known person, to be sent to one of that person's addresses."""

    customer_token: str = field(repr=False)
    address_id: int
    dispatch_mode_id: int | None = None

    def __post_init__(self) -> None:
        require_words([self.customer_token], "a person is named by a token that is not empty")
        require_id(self.address_id, "an address")
        if self.dispatch_mode_id is not None:
            require_id(self.dispatch_mode_id, "a dispatch mode")

    def as_json(self) -> dict[str, object]:
        """The body of the request; `adress` is upstream's spelling."""
        wanted: dict[str, object] = {
            "customer_personalization_token": self.customer_token,
            "customer_adress_id": self.address_id,
        }
        if self.dispatch_mode_id is not None:
            wanted["dispatch_mode_id"] = self.dispatch_mode_id
        return {"personalization": wanted}


@dataclass(frozen=True, slots=True)
class Holder:
    """A person for one of the cards of a sale, all at once with `PersonalizationFinish`."""

    personalization_id: int
    person: HolderCreate
    date_of_birth: date = field(repr=False)
    language_id: int

    def __post_init__(self) -> None:
        require_id(self.personalization_id, "a personalization")
        require_id(self.language_id, "a language")

    def as_json(self) -> dict[str, object]:
        """The person as upstream wants it."""
        more = {"date_of_birth": self.date_of_birth.isoformat(), "language_id": self.language_id}
        return {"id": self.personalization_id, "customer": self.person.fields() | more}


@dataclass(frozen=True, slots=True)
class PersonalizationFinish:
    """Makes all cards of a sale out at once, valid from `start`."""

    sale_id: int
    start: date
    holders: tuple[Holder, ...]

    def __post_init__(self) -> None:
        require_id(self.sale_id, "a ticket sale")
        require(bool(self.holders), "a personalization names at least one person")

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        wanted = {
            "ticket_sale_id": self.sale_id,
            "start_at": self.start.isoformat(),
            "personalizations": [holder.as_json() for holder in self.holders],
        }
        return {"personalization": wanted}


@dataclass(frozen=True, slots=True)
class Photo:
    """A portrait for a card: JPEG or PNG, up to 10 MB."""

    content: bytes = field(repr=False)
    media_type: str

    def __post_init__(self) -> None:
        start = PHOTO_STARTS.get(self.media_type)
        require(start is not None and self.content.startswith(start), "a photo is a JPEG or PNG file")
        require(len(self.content) <= MOST_PHOTO_BYTES, "a photo has 10 MB at most")
