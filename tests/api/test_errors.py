"""The tree of errors: its branches, and that errors survive the way between processes."""

import pickle

import pytest

from shop.api import errors
from shop.api.errors import Detail

EVERY = [
    errors.refusal("GET /x", 404, messages=("gone",), raw="raw"),
    errors.refusal(
        "POST /x", 422, code="sold_out", details=(Detail("sold_out", "m", "items[0]", 0, {"a": 1}),)
    ),
    errors.Unavailable("GET /x", "answered 503", retry_after=7.0, status=503),
    errors.Malformed("GET /x", "no JSON"),
    errors.OutcomeUnknown("POST /x", "no whole answer", raw="?"),
]


@pytest.mark.parametrize("error", EVERY)
def test_an_error_is_the_same_after_pickling(error: errors.GomusError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_only_what_certainly_did_not_happen_is_unavailable() -> None:
    assert not issubclass(errors.OutcomeUnknown, errors.Unavailable | errors.Refused)
    assert issubclass(errors.Malformed, errors.Unavailable)
    assert all(
        issubclass(kind, errors.Refused)
        for kind in (errors.NotFound, errors.Forbidden, errors.Unauthorized, errors.Unprocessable)
    )
    assert all(isinstance(error, errors.GomusError) for error in EVERY)
