"""A plain page for people who try the demo: what was sold, what is left, and the switches that make trouble."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from html import escape
from itertools import islice

from sandbox.booking.order import Order
from sandbox.catalogue.model import Quota
from sandbox.clock import stamp, wall
from sandbox.state import State
from sandbox.switches import WORDS, Switches

SHOWN = 40  # rows of each kind
DAYS_OF_DATES = 7
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent);
--soft:color-mix(in srgb,currentColor 7%,transparent)}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.5rem 0 .75rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
.row{display:flex;flex-wrap:wrap;gap:.5rem}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
form{display:inline-flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:0}
button,input,select{font:inherit;min-height:2.5rem;padding:0 .75rem;border:1px solid var(--line);border-radius:.4rem;
background:var(--soft);color:inherit;max-width:100%}
button{cursor:pointer}button:hover{border-color:currentColor}
:focus-visible{outline:3px solid Highlight;outline-offset:2px}
.switches{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:1rem}
.switches form{display:grid;grid-template-columns:1fr auto;background:var(--soft);padding:.75rem;border-radius:.5rem}
.switches label{grid-column:1/-1;font-family:ui-monospace,monospace}.switches input,.switches select{width:100%}
details{border-bottom:1px solid var(--line)}summary{cursor:pointer;padding:.5rem 0}
.quiet{opacity:.75}
@media (max-width:40rem){thead{display:none}tr,td{display:block}tr{padding:.5rem 0;
border-bottom:1px solid var(--line)}td{border:0;padding:.1rem 0}
td[data-name]::before{content:attr(data-name) ": ";opacity:.75}}
</style></head><body>"""


def overview(state: State) -> str:
    """The page at /_sandbox/. Everything on it works without a script."""
    now = state.clock.now()
    return "".join(
        [
            f"{HEAD}<header><h1>A stand-in for the ticket system</h1>",
            f"<p>Its clock says <strong>{now:%A, %d %B %Y, %H:%M}</strong>. Everything here takes effect at once.</p>",
            '<nav aria-label="On this page"><ul>',
            *(f'<li><a href="#{name}">{title}</a></li>' for name, title, _ in SECTIONS),
            "</ul></nav></header><main>",
            *(
                f'<section id="{name}"><h2>{title}</h2>{show(state)}</section>'
                for name, title, show in SECTIONS
            ),
            "</main></body></html>",
        ]
    )


# --- trouble ------------------------------------------------------------------------------------------------


def _trouble(state: State) -> str:
    buttons: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("Go into maintenance", "switches", {"maintenance": "json"}),
        ("Leave maintenance", "switches", {"maintenance": "off"}),
        ("Slow: 2 s per answer", "switches", {"latency_ms": "2000"}),
        ("Fast again", "switches", {"latency_ms": "0"}),
        ("Lose the answer of the next order", "faults", {"route": "POST /orders", "kind": "drop_after"}),
        ("Let the next order fail", "faults", {"route": "POST /orders", "kind": "status_500"}),
        ("Forget all orders and changes", "reset", {}),
    )
    pending = "".join(
        f"<li>{escape(fault.kind)} on {escape(fault.route)}</li>" for fault in state.faults.pending
    )
    told = f"<p>Still to come:</p><ul>{pending}</ul>" if pending else ""
    return f'<div class="row">{"".join(_button(*button) for button in buttons)}</div>{told}'


def _switches(state: State) -> str:
    forms = "".join(_switch(name, str(value)) for name, value in state.switches.as_dict().items())
    return f'<div class="switches">{forms}</div>'


def _switch(name: str, value: str) -> str:
    if name in WORDS:
        options = "".join(
            f"<option{' selected' if word == value else ''}>{word}</option>" for word in WORDS[name]
        )
        field = f'<select id="{name}" name="{name}">{options}</select>'
    else:
        kind = {item.name: item.type for item in fields(Switches)}[name]
        shape = 'type="text"' if kind in (str, "str") else 'type="number" step="any"'
        field = f'<input id="{name}" name="{name}" {shape} value="{escape(value)}">'
    return (
        f'<form method="post" action="/_sandbox/switches"><label for="{name}">{name}</label>{field}'
        f'<button aria-label="Set {name}">Set</button></form>'
    )


# --- what was sold ------------------------------------------------------------------------------------------


def _orders(state: State) -> str:
    rows = [
        (
            escape(order.reference or "–"),
            order.status,
            _euro(order.total),
            _items(order),
            _time(order.created_at),
        )
        for order in islice(state.orders.listed(), SHOWN)
    ]
    return _table(("Reference", "State", "Total", "Items", "Created"), rows, "Nothing was ordered yet.")


def _items(order: Order) -> str:
    lines = (
        f"{'<s>' if not item.active else ''}{item.quantity} × {escape(item.title['en'])}"
        f"{', ' + _time(item.time) if item.time else ''}{'</s>' if not item.active else ''}"
        for item in order.items
    )
    return "<br>".join(lines)


def _holds(state: State) -> str:
    rows = [
        (
            escape(state.world.tickets[hold.ticket_id].title["en"]),
            str(hold.quantity),
            _time(hold.start_at),
            _time(hold.valid_until),
        )
        for hold in islice(state.holds.live.values(), SHOWN)
    ]
    return _table(("Ticket", "Places", "For", "Until"), rows, "Nobody holds places.")


def _withdrawals(state: State) -> str:
    rows = [
        (
            escape(asked.order_id),
            escape(f"{asked.first_name} {asked.last_name}"),
            escape(asked.email),
            escape(asked.note),
            _time(asked.at),
        )
        for asked in state.withdrawals.all[-SHOWN:]
    ]
    return _table(("Order", "Name", "E-mail", "Note", "Asked"), rows, "Nobody wants to withdraw.")


# --- what is left -------------------------------------------------------------------------------------------


def _quotas(state: State) -> str:
    today = state.clock.today()
    days = ((today, "today"), (today + timedelta(days=1), "tomorrow"))
    found = [
        _quota(state, quota, day, word)
        for quota in islice(state.world.quotas.values(), SHOWN)
        for day, word in days
    ]
    return "".join(found) or "<p>Every museum is closed.</p>"


def _quota(state: State, quota: Quota, day: date, word: str) -> str:
    """The slots of a quota on a day, folded."""
    stock, rows, sum_left = state.stock, [], 0
    minutes = [quota.first] if quota.step is None else range(quota.first, quota.last + 1, quota.step)
    for at in (wall(day, minute) for minute in minutes):
        place = stock.place(quota, at)
        over = quota.step is not None and at < state.clock.now()
        if place and not over and (total := stock.total(place)):
            left = stock.left(place)
            sum_left += left
            button = _button(
                "Sell out", "left", {"quota_id": str(quota.id), "time": stamp(at)}, f"{at:%H:%M} {word}"
            )
            rows.append((f"{at:%H:%M}", f"{left} of {total}", button if left else "sold out"))
    if not rows:
        return ""
    title = state.world.tickets[quota.tickets[0]].title["en"].split(" – ")[0]
    head = f"{escape(title)}, {word} <span class='quiet'>(quota {quota.id}: {sum_left} left)</span>"
    return f"<details><summary>{head}</summary>{_table(('Time', 'Left', ''), rows, '')}</details>"


def _dates(state: State) -> str:
    today = state.clock.today()
    last, rows = today + timedelta(days=DAYS_OF_DATES), []
    for event in islice(state.world.events.values(), SHOWN):
        for found in state.world.dates(event, today, last):
            left = state.stock.seats_left(found)
            told = f"{found.start:%a %H:%M}"
            button = _button("Sell out", "left", {"date_id": str(found.id)}, f"{event.title['en']} {told}")
            rows.append(
                (found.start, escape(event.title["en"]), f"{left} of {event.seats}", button if left else "–")
            )
    shown = [
        (f"{start:%a %d %b, %H:%M}", *rest) for start, *rest in sorted(rows, key=lambda row: row[0])[:SHOWN]
    ]
    return _table(("When", "Event", "Left", ""), shown, "Nothing happens this week.")


# --- parts --------------------------------------------------------------------------------------------------


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str) -> str:
    if not rows:
        return f'<p class="quiet">{empty}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(heads: tuple[str, ...], row: tuple[str, ...]) -> str:
    """The cells of a row; on a narrow screen each says its name itself."""
    names = (f' data-name="{name}"' if name else "" for name in heads)
    return "".join(f"<td{name}>{cell}</td>" for name, cell in zip(names, row, strict=True))


def _button(label: str, action: str, values: dict[str, str], of: str = "") -> str:
    """A form of one button; `of` says aloud what it is about where the eye sees the row."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items()
    )
    spoken = f' aria-label="{escape(f"{label}: {of}")}"' if of else ""
    return f'<form method="post" action="/_sandbox/{action}">{hidden}<button{spoken}>{escape(label)}</button></form>'


def _time(text: str) -> str:
    return f"{text[8:10]}.{text[5:7]}. {text[11:16]}"


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}&nbsp;€"


SECTIONS = (
    ("trouble", "Make trouble", _trouble),
    ("orders", "Orders", _orders),
    ("holds", "Live holds", _holds),
    ("withdrawals", "Withdrawals", _withdrawals),
    ("places", "Places today and tomorrow", _quotas),
    ("dates", "Event dates of the week", _dates),
    ("switches", "Switches", _switches),
)
