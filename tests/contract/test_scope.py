"""Document, sandbox and table agree on what there is."""

import pytest

from tests.contract import document, scope
from tests.contract.rows import ROWS
from tests.contract.served import served, undocumented
from tests.contract.test_annual import ANNUAL
from tests.contract.test_lives import LIVES
from tests.contract.witness import Witness


def test_what_was_served_is_served() -> None:
    assert sorted(set(scope.SERVED) - set(served())) == []


def test_every_operation_is_served_or_has_a_reason_not_to_be() -> None:
    known = [*scope.SERVED, *scope.NOT_SERVED]
    assert sorted(known) == sorted(document.operations())


@pytest.mark.parametrize("operation", scope.NOT_SERVED)
def test_what_has_a_reason_not_to_be_served_is_not(witness: Witness, operation: str) -> None:
    method, path = operation.split(" ")
    key = {"Authorization": "Bearer sandbox-reseller"}
    assert witness.http.request(method, document.example(path), headers=key).status_code in (404, 405)


@pytest.mark.parametrize("reason", sorted(set(scope.NOT_SERVED.values())))
def test_a_reason_is_a_sentence(reason: str) -> None:
    assert len(reason.split()) > 4


def test_every_route_of_the_sandbox_is_in_the_document() -> None:
    assert undocumented() == []


def test_every_served_operation_is_asked_by_the_table_or_part_of_a_life() -> None:
    asked = {row.operation for row in ROWS} | LIVES | ANNUAL
    assert sorted(set(served()) - asked) == []
