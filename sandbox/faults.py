"""Rehearsed trouble: what goes wrong on which route, and how often."""

import re
from dataclasses import dataclass
from typing import Any

# Trouble that strikes once the work is done. `truncated`, `endless` and `big` spoil the answer only.
AFTER = frozenset(
    {
        "delay_after", "hang_after", "drop_after", "status_500_after", "status_502_after", "status_503_after",
        "empty_200", "truncated", "endless", "big",
    }
)  # fmt: skip
KINDS = AFTER | {
    "delay_before", "hang_before", "drop_before", "status_401", "status_403", "status_404", "status_500",
    "status_502", "status_503", "status_503_retry", "status_504", "status_429", "html_500", "html_200",
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """Trouble on a route: so often (None: until healed), with seconds to wait or to ask for."""

    route: str
    kind: str
    times: int | None = None
    seconds: float = 1.0


def normal(route: str) -> str:
    """One spelling for every parameter: "POST /orders/:token/finalize" is "POST /orders/{}/finalize"."""
    return re.sub(r":\w+|\{[^}]*\}", "{}", route).replace("/api/v4", "")


class Faults:
    """The trouble ahead."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Plan a fault. ValueError for an unknown kind."""
        kind, route, times = str(wanted.get("kind")), str(wanted.get("route", "*")), wanted.get("times", 1)
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind}")
        fault = Fault(
            route=normal(route),
            kind=kind,
            times=None if times is None else int(times),
            seconds=float(wanted.get("seconds", 1.0)),
        )
        self.pending.append(fault)
        return fault

    def next(self, route: str) -> Fault | None:
        """The fault that hits a request to this route now, counted down."""
        for fault in self.pending:
            if fault.route in ("*", normal(route)):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.pending.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self.pending.clear()
