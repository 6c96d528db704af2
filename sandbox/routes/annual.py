"""Personalisation of annual tickets, for whoever has the token of the order."""

from email.parser import BytesParser
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.booking.annual import Annual
from sandbox.booking.order import Item, Order
from sandbox.state import State
from sandbox.wire import Speech

Json = dict[str, Any]


class AnnualRoutes:
    """The personalisation routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def annual(self) -> Annual:
        return self.state.annual

    def _order(self, request: Request) -> Order:
        return self.annual.order(request.query_params.get("token"))

    async def order(self, request: Request) -> Json:
        order, said = self._order(request), wire.speech(request)
        customer = order.customer or {}
        address = {
            "id": (order.id or 0) * 10,
            "street": customer.get("addr_street", ""),
            "zip": customer.get("addr_zip", ""),
            "city": customer.get("addr_city", ""),
            "country_id": None,
        }
        names = {name: customer.get(name) for name in ("id", "name", "surname", "email")}
        told = {
            "id": order.id,
            "customer": names | {"salutation_id": None, "addresses": [address]} if customer else None,
            "shipping_address_id": None,
            "ticket_sales": [self._sale(item, said) for item in self.annual.items(order)],
        }
        return {"order": told}

    async def customers(self, request: Request) -> Json:
        self._order(request)
        holder = self.annual.new_holder((await wire.json_body(request)).get("customer"))
        return {"customer": holder, "personalization_token": holder["personalization_token"]}

    async def assign(self, request: Request) -> Json:
        order, body = self._order(request), await wire.json_body(request)
        item, card = self.annual.assign(order, request.path_params["number"], body.get("personalization"))
        return {"personalization": self._card(item, request.path_params["number"], card)}

    async def begin(self, request: Request) -> Json:
        order, body = self._order(request), await wire.json_body(request)
        item = self.annual.begin(order, request.path_params["number"], body.get("ticket_sale"))
        return {"ticket_sale": self._sale(item, wire.speech(request))}

    async def upload(self, request: Request) -> Json:
        order, number = self._order(request), request.path_params["number"]
        item, card = self.annual.photo(order, number, await _file_size(request))
        return {"personalization": self._card(item, number, card)}

    async def finalize(self, request: Request) -> Json:
        order, body = self._order(request), await wire.json_body(request)
        item = self.annual.finalize(order, body.get("personalization"))
        return {"ticket_sale": self._sale(item, wire.speech(request))}

    def _sale(self, item: Item, said: Speech) -> Json:
        ticket = self.annual.ticket(item)
        cards = self.annual.cards(item) if ticket.personalizeable else {}
        return {
            "id": item.sale_id,
            "title": said.say(item.title),
            "description": said.say(ticket.description),
            "start_at": item.time,
            "sent_at": item.facts.get("sent_at"),
            "status": self.annual.status(item),
            "is_personalizable": ticket.personalizeable,
            "photo_mandatory": "mandatory" if self.annual.photo_mandatory(item) else "optional",
            "is_bmc_ticket": False,
            "personalizations": [self._card(item, number, card) for number, card in cards.items()],
        }

    def _card(self, item: Item, number: int, card: Json) -> Json:
        return {
            "id": number,
            "ready": self.annual.ready(item, card),
            "customer": card.get("customer"),
            "address_id": card.get("address_id"),
            "dispatch_mode_id": card.get("dispatch_mode_id"),
        }


async def _file_size(request: Request) -> int:
    """The bytes of the part `file` of a multipart body; 0 when there is none."""
    kind = request.headers.get("content-type", "")
    head = b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser().parsebytes(head + await request.body())
    for part in message.walk():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return len(content) if isinstance(content, bytes) else 0
    return 0


def routes(state: State) -> list[Route]:
    annual = AnnualRoutes(state)
    return [
        Route("/annual/order", annual.order),
        Route("/annual/customers", annual.customers, methods=["POST"]),
        Route("/annual/personalizations/{number:int}", annual.assign, methods=["PUT"]),
        Route("/annual/personalizations/{number:int}/upload", annual.upload, methods=["POST"]),
        Route("/annual/ticket_sales/{number:int}", annual.begin, methods=["PUT"]),
        Route("/annual/personalization/finalize", annual.finalize, methods=["POST"]),
    ]
