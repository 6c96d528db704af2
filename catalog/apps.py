"""The catalogue app. Whatever row of it is saved or deleted, a new edition of the catalogue begins."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import gettext_lazy as _

from shop import edition

UNSEEN = frozenset({"SyncRun"})  # by visitors


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        for model in self.get_models(include_auto_created=True):
            if model.__name__ not in UNSEEN:
                for signal in (post_save, post_delete, m2m_changed):
                    signal.connect(_renew, sender=model, dispatch_uid=f"edition:{model.__name__}")


def _renew(sender: object, **kwargs: Any) -> None:
    edition.renew()
