"""Invented events, dates, tours and reference data in the shapes the ticket system sends."""

from tests.api.samples import LOCATION, PICTURE

EVENT = {
    "id": 501,
    "exhibition_id": 33,
    "museum_id": 20,
    "title": {"de": "Farne bei Nacht", "en": "Ferns at Night"},
    "sub_title": {"de": "60 Minuten<br>", "en": None},
    "description": {"de": "Mit Laternen", "en": "With lanterns"},
    "featured": True,
    "bookable": True,
    "registerable": "../anmeldung/501",
    "category": {"id": 3, "name": {"de": "Führung", "en": "Tour"}},
    "picture": PICTURE,
    "location": LOCATION,
    "age_groups": [{"id": 1, "name": {"de": "Kinder", "en": "Children"}}],
    "audiences": [],
    "catch_words": {},
    "disablements": None,
    "grades": [{"id": 9, "name": None}, {"name": "ohne Nummer"}],
    "languages": [{"id": 1, "name": {"de": "Deutsch", "en": "German"}}],
    "tickets": [311, "312"],
    "content": {"shop_title": {"de": "Nachts", "en": ""}},
}
SEATING = {
    "blocked_seats": [2, "3"],
    "categories": [
        {"id": 1, "title": "A", "description": "", "color_code": "#bdbdbd"},
        {"id": 2, "title": "B", "color_code": "red;background:url(//x.test)"},
    ],
    "rows": [{"id": 7, "title": "1"}],
    "seats": [
        {"id": 1, "row_id": 7, "category_id": 1, "type_id": None, "title": "A", "description": None},
        {"id": 2, "row_id": 7, "category_id": 1, "type_id": 4, "title": "B"},
        {"title": "no id"},
    ],
    "types": [{"id": 4, "title": "Rollstuhlplatz"}],
    "visual_url": "api/v4/seatings/81.svg",
}
DATE = {
    "id": 5101,
    "event_id": 501,
    "exhibition_id": None,
    "museum_id": 20,
    "category": {"id": 3, "name": "Führung", "filtername": "fuehrung"},
    "bookable": True,
    "registerable": False,
    "title": {"de": "Farne", "en": "Ferns"},
    "sub_title": None,
    "description": {"de": "Treffpunkt Eingang", "en": None},
    "event_title": {"de": "Farne bei Nacht", "en": None},
    "start_time": "2027-03-14T20:00:00+01:00",
    "duration": 90,
    "vat_pct": 7,
    "discount": 10,
    "tax_included": False,
    "seats": {"min": 1, "max": 30, "booked": 4, "available": 26, "max_per_registration": None},
    "seatings": [SEATING],
    "location": LOCATION,
    "language": {"id": 1, "name": "Deutsch"},
    "prices": [
        {
            "scale_price_id": 61,
            "title": {"de": "Regulär", "en": "Regular"},
            "seat_category_id": 1,
            "seat_category_title": "A",
            "group": False,
            "optional": False,
            "price_cents": 1200,
            "vat_pct": "19.0",
        },
        {"scale_price_id": 62, "group": False, "optional": True, "price_cents": 600},
    ],
}
TOUR = {key: value for key, value in EVENT.items() if key != "tickets"} | {
    "id": 701,
    "equipment": [{"id": 5, "title": "Audioguide", "description": None}],
    "limitations": {"language": True},
    "duration": "60",
    "min_participants": 5,
    "max_participants": 25,
}
TOUR_PRICES = {
    "prices": [
        {
            "title": "Entgelt",
            "description": "Gruppenpreis",
            "group": True,
            "optional": False,
            "price_cents": 9000,
            "vat_pct": 0.0,
        },
        {"scale_price_id": 4, "title": "Kind", "group": False, "price_cents": 400, "vat_pct": 7.0},
        {"price_surcharge_id": 1, "title": "Sonntag", "optional": True, "group": True, "price_cents": 300},
    ],
    "vat_pct": 0.0,
    "discount": 0,
    "tax_included": True,
}
COUPON = {
    "id": 4,
    "title": {"de": "Gutschein", "en": "Voucher"},
    "description": {"de": "Für alles", "en": None},
    "price_cents": 2000,
    "value_cents": 2500,
    "vat_pct": "19.0",
    "created_at": "2027-01-04T16:20:15+01:00",
    "updated_at": "2027-01-05T16:20:15+01:00",
    "shipped_with_merchandise_id": 12,
    "content": {"shop_title": {"de": "Schenken", "en": None}},
}
