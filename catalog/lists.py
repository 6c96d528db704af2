"""How one list of upstream is read: the list, then the details that are new, changed or old, a few rows at a time.

Rows are handed on as they come and forgotten, so a list of any length needs no more memory than its ids and the
fingerprints of its records.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Generic, Protocol, TypeVar

from catalog.mirror import Known, Record, Row, Values, digest, fingerprint
from shop.api import Gomus
from shop.api.errors import Forbidden, NotFound
from shop.api.paging import Listing, Skipped
from shop.api.records import Picture

log = logging.getLogger(__name__)

DETAILS_GOOD_FOR = timedelta(days=1)
AT_ONCE = 4  # calls at once: as many as upstream allows one key
AHEAD = 40  # answers waiting for us at most
HANDFUL = 100  # rows handed on at once
REREAD_AT_MOST = 200  # of the details that are only old; the rest waits for the next run

R = TypeVar("R", bound=Record)
S = TypeVar("S")
T = TypeVar("T")

Progress = Callable[[str, int, int], None]  # what is read, done, of how many


class Taker(Protocol):
    """Who takes what was found: rows of one kind, and the pictures that belong to them."""

    def take(self, kind: str, rows: Sequence[Row], pictures: Sequence[Picture | None] = ()) -> None: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """One list after it was read: the ids upstream has, and what could not be read.

    Not `there`: upstream has no such list for us; what is known stays as it is.
    """

    ids: frozenset[int]
    skipped: tuple[str, ...] = ()
    there: bool = True


@dataclass(frozen=True, slots=True)
class Source(Generic[R]):
    """Where the records of one kind come from, and what makes rows and pictures of them."""

    kind: str
    listing: Listing[R]
    detail: Callable[[int], R]
    values: Callable[[R], Values]
    picture: Callable[[R], Picture | None] = lambda _record: None


@dataclass(frozen=True, slots=True)
class Lists:
    """Reads lists in some languages. `progress` hears of every step and may stop the run by raising."""

    gomus: Gomus
    locales: Sequence[str]
    now: datetime
    progress: Progress
    taker: Taker

    def read(self, source: Source[R], known: Mapping[int, Known]) -> Seen:
        """One list and the details it calls for; the rows go to the taker."""
        prints = {record.id: fingerprint(record) for record in self.steps(source.kind, source.listing)}
        gone: set[int] = set()
        details = self._details(source, self._due(prints, known), gone)
        for records in handfuls(details, HANDFUL):
            rows = [Row(record.id, source.values(record), prints[record.id]) for record in records]
            self.taker.take(source.kind, rows, [source.picture(record) for record in records])
        there = prints.keys() - gone
        kept = not_gone(there, source.listing.skipped, known)
        return Seen(frozenset(there).union(kept), told(source.listing.skipped))

    def read_if_there(self, source: Source[R], known: Mapping[int, Known]) -> Seen:
        """As `read`, of a list that not every ticket system has."""
        whole = whole_if_there(source.listing)
        if whole is None:
            return Seen(frozenset(), there=False)
        found = Source(source.kind, whole, source.detail, source.values, source.picture)
        return self.read(found, known)

    def steps(self, what: str, listing: Iterable[T]) -> Iterator[T]:
        """The records of a list, each with a word about the progress."""
        for done, record in enumerate(listing, start=1):
            self.progress(f"list of {what}", done, done)
            yield record

    def one(self, read: Callable[[int, Sequence[str]], T]) -> Callable[[int], T]:
        """How one record is read in our languages."""
        return lambda pk: read(pk, self.locales)

    def _details(self, source: Source[R], due: Sequence[int], gone: set[int]) -> Iterator[R]:
        """The details of records, several asked for at once; those between list and look `gone` are noted."""
        answers = several(partial(_if_there, source.detail), due)
        for done, (pk, record) in enumerate(zip(due, answers, strict=True), start=1):
            self.progress(source.kind, done, len(due))
            if record is None:
                gone.add(pk)
            else:
                yield record

    def _due(self, prints: Mapping[int, str], known: Mapping[int, Known]) -> list[int]:
        """Ids whose details must be read: new, back or changed ones, then the oldest of those that are only old."""
        moved = [pk for pk, seen in prints.items() if pk not in known or not known[pk].says(seen)]
        same = set(prints).difference(moved)
        old = [pk for pk in same if known[pk].read_at < self.now - DETAILS_GOOD_FOR]
        return moved + sorted(old, key=lambda pk: known[pk].read_at)[:REREAD_AT_MOST]


def several(ask: Callable[[S], T], questions: Iterable[S], *, ahead: int = AHEAD) -> Iterator[T]:
    """The answers in the order of the questions, a few asked at once and at most `ahead` of them waiting."""
    left = iter(questions)
    readers = ThreadPoolExecutor(AT_ONCE)
    try:
        asked: deque[Future[T]] = deque(readers.submit(ask, one) for one in islice(left, ahead))
        while asked:
            answer = asked.popleft().result()
            asked.extend(readers.submit(ask, one) for one in islice(left, 1))
            yield answer
    finally:
        readers.shutdown(cancel_futures=True)


def handfuls(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in their order, so many at once."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some


def whole_if_there(listing: Listing[T]) -> Listing[T] | None:
    """The same list, None if upstream has none for us; asks for its beginning to find out."""
    try:
        first = next(listing)
    except StopIteration:
        return Listing(iter(()), listing.skipped)
    except (NotFound, Forbidden) as error:
        log.info("no such list upstream: %s", error)
        return None

    def records() -> Iterator[T]:
        yield first
        yield from listing

    return Listing(records(), listing.skipped)


def new_row(pk: int, values: Values, known: Mapping[int, Known]) -> Row | None:
    """The row, None if the mirror was written from the same values."""
    row = Row(pk, values, digest(values))
    return None if pk in known and known[pk].says(row.fingerprint) else row


def not_gone(found: Iterable[int], skipped: Sequence[Skipped], known: Mapping[int, Known]) -> Iterator[int]:
    """Ids that may still be there: what could not be read, or everything if we cannot tell what that was."""
    here = set(found)
    unknown = any(skip.id is None for skip in skipped)
    unreadable = {skip.id for skip in skipped}
    return (pk for pk in known if pk not in here and (unknown or pk in unreadable))


def told(skipped: Sequence[Skipped]) -> tuple[str, ...]:
    """What could not be read, in words, each once however often it was met."""
    return tuple(dict.fromkeys(f"{skip.id or '?'}: {skip.why}" for skip in skipped))


def _if_there(detail: Callable[[int], R], pk: int) -> R | None:
    try:
        return detail(pk)
    except NotFound:
        return None
