"""How pictures of the mirror are shown: in the best format and size a browser can use, with their room kept free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalog.models import Picture, Shown

register = template.Library()

IN_A_CARD = "(min-width: 40rem) 18rem, 100vw"
ALONE = "(min-width: 60rem) 36rem, 100vw"
TYPES = {"avif": "image/avif", "webp": "image/webp"}  # what is tried first comes first
GROUND = (
    '<svg viewBox="0 0 40 30" aria-hidden="true" preserveAspectRatio="xMidYMid slice">'
    '<path d="M0 30V18l8-6 8 6 8-9 8 9 8-5v17z" fill="currentColor" opacity=".08"/>'
    '<path d="M0 24.5h40M0 27h40" stroke="currentColor" stroke-width=".3" opacity=".25"/></svg>'
)


@register.simple_tag
def picture(
    shown: Picture | None, *, eager: bool = False, sizes: str = "", credit: bool = False
) -> SafeString:
    """A picture, or quiet ground where there is none. `eager`: the first thing seen on its page; `sizes`: how wide it
    is drawn, if neither as in a card nor alone; `credit`: say below whose it is.

    Written here and not in a template: a page of fifty cards has fifty of them.
    """
    if not shown:
        return _safe(f'<figure class="pic">{GROUND}</figure>')
    room = escape(sizes) if sizes else (ALONE if eager else IN_A_CARD)
    files = shown.shown
    sources = "".join(
        f'<source type="{kind}" srcset="{srcset}" sizes="{room}">' for kind, srcset in _sources(files)
    )
    loading = 'fetchpriority="high"' if eager else 'loading="lazy"'
    image = (
        f'<img src="{_address(files.fallback)}" width="{files.width}" height="{files.height}"'
        f' alt="{escape(shown.alt)}" {loading}>'
    )
    below = credit_line(shown) if credit else ""
    return _safe(f'<figure class="pic"><picture>{sources}{image}</picture></figure>{below}')


@register.simple_tag
def credit_line(shown: Picture | None) -> SafeString:
    """Whose picture it is, if that is known."""
    if not shown or not shown.credit:
        return _safe("")
    words = _("Picture: %(credit)s") % {"credit": shown.credit}
    return _safe(f'<p class="credit">{escape(words)}</p>')


def _sources(shown: Shown) -> Iterator[tuple[str, str]]:
    """Media types with their `srcset`, the best first."""
    return ((name, _srcset(shown.files[kind])) for kind, name in TYPES.items() if shown.files.get(kind))


def _srcset(files: Sequence[tuple[int, str]]) -> str:
    """The addresses of files with their widths in pixels."""
    return ", ".join(f"{_address(name)} {width}w" for width, name in files)


@cache
def _media() -> str:
    return reverse("media", args=["-"]).removesuffix("-")


def _address(name: str) -> str:
    """Where a file is. Names are ours, of letters, digits and `-_/.`: nothing in them has to be quoted or escaped."""
    return _media() + name


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - words in it were escaped above
