"""Requests of buyers to withdraw from an order; the staff decides."""

from dataclasses import asdict, dataclass

from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Withdrawal:
    order_id: str
    first_name: str
    last_name: str
    email: str
    note: str
    at: str


class Withdrawals:
    """All requests, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.all("withdrawal")
        self.all = [Withdrawal(**kept[name]) for name in sorted(kept)]

    def add(self, asked: Withdrawal) -> None:
        with self._store.saving():
            self._store.put("withdrawal", f"{len(self.all):06}", asdict(asked))
        self.all.append(asked)
