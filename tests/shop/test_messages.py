"""Translations are kept in step without gettext's programs: every text is found, nothing incomplete passes."""

from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from tools import messages

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("From code, "
      "in two parts")
B = ngettext("%(n)s day", "%(n)s days", 3)
C = pgettext("menu", "Close")
D = _(A)
"""
PAGE = """
{% load i18n %}
   <p title="{% translate "It's open" %}">{{ _("Basket") }}{{ x|default:_("none") }}
{% blocktranslate trimmed count n=places %}
      One place
      left
{% plural %}{{ n }} places left{% endblocktranslate %} 100 % 'quotes" {% translate 'May' context "month" %}
"""
TEXTS = {
    (None, "From code, in two parts"),
    (None, ("%(n)s day", "%(n)s days")),
    ("menu", "Close"),
    (None, "It's open"),
    (None, "Basket"),
    (None, "none"),
    (None, ("One place left", "%(n)s places left")),
    ("month", "May"),
}


@pytest.fixture(autouse=True)
def _checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    for name, text in {"shop/code.py": CODE, "templates/page.html": PAGE}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)


def translate_all() -> Path:
    """Fill every empty translation with its own source text."""
    messages.update("de")
    po = messages.po_file("de")
    catalogue = messages.read("de")
    for message in catalogue:
        if message.id:
            message.string = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
    with po.open("wb") as file:
        write_po(file, catalogue, no_location=True, sort_output=True, omit_header=False)
    messages.compile_catalogue("de")
    return po


def test_every_text_is_found() -> None:
    assert {(found.context, found.id) for found in messages.sources()} == TEXTS


def test_a_text_without_an_entry_is_named_with_its_place() -> None:
    assert any(fault.startswith("de: shop/code.py:5: ('%(n)s day'") for fault in messages.check("de"))


def test_new_entries_are_not_translated_yet() -> None:
    messages.update("de")
    assert len(messages.check("de")) == len(TEXTS)


def test_complete_translations_pass_and_survive_an_update() -> None:
    translate_all()
    assert messages.check("de") == []
    messages.update("de")
    assert messages.check("de") == []


def test_updating_and_compiling_again_changes_nothing() -> None:
    translate_all()
    messages.update("de")
    messages.compile_catalogue("de")
    before = messages.po_file("de").read_bytes(), messages.po_file("de").with_suffix(".mo").read_bytes()
    messages.update("de")
    messages.compile_catalogue("de")
    assert before == (
        messages.po_file("de").read_bytes(),
        messages.po_file("de").with_suffix(".mo").read_bytes(),
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Basket"', 'msgstr ""', "'Basket' is not translated"),
        ('msgid "Basket"', '#, fuzzy\nmsgid "Basket"', "'Basket' is fuzzy"),
        ('msgid "Basket"', 'msgid "Bag"', "'Bag' is not used any more"),
        ('msgstr[1] "%(n)s days"', 'msgstr[1] "%(x)s days"', "placeholder 'x'"),
        ('msgid "none"\nmsgstr "none"', '#~ msgid "none"\n#~ msgstr "none"', "'none' is commented out"),
        ('msgstr "Basket"', 'msgstr "Korb"', "django.mo does not say"),
    ],
)
def test_incomplete_translations_do_not_pass(old: str, new: str, fault: str) -> None:
    po = translate_all()
    assert old in po.read_text()
    po.write_text(po.read_text().replace(old, new))
    assert any(fault in found for found in messages.check("de"))
