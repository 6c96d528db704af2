"""Everything the shop must not lose in one file, and back: the database, the documents and the pictures.

The database is read first, at one moment and while the shop is open; every file its rows name was there before. The
file is a plain tar: `manifest.json`, `database`, `documents/…`, `media/…`. SQLite is copied by its own online backup,
PostgreSQL by pg_dump and pg_restore, which must be installed and no older than the server.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from orders.models import Order

SHAPE = 1  # of the file; count up when it changes
FOLDERS = {"documents": "DOCUMENT_ROOT", "media": "MEDIA_ROOT"}


class BackupError(Exception):
    """The sentence says what is wrong and that nothing was changed, or what was."""


def write(target: Path) -> None:
    """Write a backup to `target`, which nobody but the owner may read. An older file there stays until it is done."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        database, whole = Path(folder, "database"), Path(folder, "whole")
        _dump(database)
        manifest = {"shape": SHAPE, "vendor": connection.vendor, "at": datetime.now(UTC).isoformat()}
        Path(folder, "manifest.json").write_text(json.dumps(manifest))
        whole.touch(mode=0o600)
        with tarfile.open(whole, "w") as archive:
            archive.add(Path(folder, "manifest.json"), "manifest.json")
            archive.add(database, "database")
            for name, setting in FOLDERS.items():
                if Path(getattr(settings, setting)).is_dir():
                    archive.add(getattr(settings, setting), name)
        whole.replace(target)


def read(source: Path, *, overwrite: bool) -> dict[str, Any]:
    """Make the shop what it was when `source` was written and return its manifest. Close the shop before.

    Raises BackupError, with nothing changed, for a file that is none or fits another kind of database, and for a
    database with orders in it unless `overwrite`.
    """
    if not overwrite and _has_orders():
        raise BackupError("The database has orders, which this would replace. To want that, say --overwrite.")
    near = Path(settings.DATA_DIR)
    near.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=near) as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")  # no path leads out of the folder
            manifest: dict[str, Any] = json.loads(Path(folder, "manifest.json").read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise BackupError(f"{source} is no backup of a shop: {error}") from error
        if manifest.get("shape") != SHAPE or manifest.get("vendor") != connection.vendor:
            raise BackupError(
                f"{source} was written for {manifest.get('vendor')} in shape {manifest.get('shape')}; "
                f"this shop has {connection.vendor} and reads shape {SHAPE}."
            )
        _load(Path(folder, "database"))
        for name, setting in FOLDERS.items():
            _replace(Path(folder, name), Path(getattr(settings, setting)))
    return manifest


def _has_orders() -> bool:
    return Order._meta.db_table in connection.introspection.table_names() and Order.objects.exists()


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        _copy(_sqlite_file(), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--file", str(target), _database_name())


def _load(source: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        _copy(source, _sqlite_file())
    else:
        whole = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner")
        _run("pg_restore", *whole, "--dbname", _database_name(), str(source))


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not installed here; it comes with the clients of PostgreSQL.")
    told = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    # By the environment: arguments are seen by everybody on the machine.
    known = {name: str(connection.settings_dict[key]) for name, key in told.items()}
    env = os.environ | {name: value for name, value in known.items() if value}
    done = subprocess.run([path, *arguments], env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _replace(source: Path, target: Path) -> None:
    """Let the folder hold what `source` holds and nothing else. The folder itself stays: it may be a mounted one."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
