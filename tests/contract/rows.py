"""The table of requests: every operation of the sandbox, asked in several ways.

`ROWS` are requests that stand alone. The life of an order and of a hold is told by test_lives.py.
"""

from dataclasses import dataclass

from tests.contract import document
from tests.contract.witness import API

RESELLER, CUSTOMER = "sandbox-reseller", "sandbox-customer"
BOTH = "locale[]=de&locale[]=en"
SPAN = "start_at={start}&end_at={end}"


@dataclass(frozen=True, slots=True)
class Row:
    """One request and the status of its answer. `address` holds {names} of things to be found, see Witness."""

    method: str
    address: str
    status: int = 200
    key: str | None = RESELLER
    body: object = None

    @property
    def operation(self) -> str:
        """The operation of the document this asks."""
        return document.operation_of(self.method, document.example(self.address.partition("?")[0]))

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.status} {self.key}"


def reads(path: str, *queries: str) -> list[Row]:
    """Read a path plainly, in one language, in both at once, with each of the queries, and as anybody."""
    asked = [Row("GET", with_query(path, query)) for query in ("", "locale=en", BOTH, *queries)]
    return [*asked, Row("GET", with_query(path, *queries[:1]), key=None)]


def with_query(path: str, query: str = "") -> str:
    """An address of the API with one more piece of query."""
    joint = "&" if "?" in path else "?"
    return f"{API}{path}{joint if query else ''}{query}"


def refused(path: str, *queries: str, method: str = "GET", body: object = None) -> list[Row]:
    """Ask for something that is refused with 422."""
    return [Row(method, with_query(path, query), 422, body=body) for query in queries]


CATALOGUE = [
    *reads("/museums", "per_page=2&page=2", "q=kanal", "page=99"),
    *reads("/museums/{museum}"),
    *reads("/museums/{museum}/opening_hours", "date={day}"),
    *reads("/exhibitions", "by_featured=true", "by_museum_ids[]={museum}", "per_page=1"),
    *reads("/exhibitions/{exhibition}"),
    *refused("/museums", "locale[]=xx"),
    *refused("/museums/{museum}/opening_hours", "date=tomorrow"),
]
TICKETS = [
    *reads(
        "/tickets",
        "by_ticket_types[]=annual",
        "by_bookable=true",
        "by_ticket_ids[]={ticket}",
        "valid_at={day}",
    ),
    *reads("/tickets/{ticket}", "valid_at={day}"),
    *reads("/tickets/{ticket}/capacity", "date={day}", "date={day}&reservations[]=unknown"),
    *reads("/tickets/calendar", SPAN, f"{SPAN}&depth=all", f"{SPAN}&depth=availability_status"),
    *reads("/tickets/content?ticket_ids[]={ticket}"),
    Row("GET", f"{API}/tickets/content?ticket_ids[]={{ticket}}&attr=shop_title&locale=en"),
    Row("GET", f"{API}/tickets/capacities?ticket_ids[]={{ticket}}&ticket_ids[]=314&date={{day}}"),
    Row("GET", f"{API}/tickets/capacities?ticket_ids[]={{ticket}}&date={{day}}", key=None),
    Row("POST", f"{API}/tickets/capacities", body={"ticket_ids": [311, 312]}),
    *refused("/tickets/calendar", "start_at={start}&end_at={late}", "start_at={late}&end_at={start}"),
    *refused("/tickets/capacities", "date={day}"),
    *refused("/tickets/content", "locale=de"),
    *refused("/tickets/{ticket}", "locale[]=xx"),
]
LISTED = [
    *reads("/tickets/list_and_quotas", "valid_at={day}", "by_ticket_ids[]={ticket}"),
]
REFERENCE = [
    *reads("/locales"),
    *reads("/countries", "per_page=2"),
    *reads("/states", "per_page=2"),
    *reads("/dispatch_modes"),
    *reads("/shop"),
    *reads("/merchandises"),
    Row("GET", "/api/v3/countries?per_page=100", key=None),
    Row("GET", "/api/v3/customer_salutations", key=None),
    *reads("/newsletter_subscriber_groups"),
    *reads("/version"),
    *reads("/whoami"),
    Row("GET", f"{API}/whoami", key=CUSTOMER),
]
FILTERS = [
    row
    for topic in ("events", "tours")
    for name in (
        "categories", "languages", "age_groups", "audiences", "catch_words", "proposal_categories", "grades",
        "disablements",
    )
    for row in reads(f"/{topic}/{name}")
]  # fmt: skip
EVENTS = [
    *reads("/events", "by_bookable=true", "by_museum_ids[]={museum}", "with_bookings_in_future=1", "q=a"),
    *reads("/events/{event}"),
    *reads("/events/{event}/calendar", SPAN),
    *reads("/events/{event}/dates", SPAN, "date={day}", f"{SPAN}&by_bookable=true"),
    *reads("/events/{event}/dates/{date}"),
    *reads("/seatings/{seating}.svg"),
    *reads("/dates", SPAN, f"{SPAN}&by_event_ids[]={{event}}", "per_page=2"),
    *reads("/dates/languages", SPAN),
    *reads("/calendar", SPAN, f"{SPAN}&depth=all", f"{SPAN}&depth=availability_status"),
    *refused("/events/{event}/dates", "start_at={start}&end_at={late}"),
    *refused("/dates", "start_at={late}&end_at={start}"),
    *refused("/calendar", "start_at={start}&end_at={late}"),
]
TOURS = [
    *reads("/tours", "by_bookable=true", "by_museum_ids[]={museum}", "q=a"),
    *reads("/tours/{tour}"),
    *reads("/tours/{equipped}/equipments", "date={tour_day}"),
    *reads("/tours/{equipped}/equipments/{equipment}", "date={tour_day}"),
    *reads("/tours/{equipped}/equipments/{equipment}/{tour_time}"),
    *reads("/tours/{tour}/prices", "date={tour_day}&time=14-00&participants=12"),
    *reads("/tours/{tour}/start_times", SPAN, f"{SPAN}&depth=all"),
    *reads("/tours/{tour}/start_times/{tour_day}", "opening_hours_start=600"),
    *refused("/tours/{tour}/start_times", "start_at={start}&end_at={late}"),
]
COUPONS = [
    *reads("/coupons", "per_page=1"),
    *reads("/coupons/{coupon}"),
]
ORDERS = [
    Row("GET", f"{API}/orders"),
    Row("GET", f"{API}/orders?start_at={{start}}&end_at={{end}}&only_my_orders=true&per_page=100"),
    Row("GET", f"{API}/orders?valid=true&{BOTH}"),
    Row("GET", f"{API}/orders?start_at={{late}}&end_at={{start}}", 422),
    Row("POST", f"{API}/orders", 403, CUSTOMER, {"items": []}),
    Row("POST", f"{API}/orders", 422, body={}),
    Row(
        "POST", f"{API}/orders?locale=de", 422, body={"items": [{"type": "Ticket", "attributes": {"id": 1}}]}
    ),
    Row("POST", f"{API}/orders", 422, body={"items": [{"type": "Rocket", "attributes": {}}], "total": 1}),
    Row("POST", f"{API}/orders", 422, body=[]),
    Row("GET", f"{API}/orders/barcode/UNKNOWN", 404),
    Row("GET", f"{API}/orders/barcode/UNKNOWN", 403, CUSTOMER),
    Row("POST", f"{API}/tickets/reservations", 403, CUSTOMER, {"reservation": {}}),
    Row("POST", f"{API}/tickets/reservations", 422, body={"reservation": {"ticket_id": 311, "quantity": 0}}),
    Row("PUT", f"{API}/tickets/reservations/unknown", 404, body={"reservation": {"quantity": 1}}),
    Row("DELETE", f"{API}/tickets/reservations/unknown", 404),
]
BROWSER = [
    Row("POST", f"{API}/orders/withdrawals", 201, None, {
        "order_id": "1", "first_name": "Ida", "last_name": "Brandt", "email": "ida@example.org", "note": 7,
    }),
    Row("POST", f"{API}/orders/withdrawals", 422, None, {"order_id": "1"}),
    Row("POST", f"{API}/cart", body={"items": [], "coupons": []}),
    Row("GET", f"{API}/coupon_sales/barcode/NOBODYS", key=None),
    Row("GET", f"{API}/annual/order?token=unknown", 404, None),
    Row("POST", f"{API}/annual/customers?token=unknown", 404, None, {"customer": {}}),
    Row("PUT", f"{API}/annual/personalizations/1?token=unknown", 404, None, {"personalization": {}}),
    Row("PUT", f"{API}/annual/ticket_sales/1?token=unknown", 404, None, {"ticket_sale": {}}),
    Row("POST", f"{API}/annual/personalizations/1/upload?token=unknown", 404, None),
    Row("POST", f"{API}/annual/personalization/finalize?token=unknown", 404, None, {"personalization": {}}),
    Row("PUT", f"{API}/orders/1/rate", 403, body={"rating": 5}),
]  # fmt: skip
ROWS = [
    *CATALOGUE,
    *TICKETS,
    *LISTED,
    *REFERENCE,
    *FILTERS,
    *EVENTS,
    *TOURS,
    *COUPONS,
    *ORDERS,
    *BROWSER,
]
