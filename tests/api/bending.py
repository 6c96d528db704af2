"""Answers as `docs/openapi.yaml` allows them, and what becomes of them when somebody bends them."""

import copy
import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from shop.api.calls import Body
from shop.api.reading import parse_json

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
LARGEST = 2**63
PATTERNS = {r"^\d{4}-\d{2}-\d{2}$": "date", r"^\d+$": "number"}
NASTY = ["", "0", "-1", "1.5", "true", "\x00", "\ud800", "2027-03-14T11:30:00+01:00", "http://[", ".."]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(NASTY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1)).map(date.isoformat)
MOMENTS = st.integers(1_580_000_000, 2_200_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).isoformat()
)


@dataclasses.dataclass(frozen=True)
class Leaves:
    """What stands in an answer: texts, whole numbers from a least one on, other numbers."""

    texts: st.SearchStrategy[str]
    most: int
    numbers: st.SearchStrategy[Any]


# A word that reads as a text, as a percentage and as a number: nothing a reader could complain about.
ORDINARY = Leaves(st.sampled_from(["7.0", "19", "8.1"]), 10**4, st.sampled_from([0, 7, 8.1, 19.0, 100]))
ANY = Leaves(
    st.text(max_size=12) | st.sampled_from(NASTY),
    2**70,
    st.integers() | st.floats(allow_nan=False, allow_infinity=False),
)


@cache
def document() -> Any:
    """The whole document."""
    return yaml.load(DOCUMENT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def answers(path: str, leaves: Leaves = ANY) -> st.SearchStrategy[Any]:
    """What may be answered to a GET of that path."""
    return allowed(answer_schema(path), leaves)


@cache
def bent_answers(path: str) -> st.SearchStrategy[Any]:
    """What may be answered to a GET of that path as it came over the wire, often bent, sometimes anything."""
    return answers(path).map(sent) | bent(answers(path)) | JSON


def answer_schema(path: str) -> Any:
    """The schema of a successful answer to a GET of that path below /api/v4."""
    content = document()["paths"][f"/api/v4{path}"]["get"]["responses"]["200"]["content"]
    return content["application/json"]["schema"]


def component(name: str) -> Any:
    """A schema by its name."""
    return document()["components"]["schemas"][name]


def allowed(schema: Any, leaves: Leaves = ANY) -> st.SearchStrategy[Any]:
    """Any JSON value that the schema allows."""
    if "$ref" in schema:
        return allowed(component(schema["$ref"].rpartition("/")[2]), leaves)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return st.one_of([allowed(choice, leaves) for choice in choices])
    if "allOf" in schema:
        return _object(_joined(schema["allOf"]), leaves)
    for key in ("enum", "const"):
        if key in schema:
            return st.sampled_from(schema[key] if key == "enum" else [schema[key]])
    kinds = schema.get("type", "object")
    return st.one_of([_of(kind, schema, leaves) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def _of(kind: str, schema: Any, leaves: Leaves) -> st.SearchStrategy[Any]:
    if kind == "object":
        return _object(schema, leaves)
    if kind == "array":
        return st.lists(allowed(schema["items"], leaves), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", 0), schema.get("maximum", leaves.most))
    simple = {"boolean": st.booleans(), "null": st.none(), "number": leaves.numbers}
    return simple[kind] if kind in simple else _text(schema, leaves)


def _object(schema: Any, leaves: Leaves) -> st.SearchStrategy[Any]:
    properties = {name: allowed(inner, leaves) for name, inner in schema.get("properties", {}).items()}
    required = set(schema.get("required", ()))
    fixed = st.fixed_dictionaries(
        {name: value for name, value in properties.items() if name in required},
        optional={name: value for name, value in properties.items() if name not in required},
    )
    more = schema.get("additionalProperties")
    if not isinstance(more, dict):
        return fixed
    names = _text(schema.get("propertyNames", {}), leaves)
    return st.dictionaries(names, allowed(more, leaves), min_size=schema.get("minProperties", 0), max_size=3)


def _joined(parts: list[Any]) -> Any:
    """Several schemas of objects as one."""
    whole: dict[str, Any] = {"properties": {}, "required": []}
    for part in parts:
        inner = component(part["$ref"].rpartition("/")[2]) if "$ref" in part else part
        inner = _joined(inner["allOf"]) if "allOf" in inner else inner
        whole["properties"] |= inner.get("properties", {})
        whole["required"] += inner.get("required", [])
    return whole


def _text(schema: Any, leaves: Leaves) -> st.SearchStrategy[str]:
    shape = schema.get("format") or PATTERNS.get(schema.get("pattern", ""))
    if shape == "date-time":
        return MOMENTS
    if shape in {"date", "number"}:
        return DAYS if shape == "date" else st.integers(1, 999).map(str)
    texts = leaves.texts
    # Maps by time and maps by id do not say so in the schema.
    if not schema or (schema.get("type") == "string" and len(schema) == 1):
        texts |= MOMENTS | st.integers(1, 999).map(str)
    least, most = schema.get("minLength", 0), schema.get("maxLength", 40)
    return texts.map(lambda words: words.ljust(least, "x")[:most])


def sent(value: object) -> object:
    """The value after its way over the wire."""
    return parse_json(Body(200, "application/json", json.dumps(value).encode()))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to every member of a JSON value."""
    found = [path] if path else []
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        found += places(member, (*path, key))
    return found


def change(draw: st.DrawFn, value: Any, path: tuple[Any, ...]) -> None:
    """Remove, rename, retype or replace the member at `path`."""
    for key in path[:-1]:
        value = value[key]
    last = path[-1]
    old = value[last]
    how = draw(st.sampled_from(["remove", "rename", "retype", "replace"]))
    if how == "remove":
        del value[last]
    elif how == "rename" and isinstance(value, dict):
        del value[last]
        value[draw(st.sampled_from([*value, "id", "data", ""]) | st.text(max_size=5))] = old
    else:
        value[last] = draw(st.sampled_from(_retyped(old)) if how == "retype" else JSON)


def _retyped(old: Any) -> list[Any]:
    """The same in another type, the way servers do it: texts for numbers, [] for {}, one for several."""
    if isinstance(old, dict):
        return [[], list(old.values()), None, [old], json.dumps(old)]
    if isinstance(old, list):
        return [{}, {str(at): member for at, member in enumerate(old)}, None, old[0] if old else ""]
    return [str(old), [old], {"de": old}, None, {}, not old]


@st.composite
def bent(draw: st.DrawFn, answers: st.SearchStrategy[Any]) -> object:
    """An answer with one to three members removed, renamed, retyped or replaced."""
    value = copy.deepcopy(draw(answers))
    for _ in range(draw(st.integers(1, 3))):
        if paths := places(value):
            change(draw, value, draw(st.sampled_from(paths)))
    return sent(value)


def assert_storable(value: object) -> None:
    """Every text can be encoded and holds no NUL, every number fits a database column."""
    if isinstance(value, str):
        assert "\x00" not in value
        value.encode()
    elif isinstance(value, bool) or value is None or isinstance(value, datetime | date | float):
        return
    elif isinstance(value, int):
        assert abs(value) < LARGEST
    elif isinstance(value, Mapping):
        for key, member in value.items():
            assert_storable(key)
            assert_storable(member)
    elif isinstance(value, tuple | list | frozenset):
        for member in value:
            assert_storable(member)
    else:
        assert dataclasses.is_dataclass(value)
        for field in dataclasses.fields(value):
            assert_storable(getattr(value, field.name))
