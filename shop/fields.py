"""Form fields several forms share."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class Words(forms.CharField):
    """One line of text: white space folded, control characters out (they end up in mails, PDFs and upstream)."""

    def __init__(
        self, label: Any, autocomplete: str, most: int = 100, *, required: bool = True, help_text: Any = ""
    ) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete})
        super().__init__(
            label=label,
            max_length=most,
            widget=widget,
            required=required,
            help_text=help_text,
            error_messages={"required": gettext_lazy("Please fill this in.")},
        )

    def to_python(self, value: Any) -> str:
        return clean_line(str(value or ""))


class Prose(forms.CharField):
    """Several lines of text, clean like `Words` line by line."""

    def __init__(self, label: Any, most: int, *, required: bool = False, help_text: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(
            label=label,
            max_length=most,
            widget=widget,
            required=required,
            help_text=help_text,
            error_messages={"required": gettext_lazy("Please fill this in.")},
        )

    def to_python(self, value: Any) -> str:
        return "\n".join(clean_line(line) for line in str(value or "").splitlines()).strip()


def clean_line(text: str) -> str:
    """Fold white space and drop control characters and halves of characters."""
    folded = " ".join(text.split())
    return "".join(letter for letter in folded if unicodedata.category(letter) not in {"Cc", "Cs"})
