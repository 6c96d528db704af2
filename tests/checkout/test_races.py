"""Two at the same moment: clicks, tabs, and a worker. Each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from checkout import placing, services
from checkout.models import Basket, BasketLine
from checkout.progress import Progress
from orders.lifecycle import State
from orders.models import Order
from orders.services import place_order
from orders.snapshot import OrderSnapshot
from tests.checkout.given import ADULT, CHILD, DAY, FAMILY, OTHER, a_time
from tests.checkout.visitor import Visitor
from tests.orders.test_transitions import together
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visitor(museum: Sandbox, transactional_db: None) -> Visitor:
    return Visitor(Client())


@pytest.fixture
def buyer(visitor: Visitor) -> Visitor:
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    visitor.fill_in()
    return visitor


def copies(visitor: Visitor, count: int) -> list[Visitor]:
    """The same browser in several windows."""
    found = []
    for _ in range(count):
        client = Client()
        client.cookies.load({name: morsel.value for name, morsel in visitor.client.cookies.items()})
        found.append(Visitor(client))
    return found


def test_six_clicks_are_one_order(buyer: Visitor) -> None:
    agreed = buyer.agreed()
    windows = copies(buyer, 6)
    answers = together(6, lambda: windows.pop().order(agreed)["Location"])
    assert Order.objects.count() == 1
    assert set(answers) == {f"/de/order/{Order.objects.get().secret}/"}
    assert buyer.basket.order == Order.objects.get()


def test_two_clicks_that_both_saw_the_basket_free(buyer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both pass every check before either writes: the lock alone decides."""
    agreed, meet = buyer.agreed(), Barrier(2)
    check = placing.agreed

    def met(progress: Progress) -> str:
        meet.wait(timeout=20)
        return check(progress)

    monkeypatch.setattr(placing, "agreed", met)
    windows = copies(buyer, 2)
    answers = together(2, lambda: windows.pop().order(agreed)["Location"])
    assert len(set(answers)) == 1
    assert Order.objects.count() == 1


def test_what_is_added_while_the_order_is_written_is_not_swallowed(
    buyer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that came after the buyer's look and before the lock: nothing is ordered, all is shown again."""
    agreed, check = buyer.agreed(), placing.agreed

    def add_first(progress: Progress) -> str:
        token = check(progress)
        services.change_numbers(basket=progress.basket, numbers={BasketLine.objects.get(ticket=CHILD).pk: 3})
        return token

    monkeypatch.setattr(placing, "agreed", add_first)
    assert buyer.order(agreed)["Location"] == "/de/checkout/review/"
    assert not Order.objects.exists()
    monkeypatch.undo()
    buyer.order()
    assert Order.objects.get().items.get(product_id=CHILD).quantity == 3


def test_nobody_changes_the_basket_while_its_order_is_written(
    buyer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed, basket, child = buyer.agreed(), buyer.basket, BasketLine.objects.get(ticket=CHILD)
    write = place_order

    def change() -> None:
        try:
            services.change_numbers(basket=basket, numbers={child.pk: 3})
        finally:
            connection.close()

    other_window = Thread(target=change)

    def slowly(*, snapshot: OrderSnapshot) -> Order:
        other_window.start()
        other_window.join(timeout=1)  # it must wait for us, so this never ends sooner
        return write(snapshot=snapshot)

    monkeypatch.setattr(placing, "place_order", slowly)
    buyer.order(agreed)
    other_window.join(timeout=20)
    child.refresh_from_db()
    assert (child.quantity, Order.objects.get().items.get(product_id=CHILD).quantity) == (1, 1)


def test_what_is_added_right_after_the_order_starts_a_new_basket(buyer: Visitor) -> None:
    before = buyer.basket  # as another window knows it: free
    buyer.order()
    assert services.change_numbers(basket=before, numbers={BasketLine.objects.get(ticket=CHILD).pk: 3}) == []
    assert services.remove_lines(basket=before, line_ids=[line.pk for line in before.lines.all()]) == []
    assert BasketLine.objects.count() == 2
    copies(buyer, 1)[0].add(a_time(OTHER), {OTHER: 1})
    assert Basket.objects.count() == 2
    assert before.lines.count() == 2


def test_adding_and_ordering_at_once_lose_nothing(buyer: Visitor) -> None:
    agreed, time = buyer.agreed(), a_time(OTHER)
    one, other = copies(buyer, 2)
    acts: list[Callable[[], object]] = [lambda: one.order(agreed), lambda: other.add(time, {OTHER: 1})]

    def act() -> object:
        return acts.pop()()

    together(2, act)
    ordered = {item.product_id for order in Order.objects.all() for item in order.items.all()}
    lost = BasketLine.objects.filter(ticket=OTHER, basket__order__isnull=False).exists()
    assert ordered in (set(), {ADULT, CHILD})
    assert BasketLine.objects.filter(ticket=OTHER).exists()
    assert not lost


def test_adding_at_once_stays_within_the_limit(visitor: Visitor) -> None:
    time = a_time(FAMILY)  # three at most
    visitor.add(time, {FAMILY: 1})
    windows = copies(visitor, 4)
    together(4, lambda: windows.pop().add(time, {FAMILY: 1}))
    assert visitor.lines == [(FAMILY, 3)]


def test_undoing_twice_at_once_puts_back_once(buyer: Visitor) -> None:
    removed = services.remove_lines(
        basket=buyer.basket, line_ids=list(BasketLine.objects.values_list("pk", flat=True))
    )
    basket = buyer.basket
    together(4, lambda: services.put_back(basket=basket, removed=removed))
    assert buyer.lines == [(ADULT, 2), (CHILD, 1)]


def test_a_failed_order_is_taken_back_once(buyer: Visitor) -> None:
    buyer.order()
    Order.objects.update(state=State.EXPIRED)
    windows = copies(buyer, 4)
    together(4, lambda: windows.pop().page("basket"))
    assert (buyer.basket.revision, buyer.basket.order) == (1, None)


def test_taken_back_too_late_it_belongs_to_the_new_order(buyer: Visitor) -> None:
    buyer.order()
    Order.objects.update(state=State.EXPIRED)
    stale = Basket.objects.select_related("order").get()
    buyer.page("basket")
    buyer.order()  # another window was quicker
    assert services.take_back(basket=stale) is None
    assert buyer.basket.order is not None


def test_ordering_again_twice_at_once_adds_once(buyer: Visitor) -> None:
    buyer.order()
    order = Order.objects.get()
    Order.objects.update(state=State.EXPIRED)
    order.refresh_from_db()
    buyer.client.cookies.clear()
    buyer.add(a_time(DAY), {DAY: 1})
    basket = buyer.basket
    together(4, lambda: services.order_again(order=order, basket=basket).pk)
    assert sorted(buyer.lines) == [(ADULT, 2), (CHILD, 1), (DAY, 1)]


def test_an_order_is_written_whole_or_not_at_all(buyer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*, snapshot: OrderSnapshot) -> Order:
        Order.objects.create(number="VT-X", key=snapshot.key, language="de", total_cents=0)
        raise ConnectionError("the power went out")

    agreed = buyer.agreed()
    monkeypatch.setattr(placing, "place_order", break_off)
    with pytest.raises(ConnectionError):
        buyer.order(agreed)
    assert not Order.objects.exists()
    assert buyer.basket.order is None


def test_a_basket_that_is_gone_is_not_ordered(buyer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed, check = buyer.agreed(), placing.agreed

    def gone(progress: Progress) -> str:
        token = check(progress)
        Basket.objects.all().delete()
        return token

    monkeypatch.setattr(placing, "agreed", gone)
    buyer.order(agreed)
    assert not Order.objects.exists()
