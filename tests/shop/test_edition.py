"""What is kept in memory is of the edition on show, never of one before."""

from __future__ import annotations

from itertools import count

import pytest
from pytest_django.fixtures import Settings

from shop import edition


@pytest.mark.django_db
def test_it_is_made_once_and_anew_for_another_edition() -> None:
    numbers = count()
    assert [edition.remembered("a number", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
    assert edition.remembered("another number", lambda: next(numbers)) == 1
    edition.renew()
    assert [edition.remembered("a number", lambda: next(numbers)) for _ in range(2)] == [2, 2]


def test_without_a_cache_nothing_is_kept(settings: Settings) -> None:
    there = settings.CACHES["default"]
    settings.CACHES = {"default": there | {"LOCATION": "redis://127.0.0.1:1/0"}}
    numbers = count()
    assert [edition.remembered("a number", lambda: next(numbers)) for _ in range(2)] == [0, 1]
