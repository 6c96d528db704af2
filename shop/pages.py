"""The seller's legal pages in all their versions, the contact, and robots.txt."""

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.sitemaps import Pages
from shop import texts
from shop.kept import kept
from shop.markup import excerpt, plain
from shop.models import LegalText
from shop.preview import Preview, absolute
from shop.texts import Text

VALID = timedelta(days=90)  # of security.txt; less than a year, as the RFC recommends


@kept()
@require_safe
def legal(request: HttpRequest, name: str) -> HttpResponse:
    """What counts now."""
    if name not in LegalText.Name.values:
        raise Http404
    language = get_language() or settings.LANGUAGE_CODE
    text = texts.current(name, language)
    preview = Preview(text.title, excerpt(plain(text.body)))
    older = [row for row in texts.versions(name, language) if row.pk != text.version]
    return _page(request, text, preview=preview, older=older)


@kept()
@require_safe
def version(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One published version, also one that counts no more: somebody ordered under it."""
    text = texts.published(name, pk)
    if text is None:
        raise Http404
    newest = texts.current(name, text.language)
    return _page(request, text, outdated=newest.version != text.version)


@require_safe
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """How a draft will look, for staff."""
    row = get_object_or_404(LegalText, pk=pk)
    if not (admin.site.has_permission(request) and request.user.has_perm("shop.view_legaltext")):
        raise Http404
    return _page(request, texts.of_row(row), is_draft=row.published_at is None)


@kept()
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the seller."""
    preview = Preview(_("Contact"), _("Write to us; we answer on working days."))
    return render(request, "shop/contact.html", {"preview": preview})


def _page(request: HttpRequest, text: Text, **more: object) -> HttpResponse:
    return render(request, "shop/legal.html", {"text": text, **more})


class LegalPages(Pages):
    """The same for search engines."""

    def items(self) -> list[str]:
        return [*LegalText.Name.values, "contact"]

    def location(self, item: str) -> str:
        return reverse("pages:contact") if item == "contact" else reverse("pages:legal", args=[item])


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone. A demo is not to be found at all."""
    lines = ["User-agent: *"]
    if settings.DEMO:
        lines.append("Disallow: /")
    else:
        lines += [
            f"Disallow: /{code}/{part}/"
            for code, _name in settings.LANGUAGES
            for part in ("basket", "checkout", "find", "newsletter", "order", "orders", "ticket", "withdraw")
        ]
        lines.append(f"Sitemap: {absolute('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def security(request: HttpRequest) -> HttpResponse:
    """Where to tell of a weakness (RFC 9116). It is asked for anew at every look, so it never expires unnoticed."""
    contact = settings.SECURITY_CONTACT
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + VALID
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


app_name = "pages"
urlpatterns = [
    path("about/contact/", contact, name="contact"),
    path("about/draft/<int:pk>/", draft, name="draft"),
    path("about/<slug:name>/", legal, name="legal"),
    path("about/<slug:name>/<int:pk>/", version, name="version"),
]
