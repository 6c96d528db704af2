"""One order through a random life: workers, customer, staff and museum act in any order and meet bad luck, then all
goes well again and everything is driven to its end."""

import random
from collections.abc import Callable
from contextlib import suppress

from django.utils import timezone

from orders import desk, hearing, reconciling, returns, services
from orders.desk import NotPayable
from orders.engine import advance
from orders.lifecycle import FINAL, State
from orders.models import DemoCharge, Order, Payment, PaymentEvent, Refund
from orders.payments import demo, events
from orders.payments.port import PaymentError
from orders.snapshot import LineSnapshot
from shop.api.errors import GomusError
from tests.faults.luck import Luck, UnluckyWay
from tests.faults.unlucky_stripe import UnluckyStripe
from tests.orders.clock import Clock
from tests.orders.museum import Museum

DAY = 86_400
SPANS = (1, 5, 20, 60, 180, 400, 900)
METHODS = ("demo", "demo", "stripe", "stripe", "invoice", "transfer")
WITH_A_PAGE = ("demo", "stripe")
ENDED = FINAL | {State.FINALIZED}


class Sequence:
    """Everything that may happen to one order; the same dice give the same story."""

    def __init__(
        self, museum: Museum, clock: Clock, way: UnluckyWay, stripe: UnluckyStripe, line: LineSnapshot
    ) -> None:
        self._museum, self._clock, self._way, self._stripe = museum, clock, way, stripe
        self._luck: Luck = way.luck
        self._dice: random.Random = way.luck.dice
        self._passed = 0.0
        self.order = museum.order(line, payment_method=self._dice.choice(METHODS))

    def run(self) -> Order:
        """Live, then end; AssertionError when there is no end."""
        acts: list[Callable[[], None]] = [
            self.work,
            self.work,
            self.work,
            self.visit,
            self.visit,
            self.wait,
            self.sweep,
            self.mischief,
        ]
        for _ in range(self._dice.randint(4, 14)):
            self._dice.choice(acts)()
        self._luck.calm()
        self._end(pays=self._dice.random() < 0.7)
        return self.order

    # --- what happens ---------------------------------------------------------------------------------------

    def work(self) -> None:
        """A worker takes the order, if nobody has it and it is due."""
        with self._luck.life("work"):
            advance(self.order.pk)

    def sweep(self) -> None:
        """What the sweep rings for beside orders."""
        with self._luck.life("sweep"):
            for event_id in events.due():
                hearing.handle(event_id)
            for payment_id in hearing.due():
                hearing.look_again(payment_id)
            for refund_id in returns.due():
                returns.settle_later(refund_id)

    def visit(self) -> None:
        """The customer (or staff, of a transfer) does something about the money."""
        acts = [self._go_and_pay, self._go_and_pay, self._decide, self._change_method, self._transfer]
        act = self._dice.choice(acts)
        with self._luck.life(act.__name__), suppress(NotPayable, PaymentError):
            self.order.refresh_from_db()
            act()
        self._stripe.call_now()

    def wait(self, seconds: float = 0.0) -> None:
        """Time passes for everybody."""
        seconds = seconds or self._dice.choice(SPANS)
        self._luck.story.append(f"{seconds:.0f} s")
        self._passed += seconds
        self._clock.forward(seconds=seconds)
        self._museum.set(clock_shift_s=self._passed)

    def mischief(self) -> None:
        """Something elsewhere: late calls arrive, a closed page is paid, or staff of the museum cancel the draft."""
        if self._dice.random() < 0.8:
            self._way.arrive()
            self._stripe.call_late()
            if self._dice.random() < 0.3:
                self._stripe.pay_a_closed_page(self.order)
            return
        self.order.refresh_from_db()
        if self.order.upstream_token and self.order.state not in ENDED:
            self._luck.story.append("cancelled at the museum")
            with suppress(GomusError):
                self._museum.client().orders.cancel(self.order.upstream_token)

    def _go_and_pay(self) -> None:
        services.start_payment(order=self.order, return_url="/back/")
        if self._dice.random() < 0.7:
            self._decide()

    def _decide(self) -> None:
        """On the provider's page, which tells the shop nothing."""
        pays = self._dice.random() < 0.85
        charge = DemoCharge.objects.filter(reference__startswith=self.order.number).last()
        if charge is not None:
            demo.decide(charge, pay=pays)
        self._stripe.decide(self.order, pay=pays)
        if self._dice.random() < 0.5:
            desk.observe(self.order)

    def _change_method(self) -> None:
        services.choose_method(order=self.order, method=self._dice.choice(("demo", "stripe", "invoice")))

    def _transfer(self) -> None:
        payment = self.order.payments.filter(provider="transfer").last()
        if payment is not None:
            parts = (payment.amount_cents, payment.amount_cents, 1000, payment.amount_cents + 500)
            desk.receive(payment, self._dice.choice(parts), note="statement", by="staff")

    # --- the end --------------------------------------------------------------------------------------------

    def _end(self, *, pays: bool) -> None:
        for _ in range(120):
            self._way.arrive()
            self._stripe.call_late()
            self.order.refresh_from_db()
            if self._is_over():
                self.wait(DAY)
                reconciling.compare()
                return
            if pays and self.order.state == State.DRAFTED and self.order.payment_method in WITH_A_PAGE:
                self._pay_at_last()
            for refund in self.order.refunds.filter(by_hand=True).exclude(state=Refund.State.DONE):
                returns.returned_by_hand(refund, by="staff")
            self.order.refresh_from_db()
            self._until_something_is_due()
            self.work()
            self.sweep()
        raise AssertionError(f"no end: {self.order.state} {self.order.attention}")

    def _pay_at_last(self) -> None:
        with suppress(NotPayable):
            services.start_payment(order=self.order, return_url="/back/")
        for charge in DemoCharge.objects.filter(reference__startswith=self.order.number):
            demo.decide(charge, pay=True)
        self._stripe.decide(self.order, pay=True)
        self._stripe.call_now()
        desk.observe(self.order)

    def _is_over(self) -> bool:
        """Ended, nothing more to look for, nothing to return, no call unheard, no given-up payment to ask about."""
        order = self.order
        if PaymentEvent.objects.filter(payment__order=order, handled_at=None).exists():
            return False
        if order.state not in ENDED or order.surplus_due_at or order.claimed_until:
            return order.state == State.DRAFT_UNKNOWN and bool(order.attention)
        unseen = order.payments.filter(
            state__in=(Payment.State.FAILED, Payment.State.VOIDED), look_at__isnull=False
        )
        return not unseen.exists() and not returns.left_to_return(order)

    def _until_something_is_due(self) -> None:
        order = self.order
        times = [order.surplus_due_at] if order.surplus_due_at else []
        times += [order.due_at] if order.state not in ENDED else []
        if order.claimed_until and order.claimed_until > timezone.now():
            times.append(
                order.claimed_until
            )  # a dead worker's claim still stands; once over it holds nothing up
        times += [row.look_at for row in order.payments.all() if row.look_at]
        for event in PaymentEvent.objects.filter(payment__order=order, handled_at=None):
            times.append(max(event.due_at, event.claimed_until or event.due_at))
        times += [row.due_at for row in order.refunds.exclude(state=Refund.State.DONE) if not row.by_hand]
        if order.claimed_until:
            times = [max(at, order.claimed_until) for at in times]
        seconds = (min(times) - timezone.now()).total_seconds() if times else 0
        if seconds > 0:
            self.wait(seconds + 0.01)
