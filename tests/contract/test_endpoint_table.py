"""docs/endpoints.md names for every endpoint who asks it, who answers it and what proves it; nothing is left out."""

import inspect
import re
from dataclasses import dataclass

import pytest

from shop.api import Gomus
from shop.api.records import Tag
from tests.contract.scope import API
from tests.contract.served import routes_of, served
from tests.environment import ROOT

ROW = re.compile(r"^\| `([A-Z]+ /\S+)` \| (.+) \| `(/\S+)` \| `(tests/\S+\.py)::(\w+)` \|$", re.MULTILINE)
CALL = re.compile(r"`(\w+\.\w+)`")
TAGS = "|".join(Tag)
USE = re.compile(r"^\| `([A-Z]+ /\S+)` \| ([^|]+) \| ([^|`]*(?:`[^|]+)?) \|$", re.MULTILINE)
NO_CATALOGUE = re.compile(r"/api/v3|/orders|/annual|/cart|/shop|/merchandises|/coupon_sales|/reservations")
TEXT, _, USES = (ROOT / "docs/endpoints.md").read_text().partition("## What the shop does with the catalogue")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: an operation, what stands under "Client", the sandbox's route, the proof."""

    operation: str
    client: str
    route: str
    test_file: str
    test: str

    def __str__(self) -> str:
        return self.operation


def line(endpoint: str, *others: str) -> Line:
    method, path = endpoint.split(" ")
    return Line(f"{method} {path if path.startswith('/api/') else API + path}", *others)


LINES = [line(*found) for found in ROW.findall(TEXT)]


def public_methods() -> set[str]:
    """Every call the client offers, such as "catalogue.museums"."""
    gomus = Gomus("http://up.test", "key")
    groups = {name: type(group) for name, group in vars(gomus).items() if not name.startswith("_")}
    gomus.close()
    return {
        f"{name}.{method}"
        for name, group in groups.items()
        for method, _ in inspect.getmembers(group, inspect.isfunction)
        if not method.startswith("_")
    }


def test_every_endpoint_the_sandbox_serves_has_one_row() -> None:
    assert sorted(str(one) for one in LINES) == sorted(served())


@pytest.mark.parametrize("one", LINES, ids=str)
def test_a_row_is_true(one: Line) -> None:
    method = one.operation.split(" ")[0]
    assert f"{method} {one.route}" in routes_of(one.operation)
    called = CALL.findall(one.client)
    assert called or len(one.client.split()) > 4, "neither a call of the client nor a reason"
    assert set(called) <= public_methods()
    assert f"\ndef {one.test}(" in (ROOT / one.test_file).read_text()


def test_every_call_of_the_client_is_named() -> None:
    assert sorted(public_methods() - set(CALL.findall(TEXT))) == []


def test_every_line_of_the_table_is_understood() -> None:
    assert len(LINES) == len(re.findall(r"^\| `[A-Z]+ /", TEXT, re.MULTILINE))


def test_every_row_of_the_catalogue_is_used_or_has_a_reason() -> None:
    catalogue = [one.operation.replace(API, "") for one in LINES if not NO_CATALOGUE.search(one.operation)]
    tagged = [re.sub(rf"/(events|tours)/({TAGS})$", r"/\1/{tag}", operation) for operation in catalogue]
    uses = USE.findall(USES)
    assert sorted(endpoint for endpoint, _what, _where in uses) == sorted(set(tagged))
    for endpoint, what, where in uses:
        assert what.startswith("not used: ") == (where == "-"), endpoint
        assert all((ROOT / path).is_file() for path in re.findall(r"`(\S+)`", where)), endpoint
