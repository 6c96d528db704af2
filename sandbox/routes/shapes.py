"""Objects that many answers share: pictures, locations, words of the filter lists, prices."""

from typing import Any

from starlette.requests import Request

from sandbox.catalogue.model import Event, Price, Tag, Tour, Words
from sandbox.catalogue.world import World
from sandbox.data.houses import House
from sandbox.wire import Speech

Json = dict[str, Any]
SIZES = {"teaser": "-560", "preview": "-560", "article": "", "detail": ""}
LISTS = (
    "age_groups",
    "audiences",
    "catch_words",
    "disablements",
    "grades",
    "proposal_categories",
    "languages",
)
BLANK = {"de": "", "en": ""}


def base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def picture(name: str, alt: Words, credit: str, said: Speech, base: str) -> Json:
    """Addresses are absolute, apart from one that is relative to the host: clients must resolve it."""
    links = {size: f"{base}/pictures/{name}{suffix}.webp" for size, suffix in SIZES.items()}
    links["teaser"] = f"/pictures/{name}-560.webp"
    return {"title": said.say(alt), "description": said.say(alt), "copyright_info": credit, **links}


def location(house: House) -> Json:
    return {
        "name": house.title["de"],
        "city": "Berlin",
        "country": "Deutschland",
        "street": house.street,
        "zip": house.zip_code,
        "latitude": house.latitude,
        "longitude": house.longitude,
    }


def named(tag: Tag, said: Speech) -> Json:
    return {"id": tag.id, "name": said.say(tag.name)}


def tagged(world: World, kind: str, ids: tuple[int, ...], said: Speech) -> list[Json]:
    """The words of one filter list; those without a name are never told."""
    found = (world.tags[kind][number] for number in ids)
    return [named(tag, said) for tag in found if any(tag.name.values())]


def content(title: Words, said: Speech, sub_title: Words = BLANK) -> Json:
    """The texts for shops. Many are empty, as they are where nobody cared to write them."""
    texts = {"shop_title": title, "shop_sub_title": sub_title, "shop_description": BLANK, "cms_note": BLANK}
    return {key: said.say(words) for key, words in texts.items()}


def offer(world: World, one: Event | Tour, said: Speech, base: str) -> Json:
    """What rows of events and of tours have in common."""
    categories = tagged(world, "categories", one.tags["categories"], said)
    return {
        "id": one.id,
        "exhibition_id": one.show,
        "museum_id": one.house,
        "title": said.say(one.title),
        "sub_title": said.say(one.sub_title),
        "featured": one.featured,
        "bookable": one.bookable,
        "registerable": False,
        "category": categories[0] if categories else None,
        "picture": picture(one.picture, one.alt, one.credit, said, base) if one.picture else None,
        "location": location(world.houses[one.house]),
        **{kind: tagged(world, kind, one.tags.get(kind, ()), said) for kind in LISTS},
    }


def written(one: Event | Tour, said: Speech) -> Json:
    """The texts that only a single record tells."""
    return {
        "description": said.say(one.description),
        "content": content(one.title, said),
    }


def price(one: Price, vat: str, said: Speech) -> Json:
    """A row of a price list. A plain price without a title says only what it costs."""
    row: Json = {"group": one.group, "optional": one.optional, "price_cents": one.cents}
    marker = one.scale_id or one.surcharge_id
    if one.scale_id:
        row = {"scale_price_id": one.scale_id, **row}
    if one.surcharge_id:
        row = {"price_surcharge_id": one.surcharge_id, **row}
    if marker or one.title:
        row |= {"title": said.say(one.title), "description": said.say(one.description)}
    if marker or one.vat:
        row["vat_pct"] = float(one.vat or vat)
    return row
