"""Readers of the catalogue: anything in, a record or BadRecord out."""

from collections.abc import Callable, Mapping
from functools import partial

from shop.api import reading
from shop.api.calls import Body
from shop.api.readers import shared
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import Exhibition, ImageFile, Museum, OpeningHours, TimeFrame, Version

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})


def museum(context: Context) -> Callable[[object], Museum]:
    """Reader of museums."""
    return partial(_museum, context)


def exhibition(context: Context) -> Callable[[object], Exhibition]:
    """Reader of exhibitions."""
    return partial(_exhibition, context)


def version(payload: object) -> Version:
    """Reader of the version."""
    data = reading.mapping(payload)
    data = reading.mapping(data.get("version")) or data
    if not data:
        raise BadRecord("no version")
    return Version(
        system=reading.text(data.get("system")),
        api=reading.text(data.get("api")),
        release=reading.text(data.get("release")),
        time=reading.moment(data.get("time")),
        zone=reading.text(data.get("zone")),
        currency=reading.text(data.get("currency")),
        per_page=reading.identifier(data.get("per_page")),
    )


def locales(payload: object) -> list[str]:
    """Reader of the language codes, each once; they may stand in the options only."""
    data = reading.mapping(payload)
    found = payload if isinstance(payload, list) else reading.rows(data.get("locales"))
    found = found or [reading.mapping(row).get("locale") for row in reading.rows(data.get("locales_options"))]
    codes = list(dict.fromkeys(code for member in found if (code := reading.text(member))))
    if not codes:
        raise BadRecord("no locales")
    return codes


def opening_hours(payload: object) -> OpeningHours | None:
    """Reader of one day's hours: None unless both ends are there, in order."""
    if not isinstance(payload, Mapping):
        raise BadRecord("no opening_hours")
    hours = reading.mapping(payload.get("opening_hours", payload))
    begin, end = reading.moment(hours.get("begin")), reading.moment(hours.get("end"))
    return OpeningHours(begin, end) if begin and end and begin < end else None


def image(body: Body) -> ImageFile:
    """Reader of a downloaded picture."""
    if body.media_type not in IMAGE_TYPES or not body.content:
        raise BadRecord("the answer is no picture")
    return ImageFile(content=body.content, media_type=body.media_type)


def _museum(context: Context, value: object) -> Museum:
    data = reading.mapping(value)
    return Museum(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        sub_title=context.text(data, "sub_title"),
        description=context.text(data, "description"),
        picture=shared.picture(context, data.get("picture")),
        location=shared.location(data.get("location")),
        content=reading.contents(data.get("content"), context.locales),
    )


def _exhibition(context: Context, value: object) -> Exhibition:
    data = reading.mapping(value)
    return Exhibition(
        id=reading.required_id(data),
        museum_id=reading.identifier(data.get("museum_id")),
        title=context.text(data, "title"),
        sub_title=context.text(data, "sub_title"),
        slider_description=context.text(data, "slider_description"),
        description=context.text(data, "description"),
        featured=reading.flag(data.get("featured")) or False,
        picture=shared.picture(context, data.get("picture")),
        location=shared.location(data.get("location")),
        time_frames=_time_frames(data.get("time_frames")),
        content=reading.contents(data.get("content"), context.locales),
    )


def _time_frames(value: object) -> tuple[TimeFrame, ...]:
    """Frames by their start. No readable frame among several would make an exhibition permanent: refused."""
    given = reading.rows(value)
    found = []
    for row in map(reading.mapping, given):
        frame = TimeFrame(reading.moment(row.get("start_at")), reading.moment(row.get("end_at")))
        if frame.start_at or frame.end_at:
            found.append(frame)
    if given and not found:
        raise BadRecord("no readable time_frames")
    return tuple(sorted(found, key=lambda frame: frame.start_at.timestamp() if frame.start_at else 0.0))
