"""What a visitor looks for, in addresses and in words."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.party import Party
from catalog.seeking import PART_NAMES, USUAL, Seek, chips, party_words, read_seek
from shop.dates import today

numbers = st.integers(0, 99)
seeks = st.builds(
    Seek,
    day=st.integers(0, 366).map(lambda days: today() + timedelta(days=days)),
    party=st.builds(Party, numbers, numbers, numbers).filter(lambda party: party.total > 0),
    part=st.sampled_from(["", *PART_NAMES]),
    museum=st.integers(0, 10**18 - 1),
    text=st.text(max_size=80).map(lambda text: " ".join(text.replace("\0", "").split())),
    page=st.integers(1, 1000),
)


@given(seeks)
def test_an_address_says_what_was_looked_for(seek: Seek) -> None:
    assert read_seek(dict(parse_qsl(seek.query(page=seek.page)))) == seek


@given(
    st.dictionaries(st.sampled_from(["day", "part", "adults", "children", "museum", "q", "page"]), st.text())
)
def test_nonsense_is_read_as_nothing(query: dict[str, str]) -> None:
    found = read_seek(query)
    assert found.day >= today()
    assert found.party.total > 0
    assert found.part in {"", *PART_NAMES}
    assert len(found.text) <= 80
    assert found.page >= 1


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"adults": "0"},
        {"adults": "-1", "children": "x"},
        {"day": "2020-01-01"},
        {"day": "9999-12-31"},
        {"part": "midnight"},
        {"museum": "first"},
        {"museum": "9" * 30},
        {"q": "  \0 "},
        {"page": "0"},
    ],
)
def test_without_anything_it_is_today_and_two_adults(query: dict[str, str]) -> None:
    assert read_seek(query) == Seek(today(), USUAL)


def test_a_change_leads_back_to_the_first_page() -> None:
    seek = Seek(date(2030, 1, 5), Party(2, 0, 1), "morning", 7, text="wal", page=3)
    assert seek.query(part="") == "day=2030-01-05&adults=2&children=1&museum=7&q=wal"
    assert seek.query(page=4).endswith("page=4")


def test_what_narrows_a_search_is_read_and_written_alike() -> None:
    query = {"day": "2030-01-05", "adults": "2", "kind": "event", "language": "3", "age": "4", "museum": "7"}
    seek = read_seek(query)
    assert (seek.kind, set(seek.words)) == ("event", {"languages:3", "age_groups:4"})
    assert seek.narrowed
    assert read_seek(dict(parse_qsl(seek.query()))) == seek
    assert seek.without("languages").words == {"age_groups:4"}
    assert not seek.without("languages").without("age_groups").without("kind").without("museum").narrowed
    assert not read_seek({"kind": "nonsense", "language": "x", "age": "-1", "category": "9" * 30}).narrowed


@pytest.mark.parametrize(
    ("now", "weekend"),
    [
        ("2026-11-25 12:00+01:00", date(2026, 11, 28)),
        ("2026-11-28 12:00+01:00", date(2026, 11, 28)),
        ("2026-11-29 12:00+01:00", date(2026, 11, 29)),
        ("2026-11-30 12:00+01:00", date(2026, 12, 5)),
    ],
)
def test_the_weekend_is_the_one_that_comes_or_is(now: str, weekend: date) -> None:
    with time_machine.travel(now, tick=False):
        days = [day for _word, day in chips()]
    assert days[2] == weekend
    assert days[1] - days[0] == timedelta(days=1)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1 adult, 2 reduced, 3 children"), ("de", "1 Erwachsener, 2 ermäßigt, 3 Kinder")],
)
def test_a_party_in_words(language: str, words: str) -> None:
    with translation.override(language):
        assert party_words(Party(1, 2, 3)) == words


def test_nobody_is_named_who_is_not_coming() -> None:
    with translation.override("en"):
        assert party_words(Party(children=1)) == "1 child"
