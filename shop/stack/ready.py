"""Whether the demo's data is as the code of this checkout wants it, told by a stamp without loading Django."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

from shop import settings

STAMP = settings.DATA_DIR / "prepared"
BELIEVED_SECONDS = (
    6 * 3600
)  # then the sandbox's dates have moved, and the catalogue is fetched before opening
SOURCES = (
    "*/migrations/*.py",
    "static/**/*",
    "requirements/*.txt",
    "shop/settings.py",
    "shop/stack/prepare.py",
)


def is_prepared() -> bool:
    """Return whether `prepare_demo` ran not long ago for exactly this code and these databases."""
    try:
        fresh = time.time() - STAMP.stat().st_mtime < BELIEVED_SECONDS
        return fresh and STAMP.read_text() == _fingerprint()
    except FileNotFoundError:
        return False


def note() -> None:
    """Remember that everything is prepared now."""
    STAMP.write_text(_fingerprint())


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for fact in _facts():
        digest.update(f"{fact}\n".encode())
    return digest.hexdigest()


def _facts() -> Iterator[object]:
    yield [settings.DATABASES["default"].get(name) or "" for name in ("ENGINE", "HOST", "PORT", "NAME")]
    yield from (settings.STATIC_ROOT, settings.GOMUS_URL)
    database = Path(settings.DATABASES["default"]["NAME"])
    # A file that was deleted and made again is another file.
    yield database.stat().st_ino if database.exists() else "elsewhere"
    for pattern in SOURCES:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            yield path, path.stat().st_size, path.stat().st_mtime_ns
