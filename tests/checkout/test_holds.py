"""Places of basket lines are held at the museum: made, prolonged, changed, let go; and what the visitor reads of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from checkout import hold_sweep, holds
from checkout.holds import Word
from checkout.models import Basket, BasketLine, Hold
from checkout.overview import overview
from checkout.problems import Standing
from checkout.seen import Visit
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Order
from shop.dates import clock
from shop.options import Feature
from tests.checkout.given import ADULT, CHILD, DAY, OTHER, a_time
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db
CREATE, PROLONG, LET_GO = (
    f"{verb} /tickets/reservations{rest}"
    for verb, rest in [("POST", ""), ("PUT", "/{token}"), ("DELETE", "/{token}")]
)


@pytest.fixture
def visitor(museum: Sandbox, settings: LazySettings) -> Visitor:
    """Somebody with an empty basket, where places can be held."""
    settings.FEATURES_ON = {Feature.RESERVATIONS}
    return Visitor(Client())


def held(museum: Sandbox) -> list[tuple[int, str, int]]:
    """What the museum's ledger has as held."""
    told: dict[str, Any] = museum.control.get("/ledger").json()
    assert told["broken"] == []
    return sorted((hold["ticket_id"], hold["start_at"], hold["quantity"]) for hold in told["holds"])


def visits(visitor: Visitor) -> tuple[Visit, ...]:
    return overview(visitor.basket, holds.of(visitor.basket), ways_out=True).visits


def only(visitor: Visitor) -> Visit:
    (visit,) = visits(visitor)
    return visit


def age(minutes: float) -> None:
    """Everything about our holds happened so much earlier."""
    ago = timedelta(minutes=minutes)
    for row in Hold.objects.all():
        for name in ("created_at", "refreshed_at", "expires_at", "cap_at"):
            if value := getattr(row, name):
                setattr(row, name, value - ago)
        row.save()


def leave(minutes: float) -> None:
    """Nobody has looked at the baskets for so long."""
    Basket.objects.update(touched_at=timezone.now() - timedelta(minutes=minutes))


class TestAdding:
    def test_each_kind_is_held_and_the_page_says_until_when(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2, CHILD: 1})
        assert held(museum) == [(ADULT, time, 2), (CHILD, time, 1)]
        rows = Hold.objects.filter(state="held", line__isnull=False)
        assert {(row.ticket_id, row.quantity, row.line and row.line.quantity) for row in rows} == {
            (ADULT, 2, 2),
            (CHILD, 1, 1),
        }
        until = min(row.expires_at for row in rows if row.expires_at)
        assert timedelta(minutes=4) < until - timezone.now() <= timedelta(minutes=5)
        assert f"gehalten bis {clock(until, 'de')}" in visitor.page("basket")
        with translation.override("en"):
            assert f"held until {clock(until, 'en')}" in visitor.page("basket")

    def test_more_of_the_same_makes_the_hold_grow(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        visitor.add(time, {ADULT: 1, CHILD: 1})
        assert held(museum) == [(ADULT, time, 3), (CHILD, time, 1)]
        assert only(visitor).kept.word == Word.HELD

    def test_nothing_is_asked_but_for_the_hold(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.quote(time, {ADULT: 1})  # the ticket's page has asked for the places of the day
        museum.forget_requests()
        visitor.add(time, {ADULT: 2})
        assert museum.counts() == {CREATE: 1}

    def test_statements_of_an_addition(self, visitor: Visitor) -> None:
        """Two to know the ticket; then a row of basket, hold and line each, and the answer in the hold. With a basket
        there already it is found, read and locked besides."""
        first, second = a_time(ADULT), a_time(ADULT, number=1)
        visitor.quote(first, {ADULT: 1})
        counted = []
        for time in (first, second):
            with CaptureQueriesContext(connection) as made:
                visitor.add(time, {ADULT: 1})
            counted.append(len([query for query in made if " SAVEPOINT " not in f" {query['sql']} "]))
        assert counted[0] <= 6, counted
        assert counted[1] <= 10, counted

    def test_sold_out_meanwhile_is_told_with_other_times(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.quote(time, {ADULT: 1})
        museum.set_left(ADULT, time, 2)
        answer = visitor.add(time, {ADULT: 2, CHILD: 1})
        assert answer["Location"].startswith(f"/de/tickets/{ADULT}/?q-{ADULT}=2")
        assert not BasketLine.objects.exists()
        assert held(museum) == [], "what was held for the others of the party is let go"
        told = visitor.told()
        assert "vergeben" in told
        assert told.count(" Uhr") + told.count(":") >= 3, told
        page = visitor.client.get(answer["Location"]).content.decode()
        assert "3 " in page

    @pytest.mark.parametrize("kind", ["status_503_retry", "status_500", "status_401", "status_404"])
    def test_a_museum_that_holds_nothing_is_no_reason_to_refuse(
        self, visitor: Visitor, museum: Sandbox, kind: str
    ) -> None:
        time = a_time(ADULT)
        visitor.quote(time, {ADULT: 1})
        museum.fault("POST /tickets/reservations", kind)
        visitor.add(time, {ADULT: 2})
        museum.heal()
        assert visitor.lines == [(ADULT, 2)]
        assert (only(visitor).standing, only(visitor).kept.word) == (Standing.FREE, Word.CHECKED)
        assert held(museum) == []

    def test_an_answer_that_is_lost_is_in_doubt_until_it_has_ended(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        time = a_time(ADULT)
        visitor.quote(time, {ADULT: 1})
        museum.fault("POST /tickets/reservations", "drop_after")
        visitor.add(time, {ADULT: 2})
        row = Hold.objects.get()
        assert (row.state, visitor.lines, only(visitor).kept.word) == ("unknown", [(ADULT, 2)], Word.CHECKED)
        assert held(museum) == [(ADULT, time, 2)]
        museum.switch(clock_shift_s=301)
        assert held(museum) == []
        age(7)
        hold_sweep.sweep()
        row.refresh_from_db()
        assert row.state == "gone"

    def test_without_the_feature_nothing_is_held(
        self, visitor: Visitor, museum: Sandbox, settings: LazySettings
    ) -> None:
        settings.FEATURES_ON = set()
        visitor.add(a_time(ADULT), {ADULT: 2})
        assert (held(museum), Hold.objects.count(), only(visitor).kept.word) == ([], 0, Word.CHECKED)


class TestOwnPlaces:
    """What a visitor holds is not taken from the visitor."""

    def test_the_last_places_are_held_and_stay_the_visitors(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 3)
        visitor.add(time, {ADULT: 3})
        visit = only(visitor)
        assert (visit.standing, visit.lines[0].most, visit.kept.word) == (Standing.FREE, 3, Word.HELD)
        stranger = Visitor(Client())
        stranger.add(time, {CHILD: 1})
        assert BasketLine.objects.count() == 1

    def test_numbers_move_within_what_is_held(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 4)
        visitor.add(time, {ADULT: 3, CHILD: 1})
        adult, child = visitor.basket.lines.all()
        visitor.post("change", {f"n-{child.pk}": "3", f"n-{adult.pk}": "1"})
        assert visitor.lines == [(ADULT, 1), (CHILD, 3)]
        assert held(museum) == [(ADULT, time, 1), (CHILD, time, 3)]
        assert only(visitor).kept.word == Word.HELD

    def test_another_party_at_the_same_time_uses_the_same_places(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 4)
        visitor.add(time, {ADULT: 4})
        visitor.add(time, {ADULT: 3, CHILD: 1}, instead=only(visitor).ids)
        assert visitor.lines == [(ADULT, 3), (CHILD, 1)]
        assert held(museum) == [(ADULT, time, 3), (CHILD, time, 1)]

    def test_the_sum_box_knows_them(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 3)
        visitor.add(time, {ADULT: 2})
        with translation.override("en"):
            assert 'class="note"' not in visitor.quote(time, {CHILD: 1}).content.decode()
            assert "only 1 place is left" in visitor.quote(time, {CHILD: 2}).content.decode()


class TestChanging:
    def test_more_than_there_are_is_told_and_the_hold_stays(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        museum.set_left(ADULT, time, 0)
        visitor.renumber(BasketLine.objects.get(), 3)
        assert (visitor.lines, held(museum)) == ([(ADULT, 2)], [(ADULT, time, 2)])
        assert visitor.told()

    def test_taken_between_our_look_and_the_hold(
        self, visitor: Visitor, museum: Sandbox, settings: LazySettings
    ) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        settings.AVAILABILITY_SECONDS = 60
        visitor.page("basket")
        museum.set_left(ADULT, time, 0)
        visitor.renumber(BasketLine.objects.get(), 4)
        assert (visitor.lines, held(museum)) == ([(ADULT, 2)], [(ADULT, time, 2)])
        assert "vergeben" in visitor.told()

    def test_another_time_is_held_before_the_old_one_is_let_go(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        old, new = a_time(ADULT), a_time(ADULT, number=1)
        visitor.add(old, {ADULT: 2})
        museum.forget_requests()
        visitor.change(move=new, lines=only(visitor).ids)
        assert held(museum) == [(ADULT, new, 2)]
        asked = [entry["route"] for entry in museum.control.get("/requests").json()["last"]]
        assert asked.index(CREATE) < asked.index(LET_GO)

    def test_a_time_that_is_full_leaves_everything_as_it_was(self, visitor: Visitor, museum: Sandbox) -> None:
        old, new = a_time(ADULT), a_time(ADULT, number=1)
        visitor.add(old, {ADULT: 2})
        museum.set_left(ADULT, new, 1)
        visitor.change(move=new, lines=only(visitor).ids)
        assert held(museum) == [(ADULT, old, 2)]
        assert (only(visitor).lines[0].line.slot_key, only(visitor).kept.word) == (old, Word.HELD)

    def test_removed_is_let_go_and_put_back_is_held_again(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        visitor.change(remove=only(visitor).ids)
        assert held(museum) == []
        assert Hold.objects.get().state == "released"
        visitor.change(undo="1")
        assert held(museum) == [(ADULT, time, 2)]
        assert only(visitor).kept.word == Word.HELD

    def test_what_cannot_be_let_go_now_is_let_go_by_the_sweep(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        museum.fault("DELETE /tickets/reservations/:token", "status_503_retry")
        visitor.change(remove=only(visitor).ids)
        assert len(held(museum)) == 1
        assert hold_sweep.sweep() == 1
        assert held(museum) == []


class TestProlonging:
    def test_a_look_prolongs_only_what_ends_soon(self, visitor: Visitor, museum: Sandbox) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        museum.forget_requests()
        visitor.page("basket")
        assert PROLONG not in museum.counts()
        age(3.5)
        visitor.page("basket")
        visitor.page("basket")
        assert museum.counts()[PROLONG] == 1
        row = Hold.objects.get()
        assert row.expires_at
        assert row.expires_at - timezone.now() > timedelta(minutes=4)

    def test_the_sweep_prolongs_while_somebody_fills_in_a_form(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        age(3.5)
        leave(5)
        museum.switch(clock_shift_s=210)
        hold_sweep.sweep()
        museum.switch(clock_shift_s=480)
        assert len(held(museum)) == 1

    def test_never_beyond_the_hour(self, visitor: Visitor, museum: Sandbox) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        soon, end = timezone.now() + timedelta(minutes=1), timezone.now() + timedelta(minutes=3)
        Hold.objects.update(expires_at=soon, cap_at=end)
        visitor.page("basket")
        row = Hold.objects.get()
        assert row.expires_at == end, "prolonged, though by less than usual"
        Hold.objects.update(expires_at=soon, cap_at=soon)
        museum.forget_requests()
        visitor.page("basket")
        assert PROLONG not in museum.counts()
        Hold.objects.update(expires_at=timezone.now(), cap_at=soon - timedelta(minutes=1))
        hold_sweep.sweep()
        row.refresh_from_db()
        assert (row.state, row.why, only(visitor).kept.word) == ("gone", "cap", Word.GONE)

    def test_a_hold_the_museum_dropped_is_told_and_can_be_had_again(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        museum.reseller.delete(f"/tickets/reservations/{Hold.objects.get().token}")
        age(3.5)
        page = visitor.page("basket")
        assert (only(visitor).standing, only(visitor).kept.word) == (Standing.FREE, Word.GONE)
        assert "nicht mehr gehalten" in page
        visitor.change(hold=only(visitor).ids)
        assert held(museum) == [(ADULT, time, 2)]
        assert only(visitor).kept.word == Word.HELD

    def test_gone_and_sold_it_stays_with_the_reason_and_other_times(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        museum.reseller.delete(f"/tickets/reservations/{Hold.objects.get().token}")
        museum.set_left(ADULT, time, 1)
        age(3.5)
        page = visitor.page("basket")
        visit = only(visitor)
        assert (visit.standing, visit.kept.word, len(visit.nearest)) == (Standing.FULL, Word.GONE, 3)
        assert "nicht mehr gehalten" in page
        visitor.change(hold=visit.ids)
        assert visitor.lines == [(ADULT, 2)]
        assert "vergeben" in visitor.told()


class TestLeaving:
    def test_a_basket_left_alone_lets_its_places_go(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        leave(9)
        hold_sweep.sweep()
        assert held(museum) == [(ADULT, time, 2)]
        leave(11)
        hold_sweep.sweep()
        assert held(museum) == []
        assert visitor.lines == [(ADULT, 2)]
        assert "weil Sie eine Weile weg waren" in visitor.page("basket")

    def test_a_look_counts_as_being_there(self, visitor: Visitor, museum: Sandbox) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        leave(9)
        visitor.page("basket")
        hold_sweep.sweep()
        assert len(held(museum)) == 1

    def test_two_holds_of_one_line_become_one(self, visitor: Visitor, museum: Sandbox) -> None:
        """Two windows that asked at once."""
        time = a_time(ADULT)
        visitor.add(time, {ADULT: 2})
        body = {"ticket_id": ADULT, "quantity": 2, "start_at": time}
        second = museum.reseller.post("/tickets/reservations", json={"reservation": body}).json()
        row = Hold.objects.get()
        row.pk, row.token = None, second["reservation"]["token"]
        row.save()
        assert len(held(museum)) == 2
        hold_sweep.sweep()
        assert held(museum) == [(ADULT, time, 2)]
        assert only(visitor).kept.word == Word.HELD

    def test_a_silent_museum_is_left_alone_until_the_next_turn(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        for number in range(5):
            visitor.add(a_time(ADULT, number=number), {ADULT: 1})
        leave(11)
        museum.fault("DELETE /tickets/reservations/:token", "status_500", times=None)
        museum.forget_requests()
        assert hold_sweep.sweep() == 0
        assert museum.counts().get(LET_GO, 0) <= hold_sweep.MOST_FAILURES
        museum.heal()


class TestOrdering:
    def order(self, visitor: Visitor, method: str = "invoice") -> Order:
        visitor.fill_in(method=method)
        visitor.order()
        return Order.objects.get()

    def test_the_order_takes_the_held_places_over(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 3)
        visitor.add(time, {ADULT: 2, CHILD: 1})
        visitor.add(a_time(OTHER), {OTHER: 1})
        page = visitor.page("basket")
        assert page.count("gehalten bis") == 2
        visitor.fill_in()
        assert visitor.page("review").count("gehalten bis") == 2
        visitor.order()
        order = Order.objects.get()
        sent = [item.payload["attributes"]["reservations"] for item in order.items.all()]
        assert sorted(token for tokens in sent for token in tokens) == sorted(
            Hold.objects.values_list("token", flat=True)
        )
        advance(order.pk)
        (theirs,) = museum.ledger()
        assert sum(item["quantity"] for item in theirs["items"]) == 4
        assert held(museum) == []
        hold_sweep.sweep()
        assert set(Hold.objects.values_list("state", flat=True)) == {"released"}

    def test_the_review_may_be_ordered_though_the_hold_was_renewed_meanwhile(self, visitor: Visitor) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        visitor.fill_in()
        agreed = visitor.agreed()
        age(3.5)
        visitor.page("basket")
        visitor.order(agreed)
        assert Order.objects.count() == 1

    def test_what_waits_for_a_transfer_holds_nothing(self, visitor: Visitor, museum: Sandbox) -> None:
        visitor.add(a_time(ADULT, days=20), {ADULT: 2})
        order = self.order(visitor)
        Order.objects.update(state=State.AWAITING)
        hold_sweep.sweep()
        assert held(museum) == []
        assert order.items.count() == 1

    def test_an_order_that_waits_for_the_museum_keeps_its_places(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        self.order(visitor)
        leave(30)
        age(3.5)
        museum.forget_requests()
        hold_sweep.sweep()
        assert museum.counts()[PROLONG] == 1
        assert len(held(museum)) == 1

    def test_a_refused_order_gives_the_basket_back_with_its_places(
        self, visitor: Visitor, museum: Sandbox
    ) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2})
        order = self.order(visitor)
        museum.set_price(ADULT, 1900)
        advance(order.pk)
        order.refresh_from_db()
        assert order.state == State.PRICE_CHANGED
        hold_sweep.sweep()
        assert "gehalten bis" in visitor.page("basket")
        assert len(held(museum)) == 1


def test_steps_stay_within_their_statements(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    visitor.add(a_time(DAY), {DAY: 1})
    visitor.fill_in()
    counted = {}
    for name in ("basket", "contact", "payment", "review"):
        visitor.page(name)
        with CaptureQueriesContext(connection) as made:
            visitor.page(name)
        counted[name] = len(made)
    allowed = {"basket": 8, "contact": 8, "payment": 9, "review": 11}
    assert all(counted[name] <= most for name, most in allowed.items()), counted
