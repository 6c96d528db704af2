"""What we ask buyers: no more than the order needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.reference import Newsletter
from checkout import consent
from checkout.addresses import AddressForm
from checkout.seen import Named
from orders.payments.methods import HINTS, LABELS
from shop.fields import Words

MOST_ADDRESS = 254  # letters of an e-mail address


class ContactForm(forms.Form):
    given_name = Words(_("First name"), "given-name")
    family_name = Words(_("Last name"), "family-name")
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=MOST_ADDRESS,
        help_text=_("Your tickets go to this address."),
        error_messages={
            "invalid": _("Please enter an address like name@example.org."),
            "required": _("Please enter your e-mail address, so that your tickets reach you."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class NamesForm(forms.Form):
    """One first and last name for each person of the lines that require them."""

    def __init__(
        self, lines: Sequence[Named], data: Any = None, *, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        kinds = [(line, _called(line) if len(lines) > 1 else line.name) for line in lines]
        for line, kind in kinds:
            for number in range(line.number):
                for part, label in (("given", _("First name")), ("family", _("Last name"))):
                    field = Words(f"{kind} {number + 1}: {label}", "off")
                    self.fields[f"{part}-{line.slug}-{number}"] = field


def _called(one: Named) -> str:
    return one.title if one.name == one.title else f"{one.title}, {one.name}"


class PaymentForm(AddressForm):
    """How to pay; an invoice needs an address to go to."""

    method = forms.ChoiceField(
        label=_("Payment"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Please choose one of the ways to pay offered here.")
        ),
    )
    field_order = ("method",)

    def __init__(self, methods: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods = methods
        choice = self.fields["method"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, LABELS[name]) for name in methods]

    @property
    def hinted(self) -> list[tuple[Any, Any]]:
        """Each choice with the sentence that says what it means."""
        return [(choice, HINTS.get(choice.data["value"], "")) for choice in self["method"]]

    @property
    def asks_address(self) -> bool:
        return "invoice" in self.methods

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("method") == "invoice":
            for name in self.missing(data):
                self.add_error(name, _("Needed for the invoice."))
            self.check_address(data)
        return data


class ReviewForm(forms.Form):
    """What is confirmed with the order, and newsletters to be ordered besides."""

    terms = forms.BooleanField(label=_("Your confirmation"), error_messages={"required": consent.CONFIRM})
    newsletters = forms.MultipleChoiceField(
        label=_("Newsletter"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, offered: Sequence[Newsletter], data: Any = None) -> None:
        super().__init__(data)
        self.offered = {str(one.id): one for one in offered}
        choice = self.fields["newsletters"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(key, one.name) for key, one in self.offered.items()]

    def clean_newsletters(self) -> list[Newsletter]:
        return [self.offered[key] for key in self.cleaned_data["newsletters"]]
