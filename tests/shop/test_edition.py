"""What is worked out of the catalogue is worked out once, and never outlives what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache

from shop import edition

Made = Callable[[], int]


@pytest.fixture
def made() -> Made:
    """A number that says how often it was worked out."""
    done: list[int] = []

    @edition.remembered
    def make() -> int:
        done.append(1)
        return len(done)

    return make


def test_it_is_worked_out_once(made: Made) -> None:
    assert [made() for _ in range(3)] == [1, 1, 1]


def test_however_many_ask_at_once(made: Made) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _n: made(), range(24))) == {1}


@pytest.mark.django_db
def test_a_new_edition_has_its_own(made: Made) -> None:
    made()
    edition.renew()
    assert [made(), made()] == [2, 2]


@pytest.mark.django_db
def test_who_has_looked_is_not_told_a_newer_one_but_by_changing_something(made: Made) -> None:
    now = edition.current()
    assert now is not None
    with edition.seen(now):
        made()
        cache.set(edition.NAME, "changed by somebody else", 60)
        assert (edition.current(), made()) == (now, 1)
        edition.renew()
        assert edition.current() not in {now, "changed by somebody else"}
        assert made() == 2
    assert made() == 2


def test_so_has_a_new_day(made: Made) -> None:
    with time_machine.travel("2026-11-28T22:59Z"):
        made()
    with time_machine.travel("2026-11-28T23:01Z"):  # midnight at the venue is over
        assert made() == 2


def test_without_a_cache_nothing_is_remembered(made: Made, settings: LazySettings) -> None:
    nobody = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": nobody}
    assert [made(), made()] == [1, 2]


def test_what_fails_is_tried_again() -> None:
    tries: list[int] = []

    @edition.remembered
    def make() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError
        return len(tries)

    with pytest.raises(ValueError):
        make()
    assert make() == 2
