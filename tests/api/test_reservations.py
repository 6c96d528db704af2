"""Holds: asked for, prolonged, let go; what their answers must hold to be of use."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shop.api import Gomus, errors
from shop.api.records import HoldChange, HoldCreate
from tests.api.scripted import answer
from tests.api.talking import Answering, Serving, always

HOLD = {
    "token": "q3TzL0vXrWm2Yb8KcNfA1g",
    "quantity": 2,
    "ticket_id": 311,
    "start_at": "2027-03-14T11:30:00+01:00",
    "valid_until": "2027-03-10T09:15:02+01:00",
}
WANTED = HoldCreate(311, 2, "2027-03-14T11:30:00+01:00")


def test_where_holds_are_made_prolonged_and_let_go(answering: Answering) -> None:
    gomus, asked = answering(always({"reservation": HOLD}))
    hold = gomus.reservations.create(WANTED)
    gomus.reservations.refresh(hold.token, HoldChange(2))
    gomus.reservations.refresh("a/b", HoldChange(2))
    gomus.reservations.delete(hold.token)
    assert [(request.method, request.url.raw_path) for request in asked] == [
        ("POST", b"/api/v4/tickets/reservations"),
        ("PUT", b"/api/v4/tickets/reservations/q3TzL0vXrWm2Yb8KcNfA1g"),
        ("PUT", b"/api/v4/tickets/reservations/a%2Fb"),
        ("DELETE", b"/api/v4/tickets/reservations/q3TzL0vXrWm2Yb8KcNfA1g"),
    ]
    assert asked[3].content == b""
    assert all(request.headers["Authorization"] == "Bearer secret-key" for request in asked)
    assert hold.valid_until.utcoffset() == timedelta(hours=1)
    assert hold.token not in repr(hold)


def test_the_wrapping_key_and_all_but_token_quantity_and_end_may_be_missing(answering: Answering) -> None:
    bare = {"token": "t" * 22, "quantity": "2", "valid_until": "2027-03-10 09:15:02 +0100"}
    gomus, _ = answering(always(bare))
    hold = gomus.reservations.create(WANTED)
    assert (hold.quantity, hold.ticket_id, hold.start_at) == (2, None, None)


@pytest.mark.parametrize("missing", ["token", "quantity", "valid_until"])
def test_a_hold_of_no_use_is_an_unknown_one(answering: Answering, missing: str) -> None:
    gomus, asked = answering(always({"reservation": HOLD | {missing: None}}, 201))
    with pytest.raises(errors.OutcomeUnknown):
        gomus.reservations.create(WANTED)
    with pytest.raises(errors.OutcomeUnknown):
        gomus.reservations.refresh("t", HoldChange(1))
    assert len(asked) == 2


@pytest.mark.parametrize(
    "gone", [answer(204), answer(200, {"deleted": True}), answer(404), answer(404, b"<html>")]
)
def test_letting_go_of_what_is_gone_is_done(patient: Serving, gone: Any) -> None:
    gomus, server = patient(gone)
    gomus.reservations.delete("t")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer(200, b"<html>", kind="text/html"), errors.OutcomeUnknown),
        (answer(500), errors.OutcomeUnknown),
        (answer(403), errors.Forbidden),
        (answer(422), errors.Unprocessable),
        (answer(503, headers={"Retry-After": "3"}), errors.Unavailable),
    ],
)
def test_letting_go_in_vain(patient: Serving, said: Any, expected: type[errors.GomusError]) -> None:
    gomus, server = patient(said)
    with pytest.raises(expected):
        gomus.reservations.delete("t")
    assert len(server.asked) == 1


def test_a_hold_that_has_ended_or_reached_its_limit(answering: Answering) -> None:
    said = iter([httpx.Response(404), httpx.Response(422, json={"code": "reservation_limit_reached"})])
    gomus, _ = answering(lambda _: next(said))
    with pytest.raises(errors.NotFound):
        refresh(gomus)
    with pytest.raises(errors.Unprocessable, match="reservation_limit_reached"):
        refresh(gomus)


def refresh(gomus: Gomus) -> None:
    gomus.reservations.refresh("t", HoldChange(1))
