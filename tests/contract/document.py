"""docs/openapi.yaml as a judge: which operation a request is, and what is wrong with its answer."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.environment import ROOT

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "delete", "patch")
EXAMPLES = {
    "date": "2027-03-14",
    "timestamp": "2027-03-14T11:00:00+01:00",
    "token": "t" * 22,
    "barcode": "X-1",
}
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())


def is_moment(value: object) -> bool:
    """Is a text a moment as the API writes them: seconds, an offset, no fraction? ValueError: it is no moment."""
    if not isinstance(value, str):
        return True
    at = datetime.fromisoformat(value)
    return at.isoformat(timespec="seconds") == value and at.tzinfo is not None


FORMATS = FormatChecker(formats=("date", "email"))
FORMATS.checks("date-time", raises=ValueError)(is_moment)


def operations() -> list[str]:
    """Every operation, such as "GET /api/v4/museums/{id}"."""
    found = DOCUMENT["paths"].items()
    return [f"{method.upper()} {path}" for path, item in found for method in METHODS if method in item]


def described(operation: str) -> Schema:
    """What the document says about an operation."""
    method, _, path = operation.partition(" ")
    said: Schema = DOCUMENT["paths"][path][method.lower()]
    return said


def example(path: str) -> str:
    """A path with a value that fits in place of every parameter."""
    return re.sub(r"\{(\w+)\}", lambda found: EXAMPLES.get(found[1], "1"), path)


def operation_of(method: str, path: str) -> str:
    """The operation of a concrete request; the path with the most literal characters wins."""
    fitting = [
        operation
        for operation in operations()
        if operation.startswith(f"{method} ") and _pattern(operation.split(" ")[1]).fullmatch(path)
    ]
    assert fitting, f"the document has no {method} {path}"
    return max(fitting, key=lambda operation: len(re.sub(r"\{\w+\}", "", operation)))


def faults(operation: str, answer: httpx.Response) -> list[str]:
    """What is wrong with this answer according to the document; [] if nothing is."""
    said = _resolved(described(operation)["responses"].get(str(answer.status_code)))
    if said is None:
        return [f"{answer.status_code} is not among the answers of {operation}"]
    kinds: Mapping[str, Any] = said.get("content", {})
    if not kinds:
        return ["the body must be empty"] if answer.content else []
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind not in kinds:
        return [f"the content type is {kind!r}, not one of {', '.join(kinds)}"]
    if kind != "application/json":
        return [] if answer.content else ["the body is empty"]
    return judged(kinds[kind]["schema"], answer.json())


def judged(schema: Schema, value: object) -> list[str]:
    """Where a JSON value breaks its schema, and which of its fields no schema knows."""
    whole = {**schema, "components": DOCUMENT["components"]}
    validator = Draft202012Validator(whole, format_checker=FORMATS)
    broken = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
    return broken + list(_strangers([schema], value, "$"))


def _strangers(schemas: list[Schema], value: object, path: str) -> Iterator[str]:
    """Fields that no schema for this place names: a misspelt optional field breaks no schema."""
    if not schemas:  # nothing is said about this place
        return
    known = [part for schema in schemas for part in _parts(schema)]
    if isinstance(value, list):
        inside = [part["items"] for part in known if "items" in part]
        for number, member in enumerate(value):
            yield from _strangers(inside, member, f"{path}[{number}]")
    if isinstance(value, dict):
        free = [part.get("additionalProperties", True) for part in known if _is_free(part)]
        for name, member in value.items():
            named = [part["properties"][name] for part in known if name in part.get("properties", {})]
            if not named and not free:
                yield f"{path}: nobody knows the field {name!r}"
            yield from _strangers(
                named or [one for one in free if isinstance(one, dict)], member, f"{path}.{name}"
            )


def _is_free(part: Schema) -> bool:
    """May an object of this schema have fields of any name?"""
    return "additionalProperties" in part or (part.get("type") == "object" and "properties" not in part)


def _parts(schema: Schema) -> Iterator[Schema]:
    """The schema and all that it refers to or combines."""
    found = _resolved(schema)
    if found is None:
        return
    yield found
    for word in ("allOf", "anyOf", "oneOf", "then", "else"):
        inside = found.get(word, [])
        for part in inside if isinstance(inside, list) else [inside]:
            yield from _parts(part)


def _resolved(schema: Schema | None) -> Schema | None:
    while schema is not None and "$ref" in schema:
        target: Any = DOCUMENT
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
