"""Liberal reading of JSON values: each function takes anything and gives a typed value or "nothing".

Numbers may come as text, absent equals null, empty maps may come as [], texts may hold what no database
stores. Only `BadRecord` is raised, and only where a record makes no sense without the value.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from shop.api.calls import Body
from shop.api.records import Text

T = TypeVar("T")

LARGEST = 2**63 - 1
INTEGER = re.compile(r"([+-]?[0-9]{1,18})(?:\.0{1,9})?")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,20})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?"
    r" ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})"
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 20
DEEPEST_ANSWER = 60


class BadRecord(ValueError):
    """A value is missing without which the record makes no sense. Its text names fields, never values."""


def parse_json(body: Body, *, empty_ok: bool = False) -> object:
    """The JSON of an answer, decimal numbers as text. None for an empty body if that is allowed."""
    if empty_ok and not body.content.strip():
        return None
    try:
        value = json.loads(body.content.decode("utf-8-sig"), parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadRecord("the answer is no JSON") from error
    if _is_deep(value):
        raise BadRecord("the answer is nested too deeply")
    return value


def _is_deep(value: object) -> bool:
    """Is this nested so deeply that code that goes into it, as repr() does, might run out of stack?"""
    level = [value]
    for _ in range(DEEPEST_ANSWER):
        level = [member for outer in level for member in rows(outer) if isinstance(member, dict | list)]
        if not level:
            return False
    return True


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")


def unwrapped(key: str, read: Callable[[object], T]) -> Callable[[object], T]:
    """Reader of a single record, with or without the wrapping `key`."""

    def read_unwrapped(payload: object) -> T:
        inner = mapping(payload).get(key)
        return read(inner if isinstance(inner, Mapping) else payload)

    return read_unwrapped


def mapping(value: object) -> Mapping[str, object]:
    """The map, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[object]:
    """The members of an array, or the values of a map; [] for anything else."""
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list) else []


def integer(value: object) -> int | None:
    """A whole number that fits a database, also from text such as "12" or "12.0"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else None
    found = INTEGER.fullmatch(str(value).strip()) if isinstance(value, str | float) else None
    return int(found[1]) if found else None


def identifier(value: object) -> int | None:
    """A positive id."""
    number = integer(value)
    return number if number is not None and number > 0 else None


def identifiers(value: object) -> tuple[int, ...]:
    """The ids of an array, each once, in order; anything else in it is left out."""
    found = (identifier(member) for member in rows(value))
    return tuple(dict.fromkeys(number for number in found if number is not None))


def required_id(data: Mapping[str, object]) -> int:
    """The record's own id."""
    number = identifier(data.get("id"))
    if number is None:
        raise BadRecord("no id")
    return number


def decimal(value: object) -> Decimal | None:
    """A number of ordinary size, from its decimal text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip() if not isinstance(value, int) or abs(value) <= LARGEST else ""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def coordinate(value: object) -> float | None:
    """Degrees of latitude or longitude."""
    number = decimal(value)
    return float(number) if number is not None and abs(number) <= 180 else None


def basis_points(value: object) -> int | None:
    """Per cent as basis points: "19.0" is 1900, 8.1 is 810; None unless between 0 and 100 per cent."""
    number = decimal(value)
    if number is None or not 0 <= number <= 100:
        return None
    return int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))


def flag(value: object) -> bool | None:
    """True or false, also as 1/0 or in words; None if it says neither."""
    return FLAGS.get(str(value).strip().lower()) if isinstance(value, bool | int | str) else None


FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def verbatim(value: object) -> str:
    """A text as it is, without what no database stores; numbers become text, everything else ""."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) > LARGEST:
        return ""
    return UNSTORABLE.sub("", str(value))


def text(value: object) -> str:
    """A text without surrounding white space."""
    return verbatim(value).strip()


def translated(value: object, locales: Sequence[str]) -> Text:
    """A text in the locales asked for; a plain one counts as being in the first."""
    if isinstance(value, Mapping):
        found = {text(code): text(words) for code, words in value.items()}
        return Text({code: words for code, words in found.items() if code and words})
    words = text(value)
    return Text({locales[0] if locales else "": words}) if words else Text()


def contents(value: object, locales: Sequence[str]) -> dict[str, Text]:
    """The free texts of a record by their key, empty ones left out."""
    found = {text(key): translated(words, locales) for key, words in mapping(value).items()}
    return {key: words for key, words in found.items() if key and words}


def moment(value: object) -> datetime | None:
    """An instant: ISO 8601 or "YYYY-MM-DD HH:MM:SS +HHMM", always with an offset."""
    found = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    zone = "+00:00" if found["zone"] in {"Z", "UTC"} else found["zone"]
    try:
        when = datetime.fromisoformat(f"{found['day']}T{found['clock']}{zone}")
    except ValueError:
        return None
    return when if 1900 <= when.year <= 2200 else None


def day(value: object) -> date | None:
    """A calendar day, YYYY-MM-DD."""
    if not isinstance(value, str) or not DAY.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def address(value: object, base_url: str) -> str | None:
    """An absolute http/https address; relative ones (`../teaser/x.jpg`) count from the root of `base_url`."""
    given = text(value)
    if not given or not given.isprintable():
        return None
    try:
        full = urljoin(f"{base_url}/", given)
        parts = urlsplit(full)
        usable = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return None
    return full if usable else None


def plain(value: object, depth: int = 0) -> object:
    """A copy that any JSON column can hold: unstorable characters gone, numbers bounded, depth bounded."""
    if depth > DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {verbatim(key): plain(member, depth + 1) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member, depth + 1) for member in value]
    if value is None or isinstance(value, bool):
        return value
    return integer(value) if isinstance(value, int) else verbatim(value)
