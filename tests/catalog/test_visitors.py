"""Whom a ticket is for, told by its titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.visitors import VisitorKind, family_size, visitor_kind

ADULT, REDUCED, CHILD, FAMILY, GROUP, OTHER = (
    VisitorKind.ADULT,
    VisitorKind.REDUCED,
    VisitorKind.CHILD,
    VisitorKind.FAMILY,
    VisitorKind.GROUP,
    VisitorKind.OTHER,
)
TITLES = [
    ("Erwachsene", ADULT),
    ("Erde, Feuer, Hand – Erwachsene", ADULT),
    ("Tagesticket Erwachsener", ADULT),
    ("Eintritt regulär", ADULT),
    ("Vollzahler", ADULT),
    ("Eintritt ab 18 Jahren", ADULT),
    ("Adult", ADULT),
    ("Adults (18+)", ADULT),
    ("Accompanying adult", ADULT),
    ("Kunst für Kinder – Erwachsene", ADULT),
    ("Die Familie Mann - Adult", ADULT),
    ("ermäßigt", REDUCED),
    ("Ermäßigt", REDUCED),
    ("ERMÄSSIGT", REDUCED),
    ("Ermaessigt", REDUCED),
    ("Erwachsene ermäßigt", REDUCED),
    ("Senioren", REDUCED),
    ("Schüler*innen, Studierende", REDUCED),
    ("Students", REDUCED),
    ("Concessions", REDUCED),
    ("Reduced: students and seniors", REDUCED),
    ("Kind", CHILD),
    ("Kinder bis 6 frei", CHILD),
    ("Kinder (6–17 Jahre)", CHILD),
    ("Bis 6 Jahre frei", CHILD),
    ("unter 18 Jahren", CHILD),
    ("Kind in Begleitung", CHILD),
    ("Under 18", CHILD),
    ("Children up to 6", CHILD),
    ("Familie & Freunde", FAMILY),
    ("Familienkarte (2 Erwachsene, 3 Kinder)", FAMILY),
    ("Family ticket (2 adults and up to 3 children)", FAMILY),
    ("Gruppe ab 10", GROUP),
    ("Kindergruppe", GROUP),
    ("Schulklasse, Kinder", GROUP),
    ("Group of 10 and more", GROUP),
    ("Adult group", GROUP),
    ("Erwachsenenbildung", OTHER),
    ("Kindermuseum", OTHER),
    ("Familienführung", OTHER),
    ("Begleitung", OTHER),
    ("Begleitperson Schwerbehinderte", OTHER),
    ("Carer of a disabled child", OTHER),
    ("Freundeskreis", OTHER),
    ("Presse", OTHER),
    ("Karte 18", OTHER),
    ("Frühbucher", OTHER),
    ("Tageskarte", OTHER),
    ("Adulthood", OTHER),
    ("", OTHER),
]


@pytest.mark.parametrize(("title", "kind"), TITLES)
def test_real_looking_titles(title: str, kind: VisitorKind) -> None:
    assert visitor_kind({"de": title}) is kind
    assert visitor_kind({"en": title.upper()}) is kind


def test_the_first_language_that_says_it_counts() -> None:
    assert visitor_kind({"de": "Begleitung", "en": "Accompanying adult"}) is ADULT
    assert visitor_kind({"de": "Kind", "en": "Adult"}) is CHILD
    assert visitor_kind({}) is OTHER


@given(st.dictionaries(st.sampled_from(["de", "en"]), st.text(max_size=60)))
def test_any_title_has_a_kind(titles: dict[str, str]) -> None:
    assert isinstance(visitor_kind(titles), VisitorKind)
    family_size(titles)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 Erwachsene und bis zu 3 Kinder", (2, 3)),
        ("2 adults and up to 3 children", (2, 3)),
        ("Familienkarte (2 Erw. + 2 Kinder)", (2, 2)),
        ("1 Erwachsener mit max. 4 Kindern", (1, 4)),
        ("1 adult, 1 child", (1, 1)),
        ("Familie", None),
        ("Familie & Freunde", None),
        ("12 adults and 3 children", None),
        ("2 Erwachsene", None),
    ],
)
def test_how_many_a_family_is(text: str, size: tuple[int, int] | None) -> None:
    assert family_size({"de": "Familie", "en": text}) == size
