"""A ticket system of a few records that a test edits between two syncs: real HTTP, no rules, only answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, str]  # status and body


@dataclass
class Upstream:
    """`museums`, `exhibitions`, `tickets` are records by id; `broken` may answer a path instead of them.

    So are `events`, `dates`, `tours`, `coupons`, but None has no such list; small lists stand in `fixed`.
    """

    url: str = ""
    museums: dict[int, dict[str, Any]] = field(default_factory=dict)
    exhibitions: dict[int, dict[str, Any]] = field(default_factory=dict)
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: dict[int, dict[str, Any]] | None = None
    dates: dict[int, dict[str, Any]] | None = None
    tours: dict[int, dict[str, Any]] | None = None
    coupons: dict[int, dict[str, Any]] | None = None
    locales: list[str] = field(default_factory=lambda: ["de", "en", "fr"])
    broken: Callable[[str], Answer | None] = lambda _path: None
    fixed: dict[str, Any] = field(default_factory=dict)  # path -> answer, for everything that is no record
    calendar_any: dict[str, bool] = field(default_factory=dict)  # /tickets/calendar in its short form
    delay: float = 0
    asked: list[str] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)  # of the same questions

    def answer(self, target: str) -> Answer:
        path = urlsplit(target).path.removeprefix("/api/v4")
        query = parse_qs(urlsplit(target).query)
        self.asked.append(path)
        self.queries.append(query)
        time.sleep(self.delay)
        if broken := self.broken(path):
            return broken
        if path == "/tickets/calendar" and query["depth"] == ["any"]:
            return 200, json.dumps({"data": self.calendar_any})
        if path in self.fixed:
            return 200, json.dumps(self.fixed[path])
        return self._records(path, query)

    def _records(self, path: str, query: dict[str, list[str]]) -> Answer:
        _, kind, *rest = path.split("/")
        if kind == "locales":
            return 200, json.dumps({"locales": self.locales})
        if rest[1:] == ["opening_hours"]:
            day = query["date"][0]
            hours = {"begin": f"{day}T10:00:00+01:00", "end": f"{day}T18:00:00+01:00"}
            return 200, json.dumps({"opening_hours": hours})
        found = getattr(self, kind, None)
        if found is None or (rest and not rest[0].isdigit()):
            return 404, '{"error": "no such page"}'
        if not rest:
            slim = [{**row, "description": None} for row in found.values() if _listed(row, kind, query)]
            meta = {"total_count": len(slim), "page": 1, "per_page": 100}
            return 200, json.dumps({kind: slim, "meta": meta})
        record = found.get(int(rest[0]))
        return (200, json.dumps({kind.removesuffix("s"): record})) if record else (404, '{"error": "gone"}')


def _listed(row: dict[str, Any], kind: str, query: dict[str, list[str]]) -> bool:
    """Whether a list shows a record: annual tickets and parts only when asked for, dates in their window."""
    if kind == "dates":
        return query["start_at"][0] <= str(row["start_time"])[:10] <= query["end_at"][0]
    if kind != "tickets":
        return True
    if "by_ticket_ids[]" in query:
        return str(row["id"]) in query["by_ticket_ids[]"]
    wanted = query.get("by_ticket_types[]", ["time_slot", "normal"])
    return not row.get("is_part") and (
        row["ticket_type"] in wanted or not isinstance(row["ticket_type"], str)
    )


@contextmanager
def serve(upstream: Upstream) -> Iterator[Upstream]:
    """Answer over HTTP for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = upstream.answer(self.path)
            raw = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    upstream.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield upstream
    server.shutdown()
    thread.join()
    server.server_close()


def small_world() -> Upstream:
    """One museum, one exhibition, three tickets."""
    house = {
        "id": 5,
        "title": {"de": "Haus der Gefäße", "en": "House of Vessels"},
        "description": {"de": "<p>Alt</p>"},
    }
    show = {"id": 7, "museum_id": 5, "title": {"de": "Erde"}, "featured": True, "time_frames": []}
    picture = {"title": "Vase", "copyright_info": "Studio", "detail": "/media/vase.jpg"}
    tickets = {pk: ticket(pk, price_cents=700 * pk) for pk in (1, 2, 3)}
    return Upstream(museums={5: house | {"picture": picture}}, exhibitions={7: show}, tickets=tickets)


def ticket(pk: int, **values: Any) -> dict[str, Any]:
    """A time-slot ticket of the one museum and exhibition."""
    plain = {
        "id": pk,
        "title": {"de": f"Karte {pk}", "en": f"Ticket {pk}"},
        "ticket_type": "time_slot",
        "bookable": True,
        "museum_ids": [5],
        "exhibition_ids": [7],
        "quota_ids": [41],
        "price_cents": 1400,
        "vat_pct": "7.0",
        "first_entry": 600,
        "last_entry": 1020,
        "entry_duration": 30,
        "max_persons": 10,
    }
    return plain | values
