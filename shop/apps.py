"""Registers the checks of the whole shop."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        from shop import checks, reporting  # noqa: PLC0415 - checks read models, which are there only now

        register(checks.dangerous_settings, Tags.security, deploy=True)
        register(checks.legal_texts, Tags.security, deploy=True)
        reporting.start()
