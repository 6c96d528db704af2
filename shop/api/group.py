"""What groups of calls have in common when their records hold texts in several languages."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from shop.api import errors, reading
from shop.api.calls import Call, Query
from shop.api.paging import Listing, read_pages, read_rows
from shop.api.queries import Filter, Locales, filtered, in_locales, in_pieces
from shop.api.readers import shared
from shop.api.readers.shared import Context
from shop.api.records import Named, Tag
from shop.api.timing import Patience
from shop.api.transport import Caller

T = TypeVar("T")

Reader = Callable[[object], T]


class Group:
    """Calls over one shared caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def _context(self, locales: Locales) -> Context:
        codes = (locales,) if isinstance(locales, str) else tuple(locales)
        return Context(locales=codes, base_url=self._caller.base_url)

    def _list(
        self,
        call: Call,
        key: str,
        reader: Callable[[Context], Reader[T]],
        locales: Locales,
        given: Mapping[str, Filter],
    ) -> Listing[T]:
        """All pages of a list; nothing is asked where nothing can match."""
        query = filtered(given)
        if query is None:
            return Listing(iter(()))
        whole = replace(call, query=in_locales(locales) + query)
        return read_pages(self._caller, whole, key, reader(self._context(locales)))

    def _one(self, call: Call, key: str, reader: Callable[[Context], Reader[T]], locales: Locales) -> T:
        """A single record, with or without its wrapping key."""
        whole = replace(call, query=in_locales(locales) + call.query)
        return self._caller.read(whole, reading.unwrapped(key, reader(self._context(locales))))

    def _days(
        self,
        call: Call,
        query: Query | None,
        read: Reader[dict[date, T]],
        start: date,
        end: date,
    ) -> dict[date, T]:
        """What upstream says of each day of the range, both ends included."""
        days: dict[date, T] = {}
        for piece in in_pieces(call, query, start, end):
            days |= self._caller.read(piece, read)
        return {day: value for day, value in sorted(days.items()) if start <= day <= end}

    def _tags(self, kind: str, tag: Tag, locales: Locales, patience: Patience) -> tuple[Named, ...] | None:
        """A list of tags to choose from; None where upstream has no such list."""
        call = Call("GET", f"/{kind}/{tag}", query=in_locales(locales), patience=patience)
        try:
            found = read_rows(self._caller, call, tag, shared.named(self._context(locales)))
        except errors.NotFound:
            return None
        return tuple(named for named in found if named.name)
