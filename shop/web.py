"""What every page needs: the name of the shop, the languages of the page, the state of the ticket system."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop import gateway
from shop.preview import absolute

# What the header leads to: name of the address, word, beginning of all addresses below it (without the language).
NAVIGATION: tuple[tuple[str, Promise, str], ...] = (
    ("catalog:museums", _("Museums"), "museums/"),
    ("catalog:exhibitions", _("Exhibitions"), "exhibitions/"),
    ("catalog:events", _("Events"), "events/"),
    ("catalog:tours", _("Tours"), "tours/"),
)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """`current`: the visitor is there, or somewhere below."""

    url: str
    word: Promise
    current: bool


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This very page in another language. `url` is a path with its query."""

    code: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Where this page is, for search engines: absolute and without its query, which only chooses within the page.

    `alternates` are pairs of a language and an address. The last one, x-default, lets the browser choose.
    """

    canonical: str
    alternates: tuple[tuple[str, str], ...]


def branding(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates."""
    return {
        "shop_name": settings.SHOP_NAME,
        "seller_name": settings.SELLER_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "demo": settings.DEMO,
        "addresses": page_addresses(request),
        "navigation": navigation(request),
        "language_links": language_links(request),
        "upstream": gateway.upstream_state(),
    }


def navigation(request: HttpRequest) -> list[NavigationLink]:
    """Where the header leads to."""
    here = request.path.removeprefix(f"/{get_language()}/")
    return [NavigationLink(reverse(name), word, here.startswith(below)) for name, word, below in NAVIGATION]


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The other languages of the shop, each with the address of the page the visitor is on."""
    path = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return [
        LanguageLink(code, name, translate_url(path, code))
        for code, name in settings.LANGUAGES
        if code != get_language()
    ]


def page_addresses(request: HttpRequest) -> PageAddresses:
    """The one address of the page in every language of the shop."""
    languages = [(code, translate_url(request.path, code)) for code, _name in settings.LANGUAGES]
    bare = request.path.removeprefix(f"/{get_language()}")
    return PageAddresses(
        canonical=absolute(request.path),
        alternates=tuple((code, absolute(path)) for code, path in [*languages, ("x-default", bare)]),
    )


def render_part(
    request: HttpRequest, template: str, part: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or only the part of it when htmx asks."""
    swap = bool(getattr(request, "htmx", False)) and not request.headers.get("HX-History-Restore-Request")
    response = render(request, part if swap else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
