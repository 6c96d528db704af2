"""A tour's page as the mirror knows it: two queries, no call upstream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from catalog.models import Exhibition, Museum, Picture, Term, Tour
from catalog.models.base import pick
from shop.markup import plain

NO_TERMS: tuple[Term, ...] = ()
SLIM = ("titles", "sub_titles", "museum", "duration", "min_participants", "max_participants", "featured")


@dataclass(frozen=True, slots=True)
class TourPage:
    """One tour and where it leads. `terms`: what it is for, by kind of list, as upstream numbers them.

    `languages`: those to choose from, see `languages_of`; `terms` has only what the tour itself lists.
    """

    tour: Tour
    museum: Museum | None
    exhibition: Exhibition | None
    picture: Picture | None
    terms: Mapping[str, tuple[Term, ...]]
    languages: tuple[Term, ...] = NO_TERMS

    @property
    def texts(self) -> tuple[SafeString, ...]:
        """What upstream says besides the description, in the order of its keys, nothing twice."""
        said = {self.tour.title, self.tour.sub_title, plain(self.tour.description)}
        found = (pick(texts) for _key, texts in sorted(self.tour.contents.items()))
        return tuple(mark_safe(text) for text in found if text and plain(text) not in said)  # noqa: S308 - sanitised

    @property
    def listed_languages(self) -> tuple[Term, ...]:
        return self.terms.get(Term.Kind.LANGUAGES, NO_TERMS)

    @property
    def age_groups(self) -> tuple[Term, ...]:
        return self.terms.get(Term.Kind.AGE_GROUPS, NO_TERMS)

    @property
    def audiences(self) -> tuple[Term, ...]:
        return self.terms.get(Term.Kind.AUDIENCES, NO_TERMS)

    @property
    def grades(self) -> tuple[Term, ...]:
        return self.terms.get(Term.Kind.GRADES, NO_TERMS)

    @property
    def disablements(self) -> tuple[Term, ...]:
        return self.terms.get(Term.Kind.DISABLEMENTS, NO_TERMS)


def tour_page(tour_id: int) -> TourPage:
    """One tour, to be booked at the moment or not. Raises Tour.DoesNotExist."""
    joined = ("museum", "museum__picture", "exhibition", "category", "picture")
    tour = Tour.objects.live().select_related(*joined).get(pk=tour_id)
    terms: dict[str, tuple[Term, ...]] = {}
    for term in tour.tags.filter(retired_at=None).order_by("kind", "remote_id"):
        terms[term.kind] = (*terms.get(term.kind, ()), term)
    museum = tour.museum if tour.museum and tour.museum.on_offer else None
    exhibition = tour.exhibition if tour.exhibition and tour.exhibition.on_offer else None
    pictures = (tour.picture, museum.picture if museum else None)
    picture = next((found for found in pictures if found and found.width), None)
    languages = languages_of(terms.get(Term.Kind.LANGUAGES, NO_TERMS))
    return TourPage(tour, museum, exhibition, picture, terms, languages)


def languages_of(listed: Iterable[Term]) -> tuple[Term, ...]:
    """The languages one may order a tour in: those it lists, or all of the ticket system where it lists none.

    An order has to name one. Whether somebody guides in it then is the museum's word.
    """
    found = tuple(listed)
    return found or tuple(Term.objects.live().filter(kind=Term.Kind.LANGUAGES).order_by("remote_id"))


def tours_of(museum: Museum) -> tuple[Tour, ...]:
    """The tours of a museum that can be booked, those upstream features first; one query."""
    here = Q(museum=museum) | Q(museum=None, exhibition__museum=museum)
    found = Tour.objects.live().filter(here, bookable=True).only(*SLIM)
    return tuple(sorted(found, key=lambda tour: (not tour.featured, tour.pk)))
