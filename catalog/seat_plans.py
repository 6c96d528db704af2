"""Pure: a drawing of seats from upstream, made harmless. It is read as XML and written anew from what is allowed.

Only shapes and texts survive, with their geometry and colours. Scripts, styles, links, pictures, references and every
name are gone, so nothing in it can act, load or be addressed. Seats are told from the rest by their number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

MOST_CHARACTERS = 400_000  # of a drawing worth sending to a phone
SVG = "http://www.w3.org/2000/svg "
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"})
ALLOWED = SHAPES | {"g", "title"}
TRANSPARENT = frozenset({"svg", "a", "switch"})  # left out, but not what is in them
GEOMETRY = {"d", "x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"}
SIZES = {"width", "height", "points", "transform"}
PAINT = {"fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "opacity"}
ENDS = {"stroke-linecap", "stroke-linejoin", "stroke-dasharray"}
LETTERS = {"font-size", "font-weight", "text-anchor", "dominant-baseline"}
ATTRIBUTES = frozenset(GEOMETRY | SIZES | PAINT | ENDS | LETTERS)
HARMLESS = re.compile(r"[\w\s.,#%()+-]*", re.ASCII)
SEAT_NAME = re.compile(r"(?:seat[-_]?)?([0-9]{1,18})")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?=(?:px)?$)")
VIEW_BOX = re.compile(r"-?[0-9.]+(?:[\s,]+-?[0-9.]+){3}")


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """A harmless drawing: markup with gaps. A number is a gap within the tag of the group that draws that seat."""

    view_box: str
    parts: tuple[str | int, ...]

    @property
    def seats(self) -> frozenset[int]:
        """Numbers that may be seats; whether they are, the date knows."""
        return frozenset(part for part in self.parts if isinstance(part, int))

    def markup(self, attributes: Callable[[int], str]) -> str:
        """What stands inside the svg element; `attributes` of a seat are markup and begin with a space, if any."""
        return "".join(attributes(part) if isinstance(part, int) else part for part in self.parts)


def sanitise(content: bytes) -> SeatPlan | None:
    """The harmless part of a drawing; None if it is no SVG, has no size, or is too large to be shown."""
    reader = _Reader()
    # A document type is refused: without one there are no entities by which a file could grow or reach out.
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, _NotAllowed, UnicodeError, LookupError):
        return None
    plan = SeatPlan(reader.view_box, tuple(reader.parts))
    size = sum(len(part) for part in plan.parts if isinstance(part, str))
    return plan if plan.view_box and size <= MOST_CHARACTERS else None


class _NotAllowed(Exception):
    """The file has a document type."""


def _refuse(*_declared: object) -> None:
    raise _NotAllowed


class _Reader:
    """Hears the parser and keeps what may stay."""

    def __init__(self) -> None:
        self.parts: list[str | int] = []
        self.view_box = ""
        self._skipping = 0  # depth inside an element that goes with all it holds
        self._open: list[str] = []
        self._seats: list[int | None] = []  # of each open element, the seat it draws

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.removeprefix(SVG)
        if self._skipping or tag not in ALLOWED | TRANSPARENT:
            self._skipping += 1
            return
        if tag == "svg" and not self._open:
            self.view_box = _view_box(attributes)
            self.parts.append(f"<g{_harmless(attributes, PAINT | LETTERS)}>")
        seat = None if tag in {"svg", "title"} else _seat(attributes)
        seat = None if seat in self._seats else seat
        self._open.append(tag)
        self._seats.append(seat)
        if seat is not None:
            self.parts += ["<g", seat, ">"]
        if tag in ALLOWED:
            self.parts.append(f"<{tag}{_harmless(attributes)}>")

    def end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        tag, seat = self._open.pop(), self._seats.pop()
        closing = f"</{tag}>" if tag in ALLOWED else "" if self._open else "</g>"
        self.parts.append(closing if seat is None else f"{closing}</g>")

    def text(self, text: str) -> None:
        if not self._skipping and self._open and self._open[-1] in {"text", "tspan", "title"}:
            self.parts.append(escape(text))


def _seat(attributes: Mapping[str, str]) -> int | None:
    for name in ("data-seat-id", "id"):
        if found := SEAT_NAME.fullmatch(attributes.get(name, "")):
            return int(found[1])
    return None


def _harmless(attributes: Mapping[str, str], allowed: Collection[str] = ATTRIBUTES) -> str:
    """The attributes that may stay; a style is taken apart into those it could as well have been written as."""
    styled = (pair.partition(":") for pair in attributes.get("style", "").split(";"))
    given = {**attributes, **{name.strip(): value.strip() for name, _colon, value in styled}}
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in given.items()
        if name in allowed and HARMLESS.fullmatch(value) and "url" not in value.lower()
    )


def _view_box(attributes: Mapping[str, str]) -> str:
    given = attributes.get("viewBox", "").strip()
    if VIEW_BOX.fullmatch(given):
        return given
    sizes = [NUMBER.match(attributes.get(side, "")) for side in ("width", "height")]
    return "0 0 " + " ".join(size[0] for size in sizes if size) if all(sizes) else ""
