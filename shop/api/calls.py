"""One call to the ticket system as a value, and what the outside is told about each try."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import quote

from shop.api.timing import Patience

Query = tuple[tuple[str, str], ...]

JSON_BYTES = 20_000_000
PLACEHOLDER = re.compile(r":([a-z_]+)")


def array(name: str, values: Iterable[object]) -> Query:
    """Array filter in upstream's spelling: the same bracket key once per value."""
    return tuple((f"{name}[]", str(value)) for value in values)


API, OLDER_API = "/api/v4", "/api/v3"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form. `name` is the name it is given upstream."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask. `route` is a template and safe to log; `values` fill it; secrets live in values and query.

    `empty_ok`: success without a body is understood. `authorised`: send the key. `limit`: most bytes accepted.
    `url`: an absolute address instead of a route, outside the API; the key is never sent there.
    `root`: what the route stands under.
    `credentials`: headers of somebody else than our account, sent instead of the key. `upload`: a file instead of JSON.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    route: str
    values: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    query: Query = field(default=(), repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    upload: Upload | None = field(default=None, repr=False)
    empty_ok: bool = False
    accept: str = "application/json"
    limit: int = JSON_BYTES
    authorised: bool = True
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    root: str = API
    url: str | None = field(default=None, repr=False)
    patience: Patience = Patience.WORKER

    @property
    def name(self) -> str:
        """Method and route template, for logs and errors."""
        return f"{self.method} {self.route}"

    @property
    def is_write(self) -> bool:
        """May this call change something upstream?"""
        return self.method != "GET"

    @property
    def uses_key(self) -> bool:
        """Does our own key open this call?"""
        return self.authorised and self.credentials is None and self.url is None

    def path(self) -> str:
        """The route with its values, percent-encoded. ValueError for a value that would leave its segment."""
        return PLACEHOLDER.sub(lambda found: _segment(self.values[found[1]]), self.route)

    def on_page(self, number: int, size: int) -> "Call":
        """The same call for one page of its list."""
        return replace(self, query=(*self.query, ("page", str(number)), ("per_page", str(size))))


def _segment(value: str | int) -> str:
    text = str(value)
    if text in {"", ".", ".."}:
        raise ValueError("a path segment cannot be empty or dots")
    return quote(text, safe="")


@dataclass(frozen=True, slots=True)
class Body:
    """A successful answer: its bytes, decompressed."""

    status: int
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one try went. `ok`: the ticket system is up and lets us in, whatever it said about the request."""

    method: str
    route: str
    status: int | None
    ok: bool
    milliseconds: int
    attempt: int
    retry_after: float | None = None
