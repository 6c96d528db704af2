"""Refusals in every shape the ticket system is known to use."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api import errors
from shop.api.error_bodies import refused
from shop.api.errors import Detail

CALL = "POST /orders"


def read(body: object, status: int = 422) -> errors.Refused:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return refused(CALL, status, content)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (["Too late.", "Too many."], ("Too late.", "Too many.")),
        ({"errors": ["Too late.", "Too many."]}, ("Too late.", "Too many.")),
        ({"error": "Too late."}, ("Too late.",)),
        ({"error": "Too late.", "errors": ["Too late.", "Too many."]}, ("Too late.", "Too many.")),
        ({"error": "Too late.", "request": "abc"}, ("Too late.",)),
        (
            {"email": ["is taken"], "name": ["is short", "is odd"]},
            ("email: is taken", "name: is short", "name: is odd"),
        ),
        ({"email": ["is taken"], "full_messages": ["Email is taken"]}, ("Email is taken",)),
        ({"errors": {"email": ["is taken"]}}, ("email: is taken",)),
        ({"errors": {"email": ["is taken"], "full_messages": ["Email is taken"]}}, ("Email is taken",)),
        ({"success": False, "errors": ["Too late."]}, ("Too late.",)),
        ({"errors": [{"message": "Too late."}]}, ("Too late.",)),
        ({"message": "Too late."}, ("Too late.",)),
        ("Too late.", ("Too late.",)),
        (b"Too late.", ("Too late.",)),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", ("502 Bad Gateway",)),
        (b"<p>Sorry</p>", ()),
        (b"", ()),
        ({}, ()),
        ([], ()),
        (None, ()),
        (17, ()),
    ],
)
def test_messages_are_found_in_every_shape(body: object, messages: tuple[str, ...]) -> None:
    assert read(body).messages == messages


FULL = {
    "error": "The 11:30 slot has 1 place left.",
    "errors": ["The 11:30 slot has 1 place left.", "No surname."],
    "code": "sold_out",
    "details": [
        {
            "code": "sold_out",
            "message": "The 11:30 slot has 1 place left.",
            "path": "items[2].attributes.time",
            "item_index": 2,
            "meta": {"available": 1},
        },
        {
            "code": "attendee_incomplete",
            "message": "No surname.",
            "path": "items[4].attributes",
            "meta": None,
        },
    ],
}


def test_codes_and_details_are_kept() -> None:
    error = read(FULL)
    assert isinstance(error, errors.Unprocessable)
    assert error.code == "sold_out"
    assert error.codes() == {"sold_out", "attendee_incomplete"}
    assert error.details == (
        Detail(
            "sold_out", "The 11:30 slot has 1 place left.", "items[2].attributes.time", 2, {"available": 1}
        ),
        Detail("attendee_incomplete", "No surname.", "items[4].attributes", 4, {}),
    )


def test_a_missing_code_is_taken_from_the_first_detail_that_has_one() -> None:
    assert read({"details": [{"message": "x"}, {"code": "time_invalid"}]}).code == "time_invalid"


def test_fields_become_details() -> None:
    assert read({"errors": {"email": ["is taken"]}}).details == (Detail(message="is taken", path="email"),)
    assert read({"email": "is taken"}).details == (Detail(message="is taken", path="email"),)


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, errors.Unauthorized, "unauthorized"),
        (403, errors.Forbidden, "forbidden"),
        (404, errors.NotFound, "not_found"),
        (422, errors.Unprocessable, "unprocessable"),
        (405, errors.Refused, "status_405"),
    ],
)
def test_each_status_has_its_error_and_a_code_without_a_body(
    status: int, kind: type[errors.Refused], code: str
) -> None:
    error = read(b"", status)
    assert type(error) is kind
    assert (error.status, error.code) == (status, code)


def test_what_upstream_wrote_is_kept_for_staff_but_not_in_the_text_of_the_error() -> None:
    error = read({"error": "ida@example.org is barred", "code": "Ida Brandt"})
    assert "ida" not in str(error).lower()
    assert str(error) == "POST /orders: refused with 422 unprocessable"
    assert "ida@example.org" in error.raw
    assert len(read(b"x" * 5000).raw) == 2000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["error", "errors", "code", "details", "full_messages", "message", "path", "meta", "email"]
)


@given(st.binary() | (st.dictionaries(KEYS, JSON) | JSON).map(lambda body: json.dumps(body).encode()))
def test_no_body_breaks_the_reading_of_a_refusal(body: bytes) -> None:
    error = refused(CALL, 422, body)
    assert isinstance(error, errors.Unprocessable)
    assert all(message and len(message) <= 500 for message in error.messages)
    for text in (*error.messages, error.raw, str(error), *(detail.message for detail in error.details)):
        text.encode()
        assert "\x00" not in text
