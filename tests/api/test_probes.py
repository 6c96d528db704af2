"""The probes: harmless questions, and answers that are understood however they come."""

import json

import httpx
import pytest

from shop.api import errors
from shop.api.probes import ListHead
from tests.api.talking import Answering, always, params


@pytest.mark.parametrize(
    ("payload", "head"),
    [
        ({"museums": [{"id": 4}], "meta": {"total_count": "9", "per_page": 25}}, ListHead((4,), 9, 25)),
        ({"museums": [{"id": 4}, {"id": "x"}]}, ListHead((4,), 2)),
        ([], ListHead((), 0)),
    ],
)
def test_the_head_of_a_list(answering: Answering, payload: object, head: ListHead) -> None:
    gomus, asked = answering(always(payload))
    assert gomus.probes.head("museums", 50) == head
    assert params(asked[0]) == [("page", "1"), ("per_page", "50")]


def test_a_list_that_is_not_there_has_no_head(answering: Answering) -> None:
    gomus, _ = answering(always({"meta": {}}))
    with pytest.raises(errors.Malformed):
        gomus.probes.head("museums")


@pytest.mark.parametrize(("status", "there"), [(422, True), (403, False), (404, False), (405, False)])
def test_a_refusal_tells_whether_holds_exist(answering: Answering, status: int, there: bool) -> None:
    gomus, asked = answering(always({"error": "No."}, status))
    assert gomus.probes.takes_holds(7) is there
    wanted = json.loads(asked[0].content)["reservation"]
    assert wanted == {"ticket_id": 7, "quantity": 0, "start_at": "2000-01-01T00:00:00+00:00"}
    assert len(asked) == 1


@pytest.mark.parametrize("status", [401, 410, 418])
def test_other_refusals_tell_nothing(answering: Answering, status: int) -> None:
    gomus, _ = answering(always({"error": "No."}, status))
    with pytest.raises(errors.Refused):
        gomus.probes.takes_holds(7)


def test_a_hold_made_against_all_expectation_is_given_back(answering: Answering) -> None:
    def careless(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(201, json={"reservation": {"token": "abc"}})

    gomus, asked = answering(careless)
    assert gomus.probes.takes_holds(7) is True
    assert [(one.method, one.url.path) for one in asked] == [
        ("POST", "/api/v4/tickets/reservations"),
        ("DELETE", "/api/v4/tickets/reservations/abc"),
    ]
