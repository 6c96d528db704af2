"""One order item of every kind the sandbox sells, made from what the sandbox says about it."""

from collections.abc import Callable
from typing import Any

from tests.contract.witness import Witness
from tests.sandbox.buyer import ADULT, item

Json = dict[str, Any]


def ticket(witness: Witness) -> Json:
    """Two tickets for a time."""
    return item(ADULT, 2, witness.buyer.time())


def event(witness: Witness) -> Json:
    """Seats of an event date without a seating plan."""
    dates = witness.get(witness.filled("/dates?start_at={start}&end_at={end}&by_bookable=true&per_page=100"))
    for row in dates["dates"]:
        date = witness.get(f"/events/{row['event_id']}/dates/{row['id']}")["date"]
        count = max(date["seats"]["min"] or 1, 1)
        if not date["seatings"] and date["seats"]["available"] >= count:
            return {"type": "Event", "attributes": {"id": date["id"], **_counted(date["prices"], count)}}
    raise AssertionError("no event date of the sandbox can be booked")


def tour(witness: Witness) -> Json:
    """The smallest group at a tour's first start time."""
    number, day = witness.filled("{tour}"), witness.filled("{tour_day}")
    facts = witness.get(f"/tours/{number}")["tour"]
    start = witness.get(f"/tours/{number}/start_times/{day}")["data"][0]
    people, language = max(start["participants"]["min"], 1), facts["languages"][0]["id"]
    time = start["start_time"][11:16].replace(":", "-")
    asked = f"date={day}&time={time}&participants={people}&language_id={language}"
    prices = witness.get(f"/tours/{number}/prices?{asked}")["prices"]
    base = [price for price in prices if "price_surcharge_id" not in price]
    extra = [price for price in prices if "price_surcharge_id" in price]
    attributes = {
        "id": int(number),
        "start_time": start["start_time"],
        "language_id": language,
        **_counted(base, people),
        **({"surcharges": _surcharges(extra, people)} if extra else {}),
        **({"age_group_id": facts["age_groups"][0]["id"]} if facts["age_groups"] else {}),
    }
    return {"type": "Tour", "attributes": attributes}


def coupon(witness: Witness) -> Json:
    """A voucher."""
    return {"type": "Coupon", "attributes": {"id": int(witness.filled("{coupon}")), "quantity": 1}}


MAKERS: dict[str, Callable[[Witness], Json]] = {
    "tickets": ticket,
    "events": event,
    "tours": tour,
    "coupons": coupon,
}


def _counted(prices: list[Json], count: int) -> Json:
    scales = [price["scale_price_id"] for price in prices if "scale_price_id" in price]
    return {"quantities": {str(scales[0]): count}} if scales else {"quantity": count}


def _surcharges(prices: list[Json], people: int) -> Json:
    """The surcharges nobody can do without."""
    must = [price for price in prices if not price["optional"]]
    return {str(price["price_surcharge_id"]): 1 if price["group"] else people for price in must}
