"""Every answer of the sandbox, good or refusing, is what docs/openapi.yaml says."""

import httpx
import pytest

from tests.contract import document
from tests.contract.rows import CUSTOMER, ROWS, Row
from tests.contract.served import served
from tests.contract.witness import Witness
from tests.sandbox_process import Sandbox

HERE = [row for row in ROWS if row.operation in served()]
PROTECTED = [name for name in served() if {} not in document.described(name)["security"]]
# Says of an unknown code that it is not valid, which is an answer.
ALWAYS_FOUND = "GET /api/v4/coupon_sales/barcode/{token}"
LOST = [name for name in served() if name.startswith("GET ") and "{" in name and name != ALWAYS_FOUND]
UNKNOWN = {"id": "999999999", "token": "u" * 22, "barcode": "NOBODYS"}


@pytest.mark.parametrize("row", HERE, ids=str)
def test_a_row_of_the_table(witness: Witness, row: Row) -> None:
    answer = witness.ask(row.method, witness.filled(row.address), key=row.key, body=row.body)
    assert answer.status_code == row.status, answer.text


def asked(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return method, document.example(path)


@pytest.mark.parametrize("operation", served())
def test_an_unknown_key_is_refused_everywhere(witness: Witness, operation: str) -> None:
    assert witness.ask(*asked(operation), key="nobodys-key", body={}).status_code == 401


@pytest.mark.parametrize("operation", PROTECTED)
def test_without_a_key_the_protected_is_refused(witness: Witness, operation: str) -> None:
    assert witness.ask(*asked(operation), key=None, body={}).status_code == 401


@pytest.mark.parametrize("operation", LOST)
def test_what_is_not_there_is_not_found(witness: Witness, operation: str) -> None:
    path = operation.split(" ")[1]
    for name, value in UNKNOWN.items():
        path = path.replace(f"{{{name}}}", value)
    path = path.replace("{order_id}", "u" * 22).replace("{event_id}", "999999999")
    answer = witness.ask("GET", f"{document.example(path)}?token={'u' * 22}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", sorted({name.split(" ")[1] for name in served()}))
def test_a_method_nobody_has_is_refused_with_those_that_exist(witness: Witness, path: str) -> None:
    methods = {name.split(" ")[0] for name in served() if name.split(" ")[1] == path}
    answer = witness.http.request("PATCH", document.example(path))
    assert answer.status_code == 405
    assert methods <= set(answer.headers["allow"].split(", "))
    assert document.faults(f"{min(methods)} {path}", answer) == []


def test_maintenance_closes_everything(witness: Witness, sandbox: Sandbox) -> None:
    sandbox.switch(maintenance="json")
    for operation in served():
        answer = witness.ask(*asked(operation), body={})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


@pytest.mark.parametrize("kind", ["status_429", "status_500", "status_503", "status_503_retry"])
def test_rehearsed_trouble_looks_like_the_real_one(witness: Witness, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("GET /museums", kind)
    assert witness.ask("GET", "/api/v4/museums").status_code == int(kind.split("_")[1])


def test_a_customer_may_not_act_as_a_seller(witness: Witness) -> None:
    for operation in (
        "POST /api/v4/orders",
        "POST /api/v4/orders/1/finalize",
        "POST /api/v4/orders/1/cancellations",
    ):
        method, path = operation.split(" ")
        assert witness.ask(method, path, key=CUSTOMER, body={}).status_code == 403


# --- and the judge itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, {"museum": {"id": 1, "title": "A"}}, None),
        (200, {"museum": {"id": 1, "title": {"de": "A", "en": None}}}, None),
        (200, {"museum": {"id": "1", "title": "A"}}, "is not of type 'integer'"),
        (200, {"museum": {"title": "A"}}, "'id' is a required property"),
        (200, {"museum": {"id": 1, "title": "A", "titel": "A"}}, "nobody knows the field 'titel'"),
        (200, {}, "'museum' is a required property"),
        (418, {}, "418 is not among the answers"),
        (404, {"error": 7}, "is not of type 'string'"),
        (404, {"details": [{"code": "made_up", "message": ""}]}, "is not one of"),
    ],
)
def test_the_judge_knows_good_from_bad(status: int, body: object, words: str | None) -> None:
    found = document.faults("GET /api/v4/museums/{id}", httpx.Response(status, json=body))
    assert not found if words is None else any(words in one for one in found)


@pytest.mark.parametrize(
    "moment", ["soon", "2027-03-14", "2027-03-14T11:00:00", "2027-03-14T11:00:00.5+01:00"]
)
def test_the_judge_reads_moments(moment: str) -> None:
    operation = "GET /api/v4/museums/{id}/opening_hours"
    hours = {"begin": "2027-03-14T11:00:00+01:00", "end": moment}
    assert document.faults(operation, httpx.Response(200, json={"opening_hours": hours}))
    hours["end"] = "2027-03-14T18:00:00+01:00"
    assert document.faults(operation, httpx.Response(200, json={"opening_hours": hours})) == []


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("GET /api/v4/museums", httpx.Response(200, html="<p>")),
        ("DELETE /api/v4/tickets/reservations/{token}", httpx.Response(204, content=b"{}")),
        (
            "GET /api/v4/orders/{order_id}/invoice.pdf",
            httpx.Response(200, headers={"Content-Type": "application/pdf"}),
        ),
    ],
)
def test_the_judge_looks_at_the_kind_of_body(operation: str, answer: httpx.Response) -> None:
    assert len(document.faults(operation, answer)) == 1


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/api/v4/tickets/calendar", "GET /api/v4/tickets/calendar"),
        ("/api/v4/tickets/7", "GET /api/v4/tickets/{id}"),
        ("/api/v4/orders/x/tickets/7.pdf", "GET /api/v4/orders/{order_id}/tickets/{ticket_sale_id}.pdf"),
        ("/api/v4/orders/x/tickets", "GET /api/v4/orders/{order_id}/tickets"),
    ],
)
def test_literal_paths_win(path: str, operation: str) -> None:
    assert document.operation_of("GET", path) == operation
