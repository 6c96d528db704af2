"""Typed readers for the environment. Every mistake is collected and told in one sentence per variable."""

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from environs import EnvError, FileAwareEnv

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
SHORTEST_SECRET_KEY = 50
SHORTEST_WITHDRAWAL = 14  # days
HUNDRED = 100  # percent
LONGEST_SOCKET = 100  # the kernel cuts the path of a unix socket at 107 bytes
SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at BEGIN: a reader that upgrades later would fail at once, whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000"
    ),
}
SQLITE = "django.db.backends.sqlite3"


class Reader:
    """Reads `NAME`, or the file named by `NAME_FILE`; an empty value counts as not set.

    A setting without a default is required. `demo=` is the default that counts with DEMO=1 only.
    """

    def __init__(self) -> None:
        self._env = FileAwareEnv(strip_whitespace=True)
        self._faults: list[str] = []
        self._demo = False
        self._demo = self.flag("DEMO", default=False)

    def check(self) -> None:
        """Stop the start if anything was wrong, with a sentence per variable."""
        if self._faults:
            hint = (
                "" if self._demo else "\nTo try the shop with a sandbox instead: make demo (it sets DEMO=1)."
            )
            sys.exit("The shop cannot start:\n" + "\n".join(f"  {fault}" for fault in self._faults) + hint)

    def text(self, name: str, default: str | None = None, *, demo: str | None = None) -> str:
        try:
            value = self._env.str(name, None) or None
        except (EnvError, ValueError):
            self._fault(f"{name}_FILE", "names a file that cannot be read.")
            return default or ""
        if value is None:
            value = demo if self._demo and demo is not None else default
        if value is None:
            self._fault(name, "is missing.")
        return value or ""

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value not in YES | NO:
            self._fault(name, f"must be 1 or 0, not {value!r}.")
        return value in YES

    def number(self, name: str, default: int, *, least: int = 1, most: int | None = None) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            self._fault(name, f"must be a whole number, not {value!r}.")
            return default
        if int(value) < least or (most is not None and int(value) > most):
            bounds = f"from {least} to {most}" if most is not None else f"of at least {least}"
            self._fault(name, f"must be a number {bounds}, not {value}.")
            return default
        return int(value)

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, most=65535)

    def words(self, name: str, default: str | None = None, *, demo: str | None = None) -> list[str]:
        """Read a list with commas between its parts."""
        return [part.strip() for part in self.text(name, default, demo=demo).split(",") if part.strip()]

    def choice(self, name: str, default: str, known: Sequence[str]) -> str:
        return self.choices(name, default, known)[0]

    def choices(self, name: str, default: str, known: Iterable[str], *, demo: str | None = None) -> list[str]:
        known = list(known)
        values = list(dict.fromkeys(self.words(name, default, demo=demo)))
        for value in values:
            if value not in known:
                self._fault(name, f"{value!r} is not one of {', '.join(known)}.")
        return [value for value in values if value in known] or known[:1]

    def subset(self, name: str, known: Iterable[str], *, without: Iterable[str] = ()) -> list[str]:
        """Read a list of known words that may be empty; none of them may be in `without`."""
        known, without = [str(word) for word in known], set(without)
        values = list(dict.fromkeys(self.words(name, "")))
        for value in values:
            if value not in known:
                self._fault(name, f"{value!r} is not one of {', '.join(known)}.")
            elif value in without:
                self._fault(name, f"{value!r} cannot be on and off at once.")
        return values

    def days_by(self, name: str, defaults: Mapping[str, int]) -> dict[str, int]:
        """Read days by word, like "annual=14,tour=0"; words left out keep their default."""
        found = dict(defaults)
        for part in self.words(name, ""):
            word, _equals, days = (piece.strip() for piece in part.partition("="))
            if word not in found or not re.fullmatch(r"[0-9]{1,3}", days):
                known = ", ".join(str(one) for one in defaults)
                self._fault(name, f"{part!r} must be one of {known} with a number of days, like annual=14.")
            elif 0 < int(days) < SHORTEST_WITHDRAWAL:
                self._fault(name, f"{part!r}: the law gives {SHORTEST_WITHDRAWAL} days, or none at all (0).")
            else:
                found[next(one for one in defaults if one == word)] = int(days)
        return found

    def numbers_by(self, name: str, defaults: Mapping[str, int], *, least: int = 1) -> dict[str, int]:
        """Read numbers from `least` by word, like "orders=3650,letters=90"; words left out keep their default."""
        found = dict(defaults)
        for part in self.words(name, ""):
            word, _equals, value = (piece.strip() for piece in part.partition("="))
            if word not in found or not re.fullmatch(r"[0-9]{1,6}", value) or int(value) < least:
                known = ", ".join(str(one) for one in defaults)
                example = f"{next(iter(defaults))!s}=90"
                self._fault(
                    name, f"{part!r} must be one of {known} with a number from {least}, like {example}."
                )
            else:
                found[next(one for one in defaults if one == word)] = int(value)
        return found

    def cancellations(self, name: str, known: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Read cancellation rules by word, like "dated=48:10": up to how many hours before, for which fee in percent.

        Words left out have no rule. "voucher=0:0" is for nothing, up to the start.
        """
        words, found = list(known), {}
        for part in self.words(name, ""):
            word, _equals, rule = (piece.strip() for piece in part.partition("="))
            read = re.fullmatch(r"([0-9]{1,4}):([0-9]{1,3})", rule)
            if word in words and read and int(read[2]) <= HUNDRED:
                found[next(one for one in words if one == word)] = (int(read[1]), int(read[2]))
            else:
                self._fault(
                    name,
                    f"{part!r} must be one of {', '.join(words)} with hours and percent, like dated=48:10.",
                )
        return found

    def pattern(
        self, name: str, default: str | None, shape: str, sentence: str, *, demo: str | None = None
    ) -> str:
        value = self.text(name, default, demo=demo)
        if value and not re.fullmatch(shape, value):
            self._fault(name, sentence)
        return value

    def folder(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).absolute()

    def secret(self, name: str, default: str | None = None, *, demo: str, least: int = 1) -> str:
        """Read a secret, required without a default. Its value never appears in a message.

        The demo's own is refused in production.
        """
        value = self.text(name, default, demo=demo)
        if value and not self._demo and value.lower().startswith(("demo", "sandbox")):
            self._fault(name, "holds a secret of the demo, which everybody knows.")
        elif value and len(value) < least:
            self._fault(name, f"is too short: it takes at least {least} random characters.")
        return value

    def key(self, name: str, shape: str, like: str) -> str:
        """Read an optional secret of a known shape. Its value never appears in a message."""
        value = self.text(name, "")
        if value and not re.fullmatch(shape, value):
            self._fault(name, f"does not look like a key of this kind ({like}).")
        return value

    def iban(self, name: str, *, demo: str) -> str:
        """Read an optional IBAN, with or without spaces; its check digits must be right."""
        value = self.text(name, "", demo=demo).replace(" ", "").upper()
        if value and not _is_iban(value):
            self._fault(name, "is no IBAN: a letter or digit is wrong or missing.")
        return value

    def base_url(self, name: str, default: str | None = None, *, demo: str | None = None) -> str:
        value = self.text(name, default, demo=demo).rstrip("/")
        parts = _split(value)
        if value and (not parts or parts.scheme not in {"http", "https"} or parts.path or parts.username):
            self._fault(name, "must be scheme and host and nothing else, like https://shop.example.org.")
        return value

    def time_zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fault(name, f"{value!r} is not a time zone like Europe/Berlin.")
            return default

    def database(self, name: str, default: Path) -> dict[str, Any]:
        """Read a database address; without one the database is the SQLite file `default`."""
        url = self.text(name, "")
        if not url:
            return {"ENGINE": SQLITE, "NAME": str(default), "OPTIONS": SQLITE_OPTIONS}
        try:
            found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
        except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
            found = {"ENGINE": "", "NAME": ""}
        if found["ENGINE"] == "django.db.backends.postgresql" and found["NAME"]:
            # A server that is gone must not hold a visitor for minutes: seconds to connect, milliseconds for silence.
            found["OPTIONS"] = {"connect_timeout": 3, "tcp_user_timeout": 10_000} | found.get("OPTIONS", {})
            return found
        if found["ENGINE"] == SQLITE and found["NAME"]:
            return {"ENGINE": SQLITE, "NAME": found["NAME"], "OPTIONS": SQLITE_OPTIONS}
        self._fault(
            name, "must be an address like postgres://user:password@host/name or sqlite:////path/file."
        )
        return {"ENGINE": SQLITE, "NAME": ":memory:"}

    def redis_url(self, name: str, *, demo: Path) -> str:
        """Read the address of a Redis server. The demo has one of its own, on a socket in the folder `demo`."""
        value = self.text(name, demo=f"unix://{private_socket(demo)}")
        if value and not (value.startswith(("redis://", "rediss://", "unix://")) and _split(value)):
            self._fault(name, "must be an address like redis://host:6379/0 or unix:///path/redis.sock.")
        return value

    def email(self, name: str, folder: Path) -> dict[str, Any]:
        """Return Django's EMAIL_* settings. In the demo mails become files in `folder`."""
        url = self.text(name, demo=f"file://{folder}")
        parts = _split(url)
        if parts and parts.scheme == "console":
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if parts and parts.scheme == "file" and parts.path.startswith("/"):
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": unquote(parts.path)}
        if parts and parts.scheme in MAIL_PORTS and parts.hostname:
            return _smtp(parts)
        if url:
            self._fault(
                name,
                "must be smtp+tls://user:password@host:587, smtp+ssl://…, smtp://…, file:///folder or console:.",
            )
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}

    def refuse(self, name: str, *, when: bool, because: str) -> None:
        """Record a fault of a combination that no shop in production may have."""
        if when and not self._demo:
            self._fault(name, because)

    def require(self, name: str, holds: bool, sentence: str) -> None:
        """Record a fault where settings contradict each other."""
        if not holds:
            self._fault(name, sentence)

    def _fault(self, name: str, sentence: str) -> None:
        self._faults.append(f"{name}: {sentence}")


def _is_iban(value: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", value):
        return False
    digits = "".join(str(int(letter, 36)) for letter in value[4:] + value[:4])
    return int(digits) % 97 == 1


def _split(url: str) -> SplitResult | None:
    """Split an address; None if it is none (a port that is no number, a broken host)."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    has_host = parts.hostname or parts.scheme in {"unix", "file", "console"}
    return parts if has_host else None


def private_socket(folder: Path) -> Path:
    """Return where the private server listens: in `folder`, or in a short temporary one if its name is too long."""
    if len(os.fsencode(folder / "redis.sock")) <= LONGEST_SOCKET:
        return folder / "redis.sock"
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vitrine-{name}" / "redis.sock"


def _smtp(parts: SplitResult) -> dict[str, Any]:
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }
