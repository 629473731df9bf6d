from importlib import import_module

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "keji.kernel.indicators"
    label = "indicators"
    verbose_name = "指标"

    def import_models(self) -> None:
        """Models stand in two files: figures in models.py, objections in a file of their own."""
        super().import_models()
        import_module("keji.kernel.indicators.objections")
