"""Who else than our own account may call: a customer of the museum."""

from dataclasses import dataclass, field

from shop.api.records.checking import require

# Goes into headers, so it must not hold what ends one.
LEAST, MOST = "\x21", "\x7e"


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """A key of kind "customer"."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        _require_visible(self.token)

    def headers(self) -> dict[str, str]:
        """What a call of this customer carries."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class CustomerSession:
    """A signed-in customer, as the browser shop knows one. `expiry` is in unix seconds; answers may renew it all."""

    access_token: str = field(repr=False)
    client: str = field(repr=False)
    uid: str = field(repr=False)
    expiry: int

    def __post_init__(self) -> None:
        for value in (self.access_token, self.client, self.uid):
            _require_visible(value)

    def headers(self) -> dict[str, str]:
        """What a call of this customer carries."""
        return {
            "access-token": self.access_token,
            "client": self.client,
            "uid": self.uid,
            "expiry": str(self.expiry),
            "token-type": "Bearer",
        }


def _require_visible(value: str) -> None:
    fine = bool(value) and all(LEAST <= character <= MOST for character in value)
    require(fine, "a customer's key may only hold visible ASCII characters")
