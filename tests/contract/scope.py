"""Which operations of the document the sandbox serves, and why it does not serve the others."""

from collections.abc import Iterable

API = "/api/v4"


def _all(method: str, *paths: str) -> list[str]:
    return [f"{method} {API}{path}" for path in paths]


def _filters(names: Iterable[str]) -> list[str]:
    return [f"/{topic}/{name}" for topic in ("events", "tours") for name in names]


# What must be there: a route that vanishes fails a test, its rows do not vanish with it.
SERVED = [
    *_all(
        "GET",
        "/museums",
        "/museums/{id}",
        "/museums/{id}/opening_hours",
        "/exhibitions",
        "/exhibitions/{id}",
        "/tickets",
        "/tickets/{id}",
        "/tickets/{id}/capacity",
        "/tickets/calendar",
        "/tickets/capacities",
        "/tickets/content",
        "/locales",
        "/countries",
        "/version",
        "/whoami",
        "/orders",
        "/orders/{id}",
        "/orders/barcode/{barcode}",
        "/orders/{order_id}/tickets",
        "/orders/{order_id}/events",
        "/orders/{order_id}/tours",
        "/orders/{order_id}/coupons",
        "/orders/{order_id}/invoices",
        "/orders/{order_id}/tickets/{ticket_sale_id}.pdf",
        "/orders/{order_id}/invoice.pdf",
    ),
    *_all(
        "POST",
        "/tickets/capacities",
        "/tickets/reservations",
        "/orders",
        "/orders/{id}/finalize",
        "/orders/{id}/cancellations",
    ),
    *_all("PUT", "/tickets/reservations/{token}"),
    *_all("DELETE", "/tickets/reservations/{token}"),
    *_all(
        "GET",
        *_filters(
            (
                "categories",
                "languages",
                "age_groups",
                "audiences",
                "catch_words",
                "proposal_categories",
                "grades",
                "disablements",
            )
        ),
        "/tickets/list_and_quotas",
        "/events",
        "/events/{id}",
        "/events/{id}/calendar",
        "/events/{event_id}/dates",
        "/events/{event_id}/dates/{id}",
        "/dates",
        "/dates/languages",
        "/calendar",
        "/seatings/{id}.svg",
        "/tours",
        "/tours/{id}",
        "/tours/{id}/equipments",
        "/tours/{id}/equipments/{equipment_id}",
        "/tours/{id}/equipments/{equipment_id}/{timestamp}",
        "/tours/{id}/prices",
        "/tours/{id}/start_times",
        "/tours/{id}/start_times/{date}",
        "/coupons",
        "/coupons/{id}",
        "/newsletter_subscriber_groups",
        "/states",
        "/dispatch_modes",
        "/orders/{order_id}/tickets/{ticket_sale_id}/passbooks/{barcode}.pkpass",
        "/orders/{order_id}/events/{booking_id}.pdf",
        "/orders/{order_id}/tours/{booking_id}.pdf",
        "/orders/{order_id}/coupons/{booking_id}.pdf",
        "/orders/{order_id}/tickets/{ticket_sale_id}.ics",
        "/orders/{order_id}/events/{booking_id}.ics",
        "/orders/{order_id}/tours/{booking_id}.ics",
        "/annual/order",
        "/shop",
        "/coupon_sales/barcode/{token}",
        "/merchandises",
    ),
    "GET /api/v3/countries",
    "GET /api/v3/customer_salutations",
    *_all(
        "POST",
        "/orders/withdrawals",
        "/cart",
        "/annual/customers",
        "/annual/personalizations/{id}/upload",
        "/annual/personalization/finalize",
    ),
    *_all("PUT", "/orders/{id}/rate", "/annual/personalizations/{id}", "/annual/ticket_sales/{id}"),
]

SIGNED_IN = "visitors sign in at the vendor's own browser shop; this shop sells to guests"
TILL = "belongs to tills and back offices of the museum, which use keys of another kind"
DOOR = "belongs to the scanners at the door, which use keys of another kind"

NOT_SERVED = {
    f"POST {API}/auth/sign_in": SIGNED_IN,
    f"POST {API}/auth": SIGNED_IN,
    f"GET {API}/auth/validate_token": SIGNED_IN,
    f"PUT {API}/auth/password": SIGNED_IN,
    f"POST {API}/auth/password": SIGNED_IN,
    f"GET {API}/customer/customer_addresses": SIGNED_IN,
    f"GET {API}/customer/memberships": SIGNED_IN,
    f"POST {API}/customer/memberships/activate": SIGNED_IN,
    f"GET {API}/events/{{event_id}}/dates/{{date_id}}/bookings": TILL,
    f"GET {API}/tours/bookings": TILL,
    f"GET {API}/tours/bookings/{{id}}": TILL,
    f"POST {API}/tours/bookings/{{booking_id}}/prices": TILL,
    f"PUT {API}/tours/bookings/{{booking_id}}/prices/{{id}}": TILL,
    f"DELETE {API}/tours/bookings/{{booking_id}}/prices/{{id}}": TILL,
    f"GET {API}/tours/bookings/{{booking_id}}/feedback": TILL,
    f"PUT {API}/tours/bookings/{{booking_id}}/feedback": TILL,
    f"DELETE {API}/tours/bookings/{{booking_id}}/feedback": TILL,
    "GET /api/v3/barcodes/{barcode}": DOOR,
    "PUT /api/v3/barcodes/{barcode}": DOOR,
    "PUT /api/v3/barcodes/{barcode}/exit": DOOR,
    f"GET {API}/entry/scans/{{id}}": DOOR,
    f"PUT {API}/entry/scans/{{id}}": DOOR,
    f"GET {API}/entry/config": DOOR,
}
