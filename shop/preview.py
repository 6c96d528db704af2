"""How a page is announced elsewhere: in search results, and wherever its link is shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

Node = dict[str, Any]  # one thing in the vocabulary of schema.org, as JSON writes it


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A picture to show beside a link. `url` is absolute, sizes are in pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says about itself in plain words. A page without a preview is not to be found by machines."""

    title: str
    description: str = ""
    picture: PreviewPicture | None = None
    nodes: tuple[Node, ...] = ()


def absolute(path: str) -> str:
    """The address of one of our paths as others see it."""
    return f"{settings.PUBLIC_URL}{path}"
