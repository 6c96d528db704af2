"""Papers of an order, for whoever has its token: PDF, calendar entries, wallet passes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import papers, wire
from sandbox.booking.order import Item, Order
from sandbox.data.houses import House
from sandbox.errors import not_found
from sandbox.routes.receipts import FOLDERS, Receipts
from sandbox.state import State

TYPES = {folder: kind for kind, folder in FOLDERS.items()}
PDF, PASS, ICAL = "application/pdf", "application/vnd.apple.pkpass", "text/calendar"


class Documents:
    """The document routes over one state. Whatever is wrong, the answer is 404: nothing can be probed."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.receipts = Receipts(state)

    def _order(self, request: Request) -> Order:
        order = self.state.orders.find(request.path_params["id"])
        if request.query_params.get("token") != order.token or not order.is_valid:
            raise not_found()
        return order

    def _item(self, request: Request, order: Order, kind: str) -> Item:
        sale = request.path_params["sale"]
        for item in order.active_items():
            if item.sale_id == sale and item.type == kind:
                return item
        raise not_found()

    def _house(self, item: Item) -> House | None:
        world = self.state.world
        product = {
            "Ticket": world.tickets.get(item.product),
            "Event": world.events.get(item.facts.get("event_id", 0)),
            "Tour": world.tours.get(item.product),
        }[item.type]
        return world.houses[product.house] if product else None

    async def pdf(self, request: Request) -> Response:
        """All tickets of an item, or the one of a `barcode_id`."""
        order = self._order(request)
        item = self._item(request, order, _kind(request))
        only = request.query_params.get("barcode_id")
        rows = self.receipts.barcodes(order, item)
        codes = [row["barcode"] for row in rows if only in (None, "", str(row["id"]))]
        if not codes:
            raise not_found()
        body = papers.tickets(order, item, codes, self._house(item), _language(request))
        return Response(body, media_type=PDF)

    async def coupons(self, request: Request) -> Response:
        item = self._item(request, self._order(request), "Coupon")
        return Response(papers.coupons(item, _language(request)), media_type=PDF)

    async def invoice(self, request: Request) -> Response:
        order = self._order(request)
        if not order.total:
            raise not_found()
        return Response(papers.invoice(order, _language(request)), media_type=PDF)

    async def wallet(self, request: Request) -> Response:
        order = self._order(request)
        item, code = self._item(request, order, "Ticket"), request.path_params["barcode"]
        if code not in [row["barcode"] for row in self.receipts.barcodes(order, item)]:
            raise not_found()
        return Response(papers.wallet(order, item, code, _language(request)), media_type=PASS)

    async def calendar(self, request: Request) -> Response:
        order = self._order(request)
        item = self._item(request, order, _kind(request))
        if item.time is None:
            raise not_found()
        return Response(papers.calendar(item, self._house(item), _language(request)), media_type=ICAL)


def _kind(request: Request) -> str:
    """The type of item whose folder stands in the address."""
    return TYPES[request.url.path.split("/")[-2]]


def _language(request: Request) -> str:
    return wire.speech(request).codes[0]


def routes(state: State) -> list[Route]:
    documents = Documents(state)
    papers_of_items = [
        Route(f"/orders/{{id}}/{folder}/{{sale:int}}.{ending}", endpoint)
        for folder in TYPES
        for ending, endpoint in (("pdf", documents.pdf), ("ics", documents.calendar))
    ]
    return [
        Route("/orders/{id}/invoice.pdf", documents.invoice),
        Route("/orders/{id}/coupons/{sale:int}.pdf", documents.coupons),
        Route("/orders/{id}/tickets/{sale:int}/passbooks/{barcode}.pkpass", documents.wallet),
        *papers_of_items,
    ]
