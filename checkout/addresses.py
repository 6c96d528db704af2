"""Addresses, asked for only where something goes to them: country from the mirror, light checks per country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import reference
from catalog.reference import Country, Region
from shop.fields import Words

# Where a postcode has one shape only. Others are taken as they are typed.
POSTCODES = {
    **dict.fromkeys(("DE", "ES", "FI", "FR", "HR", "IT"), (r"\d{5}", "12345")),
    **dict.fromkeys(("AT", "BE", "CH", "DK", "HU", "LI", "LU", "NO", "SI"), (r"\d{4}", "1234")),
    **dict.fromkeys(("CZ", "GR", "SE", "SK"), (r"\d{3} ?\d{2}", "123 45")),
    "NL": (r"\d{4} ?[A-Za-z]{2}", "1234 AB"),
    "PL": (r"\d{2}-\d{3}", "12-345"),
    "PT": (r"\d{4}-\d{3}", "1234-567"),
    "US": (r"\d{5}(-\d{4})?", "12345"),
}
VAT_ID = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")
FIELDS = ("company", "street", "zip_code", "city", "country", "region", "vat_id")


class AddressForm(forms.Form):
    """An address as part of another form. Nothing is required here: `missing` says what is not there."""

    company = Words(gettext_lazy("Company (optional)"), "organization", required=False)
    vat_id = Words(
        gettext_lazy("VAT identification number (optional)"),
        "off",
        20,
        required=False,
        help_text=gettext_lazy("Only for companies, like DE123456789."),
    )
    street = Words(gettext_lazy("Street and number"), "street-address", required=False)
    zip_code = Words(gettext_lazy("Postcode"), "postal-code", 12, required=False)
    city = Words(gettext_lazy("City"), "address-level2", required=False)
    country = Words(gettext_lazy("Country"), "country-name", required=False)
    region = Words(gettext_lazy("State or region (optional)"), "address-level1", required=False)
    NEEDED = ("street", "zip_code", "city", "country")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.countries = reference.countries()
        if not self.countries:  # nothing mirrored yet: it is typed
            del self.fields["region"]
            return
        self.fields["country"] = _choice(
            gettext_lazy("Country"), "country", [(str(one.id), one.name) for one in self.countries]
        )
        if self.initial.get("country") not in {str(one.id) for one in self.countries}:
            self.initial["country"] = str(self.countries[0].id)
        self.regions = reference.regions()
        if self.regions:
            self.fields["region"] = _choice(
                gettext_lazy("State or region (optional)"),
                "address-level1",
                _by_country(self.countries, self.regions),
            )
        else:
            del self.fields["region"]

    def clean_vat_id(self) -> str:
        written = re.sub(r"[\s.\-]", "", self.cleaned_data["vat_id"]).upper()
        if written and not VAT_ID.fullmatch(written):
            raise forms.ValidationError(_("Please enter a number like DE123456789, or leave this empty."))
        return written

    def missing(self, data: Mapping[str, Any]) -> list[str]:
        """Return the needed fields that are empty."""
        return [name for name in self.NEEDED if not data.get(name) and name not in self.errors]

    def check_address(self, data: dict[str, Any]) -> None:
        """Judge postcode and region by the country; adds errors."""
        country = next(
            (one for one in getattr(self, "countries", ()) if str(one.id) == data.get("country")), None
        )
        if country is None:
            return
        shape = POSTCODES.get(country.code)
        if shape and data.get("zip_code") and not re.fullmatch(shape[0], data["zip_code"]):
            self.add_error("zip_code", _("A postcode there looks like %(example)s.") % {"example": shape[1]})
        region = next(
            (one for one in getattr(self, "regions", ()) if str(one.id) == data.get("region")), None
        )
        if region and region.country_id != country.id:
            self.add_error("region", _("This region does not belong to the country you chose."))


def as_told(answers: Mapping[str, str]) -> dict[str, str]:
    """Return an answered address as an order keeps it: country and region by name, as the ticket system names them."""
    found = {name: answers.get(name, "") for name in FIELDS}
    if found["country"].isdigit():
        found["country"] = next(
            (one.told for one in reference.countries() if str(one.id) == found["country"]), ""
        )
    if found["region"].isdigit():
        found["region"] = next(
            (one.name for one in reference.regions() if str(one.id) == found["region"]), ""
        )
    return found


def country_name(told: str) -> str:
    """Return a country kept with an order in the active language."""
    return next((one.name for one in reference.countries() if one.told == told), told)


def _choice(label: Any, autocomplete: str, choices: Sequence[Any]) -> forms.ChoiceField:
    widget = forms.Select(attrs={"autocomplete": autocomplete})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, required=False)


def _by_country(countries: Sequence[Country], regions: Sequence[Region]) -> list[Any]:
    """An empty choice, then the regions under the name of their country."""
    names = {one.id: one.name for one in countries}
    order = {one.id: number for number, one in enumerate(countries)}
    mine = sorted((one for one in regions if one.country_id in names), key=lambda one: order[one.country_id])
    groups = groupby(mine, key=lambda one: one.country_id)
    return [("", "–"), *((names[key], [(str(one.id), one.name) for one in group]) for key, group in groups)]
