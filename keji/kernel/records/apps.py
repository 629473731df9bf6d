from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "keji.kernel.records"
    label = "records"
    verbose_name = "办件"

    def import_models(self) -> None:
        """Public notices and their objections have a folder of their own."""
        super().import_models()
        import_module("keji.kernel.records.notices")
