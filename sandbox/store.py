"""Keeps orders, holds and switches in SQLite, so that they outlive a restart and a kill."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = 2  # of the records; older ones are forgotten, for the sandbox promises nothing across versions
SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
"""


class Store:
    """JSON records by kind and name. Everything inside one `saving()` is written together or not at all."""

    def __init__(self, path: str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        if self._db.execute("PRAGMA user_version").fetchone() != (VERSION,):
            self._db.execute("DROP TABLE IF EXISTS record")
            self._db.execute(f"PRAGMA user_version = {VERSION}")
        self._db.executescript(SCHEMA)

    @property
    def changes(self) -> int:
        """Rows ever written; it stands still while nothing is changed."""
        return self._db.total_changes

    @contextmanager
    def saving(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def put(self, kind: str, name: str, body: Any) -> None:
        text = json.dumps(body, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, name, text))

    def drop(self, kind: str, name: str) -> None:
        self._db.execute("DELETE FROM record WHERE kind = ? AND name = ?", (kind, name))

    def clear(self) -> None:
        self._db.execute("DELETE FROM record")

    def all(self, kind: str) -> dict[str, Any]:
        rows = self._db.execute("SELECT name, body FROM record WHERE kind = ?", (kind,))
        return {name: json.loads(body) for name, body in rows}
