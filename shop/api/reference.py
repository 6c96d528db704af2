"""The reference group: coupons for sale, countries and the like, and who we are to upstream. Reads only."""

from shop.api.calls import OLDER_API, Call
from shop.api.group import Group
from shop.api.paging import Listing, read_pages, read_rows
from shop.api.queries import Locales, in_locales
from shop.api.readers import reference as readers
from shop.api.readers import shared
from shop.api.records import Country, Coupon, Named, Salutation, State, WhoAmI
from shop.api.timing import Patience


class Reference(Group):
    """Small lists that rarely change; lists as in `Catalogue`. `locale`: names that are never given in several."""

    def who_am_i(self, *, patience: Patience = Patience.WORKER) -> WhoAmI:
        """The kind of account behind our key."""
        return self._caller.read(Call("GET", "/whoami", patience=patience), readers.who_am_i)

    def coupons(
        self,
        locales: Locales,
        *,
        online_available: bool | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Coupon]:
        """Coupons for sale, without the fields of the single record."""
        given = {"online_available": online_available}
        call = Call("GET", "/coupons", patience=patience)
        return self._list(call, "coupons", readers.coupon, locales, given)

    def coupon(self, coupon_id: int, locales: Locales, *, patience: Patience = Patience.WORKER) -> Coupon:
        """One coupon with description and content."""
        call = Call("GET", "/coupons/:id", {"id": coupon_id}, patience=patience)
        return self._one(call, "coupon", readers.coupon, locales)

    def countries(self, locale: str = "", *, patience: Patience = Patience.WORKER) -> Listing[Country]:
        """All countries, in upstream's order."""
        call = Call("GET", "/countries", query=in_locales(locale), patience=patience)
        return read_pages(self._caller, call, "countries", readers.country)

    def states(self, locale: str = "", *, patience: Patience = Patience.WORKER) -> Listing[State]:
        """Parts of countries."""
        call = Call("GET", "/states", query=in_locales(locale), patience=patience)
        return read_pages(self._caller, call, "states", readers.state)

    def salutations(
        self, locale: str = "", *, patience: Patience = Patience.WORKER
    ) -> tuple[Salutation, ...]:
        """How persons may be greeted; upstream gives the list whole, in an older part of its API."""
        query = in_locales(locale)
        call = Call("GET", "/customer_salutations", query=query, root=OLDER_API, patience=patience)
        return read_rows(self._caller, call, "customer_salutations", readers.salutation)

    def dispatch_modes(self, locales: Locales, *, patience: Patience = Patience.WORKER) -> Listing[Named]:
        """Ways in which something may be sent."""
        call = Call("GET", "/dispatch_modes", patience=patience)
        return self._list(call, "dispatch_modes", shared.named, locales, {})

    def newsletter_groups(
        self, locales: Locales, *, patience: Patience = Patience.WORKER
    ) -> tuple[Named, ...]:
        """Newsletters one may subscribe to; upstream gives the list whole."""
        call = Call("GET", "/newsletter_subscriber_groups", query=in_locales(locales), patience=patience)
        read = shared.named(self._context(locales))
        return read_rows(self._caller, call, "newsletter_subscriber_groups", read)
