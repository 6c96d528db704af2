"""Draws the life of an order from `orders.lifecycle`: `python -m tools.states` writes docs/order-states.svg and .md."""

import os
from html import escape
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
SVG, PAGE = ROOT / "docs/order-states.svg", ROOT / "docs/order-states.md"
WIDE, HIGH, COLUMN, ROW, MARGIN = 168, 50, 232, 92, 24
# Where each state stands: the straight way down the second column, doubt to its left, the ways out to its right.
PLACES: dict[str, tuple[float, float]] = {
    "awaiting": (1, 0),
    "placed": (1, 1.2),
    "draft_unknown": (0, 2.1),
    "drafted": (1, 3.4),
    "authorised": (1, 4.4),
    "paid": (1, 5.4),
    "finalize_unknown": (0, 6.3),
    "finalized": (1, 7.3),
    "ready": (1, 8.3),
    "cancelling": (2, 2.5),
    "refund_due": (2, 6.3),
    "expired": (3, 0),
    "refused": (3, 0.9),
    "price_changed": (3, 1.8),
    "refunded": (3, 6.3),
}
LOOK = {
    "way": ("#eef4fb", "#2f5d8c"),
    "doubt": ("#fdf3dc", "#8a6100"),
    "back": ("#fbeaea", "#9c2f2f"),
    "failed": ("#f1f1f1", "#5c5c5c"),
    "ready": ("#e7f5ea", "#2b7040"),
}


def draw() -> str:
    """Return the picture. KeyError for a state nobody has given a place."""
    from orders.lifecycle import TRANSITIONS, State  # noqa: PLC0415 - needs Django

    width = MARGIN * 2 + COLUMN * 3 + WIDE
    height = round(MARGIN * 2 + ROW * 8.3 + HIGH)
    arrows = [
        _arrow(before.value, after.value)
        for before in State
        for after in State
        if after in TRANSITIONS[before]
    ]
    heads = [
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 0L8 4L0 8z" fill="{line}"/></marker>'
        for name, (_, line) in LOOK.items()
    ]
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="12">',
        "<title>The states of an order and the ways between them</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f"<defs>{''.join(heads)}</defs>",
        *arrows,
        *(_box(state.value) for state in State),
        "</svg>",
    ]
    return "\n".join(rows) + "\n"


def tell() -> str:
    """Return the page around the picture: every state in words and what may follow it."""
    from django.utils import translation  # noqa: PLC0415

    from orders.lifecycle import TRANSITIONS, State  # noqa: PLC0415

    with translation.override("en"):
        rows = [
            f"| `{state.value}` | {state.label} | "
            + (", ".join(f"`{after.value}`" for after in State if after in TRANSITIONS[state]) or "the end")
            + " |"
            for state in State
        ]
    head = [
        "# The states of an order",
        "",
        "Drawn from `orders/lifecycle.py` by `python -m tools.states`; a test holds both to the code. Blue is the",
        "way to the tickets, yellow is doubt that only the museum's word ends, red gives places and money back.",
        "",
        "![The states of an order](order-states.svg)",
        "",
        "| State | Means | May be followed by |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def _kind(state: str) -> str:
    from orders.lifecycle import FAILED, IN_DOUBT, State  # noqa: PLC0415

    if state == State.READY:
        return "ready"
    if state in FAILED:
        return "failed"
    if state in (State.CANCELLING, State.REFUND_DUE):
        return "back"
    return "doubt" if state in IN_DOUBT else "way"


def _middle(state: str) -> tuple[float, float]:
    column, row = PLACES[state]
    return MARGIN + column * COLUMN + WIDE / 2, MARGIN + row * ROW + HIGH / 2


def _box(state: str) -> str:
    x, y = _middle(state)
    fill, line = LOOK[_kind(state)]
    return (
        f'<rect x="{x - WIDE / 2:g}" y="{y - HIGH / 2:g}" width="{WIDE}" height="{HIGH}" rx="8" fill="{fill}" '
        f'stroke="{line}" stroke-width="1.5"/><text x="{x:g}" y="{y + 4:g}" text-anchor="middle" '
        f'fill="#1c1c1c">{escape(state)}</text>'
    )


def _arrow(before: str, after: str) -> str:
    """From side to side between columns, from edge to edge within one; ways there and back lie side by side."""
    (x1, y1), (x2, y2) = _middle(before), _middle(after)
    line = LOOK[_kind(after)][1]
    if x1 == x2:
        down = 1 if y2 > y1 else -1
        x1 = x2 = x1 + 14 * down
        start, end = y1 + down * HIGH / 2, y2 - down * HIGH / 2
        bow = 0.0
        if any(_between(state, before, after) for state in PLACES):
            x1 = x2 = x1 - 14 * down - WIDE / 2
            start, end, bow = y1 + 8 * down, y2 - 8 * down, -42.0
        path = f"M{x1:g} {start:g}C{x1 + bow:g} {start:g} {x2 + bow:g} {end:g} {x2:g} {end:g}"
        if not bow:
            path = f"M{x1:g} {start:g}L{x2:g} {end:g}"
    else:
        right = 1 if x2 > x1 else -1
        start, end = x1 + right * WIDE / 2, x2 - right * WIDE / 2
        y1, y2 = y1 + _step(before, (before, after)), y2 + _step(after, (before, after))
        bend = (end - start) / 2
        path = f"M{start:g} {y1:g}C{start + bend:g} {y1:g} {end - bend:g} {y2:g} {end:g} {y2:g}"
    return (
        f'<path d="{path}" fill="none" stroke="{line}" stroke-width="1.4" marker-end="url(#{_kind(after)})">'
        f"<title>{before} → {after}</title></path>"
    )


def _between(state: str, before: str, after: str) -> bool:
    """Does this state stand in the column between the two?"""
    (column, row), ends = PLACES[state], sorted((PLACES[before][1], PLACES[after][1]))
    return column == PLACES[before][0] and ends[0] < row < ends[1]


def _step(state: str, pair: tuple[str, str]) -> float:
    """How far from the middle of a side of `state` this arrow touches it: those of one side do not cross there."""
    from orders.lifecycle import TRANSITIONS, State  # noqa: PLC0415

    def other(way: tuple[str, str]) -> str:
        return way[1] if way[0] == state else way[0]

    def side(way: tuple[str, str]) -> bool:
        return PLACES[other(way)][0] > PLACES[state][0]

    ways = [
        (before.value, after.value) for before in State for after in State if after in TRANSITIONS[before]
    ]
    across = [way for way in ways if state in way and PLACES[way[0]][0] != PLACES[way[1]][0]]
    together = [way for way in across if side(way) == side(pair)]
    together.sort(key=lambda way: (PLACES[other(way)][1], -PLACES[other(way)][0], way[0]))
    return (together.index(pair) - (len(together) - 1) / 2) * min(8, (HIGH - 12) / len(together))


if __name__ == "__main__":
    os.environ["DEMO"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    django.setup()
    SVG.write_text(draw(), encoding="utf-8")
    PAGE.write_text(tell(), encoding="utf-8")
