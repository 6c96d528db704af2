"""Pure: full-text search over a few thousand short texts, in memory, so that every database finds the same.

Words are compared folded: without case, accents and umlauts, however they were spelled. A word of the query finds words
that are it, begin with it or contain it ("schlauch": Gartenschlauch); only where no word does, those that differ by a
typo or two. All words of a query must be found, not necessarily side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

MOST_WORDS = 8
LONG_ENOUGH = 4  # letters a part of a word must have to be looked for inside others
ONE_TYPO, TWO_TYPOS = 4, 7  # letters from which on so many typos are forgiven
NO_MARKS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
SPELLED_UMLAUT = re.compile(r"([aou])e+")
WORD = re.compile(r"[^\W_]+")
# Said in between; a search for nothing else looks for them all the same.
SMALL = frozenset(
    {
        "a",
        "am",
        "an",
        "and",
        "at",
        "bei",
        "by",
        "das",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "ein",
        "eine",
        "for",
    }
    | {
        "from",
        "fur",
        "im",
        "in",
        "mit",
        "of",
        "on",
        "the",
        "to",
        "um",
        "und",
        "von",
        "with",
        "zu",
        "zum",
        "zur",
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of one thing to be found, in all languages."""

    id: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Folded words, and the things that have them."""

    words: Mapping[str, frozenset[int]]

    def find(self, query: str) -> frozenset[int]:
        """Ids of all things in which every word of the query is found; none for a query without words."""
        found = [self._having(word) for word in _asked(query)]
        return frozenset.intersection(*found) if found else frozenset()

    def _having(self, word: str) -> frozenset[int]:
        alike = self._alike(word) or self._mistyped(word)
        return frozenset[int]().union(*(self.words[known] for known in alike))

    def _alike(self, word: str) -> list[str]:
        inside = len(word) >= LONG_ENOUGH
        return [known for known in self.words if known.startswith(word) or (inside and word in known)]

    def _mistyped(self, word: str) -> list[str]:
        """Words, or beginnings and ends of words, that the word is a mistyped form of."""
        typos = (len(word) >= ONE_TYPO) + (len(word) >= TWO_TYPOS)
        if not typos:
            return []
        return [
            known
            for known in self.words
            if any(_near(word, form, typos) for form in _forms(known, len(word)))
        ]


def index(documents: Iterable[Document]) -> Index:
    """The index of these documents."""
    words: dict[str, set[int]] = {}
    for document in documents:
        for text in document.texts:
            for word in words_of(text):
                words.setdefault(word, set()).add(document.id)
    return Index({word: frozenset(ids) for word, ids in words.items()})


@lru_cache(maxsize=4)
def index_of(documents: tuple[Document, ...]) -> Index:
    """The index of these documents, built once per process for as long as they stay the same."""
    return index(documents)


def fold(text: str) -> str:
    """Spellings that mean the same become the same: case, accents, ß and ss, ä and ae and a."""
    plain = text
    for _ in range(2):  # a folded letter may fall apart once more
        apart = unicodedata.normalize("NFKD", plain).casefold().translate(NO_MARKS)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return SPELLED_UMLAUT.sub(r"\1", plain)


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return WORD.findall(fold(text))


def _asked(query: str) -> list[str]:
    words = words_of(query)[:MOST_WORDS]
    return [word for word in words if word not in SMALL] or words


def _forms(known: str, letters: int) -> tuple[str, ...]:
    """The word, and of a longer one its beginning and its end."""
    return (known, known[:letters], known[-letters:]) if len(known) > letters else (known,)


def _near(word: str, form: str, typos: int) -> bool:
    return OSA.distance(word, form, score_cutoff=typos) <= typos
