"""CODE 39 for the door: geometry computed from the text, never scaled afterwards.

All lengths in millimetres. X is the width of a narrow bar; a wide bar is 3 X; the quiet zone of 10 X on both sides lies
inside the symbol's box. No checksum character is added: the door compares the text as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from orders import bars

X_USUAL = 0.30
X_LEAST = 0.25
QUIET = 10  # modules on each side
WIDEST = 174.0  # of A4 between its margins
LEAST_HEIGHT = 16.0
CHARSET = frozenset(bars.TABLE)


class NotPrintable(Exception):
    """This text cannot be a CODE 39 symbol on A4. `str()` tells staff why."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol. `modules` is a row of 1 (bar) and 0 (space), each X wide, without quiet zones."""

    text: str
    modules: str
    x: float

    @property
    def quiet(self) -> float:
        return QUIET * self.x

    @property
    def width(self) -> float:
        """Of the whole box, quiet zones included."""
        return (len(self.modules) + 2 * QUIET) * self.x

    @property
    def height(self) -> float:
        return max(LEAST_HEIGHT, 0.15 * self.width)

    @property
    def view_box(self) -> str:
        """In modules: one unit is X."""
        return f"0 0 {len(self.modules) + 2 * QUIET} {self.height / self.x:.2f}"

    @property
    def bars(self) -> Iterator[tuple[int, int]]:
        """Where each bar begins and how wide it is, in modules from the left edge of the box."""
        at = QUIET
        for colour, run in groupby(self.modules):
            width = len(list(run))
            if colour == "1":
                yield at, width
            at += width

    @property
    def path(self) -> str:
        """All bars as one SVG path in module units."""
        tall = f"{self.height / self.x:.2f}"
        return "".join(f"M{at} 0h{width}v{tall}h-{width}z" for at, width in self.bars)


def symbol(text: str) -> Symbol:
    """Return the symbol of `text` at the usual X, or at the least one if it does not fit. Raises NotPrintable."""
    if not text:
        raise NotPrintable("The barcode is empty.")
    if foreign := sorted(set(text) - CHARSET):
        raise NotPrintable(f"CODE 39 has no {' '.join(foreign)} (in barcode {text[:60]}).")
    modules = bars.modules(text)
    for x in (X_USUAL, X_LEAST):
        found = Symbol(text, modules, x)
        if found.width <= WIDEST:
            return found
    raise NotPrintable(
        f"Barcode {text[:60]} has {len(text)} characters, too many for a readable symbol on A4."
    )
