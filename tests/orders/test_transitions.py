"""Moving and claiming: of two who try, exactly one succeeds, also over two real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from orders import transitions
from orders.lifecycle import State
from orders.models import Order
from orders.transitions import Overtaken
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db


def together(count: int, act: Callable[[], object]) -> list[object]:
    """Run `act` in `count` threads at the same moment, each with its own database connection."""
    barrier = Barrier(count)

    def run() -> object:
        try:
            barrier.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run) for _ in range(count)]]


def test_a_move_follows_the_table_and_is_due_at_once() -> None:
    order = an_order(state=State.DRAFTED, due_at=timezone.now() + timedelta(hours=1), attempts=3)
    assert transitions.move(order, State.CANCELLING)
    order.refresh_from_db()
    assert (order.state, order.attempts) == (State.CANCELLING, 0)
    assert order.due_at <= timezone.now()


def test_a_move_the_table_does_not_know_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="cannot go from drafted to ready"):
        transitions.move(an_order(state=State.DRAFTED), State.READY)


def test_the_second_of_two_moves_comes_too_late() -> None:
    order = an_order(state=State.DRAFTED)
    same = Order.objects.get(pk=order.pk)
    assert transitions.move(order, State.CANCELLING)
    assert not transitions.move(same, State.AUTHORISED)
    with pytest.raises(Overtaken):
        transitions.go(same, State.AUTHORISED)
    assert Order.objects.get(pk=order.pk).state == State.CANCELLING


def test_a_claim_is_exclusive_until_released() -> None:
    order = an_order()
    mine = transitions.claim(order.pk)
    assert mine is not None
    assert transitions.claim(order.pk) is None
    transitions.release(mine)
    assert transitions.claim(order.pk) is not None


def test_the_claim_of_the_dead_ends_with_its_lease_and_the_dead_move_nothing() -> None:
    order = an_order(state=State.DRAFTED)
    dead = transitions.claim(order.pk)
    assert dead is not None
    Order.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    heir = transitions.claim(order.pk)
    assert heir is not None
    assert not transitions.renew(dead)
    assert not transitions.move(dead, State.CANCELLING)
    assert transitions.renew(heir)
    assert transitions.move(heir, State.CANCELLING)


def test_an_order_not_due_yet_is_left_alone() -> None:
    order = an_order(due_at=timezone.now() + timedelta(minutes=1))
    assert transitions.claim(order.pk, due=True) is None
    assert transitions.claim(order.pk) is not None


def test_release_keeps_the_due_time_of_a_customer_who_paid_meanwhile() -> None:
    order = an_order(state=State.DRAFTED)
    worker = transitions.claim(order.pk)
    assert worker is not None
    assert transitions.move(Order.objects.get(pk=order.pk), State.AUTHORISED)
    assert not transitions.release(worker, due_at=timezone.now() + timedelta(hours=1))
    order.refresh_from_db()
    assert order.due_at <= timezone.now()
    assert order.claimed_until is None


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_wins() -> None:
    order = an_order()
    assert sum(claimed is not None for claimed in together(6, lambda: transitions.claim(order.pk))) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_moves_at_once_one_wins() -> None:
    order = an_order(state=State.DRAFTED)
    wins = together(
        6, lambda: transitions.move(Order.objects.get(pk=order.pk), State.CANCELLING, frm=State.DRAFTED)
    )
    assert wins.count(True) == 1
