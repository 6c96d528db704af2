"""Lists that come in pages: every row once, also when rows move between pages while they are read."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from shop.api import errors, reading
from shop.api.calls import Call
from shop.api.reading import BadRecord
from shop.api.transport import Caller

log = logging.getLogger(__name__)

T = TypeVar("T")

PAGE_SIZE = 100
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that could not be read; its id if that much could be read. It is not gone upstream."""

    id: int | None
    why: str


class Listing(Iterator[T], Generic[T]):
    """The records of a list, fetched page by page while iterated. `skipped` grows on the way."""

    def __init__(self, records: Iterator[T], skipped: list[Skipped] | None = None) -> None:
        self._records = records
        self.skipped: list[Skipped] = [] if skipped is None else skipped

    def __iter__(self) -> "Listing[T]":
        return self

    def __next__(self) -> T:
        return next(self._records)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; `total` rows in the whole list, None where upstream does not page."""

    rows: list[object]
    total: int | None


class EndlessListError(Exception):
    """The list did not end where it must have ended."""


def read_pages(
    caller: Caller,
    call: Call,
    key: str,
    read: Callable[[object], T],
    *,
    per_page: int = PAGE_SIZE,
    passes: int = 2,
    page: Callable[[object], Page] | None = None,
) -> Listing[T]:
    """The records under `key` of all pages. A row that cannot be read is logged and noted, not raised.

    `page` may be given to learn more from each page than its rows.
    """
    skipped: list[Skipped] = []
    understand = page or partial(page_of, key)

    def fetch(number: int) -> Page:
        return caller.read(call.on_page(number, per_page), understand)

    def records() -> Iterator[T]:
        try:
            yield from _readable(unique_rows(fetch, passes=passes), read, call, skipped)
        except EndlessListError:
            raise errors.Malformed(call.name, f"the list does not end after {MOST_PAGES} pages") from None

    return Listing(records(), skipped)


def read_each(
    caller: Caller,
    calls: Iterable[Call],
    key: str,
    read: Callable[[object], T],
    *,
    name: Callable[[T], object],
) -> Listing[T]:
    """The records of several paged lists one after the other, as one list; each `name` once."""
    skipped: list[Skipped] = []

    def records() -> Iterator[T]:
        known: set[object] = set()
        for call in calls:
            listing = read_pages(caller, call, key, read)
            for record in listing:
                if (own := name(record)) not in known:
                    known.add(own)
                    yield record
            skipped.extend(listing.skipped)

    return Listing(records(), skipped)


def read_rows(caller: Caller, call: Call, key: str, read: Callable[[object], T]) -> tuple[T, ...]:
    """The records of a list that upstream gives whole, without pages; unreadable ones are left out and logged."""
    page = caller.read(call, partial(page_of, key))
    return tuple(_readable(page.rows, read, call, []))


def _readable(
    rows: Iterable[object], read: Callable[[object], T], call: Call, skipped: list[Skipped]
) -> Iterator[T]:
    for row in rows:
        try:
            record = read(row)
        except BadRecord as error:
            skipped.append(Skipped(reading.identifier(reading.mapping(row).get("id")), str(error)))
            log.warning("%s: skipped record %s: %s", call.name, skipped[-1].id, error)
        else:
            yield record


def page_of(key: str, payload: object) -> Page:
    """Read one page. A list that is missing is not an empty list."""
    found = payload if isinstance(payload, list) else reading.mapping(payload).get(key)
    if not isinstance(found, list | Mapping):
        raise BadRecord(f"no list of {key}")
    meta = reading.mapping(reading.mapping(payload).get("meta"))
    return Page(reading.rows(found), reading.integer(meta.get("total_count")))


def unique_rows(fetch: Callable[[int], Page], *, passes: int) -> Iterator[object]:
    """Every row of the pages 1, 2, 3 ..., each once.

    Rows may move while we read. A pass that saw the count change, or fewer rows than counted, may have
    missed one and is followed by another, `passes` at most.
    """
    known: set[str] = set()
    for _ in range(passes):
        here: set[str] = set()
        totals: set[int | None] = set()
        for page in _pass(fetch, here):
            totals.add(page.total)
            for row in page.rows:
                here.add(name := identity(row))
                if name not in known:
                    known.add(name)
                    yield row
        total = totals.pop()
        if total is None or (not totals and len(here) >= total):
            return
    if passes > 1:
        log.warning("a list of %s rows did not keep still, read %s", total, len(known))


def _pass(fetch: Callable[[int], Page], here: set[str]) -> Iterator[Page]:
    """Pages until the list says it is complete; `here` is what the reader has seen in this pass."""
    for number in range(1, MOST_PAGES + 1):
        page = fetch(number)
        yield page
        if not page.rows or page.total is None or len(here) >= page.total:
            return
    raise EndlessListError


def identity(row: object) -> str:
    """What makes two rows the same record: its token, else its id, else everything in it."""
    data = reading.mapping(row)
    for name in ("token", "id"):
        if isinstance(value := data.get(name), str | int) and value:
            return f"{name} {value}"
    return repr(row)
