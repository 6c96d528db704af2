"""Invented answers in the shapes the ticket system sends, for tests that read or bend them."""

LOCATION = {
    "name": "Glashaus am Hafen",
    "city": "Kiel",
    "country": "Deutschland",
    "street": "Kaistrasse",
    "zip": "24103",
    "latitude": 54.3213,
    "longitude": "10.1349",
}
PICTURE = {
    "title": {"de": "Palmen", "en": "Palms"},
    "description": None,
    "copyright_info": "M. Holm",
    "teaser": "../teaser/palms.jpg",
    "preview": "/preview/palms.jpg",
    "article": "http://cdn.test/article/palms.jpg",
    "detail": "//cdn.test/detail/palms.jpg",
}
MUSEUM = {
    "id": 20,
    "title": {"de": "Glashaus", "en": "Glass House"},
    "sub_title": {"de": "Pflanzen<br>der Tropen", "en": None},
    "description": {"de": "Ein Haus aus Glas.", "en": "A house of glass."},
    "picture": PICTURE,
    "location": LOCATION,
    "content": {"shop_title": {"de": "Glashaus", "en": ""}, "cms_title": {"de": "", "en": ""}},
}
EXHIBITION = {
    "id": 33,
    "museum_id": 20,
    "title": {"de": "Farne", "en": "Ferns"},
    "sub_title": None,
    "slider_description": {"de": "Grün", "en": "Green"},
    "description": {"de": "Alle Farne", "en": "All ferns"},
    "featured": True,
    "picture": None,
    "time_frames": [
        {"start_at": "2027-04-01T09:00:00+02:00", "end_at": "2027-09-30T18:00:00+02:00"},
        {"start_at": "2026-11-28T09:00:00+01:00", "end_at": "2026-12-04T20:45:00+01:00"},
    ],
    "content": {},
    "location": LOCATION,
}
TICKET = {
    "id": 311,
    "title": {"de": "Glashaus – regulär", "en": "Glass House – regular"},
    "sub_title": None,
    "description": {"de": "Einzelkarte", "en": "Single"},
    "ticket_type": "time_slot",
    "bookable": True,
    "museum_ids": [20],
    "exhibition_ids": [33],
    "quota_ids": [41, 44],
    "price_cents": 1400,
    "dynamic_prices": {"2027-03-14T11:30:00+01:00": 1200},
    "discount": 10,
    "vat_pct": 8.1,
    "tax_included": False,
    "first_entry": 660,
    "last_entry": 990,
    "entry_duration": 30,
    "min_persons": 1,
    "max_persons": 10,
    "personalizeable": False,
    "attendees": "required",
    "identification": True,
    "content": {"shop_title": {"de": "Karte", "en": "Card"}},
    "after_sale_information": {"de": "<p>Bitte pünktlich</p>", "en": "<p>Please be on time</p>"},
    "location": LOCATION,
    "sub_ticket_ids": [341, 342],
    "is_sub_ticket": False,
    "shop_order": 3,
}
CAPACITY = {"data": {"2027-03-14T11:30:00+01:00": 3, "2027-03-14T11:00:00+01:00": 5}}
CAPACITIES = {
    "data": {
        "44": {
            "tickets": [311],
            "capacities": {"2027-03-14T11:00:00+01:00": 5, "2027-03-14T11:30:00+01:00": 3},
            "total_capacities": {"2027-03-14T11:00:00+01:00": 15, "2027-03-14T11:30:00+01:00": 15},
        },
        "41": {
            "tickets": [311, 312],
            "capacities": {"2027-03-14T11:30:00+01:00": 0, "2027-03-14T11:00:00+01:00": 12},
            "total_capacities": {"2027-03-14T11:00:00+01:00": 40, "2027-03-14T11:30:00+01:00": 40},
        },
    }
}
CALENDAR_ALL = {
    "data": {
        "2027-03-14": [
            {
                "quota": {
                    "id": 41,
                    "tickets": [311, 312],
                    "capacities": [{"2027-03-14 11:30:00 +0100": 7}, {"2027-03-14 11:00:00 +0100": 12}],
                }
            }
        ],
        "2027-03-15": [],
    }
}
TOKEN = "Vt8sQ2mLx0YbR5cKdWf3Gh"
ORDER = {
    "id": None,
    "token": TOKEN,
    "status": "created",
    "is_valid": False,
    "completed": False,
    "total_price_cents": 3500,
    "total": 3500,
    "comment": None,
    "reference": "KMX-01J9ZK3V7C",
    "invoice": False,
    "created_at": "2027-03-10T09:12:44+01:00",
    "expires_at": "2027-03-10T09:42:44+01:00",
    "canceled_at": None,
    "payment": {"payment_id": "pay_7H2K9QX"},
    "items": [
        {
            "id": 88120,
            "type": "Ticket",
            "price_cents": 2800,
            "vat_pct": "7.0",
            "tax_included": True,
            "canceled_at": None,
            "attributes": {
                "id": 66011,
                "title": "Glashaus – regulär",
                "ticket_id": 311,
                "quantity": 2,
                "ticket_type": "time_slot",
                "start_time": "2027-03-14T11:30:00+01:00",
                "location": LOCATION,
                "barcodes": [
                    {"id": 901221, "barcode": "4098120901221-7", "method": "ean", "passbook_url": None},
                    {"id": 901222, "barcode": 704323341, "method": "ean"},
                ],
                "after_sale_information": "<p>Bitte pünktlich</p>",
            },
        },
        {
            "id": 88121,
            "type": "Event",
            "price_cents": "700",
            "attributes": {
                "id": 66012,
                "date_id": 5101,
                "quantities": [{"id": 61, "quantity": 2}, {"id": 62, "quantity": 1}],
            },
        },
    ],
}
