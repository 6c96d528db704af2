"""What a buyer confirms, in one place: what the page shows is what the order keeps."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CONFIRM = gettext_lazy("Please confirm that you have read the terms and the privacy notice.")


def as_html(terms_url: str, privacy_url: str) -> SafeString:
    """Return the sentence beside the box, with its links."""
    link = '<a href="{}">{}</a>'
    parts = {
        "terms": format_html(link, terms_url, _("terms")),
        "privacy": format_html(link, privacy_url, _("privacy notice")),
    }
    return format_html(
        _sentence().replace("%(terms)s", "{terms}").replace("%(privacy)s", "{privacy}"), **parts
    )


def as_text(notice: Iterable[str]) -> str:
    """Return everything the buyer saw and agreed to, in the active language; `notice` is on withdrawal."""
    return "\n".join([_sentence() % {"terms": _("terms"), "privacy": _("privacy notice")}, *notice])


def _sentence() -> str:
    return _("I have read the %(terms)s and the %(privacy)s.")
