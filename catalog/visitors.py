"""Pure: whom a ticket is for, told by the words of its titles. The ticket system has no field that says so.

A word counts as a whole only: an institute for adult education is no adult. Titles usually end with the kind ("Great
Show – Reduced"), so what follows the last separator is read first and the rest only if that says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from catalog.naming import SEPARATORS

__all__ = ["VisitorKind", "family_size", "visitor_kind"]


class VisitorKind(StrEnum):
    """Whom a ticket is for. OTHER: nobody in particular, or somebody we cannot name."""

    ADULT = "adult"
    REDUCED = "reduced"
    CHILD = "child"
    FAMILY = "family"
    GROUP = "group"
    OTHER = "other"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


WORD = re.compile(r"[^\W\d_]+")
DASHES = re.compile(
    "|".join(re.escape(mark) for mark in SEPARATORS[:4])
)  # commas also part "2 adults, 1 child"
# Companions of disabled visitors, members and the like show a proof nobody can guess; only an adult beside
# them ("accompanying adult") makes them one.
SPECIAL = _words(
    "begleitperson begleitpersonen schwerbehinderte schwerbehinderter behinderte disabled carer carers companion "
    "companions freundeskreis mitglied mitglieder member members presse press"
)
UNDER_AGE = re.compile(r"\b(?:unter|bis(?: zu)?|under|up to|below)\s+(?:1[0-8]|[1-9])\b")
FROM_AGE = re.compile(r"\b(?:ab|from)\s+(?:1[6-9]|2\d)\b")
# The first list with a word of the title wins: a class of children is a group, a family with children a family.
WORDS: tuple[tuple[VisitorKind, frozenset[str]], ...] = (
    (
        VisitorKind.GROUP,
        _words(
            "gruppe gruppen gruppenkarte gruppenticket kindergruppe kindergruppen schulgruppe schulgruppen "
            "reisegruppe schulklasse schulklassen klasse kita kitagruppe group groups class classes"
        ),
    ),
    (
        VisitorKind.FAMILY,
        _words("familie familien familienkarte familienticket minifamilie kleinfamilie family families"),
    ),
    (
        VisitorKind.REDUCED,
        _words(
            "ermäßigt ermaessigt ermäßigte ermäßigter ermäßigung senior senioren seniorin seniorinnen rentner "
            "studierende studierender studenten studentinnen student azubi azubis auszubildende schüler "
            "schülerinnen reduced concession concessions concessionary discounted students seniors pensioner "
            "pensioners trainees"
        ),
    ),
    (
        VisitorKind.CHILD,
        _words(
            "kind kinder kinderkarte kinderticket jugendliche jugendlicher jugend child children kid kids "
            "youth youths teen teens teenager teenagers minor minors"
        ),
    ),
    (
        VisitorKind.ADULT,
        _words(
            "erwachsen erwachsene erwachsener erwachsenen erwachsenenkarte erwachsenenticket vollzahler regulär "
            "normalpreis vollpreis normalzahler adult adults"
        ),
    ),
)
COUNTED = re.compile(
    r"\b(?P<adults>[1-9])\s+(?:erwachsener?|erw\.?|adults?)\s*(?:,|und|mit|and|with|\+|&)\s*"
    r"(?:bis zu|max\.?|maximal|up to)?\s*(?P<children>[1-9])\s+(?:kindern?|kind|children|child|kids)\b"
)


def visitor_kind(titles: Mapping[str, str]) -> VisitorKind:
    """Whom a ticket with these titles (language to text) is for: the first language that says it counts."""
    kinds = (_kind(title.casefold()) for title in titles.values())
    return next((kind for kind in kinds if kind is not VisitorKind.OTHER), VisitorKind.OTHER)


def family_size(texts: Mapping[str, str]) -> tuple[int, int] | None:
    """Adults and children a family ticket admits at most, if one of its texts counts them, else None."""
    found = (COUNTED.search(text.casefold()) for text in texts.values())
    match = next((match for match in found if match), None)
    return (int(match["adults"]), int(match["children"])) if match else None


def _kind(title: str) -> VisitorKind:
    end = DASHES.split(title)[-1]
    told = _told(end)
    return told if told is not None else _told(title) or VisitorKind.OTHER


def _told(text: str) -> VisitorKind | None:
    """What a text says; None if it says nothing."""
    words = set(WORD.findall(text))
    named = [kind for kind, known in WORDS if words & known]
    if words & SPECIAL:
        return VisitorKind.ADULT if named == [VisitorKind.ADULT] else VisitorKind.OTHER
    if named:
        return named[0]
    if UNDER_AGE.search(text):
        return VisitorKind.CHILD
    return VisitorKind.ADULT if FROM_AGE.search(text) else None
