"""Everything that can go wrong with the ticket system, as one tree.

    GomusError
    ├── Refused            answered, final: doing the same again gives the same answer
    │   ├── Unauthorized   401, the key is wrong: stop selling, tell the operator
    │   ├── Forbidden      403, the key may not do this
    │   ├── NotFound       404, unknown record, or a document that does not exist yet
    │   └── Unprocessable  422, the data was refused; `code` and `details` say why
    ├── Unavailable        certainly not processed, or a read that failed for good: try again later
    │   └── Malformed      a read was answered, but with something that cannot be understood
    └── OutcomeUnknown     a write was sent and no trustworthy answer came: look before doing anything

`str()` of each is safe to log and to show: no token, no address, no personal data, nothing upstream wrote.
What upstream wrote is kept in `messages` (for people) and `raw` (first 2 kB, for staff).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Detail:
    """One reason of a refusal. `path` points into the request, `item_index` to the order item."""

    code: str = ""
    message: str = ""
    path: str = ""
    item_index: int | None = None
    meta: Mapping[str, object] = field(default_factory=dict)


class GomusError(Exception):
    """Base of all. `call` is method and route template, such as "POST /orders/:id/finalize"."""

    def __init__(self, call: str, why: str, *, status: int | None = None, raw: str = "") -> None:
        super().__init__(f"{call}: {why}")
        self.call = call
        self.why = why
        self.status = status
        self.raw = raw

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process boundaries whole."""
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[GomusError], args: tuple[object, ...], state: dict[str, object]) -> GomusError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class Refused(GomusError):
    """The server understood and said no. `code` is upstream's word or one made from the status."""

    status: int

    def __init__(
        self,
        call: str,
        *,
        status: int,
        code: str = "",
        messages: tuple[str, ...] = (),
        details: tuple[Detail, ...] = (),
        raw: str = "",
    ) -> None:
        self.code = code or DEFAULT_CODES.get(status, f"status_{status}")
        super().__init__(call, f"refused with {status} {self.code}", status=status, raw=raw)
        self.messages = messages
        self.details = details

    def codes(self) -> frozenset[str]:
        """The code and those of all details."""
        return frozenset({self.code, *(detail.code for detail in self.details if detail.code)})


class Unauthorized(Refused):
    """401: the key is missing, wrong or revoked."""


class Forbidden(Refused):
    """403: the key may not do this."""


class NotFound(Refused):
    """404: there is no such record for this account, or not yet."""


class Unprocessable(Refused):
    """422: the data was refused."""


class Unavailable(GomusError):
    """Not processed, or a read that failed for good. `retry_after`: seconds upstream asked to wait, if it did."""

    def __init__(
        self,
        call: str,
        why: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(call, why, status=status, raw=raw)
        self.retry_after = retry_after


class Malformed(Unavailable):
    """A read was answered with something that cannot be understood."""


class OutcomeUnknown(GomusError):
    """A write was sent; nobody knows whether it was done. Never repeat it blindly, never refund on it."""


DEFAULT_CODES = {401: "unauthorized", 403: "forbidden", 404: "not_found", 422: "unprocessable"}
REFUSALS: dict[int, type[Refused]] = {401: Unauthorized, 403: Forbidden, 404: NotFound, 422: Unprocessable}


def refusal(
    call: str,
    status: int,
    *,
    code: str = "",
    messages: tuple[str, ...] = (),
    details: tuple[Detail, ...] = (),
    raw: str = "",
) -> Refused:
    """The error that belongs to a status."""
    kind = REFUSALS.get(status, Refused)
    return kind(call, status=status, code=code, messages=messages, details=details, raw=raw)
