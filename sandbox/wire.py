"""How requests are read and answers written: credentials, locale, pages, filters."""

import json
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any, TypeVar

from starlette.requests import Request

from sandbox.errors import ApiError, Fault, refuse

LOCALES = ["de", "en"]
KEYS = {"sandbox-reseller": "reseller", "sandbox-cashpoint": "cashpoint", "sandbox-customer": "customer"}
YEARS = range(2000, 2200)  # outside, days are refused: nothing happens then
LONGEST_NUMBER = 18  # digits
Row = TypeVar("Row")
Text = str | dict[str, str | None] | None


def account(request: Request) -> str:
    """The kind of account behind the key; 401 for an unknown key, `public` without one."""
    header = request.headers.get("authorization")
    if header is None:
        return "public"
    kind = KEYS.get(header.removeprefix("Bearer ").strip())
    if kind is None:
        raise unauthorised()
    return kind


def member(request: Request, *kinds: str) -> str:
    """The account, which must be of one of the given kinds."""
    kind = account(request)
    if kind == "public":
        raise unauthorised()
    if kind not in kinds:
        raise ApiError(403, Fault("forbidden", "Keine Berechtigung.", "Not permitted."))
    return kind


def unauthorised() -> ApiError:
    return ApiError(401, Fault("unauthorized", "Schlüssel unbekannt.", "Unknown key."))


@dataclass(frozen=True, slots=True)
class Speech:
    """The language(s) of an answer: one, or several as an object per text."""

    codes: tuple[str, ...]
    several: bool

    def say(self, words: dict[str, str]) -> Text:
        """A text as it was written, empty ones included; null where nobody ever wrote one."""
        if self.several:
            return {code: words.get(code) for code in self.codes}
        return words.get(self.codes[0]) or words.get(LOCALES[0])


def speech(request: Request) -> Speech:
    wanted = [code for code in request.query_params.getlist("locale[]") if code]
    if wanted and account(request) != "public":
        for code in wanted:
            if code not in LOCALES:
                raise refuse(
                    "unknown_locale", f"Sprache {code} gibt es nicht.", f"No locale {code}.", "locale[]"
                )
        return Speech(tuple(wanted), several=True)
    single = (wanted[0] if wanted else request.query_params.get("locale", "")).split("-")[0]
    return Speech((single if single in LOCALES else LOCALES[0],), several=False)


def page(request: Request, name: str, rows: Sequence[Row], show: Callable[[Row], Any]) -> dict[str, Any]:
    """One page of a list with its meta block."""
    limit = 25 if account(request) == "public" else 100
    number = _positive(request.query_params.get("page"), 1)
    size = min(_positive(request.query_params.get("per_page"), 25), limit)
    chosen = rows[(number - 1) * size : number * size]
    meta = {"total_count": len(rows), "page": number, "per_page": size}
    return {name: [show(row) for row in chosen], "meta": meta}


def ids(request: Request, *names: str) -> set[int] | None:
    """The ids of a filter in any of its spellings; None when it is absent."""
    given: list[str] = []
    for name in names:
        for key in (name, f"{name}[]"):
            for value in request.query_params.getlist(key):
                given += value.split(",")
    given = [value for value in given if value]
    return {number for value in given if (number := number_in(value)) is not None} if given else None


def number_in(value: str | None) -> int | None:
    """A whole number that is not negative; None for everything else."""
    return int(value) if value and value.isdecimal() and len(value) <= LONGEST_NUMBER else None


def words(request: Request, *names: str) -> set[str]:
    found: set[str] = set()
    for name in names:
        for key in (name, f"{name}[]"):
            for value in request.query_params.getlist(key):
                found |= set(filter(None, value.split(",")))
    return found


def flag(request: Request, name: str) -> bool | None:
    value = request.query_params.get(name)
    return {"true": True, "1": True, "false": False, "0": False}.get(value or "")


def number(request: Request, name: str, default: int) -> int:
    """A number of the query; 422 for what is none."""
    value = request.query_params.get(name)
    found = number_in(value) if value else default
    if found is None:
        raise refuse("invalid_value", f"{value} ist keine Zahl.", f"{value} is not a number.", name)
    return found


def day(request: Request, name: str, default: date) -> date:
    return as_day(request.query_params.get(name), name, default)


def as_day(value: Any, name: str, default: date) -> date:
    if not value:
        return default
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.isoformat() != value or found.year not in YEARS:
        raise refuse("invalid_value", f"{value} ist kein Tag.", f"{value} is not a day.", name)
    return found


def month(request: Request, today: date) -> tuple[date, date]:
    """`start_at` and `end_at`: by default from today to the end of the month in which the range begins."""
    first = day(request, "start_at", today)
    return span(request, today, first.replace(day=monthrange(first.year, first.month)[1]))


def span(request: Request, start: date, end: date, limit: int | None = 31) -> tuple[date, date]:
    """`start_at` and `end_at`, both included, with their defaults."""
    first = day(request, "start_at", start)
    last = day(request, "end_at", end)
    if last < first:
        raise refuse(
            "range_invalid", "Das Ende liegt vor dem Anfang.", "The end is before the start.", "end_at"
        )
    if limit is not None and (last - first).days > limit:
        raise refuse("range_too_long", f"Höchstens {limit} Tage.", f"{limit} days at most.", "end_at")
    return first, last


async def json_body(request: Request) -> dict[str, Any]:
    """The object a request carries. What could not be told back (NaN, half a character) is no JSON either."""
    try:
        raw = await request.body()
        body = json.loads(raw or b"{}", parse_constant=_no_number, parse_float=_finite)
        if rb"\ud" in raw.lower():
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise refuse("malformed_json", "Kein lesbares JSON.", "Not readable JSON.") from None
    if not isinstance(body, dict):
        raise refuse("malformed_json", "Kein JSON-Objekt.", "Not a JSON object.")
    return body


def _no_number(word: str) -> float:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def matching(rows: Iterable[Row], needle: str | None, text: Callable[[Row], Iterable[str]]) -> list[Row]:
    """Rows whose text contains the needle, without regard to case and accents."""
    if not needle:
        return list(rows)
    wanted = _bare(needle)
    return [row for row in rows if any(wanted in _bare(part) for part in text(row))]


@lru_cache(maxsize=50_000)
def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _positive(value: str | None, default: int) -> int:
    return number_in(value) or default
