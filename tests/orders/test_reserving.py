"""Reserving at the museum: exactly once, at the agreed price, whatever the network does."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.engine import advance
from orders.lifecycle import Outcome, State, Step
from orders.models import JournalEntry, Order
from shop import gateway
from shop.doctor.examination import keep
from shop.doctor.findings import Ability
from shop.options import Feature
from tests.orders.clock import Clock, drive, drive_to_staff
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)


def steps(order: Order) -> list[tuple[str, str]]:
    return list(order.journal.values_list("step", "outcome"))


def test_the_places_are_held_at_the_agreed_price(museum: Museum) -> None:
    order = museum.order()
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.DRAFTED
    assert steps(order) == [(Step.CREATE, Outcome.OK)]
    assert [theirs["status"] for theirs in museum.orders_of(order)] == ["created"]
    assert order.pay_until is not None
    assert timedelta(minutes=14) < order.pay_until - timezone.now() <= timedelta(minutes=15)


def test_the_time_to_pay_ends_before_the_museums_draft_does(museum: Museum, settings: Settings) -> None:
    settings.DRAFT_MINUTES = 120
    order = museum.order()
    advance(order.pk)
    order.refresh_from_db()
    theirs = gateway.client().orders.get(order.upstream_token)
    assert theirs.expires_at is not None
    assert order.pay_until == theirs.expires_at - timedelta(minutes=3)


def test_another_price_is_told_and_nothing_is_held(museum: Museum) -> None:
    order = museum.order(total_cents=museum.line().total_cents + 100)
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.PRICE_CHANGED
    assert order.refusal["code"] == "wrong_total"
    assert order.refusal["expected_total"] == order.total_cents - 100
    assert museum.orders_of(order) == []


def test_what_is_sold_out_is_refused_in_the_museums_words(museum: Museum) -> None:
    line = museum.line()
    museum.sell_out(line)
    order = museum.order(line)
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.REFUSED
    assert order.refusal["code"] == "sold_out"
    assert order.refusal["item"] == 0
    assert order.refusal["messages"]
    assert order.attention == ""
    assert museum.orders_of(order) == []


def test_a_wrong_key_is_refused_and_told_to_staff(museum: Museum, settings: Settings) -> None:
    order = museum.order()
    settings.GOMUS_TOKEN = "wrong"
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.REFUSED
    assert order.refusal["code"] == "unauthorized"
    assert "does not let us order" in order.attention


def test_a_museum_out_of_order_is_tried_again_and_then_told(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "status_503_retry", times=None)
    drive(order, clock, until=State.REFUSED)
    assert order.refusal["code"] == "unavailable"
    assert timedelta(minutes=10) <= timezone.now() - order.created_at < timedelta(minutes=13)
    assert {outcome for _, outcome in steps(order)} == {Outcome.UNAVAILABLE}
    assert len(steps(order)) < 25
    assert museum.orders_of(order) == []


def test_a_museum_back_in_time_gets_the_order(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "status_503_retry", times=2)
    drive(order, clock, until=State.DRAFTED)
    assert len(museum.orders_of(order)) == 1


def test_a_lost_answer_is_looked_up_not_asked_again(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "drop_after")
    drive(order, clock, until=State.DRAFTED)
    assert steps(order) == [(Step.CREATE, Outcome.UNKNOWN), (Step.LOOKUP, Outcome.OK)]
    assert len(museum.orders_of(order)) == 1


def test_a_lost_question_is_asked_again_only_after_long_looking(museum: Museum, clock: Clock) -> None:
    museum.prove_two_phase()
    order = museum.order()
    museum.fault("create", "drop_before")
    begun = timezone.now()
    drive(order, clock, until=State.DRAFTED)
    assert timezone.now() - begun >= timedelta(seconds=120)
    assert [step for step, _ in steps(order)] == [Step.CREATE, *[Step.LOOKUP] * 6, Step.CREATE]
    assert len({row.payload_hash for row in order.journal.filter(step=Step.CREATE)}) == 1
    assert len(museum.orders_of(order)) == 1


def test_without_proof_of_drafts_a_lost_question_waits_for_staff(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "drop_before")
    drive_to_staff(order, clock)
    assert order.state == State.DRAFT_UNKNOWN
    assert "could be binding" in order.attention
    assert [step for step, _ in steps(order)].count(Step.CREATE) == 1


def is_made_again(museum: Museum, clock: Clock) -> bool:
    """Lose the question that creates an order; is it asked again, or do staff decide?"""
    order = museum.order()
    museum.fault("create", "drop_before")
    while order.state != State.DRAFTED and not order.attention:
        drive(order, clock, turns=1)
    assert len(museum.orders_of(order)) == (1 if order.state == State.DRAFTED else 0)
    return order.state == State.DRAFTED


@pytest.mark.parametrize(("direct", "again"), [(True, False), (False, True), (None, False)])
def test_the_doctors_finding_is_proof_where_nothing_was_ordered_yet(
    museum: Museum, clock: Clock, direct: bool | None, again: bool
) -> None:
    keep([Ability(Feature.DIRECT_ORDERS, direct, "seen")])
    assert is_made_again(museum, clock) is again


def test_the_operator_overrules_what_was_seen(museum: Museum, clock: Clock, settings: Settings) -> None:
    museum.prove_two_phase()
    settings.FEATURES_ON = ["direct_orders"]
    assert not is_made_again(museum, clock)
    settings.FEATURES_ON, settings.FEATURES_OFF = [], ["direct_orders"]
    assert is_made_again(museum, clock)


def test_silence_while_looking_is_no_answer(museum: Museum, clock: Clock) -> None:
    museum.prove_two_phase()
    order = museum.order()
    museum.fault("create", "drop_after")
    museum.fault("list", "status_500", times=None)
    drive_to_staff(order, clock)
    assert order.state == State.DRAFT_UNKNOWN
    assert "does not answer" in order.attention
    museum.heal()
    drive(order, clock, until=State.DRAFTED)
    assert order.attention == ""
    assert len(museum.orders_of(order)) == 1


def test_a_late_first_draft_is_given_back(museum: Museum, clock: Clock) -> None:
    museum.prove_two_phase()
    order = museum.order()
    museum.fault("create", "drop_before")
    drive(order, clock, until=State.DRAFTED)
    museum.create_again(order)
    assert len(museum.live(order)) == 2
    clock.forward(minutes=11)
    advance(order.pk)
    order.refresh_from_db()
    assert [theirs["token"] for theirs in museum.live(order)] == [order.upstream_token]
    assert order.surplus_due_at is not None
    clock.forward(minutes=31)
    advance(order.pk)
    order.refresh_from_db()
    assert order.surplus_due_at is None


def test_of_two_drafts_found_the_older_one_stays(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "drop_after")
    advance(order.pk)
    museum.create_again(order)
    oldest = museum.orders_of(order)[0]["token"]
    drive(order, clock, until=State.DRAFTED)
    clock.forward(seconds=1)
    advance(order.pk)
    assert [theirs["token"] for theirs in museum.live(order)] == [oldest] == [order.upstream_token]


def test_a_draft_of_another_price_is_given_back(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.fault("create", "drop_after")
    advance(order.pk)
    Order.objects.update(total_cents=order.total_cents + 1)
    drive(order, clock, until=State.PRICE_CHANGED)
    assert museum.live(order) == []


def test_a_process_that_died_after_asking_leaves_a_doubt(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    museum.create_again(order)  # the dead process' call went through
    JournalEntry.objects.create(order=order, step=Step.CREATE)
    drive(order, clock, until=State.DRAFTED)
    assert steps(order) == [(Step.CREATE, Outcome.UNKNOWN), (Step.LOOKUP, Outcome.OK)]
    assert len(museum.orders_of(order)) == 1


def test_the_order_waits_for_the_lease_of_the_dead(museum: Museum, settings: Settings, clock: Clock) -> None:
    settings.ORDER_LEASE_SECONDS = 30
    order = museum.order()
    Order.objects.update(claim="dead", claimed_until=timezone.now() + timedelta(seconds=30))
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.PLACED
    clock.forward(seconds=31)
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.DRAFTED
