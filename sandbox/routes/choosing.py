"""The filters that lists of events, of dates and of tours have in common."""

from collections.abc import Iterable
from typing import TypeVar

from starlette.requests import Request

from sandbox import wire
from sandbox.catalogue.model import Event, Tour
from sandbox.catalogue.world import World

Offer = TypeVar("Offer", Event, Tour)
FILTERS = {
    "by_category_ids": "categories",
    "by_age_group_ids": "age_groups",
    "by_audience_ids": "audiences",
    "by_catch_word_ids": "catch_words",
    "by_disablement_ids": "disablements",
    "by_grade_ids": "grades",
    "by_proposal_category_ids": "proposal_categories",
}
LANGUAGES = {"by_language_ids": "languages"}


def chosen(
    request: Request, offers: Iterable[Offer], world: World, filters: dict[str, str] = FILTERS | LANGUAGES
) -> list[Offer]:
    """What every filter of the query lets through: one of its ids is enough."""
    houses, shows = wire.ids(request, "by_museum_ids"), wire.ids(request, "by_exhibition_ids")
    named = _categories(request, world)
    wanted = {kind: ids for name, kind in filters.items() if (ids := wire.ids(request, name)) is not None}
    if named is not None:
        wanted["categories"] = wanted.get("categories", named) & named
    rows = [
        one
        for one in offers
        if (houses is None or one.house in houses)
        and (shows is None or one.show in shows)
        and all(not ids.isdisjoint(one.tags.get(kind, ())) for kind, ids in wanted.items())
    ]
    return wire.matching(
        rows, request.query_params.get("q"), lambda one: [*one.title.values(), *one.sub_title.values()]
    )


def listed(request: Request, offers: Iterable[Offer], world: World) -> list[Offer]:
    """The same, with the filters that only lists of events and of tours have."""
    featured, bookable = wire.flag(request, "by_featured"), wire.flag(request, "by_bookable")
    return [
        one
        for one in chosen(request, offers, world)
        if (featured is None or one.featured == featured) and (bookable is None or one.bookable == bookable)
    ]


def in_use(offers: Iterable[Event | Tour], kind: str) -> tuple[int, ...]:
    """The ids of a filter list that something really has, in order."""
    return tuple(sorted({number for one in offers for number in one.tags.get(kind, ())}))


def _categories(request: Request, world: World) -> set[int] | None:
    """The ids of categories filtered by name, in whatever language; None without such a filter."""
    names = wire.words(request, "by_categories")
    if not names:
        return None
    return {tag.id for tag in world.tags["categories"].values() if names & set(tag.name.values())}
