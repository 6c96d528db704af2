"""The form for one card of an annual ticket: what the museum demands, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.card_choices import Choice, Choices
from orders.cards import Person, Portrait
from orders.models import Card
from shop.api.records.annual import MOST_PHOTO_BYTES, PHOTO_STARTS
from shop.fields import Words


class CardForm(forms.Form):
    """Whom a card is for. How it is sent and the photo are only there where the museum wants them."""

    salutation_id = forms.TypedChoiceField(label=gettext_lazy("Salutation"), coerce=int)
    given_name = Words(gettext_lazy("First name"), "given-name")
    family_name = Words(gettext_lazy("Last name"), "family-name")
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={"invalid": gettext_lazy("Please enter an address like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    street = Words(gettext_lazy("Street and number"), "street-address", 200)
    zip_code = Words(gettext_lazy("Postcode"), "postal-code", 20)
    city = Words(gettext_lazy("City"), "address-level2", 200)
    country_id = forms.TypedChoiceField(label=gettext_lazy("Country"), coerce=int)
    dispatch_mode_id = forms.TypedChoiceField(label=gettext_lazy("How does the card reach you?"), coerce=int)
    photo = forms.FileField(
        label=gettext_lazy("Photo for the card"),
        help_text=gettext_lazy(
            "A portrait as a JPEG or PNG file, 10 MB at most. We pass it on to the museum and keep no copy."
        ),
        error_messages={
            "required": gettext_lazy("Please choose a photo: the museum makes this card with one."),
            "empty": gettext_lazy("This file is empty. Please choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def __init__(self, card: Card, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("salutation_id", choices.salutations)
        self._offer("country_id", choices.countries)
        self._offer("dispatch_mode_id", choices.dispatch_modes)
        for name in ("given_name", "family_name", "email", "street", "zip_code", "city"):
            needed = _("Please fill this in: the museum needs it for the card.")
            self.fields[name].error_messages["required"] = needed
        self.fields["salutation_id"].widget.attrs["autocomplete"] = "honorific-prefix"
        self.fields["country_id"].widget.attrs["autocomplete"] = "country-name"
        if not choices.dispatch_modes:
            del self.fields["dispatch_mode_id"]
        if not card.needs_photo or card.photo_sent:
            del self.fields["photo"]

    def clean_photo(self) -> Portrait:
        """Judge a photo by its first bytes and its size; its name and what the browser calls it say nothing."""
        file: UploadedFile = self.cleaned_data["photo"]
        if (file.size or 0) > MOST_PHOTO_BYTES:
            raise forms.ValidationError(_("This photo has more than 10 MB. Please choose a smaller one."))
        content = file.read()
        kind = next((kind for kind, start in PHOTO_STARTS.items() if content.startswith(start)), None)
        if kind is None:
            raise forms.ValidationError(_("This is no JPEG or PNG file. Please choose a photo of that kind."))
        return Portrait(content, kind)

    def person(self) -> Person:
        """What was entered, once it is valid."""
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in Person.__slots__}
        return Person(**given)

    def portrait(self) -> Portrait | None:
        """The photo that was chosen, where one was asked for."""
        found: Portrait | None = self.cleaned_data.get("photo")
        return found

    def _offer(self, name: str, offered: Iterable[Choice]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((str(number), word) for number, word in offered)]
        field.error_messages["required"] = _("Please choose one.")
