"""What the instance knows besides its programme: languages, countries, vouchers, articles, itself."""

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Coupon, Merchandise
from sandbox.clock import ZONE, stamp
from sandbox.data import reference
from sandbox.errors import not_found
from sandbox.routes.shapes import Json, content, named
from sandbox.state import State
from sandbox.wire import Speech

MADE = datetime(2024, 3, 4, 9, 30, tzinfo=ZONE)
CURRENCY = "EUR"
PAYMENT_MODES = {"1": "Rechnung", "2": "Kreditkarte"}


class Reference:
    """The small lists over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    # --- the instance -----------------------------------------------------------------------------------

    async def locales(self, request: Request) -> Json:
        options = [{"id": number, "locale": code} for number, code in enumerate(wire.LOCALES, 1)]
        return {"locales": wire.LOCALES, "locales_options": options}

    async def version(self, request: Request) -> Json:
        now = stamp(self.state.clock.now())
        facts = {"system": "sandbox", "api": "4.15", "release": "1", "time": now}
        limit = 25 if wire.account(request) == "public" else 100
        return {"version": facts | {"zone": ZONE.key, "currency": CURRENCY, "per_page": limit}}

    async def whoami(self, request: Request) -> Json:
        return {"access": wire.account(request)}

    async def shop(self, request: Request) -> Json:
        modes = {
            number: {"id": int(number), "name": name, "icons": []} for number, name in PAYMENT_MODES.items()
        }
        settings = {"defaultPaymentModeId": 1}
        about = {"name": "Museen der Stadt", "content": {"shop_imprint": ""}, "translations": {}}
        config = {"currency": CURRENCY, "donations": {"campaigns": []}}
        return {"shop": about | {"config": config, "payment_modes": modes, "settings": settings}}

    # --- small lists ------------------------------------------------------------------------------------

    async def countries(self, request: Request) -> Json:
        rows = [{"id": i, "name": name, "code": code} for i, (code, name) in reference.COUNTRIES.items()]
        return wire.page(request, "countries", rows, lambda row: row)

    async def states(self, request: Request) -> Json:
        rows = [
            {"id": i, "name": name, "country_id": reference.GERMANY}
            for i, name in enumerate(reference.STATES, 1)
        ]
        return wire.page(request, "states", rows, lambda row: row)

    async def dispatch_modes(self, request: Request) -> Json:
        said = wire.speech(request)
        return wire.page(request, "dispatch_modes", reference.DISPATCH_MODES, lambda one: named(one, said))

    async def newsletters(self, request: Request) -> Json:
        said = wire.speech(request)
        rows = [named(one, said) for one in reference.NEWSLETTERS]
        return {"newsletter_subscriber_groups": rows, "meta": {"total_count": len(rows)}}

    async def salutations(self, request: Request) -> Json:
        said = wire.speech(request)
        rows = [{"id": one.id, "salutation": said.say(one.name)} for one in reference.SALUTATIONS]
        return {"customer_salutations": rows}

    # --- vouchers and articles --------------------------------------------------------------------------

    async def coupons(self, request: Request) -> Json:
        said, rows = wire.speech(request), list(self.state.world.coupons.values())
        return wire.page(request, "coupons", rows, lambda one: _coupon(one, said))

    async def coupon(self, request: Request) -> Json:
        one, said = _found(self.state.world.coupons, request), wire.speech(request)
        more = {"description": said.say(one.description), "content": content(one.title, said)}
        return {"coupon": _coupon(one, said) | more}

    async def merchandises(self, request: Request) -> Json:
        said, rows = wire.speech(request), list(self.state.world.merchandises.values())
        return wire.page(request, "merchandises", rows, lambda one: _merchandise(one, said))


def _found(coupons: Mapping[int, Coupon], request: Request) -> Coupon:
    if request.path_params["id"] not in coupons:
        raise not_found()
    return coupons[request.path_params["id"]]


def _coupon(one: Coupon, said: Speech) -> Json:
    return {
        "id": one.id,
        "title": said.say(one.title),
        "price_cents": one.cents,
        "value_cents": one.value_cents,
        "vat_pct": one.vat,
        "created_at": stamp(MADE),
        "updated_at": stamp(MADE),
        "shipped_with_merchandise_id": one.merchandise,
    }


def _merchandise(one: Merchandise, said: Speech) -> Json:
    texts = {"title": said.say(one.title), "description": said.say(one.description)}
    return {"id": one.id, **texts, "price_cents": one.cents, "vat_pct": one.vat, "tax_included": True}


def routes(state: State) -> list[Route]:
    lists = Reference(state)
    return [
        Route("/locales", lists.locales),
        Route("/version", lists.version),
        Route("/whoami", lists.whoami),
        Route("/shop", lists.shop),
        Route("/countries", lists.countries),
        Route("/api/v3/countries", lists.countries),
        Route("/api/v3/customer_salutations", lists.salutations),
        Route("/states", lists.states),
        Route("/dispatch_modes", lists.dispatch_modes),
        Route("/newsletter_subscriber_groups", lists.newsletters),
        Route("/coupons", lists.coupons),
        Route("/coupons/{id:int}", lists.coupon),
        Route("/merchandises", lists.merchandises),
    ]
