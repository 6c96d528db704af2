"""Changing what is in the basket: numbers, times, removal and the way back."""

from __future__ import annotations

import pytest
from django.test import Client

from checkout.models import BasketLine
from tests.checkout.given import ADULT, CHILD, FAMILY, GROUP, NAMED, OTHER, a_time
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(visitor: Visitor) -> Visitor:
    """Two adults and a child, and one guest of another house."""
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    visitor.add(a_time(OTHER), {OTHER: 1})
    return visitor


def line(ticket_id: int) -> BasketLine:
    return BasketLine.objects.get(ticket=ticket_id)


def ids_of(*ticket_ids: int) -> str:
    return ",".join(str(line(pk).pk) for pk in ticket_ids)


class TestNumbers:
    def test_more_and_fewer(self, filled: Visitor) -> None:
        filled.renumber(line(ADULT), 4)
        filled.renumber(line(CHILD), 1)
        assert (line(ADULT).quantity, line(CHILD).quantity) == (4, 1)

    @pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "²"])
    def test_what_cannot_be_read_changes_nothing(self, filled: Visitor, number: str) -> None:
        filled.renumber(line(ADULT), number)
        assert line(ADULT).quantity == 2
        assert filled.told()

    @pytest.mark.parametrize("number", [101, 10**30])
    def test_too_many_are_refused(self, filled: Visitor, number: int) -> None:
        filled.renumber(line(ADULT), number)
        assert line(ADULT).quantity == 2
        assert filled.told()

    def test_zero_takes_the_line_out_and_it_can_be_put_back(self, filled: Visitor) -> None:
        filled.renumber(line(CHILD), 0)
        assert not BasketLine.objects.filter(ticket=CHILD).exists()
        filled.change(undo=1)
        assert line(CHILD).quantity == 1

    def test_no_more_than_there_are_places(self, filled: Visitor, museum: Sandbox) -> None:
        museum.set_left(ADULT, line(ADULT).slot_key, 4)
        filled.renumber(line(ADULT), 4)  # and a child: five
        assert line(ADULT).quantity == 2

    def test_a_place_one_kind_gives_up_is_there_for_another(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 4)
        visitor.add(time, {ADULT: 3, CHILD: 1})
        adult, child = line(ADULT), line(CHILD)
        visitor.post("change", {f"n-{child.pk}": "3", f"n-{adult.pk}": "1"})
        assert (line(ADULT).quantity, line(CHILD).quantity) == (1, 3)

    def test_a_removed_line_takes_no_places_from_the_others(self, visitor: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT)
        museum.set_left(ADULT, time, 3)
        visitor.add(time, {ADULT: 2, CHILD: 1})
        visitor.renumber(line(ADULT), 0)
        visitor.renumber(line(CHILD), 3)
        assert visitor.lines == [(CHILD, 3)]

    def test_limits_count_over_all_times(self, visitor: Visitor) -> None:
        for number in range(2):
            visitor.add(a_time(FAMILY, number=number), {FAMILY: 1})
        first, second = BasketLine.objects.all()
        visitor.renumber(first, 3)
        visitor.renumber(second, 2)
        assert visitor.lines == [(FAMILY, 1), (FAMILY, 2)]

    def test_a_group_cannot_shrink_below_its_minimum_but_go(self, visitor: Visitor) -> None:
        visitor.add(a_time(GROUP), {GROUP: 12})
        visitor.renumber(line(GROUP), 9)
        assert line(GROUP).quantity == 12
        visitor.renumber(line(GROUP), 10)
        assert line(GROUP).quantity == 10
        visitor.renumber(line(GROUP), 0)
        assert visitor.lines == []

    def test_while_the_ticket_system_is_silent_numbers_change_all_the_same(
        self, filled: Visitor, museum: Sandbox
    ) -> None:
        museum.switch(maintenance="json")
        filled.renumber(line(ADULT), 5)
        filled.renumber(line(OTHER), 101)
        assert (line(ADULT).quantity, line(OTHER).quantity) == (5, 1)

    def test_nobody_changes_a_stranger_s_basket(self, filled: Visitor) -> None:
        stranger = Visitor(Client())
        stranger.add(a_time(NAMED), {NAMED: 1})
        stranger.renumber(line(ADULT), 1)
        stranger.change(remove=ids_of(ADULT, CHILD, OTHER))
        stranger.change(move=a_time(ADULT, number=2), lines=ids_of(ADULT, CHILD))
        stranger.add(a_time(NAMED), {NAMED: 1}, instead=ids_of(ADULT))
        assert sorted(filled.lines) == [(ADULT, 2), (CHILD, 1), (OTHER, 1)]


class TestRemoval:
    def test_a_visit_goes_and_comes_back(self, filled: Visitor) -> None:
        before = sorted(filled.lines)
        filled.change(remove=ids_of(ADULT, CHILD))
        assert filled.lines == [(OTHER, 1)]
        assert 'name="undo"' in filled.page("basket")
        filled.change(undo=1)
        assert sorted(filled.lines) == before
        assert 'name="undo"' not in filled.page("basket")

    def test_it_comes_back_once(self, filled: Visitor) -> None:
        filled.change(remove=ids_of(OTHER))
        filled.change(undo=1)
        filled.change(undo=1)
        assert line(OTHER).quantity == 1

    def test_what_was_chosen_again_meanwhile_is_not_doubled(self, filled: Visitor) -> None:
        time = line(OTHER).slot_key
        filled.change(remove=ids_of(OTHER))
        filled.add(time, {OTHER: 3})
        filled.change(undo=1)
        assert line(OTHER).quantity == 3

    def test_another_basket_gets_nothing_of_it(self, filled: Visitor) -> None:
        filled.change(remove=ids_of(ADULT, CHILD))
        del filled.client.cookies["basket"]  # the session stays
        filled.add(a_time(NAMED), {NAMED: 1})
        filled.change(undo=1)
        assert filled.lines == [(NAMED, 1)]

    def test_nonsense_removes_nothing(self, filled: Visitor) -> None:
        for text in ("", "x", "999999999", "-1"):
            filled.change(remove=text)
        assert BasketLine.objects.count() == 3


class TestAnotherTime:
    def test_the_whole_visit_moves(self, filled: Visitor) -> None:
        time = a_time(ADULT, number=2)
        filled.change(move=time, lines=ids_of(ADULT, CHILD))
        assert (line(ADULT).slot_key, line(CHILD).slot_key) == (time, time)
        assert (line(ADULT).quantity, line(CHILD).quantity) == (2, 1)

    def test_it_stays_when_the_other_time_is_full(self, filled: Visitor, museum: Sandbox) -> None:
        here, there = line(ADULT).slot_key, a_time(ADULT, number=2)
        museum.set_left(ADULT, there, 2)
        filled.change(move=there, lines=ids_of(ADULT, CHILD))
        assert {row.slot_key for row in BasketLine.objects.filter(ticket__in=[ADULT, CHILD])} == {here}
        assert filled.told()

    def test_a_limit_is_no_obstacle_to_moving(self, visitor: Visitor) -> None:
        visitor.add(a_time(FAMILY), {FAMILY: 3})  # as many as one may have
        visitor.change(move=a_time(FAMILY, number=1), lines=ids_of(FAMILY))
        assert line(FAMILY).slot_key == a_time(FAMILY, number=1)

    def test_a_choice_in_place_of_another(self, filled: Visitor) -> None:
        time = a_time(ADULT, number=3)
        filled.add(time, {ADULT: 1}, instead=ids_of(ADULT, CHILD))
        assert sorted(filled.lines) == [(ADULT, 1), (OTHER, 1)]
        assert line(ADULT).slot_key == time

    def test_refused_the_old_choice_stays(self, filled: Visitor, museum: Sandbox) -> None:
        time = a_time(ADULT, number=3)
        museum.set_left(ADULT, time, 0)
        answer = filled.add(time, {ADULT: 1}, instead=ids_of(ADULT, CHILD))
        assert "instead=" in answer["Location"]
        assert len(filled.lines) == 3

    def test_to_nonsense_it_does_not_move(self, filled: Visitor) -> None:
        for time in ("", "soon", "2020-01-01T10:00:00+01:00"):
            filled.change(move=time, lines=ids_of(ADULT, CHILD))
        filled.change(move=a_time(ADULT), lines="")
        assert len(filled.lines) == 3
