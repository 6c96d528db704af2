"""Records of the public catalogue: museums, exhibitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shop.api.records.shared import NO_TEXT, Location, Picture, Text


@dataclass(frozen=True, slots=True)
class Version:
    """What the ticket system says about itself; empty where it says nothing."""

    system: str = ""
    api: str = ""
    release: str = ""
    time: datetime | None = None
    zone: str = ""
    currency: str = ""
    per_page: int | None = None


@dataclass(frozen=True, slots=True)
class Museum:
    """A museum. `description`, `content` and `location` come with the single record only."""

    id: int
    title: Text
    sub_title: Text = NO_TEXT
    description: Text = NO_TEXT
    picture: Picture | None = None
    location: Location | None = None
    content: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One day's opening; `end` may lie after midnight."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """A period in which an exhibition is shown; an open end is None."""

    start_at: datetime | None
    end_at: datetime | None


@dataclass(frozen=True, slots=True)
class Exhibition:
    """An exhibition; without time frames it is permanent."""

    id: int
    museum_id: int | None
    title: Text
    sub_title: Text = NO_TEXT
    slider_description: Text = NO_TEXT
    description: Text = NO_TEXT
    featured: bool = False
    picture: Picture | None = None
    location: Location | None = None
    time_frames: tuple[TimeFrame, ...] = ()
    content: Mapping[str, Text] = field(default_factory=dict)
