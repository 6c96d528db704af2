"""How long a call may take, by who is waiting for it."""

from dataclasses import dataclass
from enum import StrEnum


class Patience(StrEnum):
    """Who waits: a visitor in front of a page (one try, seconds) or a background worker (retries, a minute)."""

    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, to wait for the next bytes, and for the whole call with all its tries."""

    connect: float
    read: float
    total: float
    tries: int


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The limits of both kinds of patience."""

    web: Limits = Limits(connect=2.0, read=4.0, total=5.0, tries=1)
    worker: Limits = Limits(connect=5.0, read=20.0, total=60.0, tries=5)

    def of(self, patience: Patience) -> Limits:
        """The limits for who is waiting."""
        return self.web if patience is Patience.WEB else self.worker
