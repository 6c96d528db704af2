"""What is sold by the piece and has nothing to choose but how many: annual tickets and vouchers."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

from django.utils.translation import gettext as _

from checkout.fields import counted
from checkout.goods.base import Good
from checkout.problems import Refused


class PieceGood(Good):
    """So many pieces of one thing; putting in more of it adds up."""

    count: int

    @abstractmethod
    def with_count(self, count: int) -> Self:
        """The same thing and what is known about it, in another number."""

    def choice(self) -> dict[str, Any]:
        return {"number": self.count}

    @property
    def number(self) -> int:
        return self.count

    def joined(self, there: Self) -> Self:
        return self.numbered(self.count + there.count)

    def numbered(self, number: int) -> Self:
        found = self.with_count(number)
        found.known, found.stale = self.known, self.stale
        return found


def pieces(text: str | None) -> int:
    """Return how many are wanted. Raises Refused for none, and for what is no number."""
    number = counted(text)
    if not number:
        raise Refused(_("Please choose how many you want."))
    return number
