"""Records that several answers share: translatable text, pictures, places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the languages that were asked for; as upstream wrote it, so it may hold unsafe HTML."""

    values: Mapping[str, str] = field(default_factory=dict)

    def pick(self, language: str, *fallbacks: str) -> str:
        """The text in `language` (a region like `de-AT` may fall back to `de`), else in the first fallback
        that has one, else in any language, else ""."""
        for code in (language, language.partition("-")[0], *fallbacks):
            if self.values.get(code):
                return self.values[code]
        return next((text for text in self.values.values() if text), "")

    def as_dict(self) -> dict[str, str]:
        """A new plain dict: language code to text, only languages that have one."""
        return {code: text for code, text in self.values.items() if text}

    def __bool__(self) -> bool:
        return any(self.values.values())

    def __hash__(self) -> int:
        return hash(frozenset(self.values.items()))


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Picture:
    """Addresses of one picture in four sizes (absolute http/https, or None) and who made it."""

    title: Text = NO_TEXT
    description: Text = NO_TEXT
    copyright_info: str = ""
    teaser: str | None = None
    preview: str | None = None
    article: str | None = None
    detail: str | None = None

    def best(self) -> str | None:
        """Address of the largest size there is."""
        return self.detail or self.article or self.preview or self.teaser


@dataclass(frozen=True, slots=True)
class Location:
    """A place. `country` is a name, not a code; `street` often has no house number."""

    name: str = ""
    city: str = ""
    country: str = ""
    street: str = ""
    zip: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A downloaded picture: its bytes and the media type the server named."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Named:
    """A category, language, tag or other thing that has little but a name. Names may repeat between ids."""

    id: int
    name: Text = NO_TEXT
    filtername: str = ""


class Tag(StrEnum):
    """Kinds of tags on events and tours, by which they can be filtered."""

    CATEGORIES = "categories"
    LANGUAGES = "languages"
    AGE_GROUPS = "age_groups"
    AUDIENCES = "audiences"
    CATCH_WORDS = "catch_words"
    PROPOSAL_CATEGORIES = "proposal_categories"
    GRADES = "grades"
    DISABLEMENTS = "disablements"
