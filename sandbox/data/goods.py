"""Vouchers, and the articles that stand for shipping them."""

from sandbox.catalogue.model import Coupon, Merchandise

SHIPPING = 3
COUPONS = [
    Coupon(
        4,
        {"de": "Gutschein 20 €", "en": "Voucher 20 €"},
        {
            "de": "Gilt für alles an der Kasse und im Netz.",
            "en": "Good for everything at the desk and online.",
        },
        2000,
        2000,
    ),
    Coupon(
        8,
        {"de": "Gutschein 50 €", "en": "Voucher 50 €"},
        {
            "de": "Zum Preis von 45 €, solange es die Sammlung gibt.",
            "en": "At 45 €, while the collection lasts.",
        },
        4500,
        5000,
    ),
    Coupon(
        12,
        {"de": "Gutschein auf Büttenpapier", "en": "Voucher on handmade paper"},
        {"de": "<p>Kommt mit der <em>Post</em>.</p>", "en": "<p>Comes by <em>post</em>.</p>"},
        3000,
        3000,
        merchandise=SHIPPING,
    ),
]
MERCHANDISES = [
    Merchandise(
        1, {"de": "Katalog „Erde, Feuer, Hand“", "en": "Catalogue “Earth, Fire, Hand”"}, {}, 2900, "7.0"
    ),
    Merchandise(
        SHIPPING, {"de": "Versand Gutschein", "en": "Voucher shipping"}, {"de": "", "en": ""}, 450, "19.0"
    ),
]
